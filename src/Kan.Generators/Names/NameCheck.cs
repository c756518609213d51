using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Names;

/// <summary>
/// Whether the names of attributes fit a network: each is of a node that exists, and all nodes have a name and a range, or none.
/// </summary>
internal static class NameCheck
{
    /// <summary>Whether they fit.</summary>
    public static bool Fits(NameSpec names, NetworkFacts facts) => !Faults(names, facts).Any();

    /// <summary>The mistakes, at the attributes.</summary>
    public static IEnumerable<Problem> Problems(INamedTypeSymbol type, NameSpec names, NetworkFacts facts)
    {
        foreach (var (side, index, isThere, fact, remedy) in Faults(names, facts))
        {
            var attributes = type.GetAttributes()
                .Where(attribute => ReferenceEquals(NameSides.Of(attribute), side) && AttributeReader.IsComplete(attribute)).ToArray();
            Place place = isThere && attributes.FirstOrDefault(attribute => AttributeReader.Integer(attribute, 0) == index) is { } own
                ? new Place.Argument(own, "index")
                : new Place.AttributeName(attributes[0]);
            yield return new Problem(Descriptors.NameDoesNotFit, place, side.Title + " " + Text(index), type.Name, fact, remedy);
        }
    }

    private static IEnumerable<Fault> Faults(NameSpec names, NetworkFacts facts) =>
        Faults(NameSides.Input, names.Inputs, facts.Inputs, facts.HasInputNames, facts.HasRanges)
            .Concat(Faults(NameSides.Output, names.Outputs, facts.Outputs, facts.HasOutputNames, hasRanges: true));

    private static IEnumerable<Fault> Faults(
        NameSides side, EquatableArray<NodeName> names, int count, bool hasNames, bool hasRanges)
    {
        if (names.Count == 0) yield break;
        foreach (var name in names.Where(name => name.Index >= count))
            yield return new Fault(side, name.Index, true, "does not exist",
                count == 1 ? "use 0, for the only one" : "use a number from 0 to " + Text(count - 1));
        var known = new HashSet<int>(names.Select(static name => name.Index));
        if (!hasNames && known.Count < count)
        {
            int first = Enumerable.Range(0, count).FirstOrDefault(i => !known.Contains(i));
            yield return new Fault(side, first, false, "has no name, but another has one",
                "name all of them with [" + side.Title + "], or none");
        }

        bool isPartial = !hasRanges && (hasNames || known.Count >= count) && names.Any(static name => name.Range is not null);
        var bounded = new HashSet<int>(names.Where(static name => name.Range is not null).Select(static name => name.Index));
        if (!isPartial || bounded.Count >= count) yield break;
        int without = Enumerable.Range(0, count).FirstOrDefault(i => !bounded.Contains(i));
        yield return new Fault(side, without, true, "has no range, but another has one",
            "declare Low and High for all of them, or for none");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A mistake.</summary>
    /// <param name="Side">The inputs or the outputs.</param>
    /// <param name="Index">The node.</param>
    /// <param name="IsThere">Whether the node may have an attribute, where the mistake is then reported.</param>
    /// <param name="Fact">What is wrong.</param>
    /// <param name="Remedy">What to do.</param>
    private sealed record Fault(NameSides Side, int Index, bool IsThere, string Fact, string Remedy);
}
