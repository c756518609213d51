using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Contracts;

/// <summary>Reads the attributes that promise something about a network.</summary>
internal static class ContractParser
{
    /// <summary>What a contract attribute is called, without its suffix; null for another attribute.</summary>
    public static ContractKind? KindOf(AttributeData attribute) =>
        AttributeReader.Is(attribute, AttributeNames.OutputRange) ? ContractKind.OutputRange
        : AttributeReader.Is(attribute, AttributeNames.Monotone) ? ContractKind.Monotone
        : AttributeReader.Is(attribute, AttributeNames.LipschitzBound) ? ContractKind.LipschitzBound
        : AttributeReader.Is(attribute, AttributeNames.Robust) ? ContractKind.Robust
        : AttributeReader.Is(attribute, AttributeNames.Satisfies) ? ContractKind.Satisfies
        : null;

    /// <summary>The contract attributes of a type, in the order of the source.</summary>
    public static ImmutableArray<AttributeData> AttributesOf(INamedTypeSymbol type)
    {
        // Most types have none, and are read on each keystroke.
        var found = ImmutableArray.CreateBuilder<AttributeData>();
        foreach (var attribute in type.GetAttributes())
        {
            if (KindOf(attribute) is not null) found.Add(attribute);
        }

        return found.ToImmutable();
    }

    /// <summary>
    /// The contracts of a type that are sound by themselves; whether they fit the network is for <see cref="ContractCheck"/>.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="problems">Takes the mistakes.</param>
    public static ImmutableArray<ContractSpec> Parse(INamedTypeSymbol type, ICollection<Problem> problems)
    {
        var contracts = ImmutableArray.CreateBuilder<ContractSpec>();
        var attributes = AttributesOf(type);
        for (int i = 0; i < attributes.Length; i++)
        {
            if (!AttributeReader.IsComplete(attributes[i])) continue;
            int before = problems.Count;
            var contract = Read(type, attributes[i], new ContractSpec(i, KindOf(attributes[i])!.Value), problems);
            if (problems.Count == before) contracts.Add(contract);
        }

        return contracts.ToImmutable();
    }

    private static ContractSpec Read(INamedTypeSymbol type, AttributeData attribute, ContractSpec contract, ICollection<Problem> problems)
    {
        contract = contract with
        {
            Input = AttributeReader.NamedText(attribute, "Input"),
            Output = AttributeReader.NamedText(attribute, "Output")
        };
        if (AttributeReader.NamedText(attribute, "Box") is { } box)
        {
            contract = contract with { Box = ContractBox.Parse(box, out string? wrong) };
            if (wrong is not null) Report("Box", wrong, ContractBox.Expected);
        }

        switch (contract.Kind)
        {
            case ContractKind.OutputRange:
                double low = Number(0), high = Number(1);
                if (!IsFinite(low)) Report("low", "has an end that is not finite", "use finite numbers");
                else if (!IsFinite(high)) Report("high", "has an end that is not finite", "use finite numbers");
                else if (low > high)
                    Report("low", "has a low end, " + Text(low) + ", above its high end, " + Text(high), "exchange the two");
                return contract with { Low = NumberBits.From(low), High = NumberBits.From(high) };
            case ContractKind.Monotone:
                int direction = AttributeReader.Integer(attribute, 1);
                if (direction is not (0 or 1))
                    Report("direction", "has an unknown direction", "use Direction.Increasing or Direction.Decreasing");
                return contract with { Input = AttributeReader.Text(attribute, 0) ?? "", IsIncreasing = direction == 0 };
            case ContractKind.LipschitzBound:
                double bound = Number(0);
                if (!IsFinite(bound) || bound < 0)
                    Report("bound", "has the bound " + Text(bound), "use a finite number that is not negative");
                return contract with { High = NumberBits.From(bound) };
            case ContractKind.Robust:
                double radius = AttributeReader.Number(attribute, "Radius");
                if (!IsFinite(radius) || radius <= 0) Report("Radius", "has the radius " + Text(radius), "set Radius to a positive number");
                return contract with { High = NumberBits.From(radius), File = FileName() };
            default:
                return contract with { File = FileName() };
        }

        string FileName()
        {
            string file = AttributeReader.Text(attribute, 0)?.Trim() ?? "";
            if (file.Length == 0) Report("file", "names no file", "give the path of a file, relative to the project");
            return file;
        }

        double Number(int ordinal) => attribute.ConstructorArguments[ordinal].Value is double value ? value : double.NaN;

        void Report(string argument, string fact, string remedy) =>
            problems.Add(new Problem(Descriptors.ContractDoesNotFit, new Place.Argument(attribute, argument), contract.Kind, type.Name,
                fact, remedy));
    }

    private static bool IsFinite(double value) => !double.IsNaN(value) && !double.IsInfinity(value);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
