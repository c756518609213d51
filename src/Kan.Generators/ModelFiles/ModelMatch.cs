using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Generators.ModelFiles;

/// <summary>Finds the model that a name in <c>[KanModel]</c> means.</summary>
internal static class ModelMatch
{
    private const int MaximumListed = 8;

    /// <summary>
    /// The indices of the items that a name means: those whose path is equal to it, or else all whose path ends with it, part by part. An
    /// item that already has a class matches only if no other item does.
    /// </summary>
    public static ImmutableArray<int> Find(IReadOnlyList<ModelItem> items, string name)
    {
        string wanted = ModelText.Normalize(name);
        if (wanted.Length == 0) return [];
        var indices = Enumerable.Range(0, items.Count).ToArray();
        var found = indices.Where(i => items[i].Path == wanted).ToImmutableArray();
        if (found.IsEmpty) found = [.. indices.Where(i => items[i].Path.EndsWith("/" + wanted, StringComparison.Ordinal))];
        var withoutClass = found.Where(i => items[i].Class.Length == 0).ToImmutableArray();
        return withoutClass.IsEmpty ? found : withoutClass;
    }

    /// <summary>What the project has instead of a name that matches nothing.</summary>
    public static string DescribeOthers(IReadOnlyList<ModelItem> items, string name)
    {
        if (items.Count == 0) return "it has no KanModel items";
        var sorted = items.Select(static item => item.Path).OrderBy(static path => path, StringComparer.Ordinal).ToArray();
        string wanted = LastPart(ModelText.Normalize(name));
        string nearest = sorted.OrderBy(path => Distance(LastPart(path), wanted)).First();
        bool isNear = Distance(LastPart(nearest), wanted) <= Math.Max(2, wanted.Length / 3);
        return (isNear ? "did you mean '" + nearest + "'? It has " : "it has ") + List(sorted);
    }

    /// <summary>A few paths, quoted.</summary>
    public static string List(IEnumerable<string> paths)
    {
        var sorted = paths.OrderBy(static path => path, StringComparer.Ordinal).ToArray();
        string listed = string.Join(", ", sorted.Take(MaximumListed).Select(static path => "'" + path + "'"));
        int more = sorted.Length - MaximumListed;
        return more > 0 ? listed + " and " + more.ToString(CultureInfo.InvariantCulture) + " more" : listed;
    }

    private static string LastPart(string path) => path.Substring(path.LastIndexOf('/') + 1);

    // Levenshtein's distance, in one row, whatever the case.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j - 1], diagonal) + 1);
            }
        }

        return row[b.Length];
    }
}
