using System;
using System.Buffers.Binary;
using System.IO;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Images of an idx file, as MNIST is published, compressed or not: each pixel divided by 255, as a float.</summary>
internal sealed class IdxImages
{
    private const int Magic = 0x0803, HeaderBytes = 16, MaximumBytes = 1 << 29;

    private readonly byte[] _bytes;
    private readonly int _pixels;
    private readonly int _count;
    private readonly string _path;

    private IdxImages(string path, byte[] bytes, int count, int pixels)
    {
        _path = path;
        _bytes = bytes;
        _count = count;
        _pixels = pixels;
    }

    /// <exception cref="ToolException">The file cannot be read, or is not an idx file of images of so many pixels.</exception>
    public static IdxImages Open(string path, int pixels)
    {
        byte[] bytes = ReadBytes(path, MaximumBytes);
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(bytes) != Magic)
            throw ToolException.BadData(path, "The file is not an idx file of images.");
        int count = Dimension(1), size = Dimension(2) * Dimension(3);
        if (size != pixels) throw ToolException.BadData(path, $"Its images have {size} pixels; the network has {pixels} inputs.");
        if (bytes.Length != HeaderBytes + ((long)count * size))
            throw ToolException.BadData(path, $"The header states {count} images, but the file holds fewer.");
        return new IdxImages(path, bytes, count, size);

        int Dimension(int index) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(index * sizeof(int)));
    }

    /// <summary>The bytes of an idx file, expanded.</summary>
    /// <exception cref="ToolException">The file cannot be read, or expands to more bytes than are allowed.</exception>
    public static byte[] ReadBytes(string path, int most)
    {
        byte[] bytes = DataFile.ReadAllBytes(path);
        if (!GzipContent.Is(path)) return bytes;
        try
        {
            return GzipContent.Expand(bytes, most) ?? throw ToolException.BadData(path, $"The file expands to more than {most} bytes.");
        }
        catch (InvalidDataException)
        {
            throw ToolException.BadData(path, "The file name ends in .gz, but the file is not compressed with gzip.");
        }
    }

    /// <summary>The number of images.</summary>
    public int Count => _count;

    /// <summary>Whether a file has a name as those of MNIST: it ends in ubyte, compressed or not.</summary>
    public static bool IsNamed(string path) =>
        (GzipContent.Is(path) ? Path.GetFileNameWithoutExtension(path) : path).EndsWith("ubyte", StringComparison.OrdinalIgnoreCase);

    /// <summary>The pixels of some images.</summary>
    /// <exception cref="ToolException">There is no such image.</exception>
    public double[][] Read(int[] indices)
    {
        foreach (int index in indices)
        {
            if (index < 0 || index >= _count) throw ToolException.BadData(_path, $"Image {index} does not exist; the file holds {_count}.");
        }

        return Array.ConvertAll(indices, Pixels);
    }

    /// <summary>The pixels of the image at a place, which must be below <see cref="Count"/>.</summary>
    public double[] Pixels(int index)
    {
        // Models are trained on float pixels: 255 does not divide, so the rounding matters.
        return Array.ConvertAll(_bytes[(HeaderBytes + (index * _pixels))..(HeaderBytes + ((index + 1) * _pixels))],
            static pixel => (double)(pixel / 255f));
    }
}
