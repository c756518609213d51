using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Compiler.Integers;

/// <summary>
/// A layer of a network over images, as it gets an integer form: a convolution, a matrix, or a maximum. What bends stands between two sums,
/// and is monotone, as maxima are, so it is taken behind all maxima that follow a sum. Numbers are the nearest doubles.
/// </summary>
/// <param name="Window">Where its kernel stands; null for a matrix.</param>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">By input, then output; those of a convolution in the order of its description. None for a maximum.</param>
/// <param name="Biases">For each output or filter.</param>
internal sealed record ImageLayer(WindowDescription? Window, int Inputs, int Outputs, double[] Weights, double[] Biases)
{
    /// <summary>Weights of a matrix of single edges, beyond which it is none.</summary>
    private const long MostWeights = 1L << 25;

    /// <summary>All numbers.</summary>
    private static readonly CodedRange s_all = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>What passes behind this sum and the maxima that follow it; numbers beyond count as the nearest end.</summary>
    public CodedRange Passed { get; set; } = s_all;

    /// <summary>The layer of the network that has the values which get codes behind this one.</summary>
    public int Behind { get; set; }

    /// <summary>Whether it takes the largest numbers.</summary>
    public bool IsMaximum => Window is MaximumDescription;

    /// <summary>Outputs that have a bias of their own: filters, or all.</summary>
    public int Channels => Biases.Length;

    /// <summary>Weights that an output has at most.</summary>
    public int Terms => Weights.Length / Math.Max(1, Channels);

    /// <summary>Whether some layer of a network is over an image.</summary>
    public static bool AreIn(KanNetwork network) => network.Layers.Any(static layer => layer.Window is not null);

    /// <summary>The layers of a network.</summary>
    /// <exception cref="NoIntegerFormException">A layer has no integer form.</exception>
    public static ImageLayer[] Of(KanNetwork network, CancellationToken cancellation)
    {
        var layers = new List<ImageLayer>();
        ImageLayer? sum = null;
        for (int l = 0; l < network.Layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var layer = network.Layers[l];
            if (layer.Window is not null)
            {
                layers.Add(OfWindow(layer.Window, l));
                if (!layers[layers.Count - 1].IsMaximum) sum = layers[layers.Count - 1];
            }
            else
            {
                if (Bend(layer, l) is { } bend) Pass(sum, bend, l);
                if (!layer.IsDiagonal) layers.Add(sum = OfMatrix(layer, l));
                else if (!IsActivation(layer)) layers.Add(sum = Diagonal(layer, l));
            }

            if (sum is not null) sum.Behind = l;
        }

        // Outputs are sums, which nothing cuts off.
        if (sum is null || sum.Passed != s_all)
        {
            int width = network.OutputCount;
            layers.Add(Diagonal([.. Enumerable.Repeat(1.0, width)], new double[width]));
        }

        return [.. layers];
    }

    /// <summary>What the layers of a quantised network stand for: scale * integer.</summary>
    /// <param name="form">Its integers.</param>
    /// <param name="codes">What they stand for.</param>
    public static ImageLayer[] Of(IntegerForm form, QuantizedCodes codes)
    {
        var layers = new ImageLayer[form.Layers.Length];
        int next = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            var integers = form.Layers[l];
            var window = integers.Window;
            if (window is { IsMaximum: true })
            {
                layers[l] = new ImageLayer(new MaximumDescription(window.Geometry), integers.InputCount, integers.OutputCount, [], []);
                continue;
            }

            int count = integers.Biases.Length, perFilter = window?.FilterWeights ?? 1;
            double[] weights = new double[integers.Weights.Length], biases = new double[count];
            var scales = integers.IsIdentity ? [1f] : codes.Layers[next++].WeightScales;
            for (int i = 0; i < weights.Length; i++)
            {
                int channel = window is null ? i % count : i / perFilter;
                weights[i] = (double)scales[scales.Length == 1 ? 0 : channel] * integers.Weights[i];
            }

            for (int q = 0; q < count; q++) biases[q] = (double)integers.Units[q] * integers.Biases[q];
            layers[l] = new ImageLayer(window is null ? null : Visited(window.Geometry, window.Filters, window.Groups), integers.InputCount,
                integers.OutputCount, weights, biases);
            if (l < layers.Length - 1 && integers.IsRelu) layers[l].Passed = s_all with { Low = 0 };
        }

