using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using Kan.Compiler;

namespace Kan.Generators.Tests.Engines;

/// <summary>What networks are compared for.</summary>
internal enum AgreementSet
{
    /// <summary>Floats in every lowering, at adversarial inputs, with the reference.</summary>
    Floats,

    /// <summary>As <see cref="Floats"/>, in double.</summary>
    Doubles,

    /// <summary>Networks whose every form is exact, with exact rationals.</summary>
    Dyadic,

    /// <summary>Batches of every size with single samples.</summary>
    Batches,

    /// <summary>Segments that arithmetic finds in floats, with the reference.</summary>
    FloatGrids,

    /// <summary>As <see cref="FloatGrids"/>, in double.</summary>
    DoubleGrids,

    /// <summary>Networks that integers compute, with the reference.</summary>
    Integers,

    /// <summary>Layers over images in floats, with the reference.</summary>
    FloatImages,

    /// <summary>As <see cref="FloatImages"/>, in double.</summary>
    DoubleImages,

    /// <summary>Bounds of samples in floats, with those of the reference.</summary>
    FloatBounds,

    /// <summary>As <see cref="FloatBounds"/>, in double.</summary>
    DoubleBounds,
}

/// <summary>The networks of each set, and the cases made of them.</summary>
internal static class AgreementSets
{
    private const int BatchRows = 200, RowsWithReference = 10, ImageRows = 11;

    /// <summary>The networks of a set and how they are compiled.</summary>
    public static NetworkGroup Of(AgreementSet set) => set switch
    {
        AgreementSet.Floats => new(RandomDocuments(0, dyadic: false), Precision.Single, CompiledNetworks.Lowerings),
        AgreementSet.Doubles => new(RandomDocuments(100, dyadic: false), Precision.Double, CompiledNetworks.Lowerings),
        AgreementSet.Dyadic => new(RandomDocuments(1000, dyadic: true), Precision.Double, CompiledNetworks.Lowerings),
        AgreementSet.Batches => new(Batches(), Precision.Single, [Lowering.Auto]),
        AgreementSet.FloatGrids => new(Grids(), Precision.Single, [Lowering.Auto]),
        AgreementSet.DoubleGrids => new(Grids(), Precision.Double, [Lowering.Auto]),
        AgreementSet.Integers => new([.. IntegerNetworks.All, .. CurveNetworks.All, .. QuantizedNetworks.All, .. WideNetworks.All,
            .. WideCurveNetworks.All, .. ImageCodeNetworks.All, .. QuantizedImageNetworks.All], Precision.Int8, [Lowering.Auto]),
        AgreementSet.FloatImages => new(ImageNetworks.All, Precision.Single, [Lowering.Auto]),
        AgreementSet.DoubleImages => new(ImageNetworks.All, Precision.Double, [Lowering.Auto]),
        AgreementSet.FloatBounds => new(BoundNetworks.All, Precision.Single, BoundNetworks.LoweringsOf, HasBounds: true),
        AgreementSet.DoubleBounds => new(BoundNetworks.All, Precision.Double,
            static document => [.. BoundNetworks.LoweringsOf(document).Where(static lowering => lowering != Lowering.Rows)],
            HasBounds: true),
        _ => throw new ArgumentOutOfRangeException(nameof(set)),
    };

    /// <summary>The cases of a set.</summary>
    public static IEnumerable<AgreementCase> Cases(AgreementSet set)
    {
        var group = Of(set);
        return Enumerable.Range(0, group.Documents.Count).AsParallel().AsOrdered().SelectMany(i =>
        {
            var network = group.Documents[i].ToNetwork();
            double[] inputs = Inputs(set, i, group.Documents[i], network);
            return group.LoweringsOf(group.Documents[i]).Select(lowering => new AgreementCase(
                set, i, group.Documents[i].Name, CompiledNetworks.Name(i, lowering), group.Precision, lowering,
                network.InputCount, network.OutputCount, inputs, Expected(lowering),
                group.HasBounds ? Bounds(group.Documents[i], group.Precision, lowering, Rows(set, inputs, network.InputCount)) : []));

            double[] Expected(Lowering lowering) => set == AgreementSet.Dyadic
                ? Exact(network, inputs)
                : Reference(group.Documents[i], group.Precision, lowering, Rows(set, inputs, network.InputCount));
        });
    }

    /// <summary>What the reference evaluator makes of rows of inputs.</summary>
    public static double[] Reference(KanDocument document, Precision precision, Lowering lowering, IEnumerable<double[]> rows) =>
        precision == Precision.Int8 ? Integers(document, rows) : precision == Precision.Single
            ? Reference<float>(document, precision, lowering, rows)
            : Reference<double>(document, precision, lowering, rows);

