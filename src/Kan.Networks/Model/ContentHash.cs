using System;
using System.IO;
using System.Numerics;
using System.Security.Cryptography;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// A fingerprint of what a network computes from: two networks have the same hash exactly when their layers, edges and biases are
/// equal as exact numbers (collisions of SHA-256 aside). Names, files and spellings do not count.
/// </summary>
public static class ContentHash
{
    // Hashes of another canonical form must differ from these.
    private const string Header = "kan-network/1";

    /// <summary>The SHA-256 of the canonical form of a network, in lower-case hexadecimal.</summary>
    /// <remarks>
    /// The form: the header after its length in one byte, the number of layers, and for each layer its sizes, its biases, and its edges by
    /// input, then output, with breakpoints, slopes and anchor value; integers as 4 bytes, rationals as numerator and denominator, each a
    /// length and two's-complement bytes; everything little-endian. A layer over an image, as networks are compiled, has -1 in place of its
    /// biases, and its description.
    /// </remarks>
    public static string Compute(KanNetwork network) => ComputeUnlessCancelled(network, CancellationToken.None);

    /// <summary>As <see cref="Compute"/>, with cancellation.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public static string ComputeUnlessCancelled(KanNetwork network, CancellationToken cancellation)
    {
        if (network is null) throw new ArgumentNullException(nameof(network));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Header);
        writer.Write(network.Layers.Length);
        var functions = new FunctionBytes();
        foreach (var layer in network.Layers)
        {
            writer.Write(layer.InputCount);
            writer.Write(layer.OutputCount);
            if (layer.Window is { } window)
            {
                Write(writer, window);
                continue;
            }

            foreach (var bias in layer.Biases) Write(writer, bias);
            writer.Write(layer.Edges.Length);
            foreach (var edge in layer.Edges)
            {
                cancellation.ThrowIfCancellationRequested();
                writer.Write(edge.Input);
                writer.Write(edge.Output);
                functions.Write(writer, edge.Function);
            }
        }

        writer.Flush();
        using var algorithm = SHA256.Create();
        return ToHexadecimal(algorithm.ComputeHash(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void Write(BinaryWriter writer, PiecewiseLinearFunction function)
    {
        writer.Write(function.Breakpoints.Length);
        foreach (var breakpoint in function.Breakpoints) Write(writer, breakpoint);
        foreach (var slope in function.Slopes) Write(writer, slope);
        Write(writer, function.AnchorValue);
    }

    /// <summary>The bytes of the last long function: thousands of nodes of an image share one.</summary>
    private sealed class FunctionBytes
    {
        private const int Few = 32;

        private PiecewiseLinearFunction? _function;
        private byte[] _bytes = [];

        public void Write(BinaryWriter writer, PiecewiseLinearFunction function)
        {
            if (function.Slopes.Length <= Few)
            {
                ContentHash.Write(writer, function);
                return;
            }

            if (!ReferenceEquals(function, _function))
            {
                using var stream = new MemoryStream();
                using var own = new BinaryWriter(stream);
                ContentHash.Write(own, function);
                own.Flush();
                (_function, _bytes) = (function, stream.ToArray());
            }

            writer.Write(_bytes);
        }
    }

    /// <summary>A layer over an image: a number that no count of edges is, what kind of layer it is, its geometry and numbers.</summary>
    private static void Write(BinaryWriter writer, WindowDescription window)
    {
        var geometry = window.Geometry;
        int[] numbers =
        [
            -1, window is MaximumDescription ? 1 : 0, geometry.Channels, geometry.Height, geometry.Width, geometry.KernelHeight,
                geometry.KernelWidth, geometry.StrideY, geometry.StrideX,
            geometry.DilationY, geometry.DilationX, geometry.PadTop, geometry.PadLeft, geometry.PadBottom, geometry.PadRight,
                geometry.ChannelsFirst ? 1 : 0,
        ];
        foreach (int number in numbers) writer.Write(number);
        if (window is not ConvolutionDescription convolution) return;
        writer.Write(convolution.Filters);
        writer.Write(convolution.Groups);
        writer.Write(convolution.Biases.Length);
        foreach (var bias in convolution.Biases) Write(writer, bias);
        foreach (var weight in convolution.Weights) Write(writer, weight);
    }

    private static void Write(BinaryWriter writer, Rational value)
    {
        Write(writer, value.Numerator);
        Write(writer, value.Denominator);
    }

    private static void Write(BinaryWriter writer, BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static string ToHexadecimal(byte[] bytes)
    {
        const string Digits = "0123456789abcdef";
        char[] text = new char[bytes.Length * 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Digits[bytes[i] >> 4];
            text[(2 * i) + 1] = Digits[bytes[i] & 15];
        }

        return new string(text);
    }
}
