using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Kan.Generators.Equality;

namespace Kan.Generators.ModelFiles;

/// <summary>Which items may make the class they ask for.</summary>
internal static class ItemClaims
{
    /// <summary>The documents of the items that are first to ask for their class, which no declaration asks for.</summary>
    /// <param name="claims">The file that each item would add, and its document.</param>
    /// <param name="declared">The files that declarations add.</param>
    public static EquatableArray<string> Free(ImmutableArray<(string HintName, string DocumentPath)> claims,
        ImmutableArray<string> declared)
    {
        var taken = new HashSet<string>(declared, StringComparer.Ordinal);
        var free = ImmutableArray.CreateBuilder<string>();
        foreach (var (hintName, documentPath) in claims)
        {
            if (taken.Add(hintName)) free.Add(documentPath);
        }

        return free.ToImmutable();
    }
}
