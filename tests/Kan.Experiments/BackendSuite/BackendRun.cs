using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Interchange;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Experiments.BackendSuite;

/// <summary>Imports a model of the suite, compiles it as far as its form, and compares what that computes with what is recorded.</summary>
/// <param name="folder">For the models; it exists.</param>
internal sealed class BackendRun(string folder)
{
    /// <summary>What is asked for where a curve must be approximated.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>
    /// Recorded numbers are themselves rounded, with sums in another order: the share of the largest of them that may be.
    /// </summary>
    public const double Rounding = 1e-5;

    public const string FewDigits = "recorded with few digits";

    private const double SuiteRelative = 1e-3, SuiteAbsolute = 1e-7;
    public const double HalfRounding = 2e-3, BrainRounding = 2e-2;
    private const int Half = 10, Brain = 16;

    public BackendOutcome Run(BackendTest test)
    {
        if (test.Obstacle is { } obstacle) return new BackendOutcome(test.Name, BackendClass.DoesNotFit, obstacle);
        BackendOutcome? worst = null;
        foreach (var data in test.Cases)
        {
            var outcome = Run(test.Name, data);
            if (worst is null || outcome.Class > worst.Class) worst = outcome;
        }

        return worst ?? new BackendOutcome(test.Name, BackendClass.DoesNotFit, "no data");
    }

