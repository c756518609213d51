using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;

namespace SampleApp;

/// <summary>What the program prints. Lines that scripts may read go out as they are; the rest follows the terminal.</summary>
internal static class Report
{
    public static void Summary(Measurement m) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{m.Info.Name}  {string.Join('-', m.Info.Widths)}  accuracy {m.Accuracy:F6} ({m.Correct}/{m.Count})  max|error| "
        + $"{m.MaxError:0.0e-00}  p50 {m.P50:F1} us  p99 {m.P99:F1} us  {m.BytesPerCall:0.##} B/call"));

    public static void Layers(IReadOnlyList<Measurement> measurements)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("network", "layer", "shape", "lowering");
        table.AddColumn(new TableColumn("segments").RightAligned());
        table.AddColumn(new TableColumn("table bytes").RightAligned());
        foreach (var info in measurements.Select(static m => m.Info))
        {
            for (int i = 0; i < info.Layers.Length; i++)
            {
                var layer = info.Layers[i];
                table.AddRow(
                    i == 0 ? Markup.Escape(info.Name) : "", Text(i), Text($"{layer.Inputs} -> {layer.Outputs}"), layer.Lowering.ToString(),
                    Text($"{layer.Segments:N0}"), Text($"{layer.TableBytes:N0}"));
            }
        }

        Console.WriteLine();
        AnsiConsole.Write(table);
    }

    /// <summary>The checks of one network; true if it passed them all.</summary>
    public static bool Checks(Measurement m, Expected expected)
    {
        int wanted = (int)Math.Round(expected.Accuracy * m.Count);
        double bound = m.Info.ErrorBound;
        bool accurate = m.Correct == wanted;
        bool exact = m.MaxError <= bound;
        bool affine = m.ExplainError <= bound;
        Console.WriteLine(Text(
            $"{m.Info.Name}: certified bound {bound:0.0e-00} on [0, 1], applied to both errors below"));
        Check(accurate, $"{m.Correct} of {m.Count} digits, as trained ({wanted})");
        Check(exact, $"max|error| {m.MaxError:0.0e-00} against {expected.Rows.Length} known outputs in float64");
        Check(affine, $"J x + c equals the logits to {m.ExplainError:0.0e-00}");
        Check(m.BatchDifferences == 0,
            $"EvaluateBatch produces the same bits for all {m.Count} digits, {m.BatchMicroseconds:F1} us per digit");
        return accurate && exact && affine && m.BatchDifferences == 0;
    }

    public static void Picture(MnistData data, Decision d, string network)
    {
        double pixels = 0;
        foreach (float contribution in d.Contributions) pixels += contribution;
        float[] image = data.Image(d.Row).ToArray();
        bool plain = Console.IsOutputRedirected || AnsiConsole.Profile.Capabilities.ColorSystem == ColorSystem.NoColors;

        Console.WriteLine();
        Console.WriteLine(Text($"Why {network} reads row {d.Row} (label {data.Label(d.Row)}) as {d.Winner} and not as {d.RunnerUp}"));
        Console.WriteLine(plain
            ? $"  left: the digit; right: pixels that count for {d.Winner} (+ * #) and for {d.RunnerUp} (- = %)"
            : $"  left: the digit; right: pixels that count for {d.Winner} (blue) and for {d.RunnerUp} (orange)");
        if (plain)
            foreach (string line in DigitPicture.Plain(image, d.Contributions)) Console.WriteLine(line);
        else
            foreach (string line in DigitPicture.InColour(image, d.Contributions)) AnsiConsole.MarkupLine(line);
        char sign = d.Offset < 0 ? '-' : '+';
        double offset = Math.Abs(d.Offset);
        Console.WriteLine(Text(
            $"  lead of {d.Winner} over {d.RunnerUp}: {d.Margin:F4} = {pixels:F4} (pixels) {sign} {offset:F4} (offset)"));
    }

    private static void Check(bool passed, FormattableString what)
    {
        AnsiConsole.Markup(passed ? "  [green]ok[/]    " : "  [red]FAIL[/]  ");
        Console.WriteLine(what.ToString(CultureInfo.InvariantCulture));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
