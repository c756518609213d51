using System;

namespace Kan.Networks;

/// <summary>
/// Exact arithmetic would cost more than the <see cref="ExactWork"/> in force allows. The message says what grew, as a clause that begins
/// in lower case: "exact numbers grow to 1,234,567 digits, and ...".
/// </summary>
public sealed class ExactWorkException : Exception
{
    /// <summary>A limit was exceeded.</summary>
    public ExactWorkException()
        : this("exact arithmetic needs too many steps", 0)
    {
    }

    /// <summary>A limit was exceeded.</summary>
    /// <param name="message">What grew, as a clause.</param>
    public ExactWorkException(string message)
        : this(message, 0)
    {
    }

    /// <summary>A limit was exceeded.</summary>
    /// <param name="message">What grew, as a clause.</param>
    /// <param name="innerException">The cause.</param>
    public ExactWorkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ExactWorkException(string message, long bits)
        : base(message) => Bits = bits;

    /// <summary>Bits of the largest number, roughly; 0 where no number was long.</summary>
    public long Bits { get; }
}
