using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Generators.Equality;
using Kan.Generators.Specs;

namespace Kan.Generators.Contracts;

/// <summary>
/// Reads contracts as metadata and files state them: one after the other, between semicolons or in lines, with the words of <c>kan
/// prove</c>.
/// </summary>
internal static class ContractLines
{
    /// <summary>How contracts are written, as a sentence ends.</summary>
    public const string Expected =
        "'range 0,1', 'range risk:0,1', 'monotone income:+', 'monotone income:-:risk', 'lipschitz 2.5', 'lipschitz income:2.5', 'robust "
        + "rows.csv:0.01' or 'satisfies property.vnnlib', separated by semicolons; the first five may go on with 'on age:18,65 "
        + "income:0,90000' for a part of the ranges";

    /// <summary>The contracts of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wrong">The first statement that cannot be read, or null.</param>
    public static ImmutableArray<ContractSpec> Parse(string text, out string? wrong)
    {
        wrong = null;
        var contracts = ImmutableArray.CreateBuilder<ContractSpec>();
        foreach (string line in text.Split([';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Trim()))
        {
            if (line.Length == 0) continue;
            if (ReadWithBox(line) is { } contract) contracts.Add(contract);
            else wrong ??= line;
        }

        return contracts.ToImmutable();
    }

    /// <summary>A statement, and behind the word <c>on</c> its box.</summary>
    private static ContractSpec? ReadWithBox(string line)
    {
        int on = line.LastIndexOf(" on ", StringComparison.Ordinal);
        if (on < 0 || Read(line.Substring(0, on).TrimEnd()) is not { } contract) return Read(line);
        if (contract.Kind is ContractKind.Robust or ContractKind.Satisfies) return Read(line);
        var box = ContractBox.Parse(line.Substring(on + 4), out string? wrong);
        return wrong is null ? contract with { Box = box } : null;
    }

    private static ContractSpec? Read(string line)
    {
        int space = line.IndexOf(' ');
        if (space < 0) return null;
        string word = line.Substring(0, space), rest = line.Substring(space + 1).Trim();
        string[] parts = [.. rest.Split(':').Select(static part => part.Trim())];
        string last = parts[parts.Length - 1];
        if (parts.Any(static part => part.Length == 0)) return null;
        switch (word)
        {
            case "range" when parts.Length <= 2 && last.Split(',') is [var from, var to] && Number(from) is { } low
                && Number(to) is { } high && low <= high:
                return new ContractSpec(-1, ContractKind.OutputRange)
                {
                    Low = NumberBits.From(low),
                    High = NumberBits.From(high),
                    Output = parts.Length == 2 ? parts[0] : null
                };
            case "monotone" when parts.Length is 2 or 3 && parts[1] is "+" or "-":
                return new ContractSpec(-1, ContractKind.Monotone)
                {
                    Input = parts[0],
                    IsIncreasing = parts[1] == "+",
                    Output = parts.Length == 3 ? last : null
                };
            case "lipschitz" when parts.Length <= 2 && Number(last) is >= 0 and var bound:
                return new ContractSpec(-1, ContractKind.LipschitzBound)
                {
                    High = NumberBits.From(bound),
                    Input = parts.Length == 2 ? parts[0] : null
                };
            case "robust" when parts.Length > 1 && Number(last) is > 0 and var radius:
                return new ContractSpec(-1, ContractKind.Robust)
                {
                    File = rest.Substring(0, rest.LastIndexOf(':')).Trim(),
                    High = NumberBits.From(radius)
                };
            case "satisfies":
                return new ContractSpec(-1, ContractKind.Satisfies) { File = rest };
            default:
                return null;
        }
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(value)
            && !double.IsInfinity(value) ? value : null;
}
