using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Compiler;
using Kan.Experiments.Data;

namespace Kan.Experiments.Scaling;

/// <summary>A way to compute a KAN.</summary>
internal enum Engine
{
    /// <summary>Theorem 2 as printed, full matrices.</summary>
    DenseSeparate,

    /// <summary>Theorem 2 as printed, compressed rows.</summary>
    SparseSeparate,

    /// <summary>Units shared by the edges of an input, full matrices.</summary>
    DenseMerged,

    /// <summary>Units shared by the edges of an input, compressed rows.</summary>
    SparseMerged,

    /// <summary>Theorem 3, affine maps multiplied out, full matrices.</summary>
    DenseFused,

    /// <summary>Theorem 3, affine maps multiplied out, compressed rows.</summary>
    SparseFused,

    /// <summary>Generated code, ReLU units.</summary>
    CompiledRelu,

    /// <summary>Generated code, clamped differences.</summary>
    CompiledClamp,

    /// <summary>Generated code, rows of values and slopes.</summary>
    CompiledRows,
}

/// <summary>What an engine needs for one sample of one KAN.</summary>
/// <param name="Bytes">Of its numbers and indices.</param>
/// <param name="Microseconds">For one sample, or NaN where it was not measured.</param>
internal readonly record struct Cost(double Bytes, double Microseconds);

/// <summary>One KAN of widths n-n-n with k breakpoints on each edge, shared by the edges of an input.</summary>
internal sealed class ScalingCase
{
    /// <summary>More memory than this is not taken: full matrices stop here.</summary>
    public const long Budget = 2L << 30;

    /// <summary>Entries past this many are counted, not multiplied out.</summary>
    private const long MostFusedEntries = 3_000_000;

    private const int SampleCount = 16;

    private readonly KanNetwork _network;

    public ScalingCase(int width, int breakpoints)
    {
        Width = width;
        Breakpoints = breakpoints;
        _network = Create(width, breakpoints);
    }

    public int Width { get; }

    /// <summary>k.</summary>
    public int Breakpoints { get; }

    /// <summary>Numbers of the KAN itself: k breakpoints for each input, k + 2 numbers for each edge.</summary>
    public long ParameterCount => 2L * Width * (Breakpoints + ((long)Width * (Breakpoints + 2)));

    /// <summary>Nonzero weights of the ReLU networks, in the order separate, merged, fused.</summary>
    public (long Separate, long Merged, long Fused) Entries { get; private set; }

    /// <summary>Builds every engine that fits, checks that they agree, and times them.</summary>
    /// <exception cref="InvalidOperationException">Two engines disagree.</exception>
    public IReadOnlyDictionary<Engine, Cost> Measure(int rounds, TimeSpan warmUp)
    {
        var costs = new Dictionary<Engine, Cost>();
        var engines = new List<(Engine Engine, IFloatNetwork Network)>();
        AddRelu(costs, engines);
        var document = _network.ToDocument("measured");
        foreach (var (engine, lowering) in new[] { (Engine.CompiledRelu, Lowering.Relu), (Engine.CompiledClamp, Lowering.Clamp),
            (Engine.CompiledRows, Lowering.Rows) })
        {
            try
            {
                engines.Add((engine, CompiledNetwork.Create(document, lowering)));
            }
            catch (NetworkTooLargeException)
            {
                costs[engine] = new Cost(double.NaN, double.NaN);
            }
        }

        float[][] inputs = Inputs();
        Check(engines, inputs);
        double[] times = PairedTiming.Microseconds([.. engines.Select(static entry => entry.Network)], inputs, Width, rounds, warmUp);
        for (int i = 0; i < times.Length; i++) costs[engines[i].Engine] = new Cost(engines[i].Network.Bytes, times[i]);
        return costs;
    }

    private void AddRelu(Dictionary<Engine, Cost> costs, List<(Engine Engine, IFloatNetwork Network)> engines)
    {
        var separate = _network.ToRelu(ReluUnits.Separate);
        var merged = _network.ToRelu();
        Add(Engine.DenseSeparate, Engine.SparseSeparate, separate);
        Add(Engine.DenseMerged, Engine.SparseMerged, merged);
        var fused = ConversionReport.SizeOfFused(separate);
        Entries = (separate.NonZeroCount, merged.NonZeroCount, fused.NonZeroCount);
        if (Entries.Fused <= MostFusedEntries)
        {
            Add(Engine.DenseFused, Engine.SparseFused, separate.Fuse());
            return;
        }

        costs[Engine.DenseFused] = new Cost(fused.DenseByteCount, double.NaN);
        costs[Engine.SparseFused] = new Cost(fused.SparseByteCount, double.NaN);

        void Add(Engine dense, Engine sparse, ReluNetwork network)
        {
            long bytes = ConversionReport.SizeOf(network).DenseByteCount;
            engines.Add((sparse, new SparseReluNetwork(network)));
            if (bytes <= Budget) engines.Add((dense, new DenseReluNetwork(network)));
            else costs[dense] = new Cost(bytes, double.NaN);
        }
    }

    /// <summary>Engines compute the same function, each with roundings of its own.</summary>
    private void Check(List<(Engine Engine, IFloatNetwork Network)> engines, float[][] inputs)
    {
        const double Tolerance = 1e-2;
        double[] exact = _network.Evaluate([.. inputs[0].Select(static x => (double)x)]);
        double scale = exact.Max(Math.Abs);
        var outputs = new float[Width];
        foreach (var (engine, network) in engines)
        {
            network.Evaluate(inputs[0], outputs);
            for (int q = 0; q < outputs.Length; q++)
            {
                if (!(Math.Abs(outputs[q] - exact[q]) <= Tolerance * scale))
                    throw new InvalidOperationException(
                        string.Create(CultureInfo.InvariantCulture, $"{engine}, width {Width}, {Breakpoints} "
                        + $"breakpoints: output {q} is {outputs[q]}, exactly {exact[q]}."));
            }
        }
    }

    private float[][] Inputs()
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, SampleCount)
            .Select(_ => Enumerable.Range(0, Width).Select(_ => (float)((4 * random.NextDouble()) - 2)).ToArray())];
    }

    /// <summary>
    /// A KAN whose values at evenly spaced knots are random multiples of 1/64 of a size that keeps nodes within a few units.
    /// </summary>
    private static KanNetwork Create(int width, int breakpoints)
    {
        var random = new Random(breakpoints);
        Rational[] knots = [.. Enumerable.Range(0, breakpoints + 2)
            .Select(i => Rational.FromSingle((float)(-2 + (4.0 * i / (breakpoints + 1)))))];
        int range = (int)(128 / Math.Sqrt(width)) + 2;
        return new KanNetwork(Enumerable.Range(0, 2).Select(_ =>
        {
            var edges = from p in Enumerable.Range(0, width)
                        from q in Enumerable.Range(0, width)
                        select new KanEdge(p, q, PiecewiseLinearFunction.FromKnots(knots,
                        [.. knots.Select(_ => Rational.Create(random.Next(-range, range + 1), 64))]));
            return new KanLayer(width, width, edges.ToList());
        }));
    }
}
