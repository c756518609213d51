using System;

namespace Kan.Compiler.Lower;

/// <summary>The vectors of kernels with samples in lanes.</summary>
/// <param name="Bits">Bits of a vector.</param>
/// <param name="Groups">Vectors of samples that a kernel takes at once.</param>
/// <param name="Sums">Sums that registers have room for.</param>
/// <param name="SumsAtOnce">The most partial sums of an output that are computed in one pass over the inputs.</param>
internal sealed record SampleVectors(int Bits, int Groups, int Sums, int SumsAtOnce)
{
    /// <summary>Vectors of AVX-512, which picks numbers out of one vector or two.</summary>
    public static SampleVectors Wide { get; } = new(512, 2, JitLimits.LaneSums, int.MaxValue);

    /// <summary>Vectors of AVX2, which picks floats out of one vector, and no doubles.</summary>
    public static SampleVectors Narrow { get; } = new(256, 2, JitLimits.NarrowLaneSums, 2);

    /// <summary>Whether these are the vectors of AVX-512.</summary>
    public bool IsWide => Bits == Wide.Bits;

    /// <summary>Samples of a vector.</summary>
    public int Lanes(Precision precision) => Bits / 8 / (precision == Precision.Single ? sizeof(float) : sizeof(double));

    /// <summary>Samples of a block.</summary>
    public int Samples(Precision precision) => Groups * Lanes(precision);

    /// <summary>Partial sums of a layer's outputs that are computed in one pass.</summary>
    public int SumsOf(LayerPlan layer) => Math.Min(SumsAtOnce, layer.PartialSums);

    /// <summary>The most segments that a function may have; none if the machine cannot pick numbers of this precision.</summary>
    public int MostSegments(Precision precision) => IsWide ? 2 * Lanes(precision) : precision == Precision.Single ? Lanes(precision) : 0;
}
