using System.Collections.Immutable;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;

namespace Kan.Analysis.Tests.Support;

/// <summary>
/// Random networks with the cases that are normal for KANs: shared breakpoints, constant and equal nodes, kinks that touch.
/// </summary>
internal static class SampleNetworks
{
    public static ConvexPolygon Box { get; } = ConvexPolygon.Box(-3, 3, -3, 3);

    /// <summary>A network of two inputs whose parameters coincide often.</summary>
    public static Gen<KanNetwork> Planar { get; } = Of(2);

    /// <summary>A network with some inputs and one or two layers more.</summary>
    public static Gen<KanNetwork> Of(int inputs, int most = 3) => Gen.Int[1, most].Array[1, 2].SelectMany(widths =>
    {
        int[] all = [inputs, .. widths];
        return Generators.Sequence(Enumerable.Range(0, widths.Length).Select(i => Generators.Layer(all[i], all[i + 1])))
            .Select(static layers => new KanNetwork(layers));
    });

    /// <summary>A network whose first layer has each of its outputs twice.</summary>
    public static Gen<KanNetwork> WithEqualNodes { get; } =
        Gen.Select(Generators.Layer(2, 2), Generators.Layer(4, 1), static (first, second) =>
    {
        var edges = first.Edges.SelectMany(static edge => new[] { edge, edge with { Output = edge.Output + 2 } });
        ImmutableArray<Rational> biases = [.. first.Biases, .. first.Biases];
        return new KanNetwork([new KanLayer(2, 4, edges, biases), second]);
    });

    public static Gen<ReluNetwork> PlanarRelu { get; } =
        Gen.Select(Weights(4, 2), Weights(3, 4), Weights(2, 3), static (first, second, third) =>
        new ReluNetwork([Layer(first, 4, 2, true), Layer(second, 3, 4, true), Layer(third, 2, 3, false)]));

    private static Gen<Rational[]> Weights(int outputs, int inputs) =>
        Gen.Frequency((1, Gen.Const(Rational.Zero)), (4, Generators.SmallRational)).Array[outputs * (inputs + 1)];

    private static ReluLayer Layer(Rational[] numbers, int outputs, int inputs, bool rectified) => new(
        SparseMatrix.Create(outputs, inputs, numbers.Take(outputs * inputs).Select((value, i) => (i / inputs, i % inputs, value))),
        [.. numbers.Skip(outputs * inputs)],
        rectified);
}
