using System;

namespace Kan.Networks;

/// <summary>A function cannot be approximated as requested: no bound is known somewhere, or it needs too many segments.</summary>
public sealed class ApproximationException : Exception
{
    /// <summary>An approximation that fails for a reason.</summary>
    public ApproximationException(string message)
        : base(message)
    {
    }

    /// <summary>An approximation that fails.</summary>
    public ApproximationException()
    {
    }

    /// <summary>An approximation that fails because of another failure.</summary>
    public ApproximationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
