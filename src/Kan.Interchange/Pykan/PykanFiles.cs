using System;

namespace Kan.Interchange.Pykan;

/// <summary>
/// The names pykan gives to the files of a checkpoint: <c>NAME_config.yml</c>, which users name, and <c>NAME_state</c> next to it.
/// </summary>
internal static class PykanFiles
{
    private const string ConfigEnding = "_config.yml", StateEnding = "_state";

    /// <summary>Whether a path is that of the configuration of a checkpoint.</summary>
    public static bool IsConfig(string path) => path.EndsWith(ConfigEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path is that of the weights of a checkpoint.</summary>
    public static bool IsState(string path) => path.EndsWith(StateEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path without its ending, the one given to <c>saveckpt</c>.</summary>
    public static string StemOf(string configPath) => configPath[..^ConfigEnding.Length];

    /// <summary>The path of the weights that belong to a configuration.</summary>
    public static string StateOf(string configPath) => StemOf(configPath) + StateEnding;
}
