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
}