        return layers;
    }

    /// <summary>Takes output, input and number of the weight of each term; a maximum has no weights.</summary>
    public void Visit(Action<int, int, int> term)
    {
        switch (Window)
        {
            case ConvolutionDescription convolution:
                convolution.Visit(term);
                break;
            case MaximumDescription maximum:
                for (int q = 0; q < Outputs; q++)
                {
                    foreach (int p in maximum.Window(q)) term(q, p, 0);
                }

                break;
            default:
                for (int i = 0; i < Weights.Length; i++) term(i % Outputs, i / Outputs, i);
                break;
        }
    }

    /// <summary>The bias, unit and filter of a weight.</summary>
    public int ChannelOf(int weight) => Window is null ? weight % Outputs : weight / Terms;

    /// <summary>What multiplies each node with a number of its own: a kernel over one place, whose channels are the nodes.</summary>
    private static ImageLayer Diagonal(double[] weights, double[] biases)
    {
        int width = weights.Length;
        var geometry = new WindowGeometry { Channels = width, Height = 1, Width = 1, KernelHeight = 1, KernelWidth = 1 };
        return new ImageLayer(Visited(geometry, width, width), width, width, weights, biases);
    }

    /// <summary>A convolution whose terms are visited; its weights are kept elsewhere.</summary>
    private static ConvolutionDescription Visited(WindowGeometry geometry, int filters, int groups) => new(geometry, filters, groups,
        [.. Enumerable.Repeat(Rational.One, filters * (geometry.Channels / groups) * geometry.KernelHeight * geometry.KernelWidth)], []);

    private static ImageLayer Diagonal(KanLayer layer, int index)
    {
        double[] weights = new double[layer.OutputCount];
        var constants = layer.Biases.ToArray();
        foreach (var edge in layer.Edges)
        {
            weights[edge.Output] = SlopeOf(edge.Function).ToDouble();
            constants[edge.Output] += edge.Function.Evaluate(Rational.Zero);
        }

        double[] biases = [.. constants.Select(static constant => constant.ToDouble())];
        Require(weights, index);
        Require(biases, index);
        return Diagonal(weights, biases);
    }

    private static ImageLayer OfWindow(WindowDescription window, int index)
    {
        if (window is not ConvolutionDescription layer) return new ImageLayer(window, window.InputCount, window.OutputCount, [], []);
        double[] weights = [.. layer.Weights.Select(static weight => weight.ToDouble())],
            biases = layer.Biases.IsEmpty ? new double[layer.Filters] : [.. layer.Biases.Select(static bias => bias.ToDouble())];
        Require(weights, index);
        Require(biases, index);
        return new ImageLayer(layer, layer.InputCount, layer.OutputCount, weights, biases);
    }

    private static ImageLayer OfMatrix(KanLayer layer, int index)
    {
        int n = layer.InputCount, m = layer.OutputCount;
        if ((long)n * m > MostWeights)
            throw new NoIntegerFormException(FormattableString.Invariant(
                $"layer {index}, which is over no image, has {n} inputs and {m} outputs: too many for a matrix"));
        double[] weights = new double[n * m], biases = new double[m];
        var constants = layer.Biases.ToArray();
        foreach (var edge in layer.Edges)
        {
            var function = edge.Function;
            if (function.IsConstant)
            {
                constants[edge.Output] += function.AnchorValue;
                continue;
            }

            // c * clamp(x, low, high) + d: the constant is what is added at 0, which passes.
            weights[(edge.Input * m) + edge.Output] = SlopeOf(function).ToDouble();
            var atZero = function.Evaluate(Rational.Zero);
            if (!atZero.IsZero) constants[edge.Output] += atZero;
        }

        for (int q = 0; q < m; q++) biases[q] = constants[q].ToDouble();
        Require(weights, index);
        Require(biases, index);
        return new ImageLayer(null, n, m, weights, biases);
    }

    private static void Pass(ImageLayer? sum, CodedRange passed, int index)
    {
        if (passed == s_all) return;
        if (sum is null) throw new NoIntegerFormException(FormattableString.Invariant(
            $"layer {index} bends the inputs: what bends must stand behind a convolution or a matrix"));
        sum.Passed = new CodedRange(Clamp(sum.Passed.Low, passed), Clamp(sum.Passed.High, passed));
    }

    private static double Clamp(double number, CodedRange range) => Math.Min(Math.Max(number, range.Low), range.High);

    /// <summary>Whether a diagonal layer only cuts off.</summary>
    private static bool IsActivation(KanLayer layer) => layer.Edges.Length == layer.OutputCount
        && layer.Biases.All(static bias => bias.IsZero)
        && layer.Edges.All(static edge => SlopeOf(edge.Function) == Rational.One && edge.Function.Evaluate(Rational.Zero).IsZero);

    /// <summary>What all edges of a layer pass, times their weights; null if none bends.</summary>
    private static CodedRange? Bend(KanLayer layer, int index)
    {
        CodedRange? found = null;
        PiecewiseLinearFunction? last = null;
        foreach (var edge in layer.Edges)
        {
            if (edge.Function.IsConstant || ReferenceEquals(edge.Function, last)) continue;
            last = edge.Function;
            if (PassedBy(edge.Function) is not { } own)
                throw new NoIntegerFormException($"the edge ({edge.Input}, {edge.Output}) of layer {index} is "
                    + $"{MessageText.Bound(edge.Function.ToString())}: in networks over images, only ReLU, clamps and multiples of them "
                    + "have an integer form");
            if (found is { } first && own != first)
                throw new NoIntegerFormException(FormattableString.Invariant(
                    $"some nodes pass layer {index} in another way than others, as where a branch goes past a convolution: ")
                    + "codes behind a layer over an image have one activation");
            found = own;
        }

        return found;
    }

    private static readonly CodedRange s_none = new(1, -1);

    /// <summary>The slope where a function that cuts off is not constant.</summary>
    private static Rational SlopeOf(PiecewiseLinearFunction function) =>
        function.Slopes[function.Slopes.Length == 1 ? 0 : function.Slopes.Length == 3 || function.Slopes[0].IsZero ? 1 : 0];

    /// <summary>The interval outside of which a function is constant, and linear inside; null if there is none around 0.</summary>
    private static CodedRange? PassedBy(PiecewiseLinearFunction function)
    {
        var slopes = function.Slopes;
        var range = slopes.Length switch
        {
            1 => s_all,
            2 when slopes[0].IsZero => s_all with { Low = End(0) },
            2 when slopes[1].IsZero => s_all with { High = End(0) },
            3 when slopes[0].IsZero && slopes[2].IsZero => new CodedRange(End(0), End(1)),
            _ => s_none,
        };
        return range.Low <= 0 && range.High >= 0 ? range : null;

        double End(int i) => function.Breakpoints[i].ToDouble();
    }

    private static void Require(IEnumerable<double> numbers, int index)
    {
        foreach (double number in numbers)
        {
            if (!(Math.Abs(number) <= float.MaxValue)) throw new NoIntegerFormException($"a number of layer {index} is beyond float");
        }
    }
}
