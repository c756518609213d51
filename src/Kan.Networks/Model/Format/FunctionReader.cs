using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>Reads one piecewise-linear function.</summary>
internal static class FunctionReader
{
    /// <summary>The name of max(x, 0), the one function that has a name.</summary>
    public const string Relu = "relu";

    public static PiecewiseLinearFunction Read(string text, JsonValue value)
    {
        if (value.Kind == JsonKind.String)
        {
            if (value.Text == Relu) return PiecewiseLinearFunction.Relu;
            throw new KanFormatException($"Found {JsonText.Describe(value)} where \"{Relu}\" or an object with breakpoints, slopes and "
                + $"anchor was expected.", text, value.Start, value.Length);
        }

        return Read(text, new JsonFields(text, value, "a function", "breakpoints", "slopes", "anchor"));
    }

    public static PiecewiseLinearFunction Read(string text, JsonFields fields)
    {
        var breakpoints = fields.Find("breakpoints") is { } given ? NumberArray.Read(text, given) : [];
        if (fields.Find("breakpoints") is { } place) RequireIncreasing(text, place, breakpoints, "breakpoint");
        var slopes = NumberArray.Read(text, fields.Get("slopes"));
        if (slopes.Length != breakpoints.Length + 1)
            throw fields.Fail($"Found {slopes.Length} slopes where {breakpoints.Length} breakpoints need {breakpoints.Length + 1}.",
                fields.Get("slopes"));
        var anchor = NumberArray.Read(text, fields.Get("anchor"));
        if (anchor.Length != 2)
            throw fields.Fail($"Found {anchor.Length} numbers where an anchor [x, y] was expected.", fields.Get("anchor"));
        try
        {
            return PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, anchor[0], anchor[1]);
        }
        catch (ExactWorkException exception)
        {
            throw NumberArray.TooLong(exception, text, fields.Object.Start, fields.Object.Length);
        }
    }

    /// <summary>Fails at the first number that does not exceed the one before it; at the whole array where it is packed.</summary>
    public static void RequireIncreasing(string text, JsonValue value, ImmutableArray<Rational> numbers, string what)
    {
        for (int i = 1; i < numbers.Length; i++)
        {
            var place = value.Kind == JsonKind.Array ? value.Items[i] : value;
            if (IsLess(numbers[i - 1], numbers[i], text, place)) continue;
            throw new KanFormatException($"The {what}s must increase, but {what} {i} does not exceed {what} {i - 1}.", text, place.Start,
                place.Length);
        }
    }

    private static bool IsLess(Rational left, Rational right, string text, JsonValue place)
    {
        try
        {
            return left < right;
        }
        catch (ExactWorkException exception)
        {
            throw NumberArray.TooLong(exception, text, place.Start, place.Length);
        }
    }
}
