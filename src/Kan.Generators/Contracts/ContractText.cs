using System.Globalization;
using Kan.Generators.Equality;
using Kan.Generators.Specs;

namespace Kan.Generators.Contracts;

/// <summary>Says what a contract promises.</summary>
internal static class ContractText
{
    /// <summary>The sentence, without its end.</summary>
    public static string Of(ContractSpec contract, int? input, int? output, NetworkFacts facts)
    {
        string each = output is { } q ? Name("output", q, facts.OutputNames) : facts.Outputs == 1
            ? Name("output", 0, facts.OutputNames)
            : "every output";
        string high = Text(contract.High.Value);
        return Promise() + ContractBox.Words(contract.Box, facts);

        string Promise() => contract.Kind switch
        {
            ContractKind.OutputRange => each + " stays from " + Text(contract.Low.Value) + " to " + high,
            ContractKind.Monotone =>
                (each == "every output" ? "no output " : each + " never ") + (contract.IsIncreasing ? "decreases" : "increases")
                + " when " + Name("input", input!.Value, facts.InputNames) + " increases",
            ContractKind.LipschitzBound => each + " changes by at most " + high + " times the change of "
                + (input is { } p ? Name("input", p, facts.InputNames) : "the input that changes most"),
            ContractKind.Robust => "the largest output stays the largest within " + high + " of each row of " + contract.File,
            _ => "what " + contract.File + " forbids does not happen",
        };
    }

    private static string Name(string noun, int index, EquatableArray<string> names) =>
        index < names.Count ? names[index] : noun + " " + index.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
