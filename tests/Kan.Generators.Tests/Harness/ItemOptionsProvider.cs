using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Tests.Harness;

/// <summary>Gives each additional file the path of the item it was converted from, as the build does.</summary>
internal sealed class ItemOptionsProvider(IEnumerable<(string DocumentPath, string ItemPath)> items) : AnalyzerConfigOptionsProvider
{
    private readonly Dictionary<string, string> _items = items.ToDictionary(static item => item.DocumentPath, static item => item.ItemPath);

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(null);

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(_items.GetValueOrDefault(textFile.Path));

    private sealed class Options(string? item) : AnalyzerConfigOptions
    {
        /// <inheritdoc/>
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key == "build_metadata.AdditionalFiles.KanModelFile" ? item : null;
            return value is not null;
        }
    }
}
