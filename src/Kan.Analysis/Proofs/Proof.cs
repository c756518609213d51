namespace Kan.Analysis;

/// <summary>The steps of a proof.</summary>
public sealed class Proof
{
}
