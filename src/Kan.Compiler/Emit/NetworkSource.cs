using System.Collections.Generic;

namespace Kan.Compiler;

/// <summary>The C# of a network.</summary>
/// <param name="Code">Members, kernels, and tables that are short enough to be read.</param>
/// <param name="Tables">A second file with the numbers of the tables in base64; null where they stand in the code.</param>
public sealed record NetworkSource(string Code, string? Tables)
{
    /// <summary>The hash of the network's exact form.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>The certified bound of |computed - exact|, or infinity.</summary>
    public double ErrorBound { get; init; } = double.PositiveInfinity;

    /// <summary>The texts of the files, the code first.</summary>
    public IEnumerable<string> Files => Tables is null ? [Code] : [Code, Tables];

    /// <summary>The name of the file of tables beside a file of code: <c>Net.g.cs</c> gives <c>Net.Tables.g.cs</c>.</summary>
    public static string TablesName(string codeName)
    {
        string extension = codeName.EndsWith(".g.cs", System.StringComparison.OrdinalIgnoreCase) ? ".g.cs" : ".cs";
        string stem = codeName.EndsWith(extension, System.StringComparison.OrdinalIgnoreCase)
            ? codeName.Substring(0, codeName.Length - extension.Length)
            : codeName;
        return stem + ".Tables" + extension;
    }
}
