using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange;

/// <summary>Folds the standardization of the inputs, (x - mean) / scale, into the first layer, exactly.</summary>
internal sealed class InputScaling
{
    private readonly ImmutableArray<Rational> _mean, _scale;

    /// <summary>(x - mean) / scale, with a positive scale for each input.</summary>
    public InputScaling(ImmutableArray<Rational> mean, ImmutableArray<Rational> scale)
    {
        _mean = mean;
        _scale = scale;
    }

    /// <summary>The standardization that the options ask for; null for none.</summary>
    /// <exception cref="ModelFileException">It does not fit the model.</exception>
    public static InputScaling? Of(ModelFile file, ImportOptions options, int inputs)
    {
        if (options.Mean.IsEmpty && options.Scale.IsEmpty) return null;
        if (!options.Mean.IsEmpty && options.Mean.Length != inputs) throw file.DoesNotFit($"The model has {inputs} inputs, but Mean has "
            + $"{options.Mean.Length} numbers. Give one number for each input.");
        if (!options.Scale.IsEmpty && options.Scale.Length != inputs) throw file.DoesNotFit($"The model has {inputs} inputs, but Scale "
            + $"has {options.Scale.Length} numbers. Give one number for each input.");
        int wrong = options.Scale.ToList().FindIndex(static scale => scale.Sign <= 0);
        if (wrong >= 0) throw file.DoesNotFit($"The Scale of input {wrong} is {options.Scale[wrong].ToDouble()}, by which inputs would "
            + $"be divided. Give a positive number.");
        return new InputScaling(
            options.Mean.IsEmpty ? [.. Enumerable.Repeat(Rational.Zero, inputs)] : options.Mean,
            options.Scale.IsEmpty ? [.. Enumerable.Repeat(Rational.One, inputs)] : options.Scale);
    }

    /// <summary>The document whose inputs are the numbers before the standardization.</summary>
    /// <param name="document">The document whose inputs are standardized.</param>
    /// <param name="areRangesRaw">Whether its ranges are those of the numbers before, already.</param>
    public KanDocument Fold(KanDocument document, bool areRangesRaw) => document with
    {
        // A layer over an image has the same weights at each place, and padding stays 0: the standardization is a layer before it.
        Layers = document.Layers[0] is WindowDescription window
            ? document.Layers.Insert(0, new ActivationDescription(window.InputCount,
                [.. Enumerable.Range(0, window.InputCount).Select(Line)]))
            : document.Layers.SetItem(0, Fold(document.Layers[0])),
        InputRanges = areRangesRaw ? document.InputRanges : Ranges(document.InputRanges),
        SourceNotes = document.SourceNotes.Add("The inputs are standardized, (x - mean) / scale, by the first layer, into which this is "
            + "folded exactly."),
    };

    /// <summary>The ranges before the standardization of ranges behind it.</summary>
    public ImmutableArray<InputRange> Ranges(ImmutableArray<InputRange> ranges) => ranges.IsEmpty
        ? []
        : [.. _mean.Select((mean, i) => ranges[ranges.Length == 1
            ? 0
            : i] switch { var range => new InputRange((range.Low * _scale[i]) + mean, (range.High * _scale[i]) + mean) })];

    private LayerDescription Fold(LayerDescription layer) => layer switch
    {
        AffineDescription affine => Fold(affine),
        GridDescription grid =>
            grid with
            {
                Knots =
                [.. grid.Knots.Select((knots, input) => knots.Select(knot => (knot * _scale[input]) + _mean[input]).ToImmutableArray())]
            },
        EdgesDescription edges =>
            edges with
            {
                Edges =
                [.. edges.Edges.Select(edge => new KanEdge(edge.Input, edge.Output, edge.Function.Compose(Line(edge.Input))))]
            },
        ActivationDescription activation => activation with
        {
            Functions = [.. Enumerable.Range(0, activation.Size)
                .Select(i => activation.Functions[activation.Functions.Length == 1 ? 0 : i].Compose(Line(i)))],
        },
        _ => throw new System.NotSupportedException($"Layers of kind {layer.GetType().Name} cannot be standardized."),
    };

    /// <summary>The layer whose inputs are the numbers before the standardization.</summary>
    public AffineDescription Fold(AffineDescription layer)
    {
        var weights = ImmutableArray.CreateBuilder<Rational>(layer.Weights.Length);
        var biases = ImmutableArray.CreateBuilder<Rational>(layer.Outputs);
        for (int output = 0; output < layer.Outputs; output++)
        {
            var bias = layer.Biases.IsEmpty ? Rational.Zero : layer.Biases[output];
            for (int input = 0; input < layer.Inputs; input++)
            {
                var weight = layer.Weights[(output * layer.Inputs) + input] / _scale[input];
                weights.Add(weight);
                bias -= weight * _mean[input];
            }

            biases.Add(bias);
        }

        return layer with { Weights = weights.MoveToImmutable(), Biases = biases.MoveToImmutable() };
    }

    private PiecewiseLinearFunction Line(int input) =>
        PiecewiseLinearFunction.Linear(Rational.One / _scale[input], -_mean[input] / _scale[input]);
}
