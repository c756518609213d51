using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Tensors;

/// <summary>A named array of numbers from a file of weights.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Dimensions">The shape; empty for one number.</param>
/// <param name="Type">The type of the numbers in the file.</param>
/// <param name="Values">The numbers, row by row, however the file orders them.</param>
internal sealed record StoredTensor(string Name, int[] Dimensions, ElementType Type, double[] Values)
{
    public int Rank => Dimensions.Length;

    public string Shape => ShapeText(Dimensions.Select(static size => (long)size));

    public static string ShapeText(IEnumerable<long> dimensions) => "[" + string.Join(", ", dimensions) + "]";

    /// <summary>The number of values of a shape; -1 where it is more than is read, or negative.</summary>
    public static int CountOf(IReadOnlyList<long> dimensions)
    {
        if (dimensions.Any(static size => size < 0)) return -1;
        if (dimensions.Contains(0)) return 0;
        long count = 1;
        foreach (long size in dimensions)
        {
            if (size > ModelLimits.Parameters || (count *= size) > ModelLimits.Parameters) return -1;
        }

        return (int)count;
    }

    /// <summary>The complaint about a shape that is out of range.</summary>
    public static ModelFileException TooLarge(ModelFile file, string name, IReadOnlyList<long> dimensions) =>
        dimensions.Any(static size => size < 0)
        ? file.Malformed($"The tensor '{name}' has the negative dimension {dimensions.First(static size => size < 0)}. The file is "
            + $"damaged; save the model again.")
        : file.Unsupported($"The tensor '{name}' claims the shape {ShapeText(dimensions)}; at most {ModelLimits.Parameters} numbers are "
            + $"read. Compiled networks are small: reduce or prune the model.");

    /// <summary>Requires that all numbers are finite.</summary>
    /// <exception cref="ModelFileException">One is NaN or infinite.</exception>
    public StoredTensor RequireFinite(ModelFile file)
    {
        for (int i = 0; i < Values.Length; i++)
        {
            if (!double.IsFinite(Values[i])) throw file.NotFinite(Name, Values[i], i, Dimensions);
        }

        return this;
    }

    /// <summary>The numbers as rationals.</summary>
    /// <exception cref="ModelFileException">A number is NaN or infinite.</exception>
    public Rational[] ToRationals(ModelFile file) => Array.ConvertAll(RequireFinite(file).Values, Rational.FromDouble);
}
