namespace Kan.Generators.Symbolic.Values;

/// <summary>How a number becomes an integer.</summary>
internal enum RoundingKind
{
    /// <summary>The integer at or below.</summary>
    Floor,

    /// <summary>The integer at or above.</summary>
    Ceiling,

    /// <summary>The integer towards zero.</summary>
    Truncate,

    /// <summary>The nearest integer, of two the even one.</summary>
    NearestEven,

    /// <summary>The nearest integer, of two the one away from zero.</summary>
    NearestAway,
}
