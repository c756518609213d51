using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange.NNet;

/// <summary>
/// Reads <c>.nnet</c>, the text format of networks for collision avoidance: matrices with ReLU between them, the ranges of the inputs, and
/// means and ranges by which inputs and outputs are normalized. Every number is the double nearest to its text.
/// </summary>
internal static class NNetImporter
{
    /// <exception cref="ModelFileException">The file is damaged, or larger than what is read.</exception>
    public static ImportedModel Import(ModelFile file)
    {
        using var work = file.LimitWork();
        file.WorkingOn = "The header";
        var lines = new NNetLines(file);
        int[] header = lines.NextCounts("the numbers of layers, inputs, outputs and of the widest layer");
        if (header is not [var count, var inputs, var outputs, _])
            throw file.Malformed($"The header has {header.Length} numbers; expected four: layers, inputs, outputs, the widest layer.");
        int[] widths = lines.NextCounts("the widths of all layers");
        if (widths.Length != count + 1 || widths[0] != inputs || widths[^1] != outputs)
            throw file.Malformed($"The header names {count} layers, {inputs} inputs and {outputs} outputs, which the line of widths "
                + $"({string.Join(", ", widths.Take(8))}{(widths.Length > 8 ? ", ..." : "")}) contradicts.");

        // A number takes two characters at least.
        long numbers = Enumerable.Range(0, count).Sum(l => (widths[l] + 1L) * widths[l + 1]);
        if (numbers > file.TotalBytes / 2)
            throw file.Malformed($"The widths tell of {numbers:N0} numbers, which a file of {file.TotalBytes:N0} bytes cannot hold.");

        lines.Skip("the flag behind the widths");
        double[] lows = lines.Next(inputs, "the least value of each input"), highs = lines.Next(inputs, "the largest value of each input");
        double[] means = lines.Next(inputs + 1, "the mean of each input and of the outputs"),
            ranges = lines.Next(inputs + 1, "the range of each input and of the outputs");
        for (int i = 0; i < inputs; i++)
        {
            if (lows[i] > highs[i]) throw file.Malformed($"Input {i} lies between {lows[i]} and {highs[i]}, which is not an interval.");
            if (ranges[i] <= 0) throw file.Malformed($"Input {i} is divided by {ranges[i]}; expected a positive range.");
        }

        Rational[] shifts = [.. means.Select(Rational.FromDouble)], scales = [.. ranges.Select(Rational.FromDouble)];
        var layers = new LayerDescription[(2 * count) - 1];
        for (int l = 0; l < count; l++)
        {
            file.WorkingOn = $"Layer {l}";
            if (l > 0) layers[(2 * l) - 1] = new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]);
            var layer = Layer(lines, widths[l], widths[l + 1], l);
            if (l == 0) layer = new InputScaling([.. shifts[..inputs]], [.. scales[..inputs]]).Fold(layer);
            layers[2 * l] = l < count - 1 ? layer : Restore(layer, shifts[^1], scales[^1]);
        }

        return new ImportedModel(layers)
        {
            Domain = [.. lows.Zip(highs, static (low, high) => new InputRange(Rational.FromDouble(low), Rational.FromDouble(high)))],
            Notes =
            [
                "The means and ranges of the file are folded into the first and the last layer, exactly.",
                "Outside the ranges of the inputs, where programs that read this format clamp them, each differently, the network "
                + "continues as the matrices say.",
            ],
        };
    }

    private static AffineDescription Layer(NNetLines lines, int inputs, int outputs, int index)
    {
        var weights = ImmutableArray.CreateBuilder<Rational>(inputs * outputs);
        for (int q = 0; q < outputs; q++)
            weights.AddRange(lines.Next(inputs, $"row {q} of the weights of layer {index}").Select(Rational.FromDouble));
        var biases = ImmutableArray.CreateBuilder<Rational>(outputs);
        for (int q = 0; q < outputs; q++) biases.Add(Rational.FromDouble(lines.Next(1, $"bias {q} of layer {index}")[0]));
        return new AffineDescription(inputs, outputs, weights.MoveToImmutable(), biases.MoveToImmutable());
    }

    /// <summary>The layer whose outputs are no longer normalized.</summary>
    private static AffineDescription Restore(AffineDescription layer, Rational mean, Rational range) => layer with
    {
        Weights = [.. layer.Weights.Select(weight => weight * range)],
        Biases = [.. layer.Biases.Select(bias => (bias * range) + mean)],
    };
}