    /// <summary>What the reference says that outputs of rows of inputs are off by at most.</summary>
    public static double[] Bounds(KanDocument document, Precision precision, Lowering lowering, IEnumerable<double[]> rows) =>
        precision == Precision.Single ? Bounds<float>(document, precision, lowering, rows)
            : Bounds<double>(document, precision, lowering, rows);

    /// <summary>The rows of inputs whose outputs are recorded.</summary>
    public static IEnumerable<double[]> Rows(AgreementSet set, double[] inputs, int width) =>
        set == AgreementSet.Batches ? inputs.Chunk(width).Take(RowsWithReference) : inputs.Chunk(width);

    private static double[] Reference<T>(KanDocument document, Precision precision, Lowering lowering, IEnumerable<double[]> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var reference = new ReferenceEvaluator<T>(NetworkCompiler.Plan(document, precision, lowering, CancellationToken.None).Form);
        var results = rows.SelectMany(row => reference.Evaluate(Array.ConvertAll(row, static x => T.CreateTruncating(x))));
        return [.. results.Select(static y => double.CreateTruncating(y))];
    }

    private static double[] Bounds<T>(KanDocument document, Precision precision, Lowering lowering, IEnumerable<double[]> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var reference = new RunningBound<T>(NetworkCompiler.Plan(document, precision, lowering, CancellationToken.None).Form);
        var results = rows.SelectMany(row => reference.Evaluate(Array.ConvertAll(row, static x => T.CreateTruncating(x))));
        return [.. results.Select(static y => double.CreateTruncating(y))];
    }

    private static double[] Integers(KanDocument document, IEnumerable<double[]> rows)
    {
        var reference = new IntegerEvaluator(NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, CancellationToken.None)
            .Integers!.Form);
        return [.. rows.SelectMany(row => reference.Evaluate(Array.ConvertAll(row, static x => (float)x))).Select(static y => (double)y)];
    }

    private static double[] Exact(KanNetwork network, double[] inputs) =>
        [.. inputs.Chunk(network.InputCount).SelectMany(row => network.Evaluate(row))];

    private static double[] Inputs(AgreementSet set, int document, KanDocument source, KanNetwork network)
    {
        int n = network.InputCount;
        switch (set)
        {
            case AgreementSet.Floats or AgreementSet.FloatGrids:
                return [.. AdversarialInputs.For<float>(network, document).SelectMany(static row => row).Select(static x => (double)x)];
            case AgreementSet.Doubles or AgreementSet.DoubleGrids:
                return [.. AdversarialInputs.For<double>(network, set == AgreementSet.Doubles ? 100 + document : document)
                    .SelectMany(static row => row)];
            case AgreementSet.FloatBounds:
                return [.. BoundNetworks.Inputs<float>(network, document).SelectMany(static row => row).Select(static x => (double)x)];
            case AgreementSet.DoubleBounds:
                return [.. BoundNetworks.Inputs<double>(network, document).SelectMany(static row => row)];
            case AgreementSet.FloatImages:
                return Array.ConvertAll(ImageNetworks.Samples<float>(document, ImageRows, n), static x => (double)x);
            case AgreementSet.DoubleImages:
                return ImageNetworks.Samples<double>(document, ImageRows, n);
            case AgreementSet.Integers:
                return [.. IntegerNetworks.Samples(source, document).SelectMany(static row => row).Select(static x => (double)x)];
            case AgreementSet.Dyadic:
                var dyadic = new Random(document);
                return [.. Enumerable.Range(0, 20 * n).Select(_ => dyadic.Next(-64, 65) / 16.0)];
            default:
                var random = new Random(document);
                double[] inputs = [.. Enumerable.Range(0, BatchRows * n).Select(_ => (double)(float)((random.NextDouble() * 8) - 4))];
                inputs[n] = double.NaN;
                inputs[5 * n] = double.PositiveInfinity;
                return inputs;
        }
    }

    private static KanDocument[] RandomDocuments(int firstSeed, bool dyadic) =>
        [.. Enumerable.Range(firstSeed, 24).Select(seed => RandomNetworks.Create(seed, dyadic))];

    private static KanDocument[] Batches() =>
        [.. Enumerable.Range(0, RandomNetworks.BatchShapes).Select(static shape => RandomNetworks.ForBatches(shape))];

    private static KanDocument[] Grids() =>
    [
        .. Enumerable.Range(0, RandomNetworks.Grids).Select(static i => RandomNetworks.OnGrid(i, 37, 20)),
        .. Enumerable.Range(0, RandomNetworks.Grids).Select(static i => RandomNetworks.OnGrid(i, 3, 4)),
        .. RandomNetworks.SharedCurves,
    ];
}
