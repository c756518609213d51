using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan;

namespace SampleApp.Service;

/// <summary>The edge functions of the KAN, as numbers to draw: the exact functions of the file that was compiled.</summary>
internal sealed class KanEdges
{
    private const int NodesShown = 6;
    private const int PixelsShown = 3;

    private readonly Layer[] _layers;

    public KanEdges()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("mnist-kan.kan.json")
            ?? throw new InvalidOperationException("The network to draw is not in the assembly.");
        using var reader = new StreamReader(stream);
        var document = KanDocumentReader.Read(reader.ReadToEnd());
        Model = document.Name;
        _layers = [.. document.ToNetwork().Layers.Select(static layer => new Layer(layer))];
    }

    /// <summary>The network whose edges these are.</summary>
    public string Model { get; }

    /// <summary>The nodes before the outputs whose edges to the winner differ most from what a blank page gives.</summary>
    public IReadOnlyList<DecidingNode> Deciding(float[] pixels, int winner)
    {
        double[] drawn = Array.ConvertAll(pixels, static pixel => (double)pixel);
        var blank = new double[pixels.Length];
        for (int l = 0; l < _layers.Length - 1; l++) (drawn, blank) = (_layers[l].Apply(drawn), _layers[l].Apply(blank));
        var (last, before) = (_layers[^1], _layers[^2]);
        return
        [
            .. Enumerable.Range(0, drawn.Length)
                .OrderByDescending(node => Math.Abs(last.Value(node, winner, drawn[node]) - last.Value(node, winner, blank[node])))
                .Take(NodesShown)
                .Select(node => new DecidingNode(node, last.Curve(_layers.Length - 1, node, winner, drawn[node]), Strongest(before, _layers.Length - 2, node, pixels))),
        ];
    }

    private static EdgeCurve[] Strongest(Layer layer, int index, int node, float[] pixels) =>
    [
        .. Enumerable.Range(0, pixels.Length)
            .Where(p => pixels[p] != 0)
            .OrderByDescending(p => Math.Abs(layer.Value(p, node, pixels[p]) - layer.Value(p, node, 0)))
            .Take(PixelsShown)
            .Select(p => layer.Curve(index, p, node, pixels[p])),
    ];

    /// <summary>A layer in double: close enough to draw.</summary>
    private sealed class Layer
    {
        private readonly (double[] Breakpoints, double[] Slopes, double[] Values)?[] _edges;
        private readonly double[] _biases;
        private readonly int _outputs;

        public Layer(KanLayer layer)
        {
            _outputs = layer.OutputCount;
            _edges = new (double[], double[], double[])?[layer.InputCount * layer.OutputCount];
            _biases = [.. layer.Biases.Select(static bias => bias.ToDouble())];
            foreach (var edge in layer.Edges)
            {
                var function = edge.Function;
                Rational[] at = function.IsAffine ? [Rational.Zero] : [.. function.Breakpoints];
                _edges[(edge.Input * _outputs) + edge.Output] = (
                    Array.ConvertAll(at, static x => x.ToDouble()),
                    [.. function.Slopes.Select(static slope => slope.ToDouble())],
                    Array.ConvertAll(at, x => function.Evaluate(x).ToDouble()));
            }
        }

        public double[] Apply(double[] inputs)
        {
            var sums = (double[])_biases.Clone();
            for (int p = 0; p < inputs.Length; p++)
                for (int q = 0; q < _outputs; q++) sums[q] += Value(p, q, inputs[p]);
            return sums;
        }

        public double Value(int input, int output, double x)
        {
            if (_edges[(input * _outputs) + output] is not var (breakpoints, slopes, values)) return 0;
            int segment = 0;
            if (slopes.Length > 1) while (segment < breakpoints.Length && x > breakpoints[segment]) segment++;
            int anchor = Math.Max(segment - 1, 0);
            return values[anchor] + (slopes[segment] * (x - breakpoints[anchor]));
        }

        public EdgeCurve Curve(int layer, int input, int output, double x)
        {
            double[] breakpoints = _edges[(input * _outputs) + output] is var (b, _, _) ? b : [0];
            double low = Math.Min(x, breakpoints[0]), high = Math.Max(x, breakpoints[^1]);
            double margin = Math.Max((high - low) / 4, 0.25);
            double[] at = [low - margin, .. breakpoints, high + margin];
            return new EdgeCurve(layer, input, output, at, Array.ConvertAll(at, point => Value(input, output, point)), x, Value(input, output, x));
        }
    }
}
