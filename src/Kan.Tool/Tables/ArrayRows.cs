using Kan.Interchange;
using Kan.Interchange.NumPy;

namespace Kan.Tool;

/// <summary>Arrays of archives as rows.</summary>
internal static class ArrayRows
{
    /// <summary>The numbers of an array, row after row.</summary>
    /// <param name="array">The array.</param>
    /// <param name="columns">The numbers that a row must have.</param>
    /// <param name="path">The archive, for messages.</param>
    /// <exception cref="ToolException">The array is not one of such rows.</exception>
    public static double[] Of(NpyArray array, int columns, string path) =>
        array.Dimensions is [_, var width] && width == columns
            ? array.Values
            : throw ToolException.BadData(path,
                $"The array '{MessageText.Name(array.Name)}' has the shape {array.Shape}; expected (rows, {columns}).");
}
