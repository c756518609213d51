using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Compiler;

namespace Kan.Tool;

/// <summary>The ranges that samples give to the values between layers, for integer networks: codes are spread over them.</summary>
internal static class Calibration
{
    /// <summary>What a range is widened by at each end: other samples go a little further.</summary>
    private const double Margin = 1.0 / 8;

    /// <summary>The document with these ranges, and with ranges of the inputs if it declares none.</summary>
    /// <param name="document">The model.</param>
    /// <param name="file">The samples: .csv, .npy, .npz or images of idx.</param>
    /// <param name="cancellation">Observed between samples.</param>
    /// <exception cref="ToolException">The file cannot be read, has no row, or a number that is not finite.</exception>
    public static KanDocument Apply(KanDocument document, string file, CancellationToken cancellation = default) =>
        Apply(document, file, Rows(document, file), cancellation);

    /// <summary>The samples of a file, one after the other.</summary>
    /// <param name="document">The model that they are for.</param>
    /// <param name="file">The samples: .csv, .npy, .npz or images of idx.</param>
    /// <exception cref="ToolException">The file cannot be read, or has a number that is not finite.</exception>
    public static IEnumerable<double[]> Rows(KanDocument document, string file)
    {
        int inputs = document.Layers[0].InputCount;
        using var rows = RowSource<double>.Open(file, new RowColumns([.. RowColumns.Of(document.InputNames, inputs)]));
        for (double[] row = new double[inputs]; rows.ReadFinite(row, file); row = new double[inputs]) yield return row;
    }

    /// <summary>The document with the ranges of samples that were read from a file.</summary>
    /// <param name="document">The model.</param>
    /// <param name="file">The file, for messages and notes.</param>
    /// <param name="samples">Its rows.</param>
    /// <param name="cancellation">Observed between samples.</param>
    /// <exception cref="ToolException">There is no row.</exception>
    public static KanDocument Apply(KanDocument document, string file, IEnumerable<double[]> samples, CancellationToken cancellation)
    {
        if (document.Codes is not null) throw ToolException.Option("The model is an integer network, whose file has the ranges of all "
            + "codes: there is nothing to calibrate. Leave the samples out.");
        var form = NetworkCompiler.Plan(document, Precision.Double, Lowering.Auto, cancellation).Form;
        ReferenceEvaluator<double>[] layers =
            [.. form.Layers.Select(static layer => new ReferenceEvaluator<double>(new NetworkForm(Precision.Double, [layer])))];
        var inputs = new Extremes[form.InputCount];
        var hidden = new Extremes[form.Layers.Length - 1];
        long count = 0;
        foreach (double[] row in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            count++;
            for (int p = 0; p < row.Length; p++) inputs[p] = inputs[p].With(row[p], count);
            double[] values = row;
            for (int l = 0; l < hidden.Length; l++)
            {
                values = layers[l].Evaluate(values);
                foreach (double value in values) hidden[l] = hidden[l].With(value, count);
            }
        }

        if (count == 0) throw ToolException.BadData(file, "The file has no row, and samples are needed to calibrate with.");
        string source = $"{NumberText.Count(count, "sample")} of {Path.GetFileName(file)}";
        bool isDeclared = !document.InputRanges.IsEmpty;
        return document with
        {
            InputRanges = isDeclared ? document.InputRanges : [.. inputs.Select(static extremes => extremes.Range(0))],
            HiddenRanges = [.. hidden.Select(static extremes => extremes.Range(Margin))],
            SourceNotes = document.SourceNotes.Add($"{source} gave the ranges of {(isDeclared ? "" : "the inputs and of ")}the values "
                + $"between layers, for integers."),
        };
    }

    /// <summary>The least and the greatest of some numbers.</summary>
    private readonly record struct Extremes(double Low, double High, long Row)
    {
        public Extremes With(double value, long row) =>
            Row == 0 ? new(value, value, row) : new(Math.Min(Low, value), Math.Max(High, value), row);

        public InputRange Range(double margin) =>
            new(Rational.FromDouble(Low - (margin * (High - Low))), Rational.FromDouble(High + (margin * (High - Low))));
    }
}
