using System;

namespace Kan.Compiler;

/// <summary>A network that cannot be computed with integers.</summary>
public sealed class NoIntegerFormException : InvalidOperationException
{
    /// <summary>A network without an integer form.</summary>
    public NoIntegerFormException()
    {
    }

    /// <summary>A network without an integer form.</summary>
    /// <param name="message">Why, as a clause without a period at the end.</param>
    public NoIntegerFormException(string message)
        : base(message)
    {
    }

    /// <summary>A network without an integer form.</summary>
    /// <param name="message">Why, as a clause without a period at the end.</param>
    /// <param name="innerException">The cause.</param>
    public NoIntegerFormException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
