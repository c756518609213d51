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
            + "and files that do so.") { model, calibration, output, json };
        options.AddTo(command);
        annotations.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string path = result.GetValue(model)!, file = result.GetValue(output)!;
            bool isOnnx = file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            if (!isOnnx && !file.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase))
                throw ToolException.Option($"The output '{file}' must end in .onnx or .kan.json.");
            var (document, _) = options.Read(result, screen, path, annotations: annotations);
            string? rows = result.GetValue(calibration);
            var samples = new List<double[]>();
            if (rows is not null)
                document = screen.Wait("Calibrating", () => Calibration.Apply(document, rows, Kept(document, rows, samples), token));
            var plan = screen.Wait("Compiling", () => NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, token));
            var compared = rows is null ? null : screen.Wait("Comparing", () => Compare(plan, samples, rows, token));
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

    private static Comparison Compare(NetworkPlan plan, List<double[]> samples, string file, CancellationToken token)
    {
        var integers = new IntegerEvaluator(plan.Integers!.Form);
        var floats = new PanelEvaluator<float>(plan.Form);
        float[] row = new float[plan.InputCount], expected = new float[plan.OutputCount];
        double largest = 0;
        long same = 0;
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
            if (Largest(found) == Largest(expected)) same++;
        }

        return new Comparison(samples.Count, largest, same);
    }

    private static int Largest(float[] outputs) => Array.IndexOf(outputs, outputs.Max());

    private static void Report(Screen screen, string path, string file, NetworkPlan plan, Comparison? compared)
    {
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
                CertifiedError = double.IsInfinity(bound) ? (double?)null : bound,
                Samples = compared?.Samples,
                SampledDifference = compared?.Difference,
                SameLargestOutput = compared?.Same,
            });
            return;
        }

        screen.Line($"tables       {NumberText.Bytes(bytes)}, in float {NumberText.Bytes(before)}");
        string certified = double.IsInfinity(bound)
            ? "none: " + plan.Certificate.Reason
            : NumberText.Above(bound) + ", certified: |integers - exact| over all outputs, inputs in their ranges";
        screen.Line($"error bound  {certified}");
        if (compared is null) return;
        string share = (100.0 * compared.Same / compared.Samples).ToString("0.##", CultureInfo.InvariantCulture);
        screen.Line($"samples      {NumberText.Count(compared.Samples)}: the largest difference from float is "
            + $"{NumberText.Short(compared.Difference)}{(plan.OutputCount > 1 ? $"; the largest output is the same for {share} %" : "")}");
    }

    /// <summary>What samples showed.</summary>
    private sealed record Comparison(long Samples, double Difference, long Same);
}
