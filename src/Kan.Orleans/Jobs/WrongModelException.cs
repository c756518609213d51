using System;
using Orleans;

namespace Kan.Orleans;

/// <summary>A silo was asked for a network that it does not serve.</summary>
[GenerateSerializer]
[Alias("kan.wrong-model")]
public sealed class WrongModelException : Exception
{
    /// <param name="served">The hash of the network that the silo serves.</param>
    /// <param name="demanded">The hash of the network that was asked for.</param>
    public WrongModelException(string served, string demanded)
        : base($"The silo serves the network {served}, not {demanded}.")
    {
    }
}
