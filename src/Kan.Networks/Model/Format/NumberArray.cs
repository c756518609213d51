using System;
using System.Collections.Immutable;
using System.Text;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// The spellings of numbers: a JSON number is the nearest double; a string "p/q" is that rational; an array is a JSON array of both,
/// or one string of little-endian floats ("f32:") or doubles ("f64:") in base64.
/// </summary>
internal static class NumberArray
{
    /// <summary>Arrays up to this length stay readable.</summary>
    private const int LongestPlainArray = 16;

    /// <summary>Digits that a numerator or denominator may have: exact arithmetic slows down beyond reason long before.</summary>
    public const int MaximumRationalLength = 10_000;

    private const string SinglePrefix = "f32:";
    private const string DoublePrefix = "f64:";

    /// <summary>The number that a value spells.</summary>
    public static Rational ReadNumber(string text, JsonValue value)
    {
        if (value.Kind == JsonKind.Number)
        {
            double number = DecimalNumber.Parse(text, value.Start, value.Length);
            if (double.IsInfinity(number)) throw Fail("The number is larger than any double.", text, value);
            return Rational.FromDouble(number);
        }

        try
        {
            if (value.Kind == JsonKind.String && IsFraction(value.Text) && Rational.TryParse(value.Text, out var fraction)) return fraction;
        }
        catch (ExactWorkException exception)
        {
            throw TooLong(exception, text, value.Start, value.Length);
        }

        throw Fail($"Found {JsonText.Describe(value)} where a number or a string \"p/q\" was expected.", text, value);
    }

    /// <summary>The error of numbers that take too much work to read.</summary>
    public static KanFormatException TooLong(ExactWorkException exception, string text, int start, int length) =>
        new($"Reading the numbers takes too long: {exception.Message}; write floats, or fractions of fewer digits.", text, start, length);

    /// <summary>The numbers that a value spells.</summary>
    /// <param name="text">The document.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellation">Observed between numbers.</param>
    public static ImmutableArray<Rational> Read(string text, JsonValue value, CancellationToken cancellation = default)
    {
        if (value.Kind == JsonKind.Array)
        {
            var numbers = ImmutableArray.CreateBuilder<Rational>(value.Items.Count);
            foreach (var item in value.Items)
            {
                cancellation.ThrowIfCancellationRequested();
                numbers.Add(ReadNumber(text, item));
            }

            return numbers.MoveToImmutable();
        }

        bool single = value.Kind == JsonKind.String && value.Text.StartsWith(SinglePrefix, StringComparison.Ordinal);
        if (single || (value.Kind == JsonKind.String && value.Text.StartsWith(DoublePrefix, StringComparison.Ordinal)))
            return ReadPacked(text, value, single, cancellation);
        throw Fail($"Found {JsonText.Describe(value)} where an array of numbers, \"f32:<base64>\" or \"f64:<base64>\" was expected.", text,
            value);
    }

    /// <summary>Writes a number so that it reads back exactly.</summary>
    public static void WriteNumber(StringBuilder output, Rational value)
    {
        double nearest = value.ToDouble();
        if (!double.IsInfinity(nearest) && Rational.FromDouble(nearest) == value)
        {
            output.Append(DecimalNumber.Format(nearest));
            return;
        }

        string fraction = value.ToString();
        if (!IsFraction(fraction)) throw new ArgumentException($"A number has a numerator or denominator of more than "
            + $"{MaximumRationalLength} digits.", nameof(value));
        output.Append('"').Append(fraction).Append('"');
    }

    /// <summary>Writes numbers so that they read back exactly.</summary>
    public static void Write(StringBuilder output, ImmutableArray<Rational> values)
    {
        if (values.Length > LongestPlainArray && TryPack(values, out string packed))
        {
            output.Append('"').Append(packed).Append('"');
            return;
        }

        output.Append('[');
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0) output.Append(", ");
            WriteNumber(output, values[i]);
        }

        output.Append(']');
    }

    private static ImmutableArray<Rational> ReadPacked(string text, JsonValue value, bool single, CancellationToken cancellation)
    {
        int size = single ? sizeof(float) : sizeof(double);
        byte[] bytes = Decode(text, value);
        if (bytes.Length % size != 0)
            throw Fail($"The base64 holds {bytes.Length} bytes, which is not a multiple of {size}.", text, value);
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < bytes.Length; i += size) Array.Reverse(bytes, i, size);
        }

        var numbers = ImmutableArray.CreateBuilder<Rational>(bytes.Length / size);
        for (int i = 0; i < bytes.Length; i += size)
        {
            cancellation.ThrowIfCancellationRequested();
            double number = single ? BitConverter.ToSingle(bytes, i) : BitConverter.ToDouble(bytes, i);
            if (double.IsNaN(number) || double.IsInfinity(number))
                throw Fail($"Number {i / size} of the base64 is {(double.IsNaN(number) ? "NaN" : "infinite")}; parameters must be finite.",
                    text, value);
            numbers.Add(Rational.FromDouble(number));
        }

        return numbers.MoveToImmutable();
    }

    private static byte[] Decode(string text, JsonValue value)
    {
        string encoded = value.Text.Substring(SinglePrefix.Length);
        bool blank = false;
        foreach (char c in encoded) blank |= c is ' ' or '\t' or '\r' or '\n';
        if (!blank && encoded.Length % 4 == 0)
        {
            try
            {
                return Convert.FromBase64String(encoded);
            }
            catch (FormatException)
            {
                // Reported below, with the place.
            }
        }

        throw Fail("The text after the prefix is not base64 (A-Z a-z 0-9 + /, padded with = to a multiple of 4 characters).", text, value);
    }

    private static bool TryPack(ImmutableArray<Rational> values, out string packed)
    {
        packed = "";
        var doubles = new double[values.Length];
        bool single = true;
        for (int i = 0; i < doubles.Length; i++)
        {
            double nearest = values[i].ToDouble();
            if (double.IsInfinity(nearest) || Rational.FromDouble(nearest) != values[i]) return false;
            doubles[i] = nearest;
            float rounded = values[i].ToSingle();
            single &= !float.IsInfinity(rounded) && Rational.FromSingle(rounded) == values[i];
        }

        int size = single ? sizeof(float) : sizeof(double);
        byte[] bytes = new byte[doubles.Length * size];
        for (int i = 0; i < doubles.Length; i++)
        {
            byte[] number = single ? BitConverter.GetBytes((float)doubles[i]) : BitConverter.GetBytes(doubles[i]);
            if (!BitConverter.IsLittleEndian) Array.Reverse(number);
            Array.Copy(number, 0, bytes, i * size, size);
        }

        packed = (single ? SinglePrefix : DoublePrefix) + Convert.ToBase64String(bytes);
        return true;
    }

    /// <summary>Whether a text is an optional minus, digits, and optionally a slash and digits, within the length limit.</summary>
    private static bool IsFraction(string text)
    {
        int digits = 0;
        bool slash = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '-' && i == 0) continue;
            if (c == '/' && digits > 0 && !slash)
            {
                slash = true;
                digits = 0;
            }
            else if (c is < '0' or > '9' || ++digits > MaximumRationalLength)
            {
                return false;
            }
        }

        return digits > 0;
    }

    private static KanFormatException Fail(string message, string text, JsonValue value) => new(message, text, value.Start, value.Length);
}
