using System;

namespace Kan.Compiler;

/// <summary>A network whose tables the C# compiler could not take in.</summary>
public sealed class NetworkTooLargeException : InvalidOperationException
{
    /// <summary>A network that is too large.</summary>
    public NetworkTooLargeException()
    {
    }

    /// <summary>A network that is too large.</summary>
    /// <param name="message">How large it is, and how large it may be; no period at the end.</param>
    public NetworkTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>A network that is too large.</summary>
    /// <param name="message">How large it is, and how large it may be; no period at the end.</param>
    /// <param name="innerException">The cause.</param>
    public NetworkTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
