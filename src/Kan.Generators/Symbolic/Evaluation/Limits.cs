using System.Globalization;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>What one function may cost: it is compiled on each key press.</summary>
internal static class Limits
{
    /// <summary>Breakpoints of one intermediate result.</summary>
    public const int Breakpoints = 1024;

    /// <summary>Elements of one array that is made without them.</summary>
    public const int Elements = 4096;

    /// <summary>Turns of one loop.</summary>
    public const int Turns = 1000;

    /// <summary>Turns of one loop that ends for some inputs earlier than for others.</summary>
    public const int VaryingTurns = 128;

    /// <summary>Calls within calls.</summary>
    public const int Depth = 32;

    /// <summary>Operations, unrolled loops and calls included.</summary>
    public const int Steps = 50_000;

    /// <summary>Parameters of a method: each of its numbers has a part for each of them.</summary>
    public const int Parameters = 256;

    /// <summary>Steps of exact arithmetic for all of a function, about a nanosecond each: see <see cref="ExactWork"/>.</summary>
    public const long Work = 300_000_000;

    /// <summary>Bits of one exact number, about 20,000 decimal digits.</summary>
    public const int Bits = 1 << 16;

    /// <summary>What a function needs more than whose exact numbers exceed <see cref="Work"/> or <see cref="Bits"/>.</summary>
    public static string Describe(ExactWorkException exception)
    {
        string digits = (exception.Bits * 0.30103).ToString("N0", CultureInfo.InvariantCulture);
        if (exception.Bits > Bits)
            return (Bits * 0.30103).ToString("N0", CultureInfo.InvariantCulture) + " digits for its exact numbers, which grow to " + digits;
        string steps = Work.ToString("N0", CultureInfo.InvariantCulture) + " steps of exact arithmetic";
        return exception.Bits < 1024 ? steps : steps + ", with numbers of " + digits + " digits";
    }
}
