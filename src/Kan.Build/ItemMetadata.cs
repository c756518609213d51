using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Build;

/// <summary>The metadata of <c>KanModel</c> items: every name that something reads is here.</summary>
internal static class ItemMetadata
{
    /// <summary>What changes the conversion, in the order of the converter's list.</summary>
    public static readonly string[] Conversion =
    [
        "Range", "Head", "Activation", "Order", "Prefix", "Tolerance", "Domain", "Inputs", "Outputs", "InputNames", "OutputNames", "Labels",
            "LabelsFile", "Mean", "Scale", "Standardization", "Simplify", "Calibration",
    ];

    /// <summary>Those of them that are paths, relative to the project.</summary>
    public static readonly string[] Files = ["LabelsFile", "Standardization", "Calibration"];

    /// <summary>What the generator reads. The properties file of the package lists each for the compiler, with the prefix Kan.</summary>
    public static readonly string[] Generation = ["Class", "Namespace", "Lowering", "Precision", "EvaluateWithBound", "Contracts"];

    /// <summary>A file of contracts, relative to the project, whose lines are put behind <c>Contracts</c>.</summary>
    public const string ContractsFile = "ContractsFile";

    /// <summary>What MSBuild, the SDK and editors put on items of any kind, or read from them.</summary>
    public static readonly string[] Common =
    [
        "Link", "LinkBase", "Visible", "InProject", "Pack", "PackagePath", "PackageCopyToOutput", "BuildAction", "CopyToOutputDirectory",
            "CopyToPublishDirectory",
        "TargetPath", "DependentUpon", "SubType", "Generator", "LastGenOutput", "CustomToolNamespace", "ExcludeFromSingleFile", "Watch",
            "Label",
    ];

    // Names made by MSBuild, and names that say of themselves that they are for somebody else.
    private static readonly string[] s_prefixes = ["MSBuild", "NuGet", "_"];

    /// <summary>The names of an item's metadata that nothing reads.</summary>
    public static IEnumerable<string> Unread(IEnumerable<string> names) => names.Where(static name =>
        !Conversion.Concat(Generation).Append(ContractsFile).Concat(Common).Contains(name, StringComparer.OrdinalIgnoreCase)
        && !Array.Exists(s_prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What may be meant by a name that nothing reads, as a sentence ends.</summary>
    public static string Advise(string name)
    {
        string[] known = [.. Conversion, .. Generation, ContractsFile];
        var (nearest, distance) = known.Select(other => (other, Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .OrderBy(static pair => pair.Item2).First();
        return distance <= Math.Max(1, nearest.Length / 3)
            ? $"did you mean {nearest}?"
            : "use one of " + string.Join(", ", known) + ", or begin the name of your own metadata with '_'";
    }

    /// <summary>The letters to insert, delete, replace or swap with their neighbours to make one name of another.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                int least = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                bool isSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = isSwapped ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }

        return table[a.Length, b.Length];
    }
}
