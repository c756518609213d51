using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Names;

/// <summary>Reads <c>[Input]</c> and <c>[Output]</c>.</summary>
internal static class NameParser
{
    private const string Low = "Low", High = "High";

    /// <summary>The names of a type that are sound by themselves; whether they fit the network is for <see cref="NameCheck"/>.</summary>
    public static NameSpec Parse(INamedTypeSymbol type, ICollection<Problem> problems)
    {
        // Most types have none, and are read on each keystroke.
        var attributes = type.GetAttributes();
        return attributes.Any(static attribute => NameSides.Of(attribute) is not null)
            ? new NameSpec(Read(type, NameSides.Input, problems), Read(type, NameSides.Output, problems))
            : NameSpec.None;
    }

    private static ImmutableArray<NodeName> Read(INamedTypeSymbol type, NameSides side, ICollection<Problem> problems)
    {
        var names = ImmutableArray.CreateBuilder<NodeName>();
        var indices = new HashSet<int>();
        var indexOf = new Dictionary<string, int>();
        foreach (var attribute in type.GetAttributes())
        {
            if (!ReferenceEquals(NameSides.Of(attribute), side) || !AttributeReader.IsComplete(attribute)) continue;
            int index = AttributeReader.Integer(attribute, 0);
            string name = AttributeReader.Text(attribute, 1)?.Trim() ?? "";
            int before = problems.Count;
            if (index < 0) Report("index", "does not exist", "indices begin at 0");
            if (name.Length == 0) Report("name", "has an empty name", "give it a name, such as \"age\"");
            if (!indices.Add(index)) Report("index", "is named twice", "remove one of the two attributes");
            if (indexOf.TryGetValue(name, out int same) && same != index)
            {
                string other = side.Noun + " " + Text(same);
                Report("name", "has the name of " + other + ", '" + MessageText.Name(name) + "'", "give each a different name");
            }

            indexOf[name] = index;
            var range = ReadRange();
            if (problems.Count == before) names.Add(new NodeName(index, name, range));

            void Report(string argument, string fact, string remedy) =>
                problems.Add(new Problem(
                    Descriptors.NameDoesNotFit, new Place.Argument(attribute, argument), side.Title + " " + Text(index), type.Name, fact,
                    remedy));

            NodeRange? ReadRange()
            {
                bool hasLow = AttributeReader.Has(attribute, Low), hasHigh = AttributeReader.Has(attribute, High);
                if (!hasLow && !hasHigh) return null;
                double low = AttributeReader.Number(attribute, Low), high = AttributeReader.Number(attribute, High);
                const string Both = "declare both ends of the range";
                if (!hasHigh) Report(Low, "has Low without High", Both);
                else if (!hasLow) Report(High, "has High without Low", Both);
                else if (IsInfinite(low) || IsInfinite(high))
                    Report(IsInfinite(low) ? Low : High, "has a range that is not finite", "use finite numbers");
                else if (low > high)
                    Report(Low, "has a range whose Low, " + Text(low) + ", is above its High, " + Text(high), "exchange the two");
                return new NodeRange(NumberBits.From(low), NumberBits.From(high));
            }
        }

        return names.ToImmutable();
    }

    private static bool IsInfinite(double value) => double.IsNaN(value) || double.IsInfinity(value);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
