using System;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Declarations;

/// <summary>Tells the files that this generator added from those that people wrote: the analyzer sees both.</summary>
internal static class GeneratedFiles
{
    /// <summary>The name of the generator's class, which stands in the paths of the files that it adds.</summary>
    private const string Generator = "KanGenerator";

    /// <summary>Whether a declaration is in a file that this generator added.</summary>
    public static bool Contains(SyntaxReference reference) =>
        reference.SyntaxTree.FilePath.IndexOf(Generator, StringComparison.Ordinal) >= 0;
}
