using System;
using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Contracts;

/// <summary>The results of the last build, as the editor shows them.</summary>
public sealed class ProofResultTests
{
    private const string Source = """
        using Kan; using Kan.Contracts;
        namespace N;
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [2])] [Input(0, "a", Low = 0, High = 1)]
        [OutputRange(0, 1)] [OutputRange(0, 3)] [Monotone("a", Direction.Increasing)] [LipschitzBound(2)]
        partial class Net;
        """;

    private const string Hash = "HASH";

    private const string Results =
        "N.Net\tHASH\toutput 0 stays from 0 to 1\tKAN0510\tat a = 1 the code computes y0 = 2\n"
        + "N.Net\tHASH\toutput 0 stays from 0 to 3\tKAN0512\tproved in 1 part, checked\\\\apart\n"
        + "N.Net\tHASH\toutput 0 never decreases when a increases\tKAN0511\t3 % are proved\n"
        + "N.Net\tother\toutput 0 changes by at most 2 times the change of the input that changes most\tKAN0512\tproved\n"
        + "broken line\n";

    [Fact]
    public void Results_are_shown_at_their_contracts()
    {
        string[] shown = Show(Results);
        Assert.Equal(
            [
                "KAN0510 Error 4:2 'Net' does not keep its contract that output 0 stays from 0 to 1: at a = 1 the code computes y0 = 2",
                "KAN0511 Warning 4:42 It is not known whether 'Net' keeps its contract that output 0 never decreases when a increases: 3 "
                + "% are proved",
                "KAN0512 Info 4:22 'Net' keeps its contract that output 0 stays from 0 to 3: proved in 1 part, checked\\apart",
            ],
            shown);
    }

    [Fact]
    public void Results_of_another_network_are_not_shown() =>
        Assert.Empty(Show(Results.Replace(Hash, "0123", StringComparison.Ordinal), exchangeHash: false));

    private static string[] Show(string results, bool exchangeHash = true)
    {
        string code = GeneratorHarness.Run(Source)
            .Sources.Single(static source => !source.Key.Contains("Contracts", StringComparison.Ordinal)).Value;
        const string Mark = "ContentHash = \"";
        int start = code.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        if (exchangeHash) results = results.Replace(Hash, code[start..code.IndexOf('"', start)], StringComparison.Ordinal);
        var run = GeneratorHarness.Run(Source, ("contracts.results|ContractResults=true", results));
        return
        [
            .. run.All.Where(static diagnostic => diagnostic.Id is "KAN0510" or "KAN0511" or "KAN0512").Select(static diagnostic =>
            {
                var at = diagnostic.Location.GetLineSpan().StartLinePosition;
                return $"{diagnostic.Id} {diagnostic.Severity} {at.Line + 1}:{at.Character + 1} "
                    + $"{diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
            }).Order(StringComparer.Ordinal),
        ];
    }
}