    private BackendOutcome Run(string name, BackendCase data)
    {
        string file = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(file, data.Model);
        try
        {
            return Compare(name, data, Import(file, DomainOf(data.Data)));
        }
        catch (ModelFileException exception)
        {
            return new BackendOutcome(name, exception.IsFault ? BackendClass.Crashed : exception.Problem == ModelFileProblem.Malformed
                ? BackendClass.CalledDamaged : BackendClass.Refused, exception.Reason);
        }
        catch (Exception exception) when (exception is NetworkTooLargeException or OverflowException)
        {
            return new BackendOutcome(name, BackendClass.CannotCompile, exception.Message);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or ArithmeticException
            or IndexOutOfRangeException or NullReferenceException)
        {
            return new BackendOutcome(name, BackendClass.Crashed, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>As it is; within a tolerance; with the last step kept behind it; with both. The complaint is the last of all.</summary>
    private static ImportResult Import(string file, InputRange domain)
    {
        var plain = ImportOptions.None with { Range = domain };
        var curved = plain with { Tolerance = Tolerance, Domain = [domain] };
        ModelFileException? last = null;
        foreach (var options in new[] { plain, curved, plain with { Head = ModelHead.Keep }, curved with { Head = ModelHead.Keep } })
        {
            try
            {
                return ModelImporter.Import(file, options);
            }
            catch (ModelFileException exception) when (exception.Problem == ModelFileProblem.Unsupported && !exception.IsFault)
            {
                last = exception;
            }
        }

        throw last!;
    }

    /// <summary>One interval for all inputs: from the least to the largest number of the data.</summary>
    private static InputRange DomainOf(OnnxTensor data)
    {
        double[] finite = [.. data.Values.Where(double.IsFinite)];
        if (finite.Length == 0) return new InputRange(-1, 1);
        double low = finite.Min(), high = finite.Max();
        return low < high ? new InputRange(Rational.FromDouble(low), Rational.FromDouble(high))
            : new InputRange(Rational.FromDouble(low) - 1, Rational.FromDouble(high) + 1);
    }

    private static BackendOutcome Compare(string name, BackendCase data, ImportResult result)
    {
        float[] singles = Compute<float>(data.Data, result.Document, Kan.Precision.Single);
        double[] doubles = Compute<double>(data.Data, result.Document, Kan.Precision.Double);
        double[] inFloat = Array.ConvertAll(singles, static value => (double)value);
        int outputs = result.Report.Widths[^1];
        if (inFloat.Length != data.Expected.Values.Length)
            return new BackendOutcome(name, BackendClass.Wrong,
                $"{inFloat.Length} numbers where {data.Expected.Values.Length} are recorded");
        double allowed = result.Report.CertifiedError;
        var kind = result.Document.Head != NetworkHead.None ? BackendClass.PassesWithHead
            : allowed > 0 ? BackendClass.PassesWithinTolerance : BackendClass.Passes;
        double[] recorded = data.Expected.Values;
        double scale = recorded.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        double rounding = scale * (data.Expected.Type switch { Half => HalfRounding, Brain => BrainRounding, _ => Rounding });
        int samples = inFloat.Length / Math.Max(1, outputs);
        foreach (int[] order in Orders(data.Expected.Dimensions, samples))
        {
            double[] expected = Array.ConvertAll(order, place => recorded[place]);
            var difference = Differences(expected);
            bool isFew = false;
            if (Math.Max(difference.Single, difference.Double) > allowed + rounding)
            {
                // The tolerance of the suite itself is for the tests whose numbers were typed in with few digits.
                isFew = true;
                double[] slack = Array.ConvertAll(expected, static value => SuiteAbsolute + (SuiteRelative * Math.Abs(value)));
                if (!IsWithin(inFloat, expected, slack) || !IsWithin(doubles, expected, slack)) continue;
            }

            bool isInOrder = order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray());
            return new BackendOutcome(name, isInOrder ? kind : BackendClass.OtherAxis, isFew ? FewDigits : allowed > 0
                ? FormattableString.Invariant($"certified {allowed:E1}") : "")
            {
                Difference = (difference.Single / scale, difference.Double / scale),
                IsOfSixteenBits = data.Expected.Type is Half or Brain
            };
        }

        var all = Differences(recorded);
        return new BackendOutcome(name, BackendClass.Wrong, FormattableString.Invariant($"certified {allowed:E1}; first numbers ")
            + string.Join(", ", inFloat.Zip(recorded).Take(4).Select(static pair =>
                FormattableString.Invariant($"{pair.First:R} for {pair.Second:R}"))))
        { Difference = (all.Single / scale, all.Double / scale) };

        // A number beyond the range of float is infinite there.
        (double Single, double Double) Differences(double[] expected) =>
            (Difference(inFloat, Array.ConvertAll(expected, static value => (double)(float)value)), Difference(doubles, expected));
    }

    private static bool IsWithin(double[] computed, double[] expected, double[] slack) =>
        computed.Select((value, i) => Math.Abs(value - expected[i]) <= slack[i]).All(static isNear => isNear);

    /// <summary>The places of recorded numbers, sample by sample: along the first axis, or along another of as many.</summary>
    private static IEnumerable<int[]> Orders(int[] shape, int samples)
    {
        int count = (int)TensorShape.Count(shape);
        yield return [.. Enumerable.Range(0, count)];
        for (int axis = 1; axis < shape.Length && samples > 1; axis++)
        {
            if (shape[axis] != samples) continue;
            int stride = TensorShape.Strides(shape)[axis];
            yield return [.. Enumerable.Range(0, count).OrderBy(place => place / stride % samples)];
        }
    }

    private static double Difference(double[] computed, double[] expected) => computed.Zip(expected)
        .Select(static pair => pair.First == pair.Second || (double.IsNaN(pair.First) && double.IsNaN(pair.Second)) ? 0
            : double.IsNaN(pair.First - pair.Second) ? double.PositiveInfinity : Math.Abs(pair.First - pair.Second))
        .Append(0).Max();

    /// <summary>What the compiled network computes, sample by sample, in the arithmetic of generated code.</summary>
    private static T[] Compute<T>(OnnxTensor data, KanDocument document, Kan.Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var plan = NetworkCompiler.Plan(document, precision, Lowering.Auto);
        var evaluator = new ReferenceEvaluator<T>(plan.Form);
        T[] inputs = Array.ConvertAll(data.Values, T.CreateTruncating);
        if (inputs.Length % plan.InputCount != 0)
            throw new InvalidOperationException($"{plan.InputCount} inputs for {inputs.Length} numbers.");
        var outputs = new List<T>();
        for (int start = 0; start < inputs.Length; start += plan.InputCount)
            outputs.AddRange(Head(document.Head, evaluator.Evaluate(inputs.AsSpan(start, plan.InputCount))));
        return [.. outputs];
    }

    /// <summary>The step behind the network, as its meaning is documented.</summary>
    private static T[] Head<T>(NetworkHead head, T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        if (head == NetworkHead.None) return values;
        if (head == NetworkHead.Sigmoid) return Array.ConvertAll(values, static value => T.One / (T.One + T.Exp(-value)));
        T largest = values.Aggregate(T.Max);
        if (head == NetworkHead.ArgMax)
        {
            int index = Array.IndexOf(values, largest);
            return [.. values.Select((_, i) => i == index ? T.One : T.Zero)];
        }

        T sum = values.Aggregate(T.Zero, (total, value) => total + T.Exp(value - largest));
        return Array.ConvertAll(values, value => head == NetworkHead.Softmax ? T.Exp(value - largest) / sum
            : value - largest - T.Log(sum));
    }
}
