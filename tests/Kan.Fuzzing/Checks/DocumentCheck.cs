using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Compiler.Lower;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Checks;

/// <summary>A document that a reader accepted: it writes and reads back equal, compiles or is refused by type, and evaluates.</summary>
internal static class DocumentCheck
{
    // Past this size a case takes long for reasons that a user would expect.
    private const int LargestEmitted = 20_000, LargestEvaluated = 200_000, LargestAlwaysUsed = 50_000, LargeInOne = 16;

    private static readonly Lowering[] s_lowerings = Enum.GetValues<Lowering>();

    private static readonly double[] s_points =
        [0, 1, -1, 0.3, 1e30, double.NaN, double.NegativeInfinity, double.PositiveInfinity, double.MaxValue, -5e-324];

    /// <summary>Uses a document as the build does.</summary>
    public static Verdict Judge(KanDocument document, int variant)
    {
        long numbers = document.Layers.Sum(static layer => (long)layer.InputCount * layer.OutputCount);
        if (numbers > LargestAlwaysUsed && variant % LargeInOne != 0) return new Verdict("accepted", "accepted, large");
        if (Written(document) is { } fault) return fault;
        var precision = variant / 512 % 2 == 0 ? Precision.Single : Precision.Double;
        var lowering = s_lowerings[variant / 1024 % s_lowerings.Length];
        string shape = string.Join(" ",
            document.Layers.Take(6)
            .Select(static layer => string.Create(CultureInfo.InvariantCulture,
                $"{layer.GetType().Name} {BitOperations.Log2((uint)layer.InputCount)} {BitOperations.Log2((uint)layer.OutputCount)}")));
        var accepted = new Verdict("accepted",
            $"accepted {document.Layers.Length} {shape} {Messages.Shape(string.Join("", document.SourceNotes.Take(4)))}");
        NetworkPlan plan;
        try
        {
            plan = NetworkCompiler.Plan(document, precision, lowering);
        }
        catch (Exception exception) when (exception is OverflowException or NetworkTooLargeException or ExactWorkException)
        {
            return new Verdict("accepted, too large for C#", $"{exception.GetType().Name} {precision} {Messages.Shape(exception.Message)}");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("lowering", exception);
        }

        if (Expanded(document) is { } other) return other;
        if (double.IsNaN(plan.ErrorBound) || plan.ErrorBound < 0)
            return Faults.Broken("a bound is a number", plan.ErrorBound.ToString(CultureInfo.InvariantCulture));
        if (numbers <= LargestEmitted && Printed(plan) is { } misprint) return misprint;
        if (numbers > LargestEvaluated) return accepted;
        return (precision == Precision.Single ? Evaluated<float>(plan.Form) : Evaluated<double>(plan.Form)) ?? accepted;
    }

    private static Verdict? Written(KanDocument document)
    {
        string stage = "writing";
        try
        {
            string text = KanDocumentWriter.Write(document);
            stage = "reading back";
            return KanDocumentWriter.Write(KanDocumentReader.Read(text)) == text
                ? null
                : Faults.Broken("a document reads back equal", "The text differs when it is written again.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown(stage, exception);
        }
    }

    /// <summary>The network after a document was written and read, for documents that compile: others may be too large to expand.</summary>
    private static Verdict? Expanded(KanDocument document)
    {
        try
        {
            string hash = ContentHash.Compute(document.ToNetwork());
            return ContentHash.Compute(KanDocumentReader.Read(KanDocumentWriter.Write(document)).ToNetwork()) == hash
                ? null
                : Faults.Broken("a network reads back equal", hash);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("expanding", exception);
        }
    }

    private static Verdict? Printed(NetworkPlan plan)
    {
        try
        {
            var source = NetworkEmitter.Emit(plan,
                new CompilerOptions
                {
                    Target = new TargetType("Nets", ["static partial class Net"], true),
                    Precision = plan.Precision,
                    AllowUnsafe = true
                });
            return Messages.Unprintable(string.Concat(source.Files), "\n") is { } c
                ? Faults.Broken("generated code is printable", string.Create(CultureInfo.InvariantCulture, $"It holds U+{(int)c:X4}."))
                : null;
        }
        catch (NetworkTooLargeException)
        {
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("printing", exception);
        }
    }

    private static Verdict? Evaluated<T>(NetworkForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        try
        {
            var evaluator = new ReferenceEvaluator<T>(form);
            var inputs = new T[form.InputCount];
            for (int sample = 0; sample < 3; sample++)
            {
                for (int i = 0; i < inputs.Length; i++)
                    inputs[i] = sample == 0 ? T.CreateChecked(i % 5) : T.CreateTruncating(s_points[((i * 3) + sample) % s_points.Length]);
                if (evaluator.Evaluate(inputs).Length != form.OutputCount) return Faults.Broken("an evaluation gives each output", "");
            }

            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("evaluating", exception);
        }
    }
}
