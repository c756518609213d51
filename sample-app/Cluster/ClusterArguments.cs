using System;
using System.Collections.Generic;
using System.Globalization;

namespace SampleApp.Cluster;

/// <summary>The arguments of a command: options with values, and others.</summary>
internal sealed class ClusterArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _others = [];

    /// <param name="arguments">The arguments after the command.</param>
    /// <param name="known">The options that it has.</param>
    /// <exception cref="ArgumentException">An option is unknown or without its value.</exception>
    public ClusterArguments(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith('-')) _others.Add(arguments[i]);
            else if (!known.Contains(arguments[i])) throw new ArgumentException($"There is no option {arguments[i]}.");
            else if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} has no value.");
            else _options[arguments[i]] = arguments[++i];
        }
    }

    /// <summary>The one argument that is no option.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public string Only(string what) => _others is [var only] ? only : throw new ArgumentException($"Expected {what}.");

    /// <summary>An option; null if it is not given.</summary>
    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <summary>A number that is not below another.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public int Number(string option, int otherwise, int least = 1)
    {
        if (Text(option) is not { } text) return otherwise;
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least;
        return isNumber ? number : throw new ArgumentException($"{option} is '{text}': expected a number from {least}.");
    }
}
