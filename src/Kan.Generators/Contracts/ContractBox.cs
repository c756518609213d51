using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Generators.Equality;
using Kan.Generators.Specs;

namespace Kan.Generators.Contracts;

/// <summary>
/// Reads the box that a contract is limited to: parts between blanks, each the two ends of a range, of a named input or of the next one.
/// </summary>
internal static class ContractBox
{
    /// <summary>How a box is written, as a sentence ends.</summary>
    public const string Expected = "write ranges as in \"age:18,65 income:0,90000\", or two numbers for all inputs";

    /// <summary>The parts of a box that is sound by itself.</summary>
    /// <param name="text">The box.</param>
    /// <param name="fact">What is wrong with it, or null.</param>
    public static ImmutableArray<BoxPart> Parse(string text, out string? fact)
    {
        fact = null;
        var parts = ImmutableArray.CreateBuilder<BoxPart>();
        foreach (string word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = word.LastIndexOf(':');
            string[] ends = word.Substring(colon + 1).Split(',');
            if (colon == 0 || ends.Length != 2 || Number(ends[0]) is not { } low || Number(ends[1]) is not { } high)
                fact ??= "has a box with '" + word + "', which is not a range";
            else if (double.IsNaN(low) || double.IsInfinity(low) || double.IsNaN(high) || double.IsInfinity(high))
                fact ??= "has a box with '" + word + "', whose ends are not both finite";
            else if (low > high)
                fact ??= "has an empty box: the low end of '" + word + "' is above its high end";
            else
                parts.Add(new BoxPart(colon < 0 ? null : word.Substring(0, colon), NumberBits.From(low), NumberBits.From(high)));
        }

        if (fact is null && parts.Count == 0) fact = "has a box without a range";
        if (fact is null && parts.Any(static part => part.Input is null) && parts.Any(static part => part.Input is not null))
            fact = "has a box with ranges of named inputs and of others";
        return parts.ToImmutable();
    }

    /// <summary>The ranges of all inputs, which lie within the declared ones.</summary>
    /// <param name="box">The parts, none for the declared ranges.</param>
    /// <param name="facts">The network.</param>
    /// <param name="fact">What is wrong, or null.</param>
    /// <param name="remedy">What to do about it.</param>
    public static EquatableArray<InputRange> Resolve(EquatableArray<BoxPart> box, NetworkFacts facts, out string? fact, out string remedy)
    {
        (fact, remedy) = (null, "");
        if (box.Count == 0) return default;
        var declared = facts.Ranges;
        InputRange[] all = [.. declared];
        var named = new HashSet<int>();
        if (box[0].Input is null && box.Count != 1 && box.Count != facts.Inputs)
        {
            fact = "has a box of " + Text(box.Count) + " ranges, but the network has " + Text(facts.Inputs) + " inputs";
            remedy = "give one range, one for each input, or ranges of named inputs";
            return default;
        }

        for (int i = 0; i < (box[0].Input is null ? facts.Inputs : box.Count); i++)
        {
            var part = box[box.Count == 1 ? 0 : i];
            int input = i;
            if (part.Input is { } name && ContractCheck.Find(name, facts.InputNames, facts.Inputs) is not { } found)
            {
                fact = "has a box with input '" + MessageText.Name(name) + "', which does not exist";
                remedy = ContractCheck.Known(facts.InputNames, facts.Inputs);
                return default;
            }
            else if (part.Input is not null)
            {
                input = ContractCheck.Find(part.Input, facts.InputNames, facts.Inputs)!.Value;
            }

            if (!named.Add(input))
            {
                fact = "has a box with two ranges of " + Name(input, facts);
                remedy = "keep one of them";
                return default;
            }

            all[input] = new InputRange(Rational.FromDouble(part.Low.Value), Rational.FromDouble(part.High.Value));
            if (all[input].Low >= declared[input].Low && all[input].High <= declared[input].High) continue;
            fact = "has a box that leaves the declared range of " + Name(input, facts) + ", [" + Text(declared[input].Low) + ", "
                + Text(declared[input].High) + "], outside of which no rounding error is certified";
            remedy = "widen the range, or narrow the box";
            return default;
        }

        return ImmutableArray.Create(all);
    }

    /// <summary>The box in words, behind the promise of a contract; nothing for the declared ranges.</summary>
    public static string Words(EquatableArray<BoxPart> box, NetworkFacts facts)
    {
        if (box.Count == 0) return "";
        var words = box.Select((part, i) => Subject(part.Input, i) + " is from " + Text(part.Low.Value) + " to " + Text(part.High.Value));
        return " where " + string.Join(" and ", words);

        string Subject(string? name, int place) => name is null
            ? box.Count == 1 ? "each input" : Name(place, facts)
            : Name(ContractCheck.Find(name, facts.InputNames, facts.Inputs)!.Value, facts);
    }

    private static string Name(int input, NetworkFacts facts) =>
        input < facts.InputNames.Count ? facts.InputNames[input] : "input " + Text(input);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(Rational value) => Text(value.ToDouble());
}
