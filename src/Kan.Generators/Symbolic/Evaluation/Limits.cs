namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>What one function may cost: it is compiled on each key press.</summary>
internal static class Limits
{
    /// <summary>Breakpoints of one intermediate result.</summary>
    public const int Breakpoints = 1024;

    /// <summary>Turns of one loop.</summary>
    public const int Turns = 1000;

    /// <summary>Turns of one loop that ends for some inputs earlier than for others.</summary>
    public const int VaryingTurns = 128;

    /// <summary>Calls within calls.</summary>
    public const int Depth = 32;

    /// <summary>Operations, unrolled loops and calls included.</summary>
    public const int Steps = 50_000;
}
