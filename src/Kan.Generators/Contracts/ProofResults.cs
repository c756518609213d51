using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Contracts;

/// <summary>
/// What the last build found out about contracts, for the editor: the build hands the file on only where it does not prove itself.
/// </summary>
internal sealed class ProofResults
{
    private const string Metadata = "build_metadata.AdditionalFiles.KanContractResults";

    private readonly ImmutableArray<AdditionalText> _files;
    private Dictionary<(string Type, string Hash, string Text), (string Code, string Reason)>? _results;

    /// <summary>The results among the additional files of a compilation.</summary>
    public ProofResults(AnalyzerOptions options) => _files =
    [
        .. options.AdditionalFiles.Where(file => options.AnalyzerConfigOptionsProvider.GetOptions(file)
            .TryGetValue(Metadata, out string? value) && value == "true"),
    ];

    /// <summary>The results of a type's contracts, at their attributes; none for a contract or a network that has changed since.</summary>
    /// <param name="type">The type.</param>
    /// <param name="contentHash">The hash of its network, as it was generated.</param>
    /// <param name="texts">What its contracts say, in order, as they were generated.</param>
    /// <param name="cancellation">Cancels.</param>
    public IEnumerable<Problem> Of(INamedTypeSymbol type, string contentHash, ImmutableArray<string> texts, CancellationToken cancellation)
    {
        if (_files.IsEmpty || texts.IsEmpty) yield break;
        var results = _results ??= Read(cancellation);
        var attributes = ContractParser.AttributesOf(type);

        // Those of the item come last, without an attribute. A contract that does not fit has no text, and where the others stand is not
        // known then.
        if (attributes.Length > texts.Length) yield break;
        string name = DeclarationParser.QualifiedName(type);
        for (int i = 0; i < attributes.Length; i++)
        {
            string text = texts[i].TrimEnd('.');
            if (!results.TryGetValue((name, contentHash, text), out var result)) continue;
            var descriptor = result.Code == Descriptors.ContractIsBroken.Id ? Descriptors.ContractIsBroken
                : result.Code == Descriptors.ContractIsUndecided.Id ? Descriptors.ContractIsUndecided
                : result.Code == Descriptors.ContractIsProved.Id ? Descriptors.ContractIsProved
                : null;
            if (descriptor is not null)
                yield return new Problem(descriptor, new Place.AttributeName(attributes[i]), type.Name, text, result.Reason);
        }
    }

    // Lines of fields between tabs, as the kan tool writes them.
    private Dictionary<(string, string, string), (string, string)> Read(CancellationToken cancellation)
    {
        var results = new Dictionary<(string, string, string), (string, string)>();
        foreach (var file in _files)
        {
            try
            {
                foreach (var line in file.GetText(cancellation)?.Lines ?? Enumerable.Empty<Microsoft.CodeAnalysis.Text.TextLine>())
                {
                    string[] fields = line.ToString().Split('\t');
                    if (fields.Length == 5)
                        results[(Plain(fields[0]), Plain(fields[1]), Plain(fields[2]))] = (Plain(fields[3]), Plain(fields[4]));
                }
            }
            catch (IOException)
            {
                // A build is writing it.
            }
        }

        return results;
    }

    private static string Plain(string field) =>
        field.IndexOf('\\') < 0 ? field : field.Replace("\\t", "\t").Replace("\\n", "\n").Replace("\\r", "\r").Replace("\\\\", "\\");
}
