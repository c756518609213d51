using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary><c>kan quantize MODEL --calibration ROWS -o OUT.onnx</c>: the model in integers of 8 bits.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var calibration = new Option<string?>("--calibration")
        {
            Description = "Samples, .csv, .npy, .npz or images of idx: values "
            + "between layers get the ranges that they have there. Without it, the certified ranges, which are wider.",
            HelpName = "rows"
        };
        var test = new Option<string?>("--test")
        {
            Description = "Other samples, on which the integers are compared with float. Default: those of --calibration.",
            HelpName = "rows"
        };
        var classes = new Option<string?>("--classes")
        {
            Description = "The class of each of these samples, a whole number a row or labels of idx, for the accuracy of both.",
            HelpName = "file"
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write: .onnx, with QuantizeLinear and "
            + "DequantizeLinear, or .kan.json, which Precision = Precision.Int8 compiles.",
            Required = true
        };
        var options = new ModelOptions();
        var annotations = new AnnotationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("quantize", "Compute a model with codes and weights of 8 bits: what it costs in bytes and in accuracy, "
            + "and files that do so.") { model, calibration, test, classes, output, json };
        options.AddTo(command);
        annotations.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string path = result.GetValue(model)!, file = result.GetValue(output)!;
            bool isOnnx = file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            if (!isOnnx && !file.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option($"The output '{file}' must end in .onnx or .kan.json.");
            var (document, _) = options.Read(result, screen, path, annotations: annotations);
            if (options.Tolerance(result) is { } tolerance) document = document with { IntegerTolerance = tolerance };
            string? rows = result.GetValue(calibration), tested = result.GetValue(test) ?? rows, answers = result.GetValue(classes);
            if (answers is not null && tested is null)
                throw ToolException.Option("--classes says what samples are: give them too, with --test or --calibration.");
            var known = answers is null ? null : ClassFile.Read(answers, Math.Max(2, document.Layers[^1].OutputCount));
            var samples = new List<double[]>();
            if (rows is not null)
                document = screen.Wait("Calibrating", () => Calibration.Apply(document, rows, Kept(document, rows, samples), token));
            var plan = screen.Wait("Compiling", () => NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, token));
            if (tested is not null && tested != rows) samples = [.. Calibration.Rows(document, tested)];
            if (known is not null && known.Count != samples.Count)
                throw ToolException.BadData(answers!, $"The file has {NumberText.Count(known.Count, "number")}; expected "
                    + $"{NumberText.Count(samples.Count)}, one for each row of '{tested}'.");
            var compared = tested is null ? null : screen.Wait("Comparing", () => Compare(plan, samples, known, tested, token));
            if (isOnnx)
            {
                byte[] bytes = QuantizedOnnxExporter.Export(plan.Integers!.Form, document.Name);
                Output.Write(file, () => AtomicFile.Write(file, bytes));
            }
            else
            {
                Conversion.WriteAtomically(file, KanDocumentWriter.Write(document));
            }

            Report(screen, path, file, plan, compared);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The samples of a file, which are kept for the comparison: a file may be a pipe, and is read once.</summary>
    private static IEnumerable<double[]> Kept(KanDocument document, string file, List<double[]> samples)
    {
        foreach (double[] row in Calibration.Rows(document, file))
        {
            samples.Add(row);
            yield return row;
        }
    }

    private static Comparison Compare(
        NetworkPlan plan, List<double[]> samples, List<int>? classes, string file, CancellationToken token)
    {
        var integers = new IntegerEvaluator(plan.Integers!.Form);
        var floats = new PanelEvaluator<float>(plan.Form);
        float[] row = new float[plan.InputCount], expected = new float[plan.OutputCount];
        double largest = 0;
        long same = 0, right = 0, rightInFloat = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            token.ThrowIfCancellationRequested();
            for (int p = 0; p < row.Length; p++)
            {
                row[p] = (float)samples[i][p];
                if (float.IsInfinity(row[p]))
                    throw ToolException.BadData(file,
                        $"Row {i + 1}, column {p + 1} holds {NumberText.Of(samples[i][p])}, which does not fit float: leave the row out.");
            }

            floats.Evaluate(row, expected);
            float[] found = integers.Evaluate(row);
            for (int q = 0; q < expected.Length; q++) largest = Math.Max(largest, Math.Abs((double)found[q] - expected[q]));
            if (Decided(found) == Decided(expected)) same++;
            if (classes is null) continue;
            if (Decided(found) == classes[i]) right++;
            if (Decided(expected) == classes[i]) rightInFloat++;
        }

        return new Comparison(samples.Count, largest, same, classes is null ? null : (right, rightInFloat));
    }

    /// <summary>The largest output, or whether the only one is above 0.</summary>
    private static int Decided(float[] outputs) =>
        outputs.Length > 1 ? Array.IndexOf(outputs, outputs.Max()) : outputs[0] > 0 ? 1 : 0;

    private static void Report(Screen screen, string path, string file, NetworkPlan plan, Comparison? compared)
    {
        double? Accuracy(long? right) => right / (double?)compared?.Samples;
        long bytes = plan.Layers.Sum(layer => (long)plan.BytesOf(layer)), before = plan.Layers.Sum(static layer => (long)layer.TableBytes);
        double bound = plan.ErrorBound;
        if (screen.Json)
        {
            screen.WriteJson(new
            {
                Input = path,
                File = file,
                Bytes = bytes,
                FloatBytes = before,
                CodeBits = plan.Integers!.Form.IsWide ? 16 : 8,
                CertifiedError = double.IsInfinity(bound) ? (double?)null : bound,
                Samples = compared?.Samples,
                SampledDifference = compared?.Difference,
                SameLargestOutput = compared?.Same,
                Accuracy = Accuracy(compared?.Right?.Integers),
                FloatAccuracy = Accuracy(compared?.Right?.Floats),
            });
            return;
        }

        if (plan.Integers!.Form.IsWide) screen.Line("codes        16 bits: codes of 8 are not certified to keep the tolerance");
        screen.Line($"tables       {NumberText.Bytes(bytes)}, in float {NumberText.Bytes(before)}");
        string certified = double.IsInfinity(bound)
            ? "none: " + plan.Certificate.Reason
            : NumberText.Above(bound) + ", certified: |integers - exact| over all outputs, inputs in their ranges";
        screen.Line($"error bound  {certified}");
        if (compared is null) return;
        string same = plan.OutputCount > 1 ? $"; the largest output is the same for {Share(compared.Same)}" : "";
        screen.Line($"samples      {NumberText.Count(compared.Samples)}: the largest difference from float is "
            + $"{NumberText.Short(compared.Difference)}{same}");
        if (compared.Right is { } right) screen.Line($"accuracy     {Share(right.Integers)}, in float {Share(right.Floats)}");

        string Share(long count) => (100.0 * count / compared.Samples).ToString("0.##", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>What samples showed.</summary>
    /// <param name="Samples">How many there were.</param>
    /// <param name="Difference">The largest difference of an output from float.</param>
    /// <param name="Same">For how many the decision is that of float.</param>
    /// <param name="Right">For how many it is the class that was given, if any was.</param>
    private sealed record Comparison(long Samples, double Difference, long Same, (long Integers, long Floats)? Right);
}
