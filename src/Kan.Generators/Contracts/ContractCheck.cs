using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Contracts;

/// <summary>Finds the inputs and outputs that contracts speak of.</summary>
internal static class ContractCheck
{
    private const int MostListed = 8;

    /// <summary>The contracts that fit a network.</summary>
    public static ImmutableArray<ResolvedContract> Resolve(IEnumerable<ContractSpec> contracts, NetworkFacts facts) =>
        [.. contracts.Select(contract => Resolve(contract, facts).Contract).Where(static contract => contract is not null)
            .Select(static contract => contract!)];

    /// <summary>The mistakes of contracts that do not fit a network, at the attributes.</summary>
    public static IEnumerable<Problem> Problems(INamedTypeSymbol type, IEnumerable<ContractSpec> contracts, NetworkFacts facts)
    {
        var attributes = ContractParser.AttributesOf(type);
        foreach (var contract in contracts)
        {
            if (Resolve(contract, facts).Fault is not { } fault) continue;
            var attribute = attributes[contract.Index];
            Place place = fault.Argument.Length == 0 ? new Place.AttributeName(attribute) : new Place.Argument(attribute, fault.Argument);
            yield return new Problem(Descriptors.ContractDoesNotFit, place, contract.Kind, type.Name, fault.Fact, fault.Remedy);
        }
    }

    /// <summary>The mistakes of the contracts of an item, at its project.</summary>
    public static IEnumerable<Problem> Problems(string subject, Place place, IEnumerable<ContractSpec> contracts, NetworkFacts facts) =>
        contracts
        .Select(contract => (contract.Kind, Resolve(contract, facts).Fault)).Where(static pair => pair.Fault is not null)
        .Select(pair => new Problem(Descriptors.ContractDoesNotFit, place, pair.Kind, subject, pair.Fault!.Fact, pair.Fault.Remedy));

    private static (ResolvedContract? Contract, Fault? Fault) Resolve(ContractSpec contract, NetworkFacts facts)
    {
        if (!facts.HasRanges)
            return (null, new Fault("", "holds on the ranges of the inputs, but none are declared",
                "declare Low and High with [Input], or the Range of the KanModel item"));
        if (contract.Kind == ContractKind.Robust && facts.Outputs < 2)
            return (null, new Fault("", "compares outputs, but there is one", "use [OutputRange] for the value of an output"));
        int? input = null, output = null;
        if (contract.Input is { } inputName)
        {
            input = Find(inputName, facts.InputNames, facts.Inputs);
            if (input is null)
                return (null, Unknown(contract.Kind == ContractKind.Monotone ? "input" : "Input", "input", inputName, facts.InputNames,
                    facts.Inputs));
        }

        if (contract.Output is { } outputName)
        {
            output = Find(outputName, facts.OutputNames, facts.Outputs);
            if (output is null) return (null, Unknown("Output", "output", outputName, facts.OutputNames, facts.Outputs));
        }

        var box = ContractBox.Resolve(contract.Box, facts, out string? wrong, out string remedy);
        if (wrong is not null) return (null, new Fault("Box", wrong, remedy));
        return (new ResolvedContract(contract, input, output, ContractText.Of(contract, input, output, facts)) { Box = box }, null);
    }

    /// <summary>A node by its name or number; null if there is none.</summary>
    public static int? Find(string name, EquatableArray<string> names, int count)
    {
        int index = names.Items.IndexOf(name);
        if (index >= 0) return index;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < count ? index : null;
    }

    private static Fault Unknown(string argument, string noun, string name, EquatableArray<string> names, int count) =>
        new(argument, "speaks of " + noun + " '" + MessageText.Name(name) + "', which does not exist", Known(names, count));

    /// <summary>What nodes may be called, as the advice to use it.</summary>
    public static string Known(EquatableArray<string> names, int count)
    {
        string numbers = count == 1 ? "0, for the only one" : "a number from 0 to " + (count - 1).ToString(CultureInfo.InvariantCulture);
        string listed = string.Join(", ", names.Take(MostListed).Select(static known => "'" + MessageText.Name(known) + "'"))
            + (names.Count > MostListed ? ", ..." : "");
        return "use " + (names.Count > 0 ? listed + " or " : "") + numbers;
    }

    /// <summary>A mistake.</summary>
    /// <param name="Argument">The argument with the mistake, or nothing for the whole attribute.</param>
    /// <param name="Fact">What is wrong.</param>
    /// <param name="Remedy">What to do.</param>
    private sealed record Fault(string Argument, string Fact, string Remedy);
}
