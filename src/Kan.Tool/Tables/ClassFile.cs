using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>The classes of samples: a whole number for each, the index of an output, from a table of one column or labels of idx.</summary>
internal static class ClassFile
{
    private const int Magic = 0x0801, HeaderBytes = 8, MaximumBytes = 1 << 29;

    /// <summary>Reads them.</summary>
    /// <param name="path">A file of one number a row, .csv, .npy or .npz, or labels as MNIST is published (-ubyte, -ubyte.gz).</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ToolException">The file cannot be read, or a number is not a class.</exception>
    public static List<int> Read(string path, int classes)
    {
        var found = new List<int>();
        foreach (double number in IdxImages.IsNamed(path) ? OfIdx(path) : OfTable(path))
        {
            if (!(number >= 0 && number < classes && number == Math.Truncate(number)))
            {
                throw ToolException.BadData(path, $"Row {found.Count + 1} holds {NumberText.Of(number)}, but a class is a whole number "
                    + $"from 0 to {classes - 1}, the index of an output.");
            }

            found.Add((int)number);
        }

        return found;
    }

    private static IEnumerable<double> OfTable(string path)
    {
        using var rows = RowSource<double>.Open(path, new RowColumns([null]));
        for (double[] row = new double[1]; rows.ReadFinite(row, path);) yield return row[0];
    }

    private static double[] OfIdx(string path)
    {
        byte[] bytes = IdxImages.ReadBytes(path, MaximumBytes);
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(bytes) != Magic)
            throw ToolException.BadData(path, "The file is not an idx file of labels.");
        int count = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizeof(int)));
        if (bytes.Length != HeaderBytes + (long)count)
            throw ToolException.BadData(path, $"The header states {count} labels, but the file holds {bytes.Length - HeaderBytes}.");
        return Array.ConvertAll(bytes[HeaderBytes..], static label => (double)label);
    }
}
