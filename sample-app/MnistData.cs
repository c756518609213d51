using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace SampleApp;

/// <summary>Handwritten digits from a pair of gzipped idx files, pixels scaled to [0, 1].</summary>
internal sealed class MnistData
{
    public const int Side = 28;
    public const int PixelCount = Side * Side;

    private const int ImageMagic = 0x0803;
    private const int LabelMagic = 0x0801;

    private readonly float[] _pixels;
    private readonly byte[] _labels;

    private MnistData(float[] pixels, byte[] labels)
    {
        _pixels = pixels;
        _labels = labels;
    }

    public int Count => _labels.Length;

    public ReadOnlySpan<float> Image(int row) => _pixels.AsSpan(row * PixelCount, PixelCount);

    public ReadOnlySpan<float> Images(int first, int count) => _pixels.AsSpan(first * PixelCount, count * PixelCount);

    public int Label(int row) => _labels[row];

    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static MnistData Load(string imageFile, string labelFile)
    {
        byte[] labels = ReadIdx(labelFile, LabelMagic, []);
        byte[] bytes = ReadIdx(imageFile, ImageMagic, [Side, Side]);
        if (bytes.Length != labels.Length * PixelCount)
            throw new InvalidDataException($"{imageFile}: {bytes.Length / PixelCount} images, but {labelFile} has {labels.Length} labels");
        if (Array.FindIndex(labels, static label => label > 9) is var bad and >= 0)
            throw new InvalidDataException($"{labelFile}: label {bad} is {labels[bad]}, not a digit");

        var pixels = new float[bytes.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = bytes[i] / 255f;
        return new MnistData(pixels, labels);
    }

    private static byte[] ReadIdx(string file, int magic, ReadOnlySpan<int> shape)
    {
        try
        {
            using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            if (ReadInt32(stream) != magic) throw new InvalidDataException("it is not an idx file of the expected kind");
            int count = ReadInt32(stream);
            int size = 1;
            foreach (int side in shape)
            {
                if (ReadInt32(stream) != side) throw new InvalidDataException($"its images are not {Side} by {Side} pixels");
                size *= side;
            }

            if (count is <= 0 or > 1_000_000) throw new InvalidDataException($"it claims {count} entries");
            var bytes = new byte[count * size];
            stream.ReadExactly(bytes);
            if (stream.ReadByte() >= 0) throw new InvalidDataException("it has bytes after its last entry");
            return bytes;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{file}: the file ends early");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    private static int ReadInt32(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
