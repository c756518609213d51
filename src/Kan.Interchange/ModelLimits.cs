namespace Kan.Interchange;

/// <summary>Sizes past which a file is refused before memory is spent on it.</summary>
internal static class ModelLimits
{
    /// <summary>Bytes of a file, or of an entry once expanded: 512 MiB.</summary>
    public const long FileBytes = 512L << 20;

    /// <summary>Numbers in one model. Generated code past this size helps nobody.</summary>
    public const int Parameters = 1 << 24;

    /// <summary>Nodes in one layer.</summary>
    public const int Width = 1 << 20;
}
