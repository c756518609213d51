using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Tests.Harness;

/// <summary>Gives each additional file the path and the metadata of the item it was converted from, as the build does.</summary>
/// <param name="items">Documents and items; an item is its path, and then metadata as in <c>a.onnx|Class=Net|Namespace=Nets</c>.</param>
internal sealed class ItemOptionsProvider(IEnumerable<(string DocumentPath, string Item)> items) : AnalyzerConfigOptionsProvider
{
    /// <summary>The project, where mistakes in metadata are reported.</summary>
    public const string Project = "/app/app.csproj";

    private readonly Dictionary<string,
        Options> _items = items.ToDictionary(static item => item.DocumentPath, static item => Options.Of(item.Item));

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(new Dictionary<string, string>
    {
        ["build_property.RootNamespace"] = "My-App.2",
        ["build_property.KanProjectFile"] = Project,
    });

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _items.GetValueOrDefault(textFile.Path) ?? new Options([]);

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public static Options Of(string item)
        {
            const string Metadata = "build_metadata.AdditionalFiles.Kan";
            string[] parts = item.Split('|');
            var values = new Dictionary<string, string> { [Metadata + "ModelFile"] = parts[0] };
            foreach (string part in parts.Skip(1))
                values.Add(Metadata + part[..part.IndexOf('=', StringComparison.Ordinal)],
                    part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            return new Options(values);
        }

        /// <inheritdoc/>
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
