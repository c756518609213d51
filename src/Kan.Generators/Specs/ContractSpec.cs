using Kan.Generators.Equality;

namespace Kan.Generators.Specs;

/// <summary>What a contract promises.</summary>
internal enum ContractKind
{
    /// <summary>Outputs in an interval.</summary>
    OutputRange,

    /// <summary>Outputs that go one way.</summary>
    Monotone,

    /// <summary>Outputs that change no faster than a bound.</summary>
    LipschitzBound,

    /// <summary>A largest output that stays the largest around the rows of a file.</summary>
    Robust,

    /// <summary>What a VNN-LIB file forbids.</summary>
    Satisfies,
}

/// <summary>A contract as an attribute or an item states it, which is sound by itself.</summary>
/// <param name="Index">Its place among the attributes of the type that state contracts, from 0; -1 for one that an item states.</param>
/// <param name="Kind">What it promises.</param>
internal sealed record ContractSpec(int Index, ContractKind Kind)
{
    /// <summary>The name or number of an input; null for each.</summary>
    public string? Input { get; init; }

    /// <summary>The name or number of an output; null for each.</summary>
    public string? Output { get; init; }

    /// <summary>The lower end of an interval.</summary>
    public NumberBits Low { get; init; }

    /// <summary>The upper end of an interval, a bound or a radius.</summary>
    public NumberBits High { get; init; }

    /// <summary>Which way a monotone output goes.</summary>
    public bool IsIncreasing { get; init; }

    /// <summary>The file that it is about.</summary>
    public string File { get; init; } = "";

    /// <summary>The box that it is limited to; empty for the declared ranges.</summary>
    public EquatableArray<BoxPart> Box { get; init; }
}

/// <summary>A range of a box.</summary>
/// <param name="Input">The name or number of its input; null if the place tells, or for all inputs.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal sealed record BoxPart(string? Input, NumberBits Low, NumberBits High);

/// <summary>A contract whose nodes are known.</summary>
/// <param name="Spec">What was stated.</param>
/// <param name="Input">The input, or null for each.</param>
/// <param name="Output">The output, or null for each.</param>
/// <param name="Text">The promise as a sentence without its end.</param>
internal sealed record ResolvedContract(ContractSpec Spec, int? Input, int? Output, string Text)
{
    /// <summary>The ranges of all inputs that it is limited to; empty for the declared ones.</summary>
    public EquatableArray<InputRange> Box { get; init; }
}
