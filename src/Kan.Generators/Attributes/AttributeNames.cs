namespace Kan.Generators.Attributes;

/// <summary>The metadata names of the attributes that users write.</summary>
internal static class AttributeNames
{
    public const string KanNetwork = "Kan.KanNetworkAttribute";
    public const string KanModel = "Kan.KanModelAttribute";
    public const string Edge = "Kan.EdgeAttribute";
    public const string EdgeFunction = "Kan.EdgeFunctionAttribute";
    public const string PiecewiseLinear = "Kan.PiecewiseLinearAttribute";
    public const string Input = "Kan.InputAttribute";
    public const string Output = "Kan.OutputAttribute";
    public const string OutputRange = "Kan.Contracts.OutputRangeAttribute";
    public const string Monotone = "Kan.Contracts.MonotoneAttribute";
    public const string LipschitzBound = "Kan.Contracts.LipschitzBoundAttribute";
    public const string Robust = "Kan.Contracts.RobustAttribute";
    public const string Satisfies = "Kan.Contracts.SatisfiesAttribute";
}
