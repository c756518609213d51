using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO;
using System.Text.Json;

namespace Kan.Interchange;

/// <summary>
/// Writes the ReLU form of a network as a safetensors file that PyTorch loads into a <c>torch.nn.Sequential</c> of <c>Linear</c> and
/// <c>ReLU</c> in turn: tensors <c>0.weight</c> [m, n], <c>0.bias</c> [m], <c>2.weight</c>, and so on.
/// </summary>
/// <remarks>
/// <c>load_state_dict(safetensors.torch.load_file("net.safetensors"))</c> fills the modules, which the metadata lists under <c>modules</c>.
/// Affine maps that follow each other are multiplied out, as the modules alternate; products of floats are seldom floats, see
/// <see cref="SafetensorsExport.Rounding"/>.
/// </remarks>
public static class SafetensorsExporter
{
    // Stays clear of the largest array.
    private const long MaximumBytes = 1L << 30;

    /// <summary>Writes a piecewise-linear KAN through its ReLU form (Theorem 3 of arXiv 2503.01702), units merged by input.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="precision">The number type. Default: float32.</param>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NotSupportedException">The dense matrices would not fit in a file.</exception>
    /// <exception cref="MatrixTooLargeException">A product of two maps would be too large.</exception>
    public static SafetensorsExport Export(KanNetwork network, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Export(network.ToRelu(ReluUnits.Merged), precision);
    }

    /// <summary>Writes a ReLU network.</summary>
    /// <inheritdoc cref="Export(KanNetwork, Precision)"/>
    public static SafetensorsExport Export(ReluNetwork network, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (precision is not (Precision.Single or Precision.Double)) throw new ArgumentOutOfRangeException(nameof(precision));
        network = network.Fuse();
        int size = precision == Precision.Single ? sizeof(float) : sizeof(double);
        var modules = ImmutableArray.CreateBuilder<string>();
        long bytes = 0;
        foreach (var layer in network.Layers)
        {
            modules.Add($"Linear({layer.InputCount}, {layer.OutputCount})");
            if (layer.IsRectified) modules.Add("ReLU()");
            bytes += ((long)layer.InputCount + 1) * layer.OutputCount * size;
        }

        if (bytes > MaximumBytes)
            throw new NotSupportedException($"The dense matrices of the ReLU form take {bytes} bytes; a single file holds at most "
                + $"{MaximumBytes}. Reduce the inputs or the breakpoints of each input.");
        byte[] header = Header(network, precision, size, string.Join(", ", modules));
        var rounder = new NumberRounder(precision);
        var content = new byte[sizeof(ulong) + header.Length + bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (ulong)header.Length);
        header.CopyTo(content, sizeof(ulong));
        var rest = content.AsSpan(sizeof(ulong) + header.Length);
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            foreach (var (row, column, value) in layer.Weights.Entries())
                Write(rest, ((row * layer.InputCount) + column) * size, rounder.Round(value, l), precision);
            rest = rest[(layer.OutputCount * layer.InputCount * size)..];
            for (int q = 0; q < layer.OutputCount; q++) Write(rest, q * size, rounder.Round(layer.Biases[q], l), precision);
            rest = rest[(layer.OutputCount * size)..];
        }

        return new SafetensorsExport(content, modules.ToImmutable(), rounder.Report);
    }

    private static void Write(Span<byte> bytes, int place, double value, Precision precision)
    {
        if (precision == Precision.Single) BinaryPrimitives.WriteSingleLittleEndian(bytes[place..], (float)value);
        else BinaryPrimitives.WriteDoubleLittleEndian(bytes[place..], value);
    }

    private static byte[] Header(ReluNetwork network, Precision precision, int size, string modules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteString("modules", modules);
            json.WriteEndObject();
            long offset = 0;
            int module = 0;
            foreach (var layer in network.Layers)
            {
                WriteTensor($"{module}.weight", layer.OutputCount, layer.InputCount);
                WriteTensor($"{module}.bias", layer.OutputCount);
                module += layer.IsRectified ? 2 : 1;
            }

            json.WriteEndObject();

            void WriteTensor(string name, params int[] shape)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", precision == Precision.Single ? "F32" : "F64");
                json.WriteStartArray("shape");
                long count = 1;
                foreach (int dimension in shape)
                {
                    json.WriteNumberValue(dimension);
                    count *= dimension;
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += count * size;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        // Data begins at a multiple of eight bytes; the format pads with spaces.
        using var padded = new MemoryStream();
        padded.Write(buffer.WrittenSpan);
        while (padded.Length % 8 != 0) padded.WriteByte((byte)' ');
        return padded.ToArray();
    }
}
