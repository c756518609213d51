using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Networks;

/// <summary>The size of a ReLU network.</summary>
/// <param name="Widths">Inputs, the hidden widths, outputs.</param>
/// <param name="Depth">The affine maps.</param>
/// <param name="UnitCount">The ReLU units.</param>
/// <param name="NonZeroCount">All weights and biases that are not 0.</param>
/// <param name="WithoutSignsCount">
/// The same without weights that are structure: +1 or -1 alone in the row of a unit, which only says which input the unit reads.
/// </param>
/// <param name="FreeParameterCount">
/// The same, and a breakpoint at which two units of one input turn to either side counted once: the numbers that can be chosen freely.
/// </param>
/// <param name="DenseByteCount">Bytes of all matrices and biases as floats, zeros included.</param>
/// <param name="SparseByteCount">Bytes in compressed rows, as floats with 32-bit columns and row starts.</param>
public sealed record ReluSize(
    ImmutableArray<int> Widths,
    int Depth,
    int UnitCount,
    long NonZeroCount,
    long WithoutSignsCount,
    long FreeParameterCount,
    long DenseByteCount,
    long SparseByteCount);

/// <summary>The size of a KAN.</summary>
/// <param name="Widths">Inputs, then the outputs of each layer.</param>
/// <param name="Depth">The layers.</param>
/// <param name="EdgeCount">The edges that are not zero everywhere.</param>
/// <param name="NonZeroCount">The breakpoints, slopes and anchor values that are not 0, of each edge on its own, and the biases.</param>
/// <param name="ParameterCount">2 k + 2 numbers for each edge of k breakpoints, and the biases that are not 0.</param>
/// <param name="SharedParameterCount">The same where the distinct breakpoints of an input are counted once for all its edges.</param>
public sealed record KanSize(ImmutableArray<int> Widths, int Depth, int EdgeCount, long NonZeroCount, long ParameterCount,
    long SharedParameterCount);

/// <summary>
/// The result of Theorem 2 for a KAN, in numbers: each way of sharing units, factored (each KAN layer a layer of units and a layer of sums)
/// and fused (the sums multiplied into the next units). The counts of fused networks come from their factors, so a product too large to be
/// made is counted all the same.
/// </summary>
public sealed record ConversionReport
{
    /// <summary>The KAN itself.</summary>
    public required KanSize Kan { get; init; }

    /// <summary>Each edge with its own units, factored: Lemma 2 as it is written.</summary>
    public required ReluSize Separate { get; init; }

    /// <summary>The same, fused: Theorem 3.</summary>
    public required ReluSize SeparateFused { get; init; }

    /// <summary>The edges of an input share units, factored.</summary>
    public required ReluSize Merged { get; init; }

    /// <summary>The same, fused.</summary>
    public required ReluSize MergedFused { get; init; }

    /// <summary>Upper bounds of the number of linear regions.</summary>
    public required RegionBounds Bounds { get; init; }

    /// <summary>The smallest class KAN(L, n, k) of the network; <see cref="KanClass.ToRelu"/> gives the classes that contain it.</summary>
    public required KanClass Class { get; init; }

    /// <summary>The report of a network.</summary>
    public static ConversionReport Of(KanNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var separate = network.ToRelu(ReluUnits.Separate);
        var merged = network.ToRelu();
        return new ConversionReport
        {
            Kan = NetworkSizes.Of(network),
            Separate = NetworkSizes.Of(separate),
            SeparateFused = NetworkSizes.OfFused(separate),
            Merged = NetworkSizes.Of(merged),
            MergedFused = NetworkSizes.OfFused(merged),
            Bounds = RegionBounds.Of(network),
            Class = KanClass.Of(network),
        };
    }

    /// <summary>The size of any ReLU network, as it is.</summary>
    public static ReluSize SizeOf(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NetworkSizes.Of(network);
    }

    /// <summary>
    /// The size that a ReLU network would have after <see cref="ReluNetwork.Fuse"/>, without multiplying where it came from a KAN.
    /// </summary>
    /// <exception cref="MatrixTooLargeException">
    /// Affine layers follow each other that are not layers of units and sums, and their product is too large.
    /// </exception>
    public static ReluSize SizeOfFused(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NetworkSizes.OfFused(network);
    }

    /// <summary>The report as a table, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"KAN [{string.Join(", ", Kan.Widths)}]: {Kan.EdgeCount:N0} edges, "
            + $"{Kan.NonZeroCount:N0} non-zeros, {Kan.ParameterCount:N0} parameters ({Kan.SharedParameterCount:N0} with shared "
            + $"breakpoints)\n");
        Line("separate, factored", Separate);
        Line("separate, fused", SeparateFused);
        Line("merged, factored", Merged);
        Line("merged, fused", MergedFused);
        text.Append(CultureInfo.InvariantCulture, $"regions at most 10^{System.Numerics.BigInteger.Log10(Bounds.Least):F1} (Theorem 4: "
            + $"10^{System.Numerics.BigInteger.Log10(Bounds.Theorem4):F1})\n");
        return text.ToString();

        void Line(string name, ReluSize size) => text.Append(
            CultureInfo.InvariantCulture,
            $"{name,-19} {size.UnitCount,10:N0} units  {size.NonZeroCount,12:N0} non-zeros ({size.FreeParameterCount:N0} free)  "
            + $"{size.SparseByteCount,12:N0} bytes sparse  {size.DenseByteCount,16:N0} dense\n");
    }
}
