using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Networks;

namespace SampleApp.Service;

/// <summary>
/// A compiled network once more in double, layer by layer: what an evaluation does not show can be drawn and walked through.
/// </summary>
internal sealed class NumericNetwork
{
    private NumericNetwork(KanDocument document)
    {
        Name = document.Name;
        Layers = [.. document.ToNetwork().Layers.Select(static layer => new NumericLayer(layer))];
    }

    public string Name { get; }

    public IReadOnlyList<NumericLayer> Layers { get; }

    /// <summary>Reads what the build converted the model file to, from this assembly.</summary>
    public static NumericNetwork Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".kan.json")
            ?? throw new InvalidOperationException($"The network {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return new NumericNetwork(KanDocumentReader.Read(reader.ReadToEnd()));
    }
}

/// <summary>A layer of a <see cref="NumericNetwork"/>.</summary>
internal sealed class NumericLayer
{
    private readonly NumericEdge[][] _edgesOf;
    private readonly double[] _biases;

    public NumericLayer(KanLayer layer)
    {
        _biases = [.. layer.Biases.Select(static bias => bias.ToDouble())];
        _edgesOf = new NumericEdge[layer.InputCount][];
        foreach (var group in layer.Edges.GroupBy(static edge => edge.Input))
            _edgesOf[group.Key] = [.. group.Select(static edge => new NumericEdge(edge))];
        for (int p = 0; p < _edgesOf.Length; p++) _edgesOf[p] ??= [];
    }

    public int OutputCount => _biases.Length;

    /// <summary>A new copy: sums start here.</summary>
    public double[] Biases => (double[])_biases.Clone();

    /// <summary>The edges that leave an input.</summary>
    public ReadOnlySpan<NumericEdge> EdgesOf(int input) => _edgesOf[input];

    /// <summary>One edge; nothing where it is zero.</summary>
    public NumericEdge? Edge(int input, int output) => Array.Find(_edgesOf[input], edge => edge.Output == output);

    public double[] Apply(double[] inputs)
    {
        double[] sums = Biases;
        for (int p = 0; p < inputs.Length; p++)
            foreach (var edge in _edgesOf[p]) sums[edge.Output] += edge.Evaluate(inputs[p]);
        return sums;
    }
}

/// <summary>An edge of a <see cref="NumericNetwork"/>.</summary>
internal sealed class NumericEdge
{
    private readonly double[] _breakpoints;
    private readonly double[] _slopes;
    private readonly double[] _values;

    public NumericEdge(KanEdge edge)
    {
        var function = edge.Function;
        Output = edge.Output;
        _breakpoints = [.. function.Breakpoints.Select(static point => point.ToDouble())];
        _slopes = [.. function.Slopes.Select(static slope => slope.ToDouble())];
        _values = function.IsAffine ? [function.AnchorValue.ToDouble()]
            : [.. function.Breakpoints.Select(point => function.Evaluate(point).ToDouble())];
    }

    public int Output { get; }

    public ReadOnlySpan<double> Breakpoints => _breakpoints;

    public double Evaluate(double x) => Line(x, SegmentOf(x)).Value;

    /// <summary>The segment of a point; a breakpoint belongs to the one on its right.</summary>
    public int SegmentOf(double x)
    {
        int segment = 0;
        while (segment < _breakpoints.Length && x >= _breakpoints[segment]) segment++;
        return segment;
    }

    /// <summary>Value and slope of the line of a segment.</summary>
    public (double Value, double Slope) Line(double x, int segment)
    {
        int anchor = Math.Max(segment - 1, 0);
        double slope = _slopes[segment];
        return (_values[anchor] + (slope * (x - (_breakpoints.Length == 0 ? 0 : _breakpoints[anchor]))), slope);
    }
}
