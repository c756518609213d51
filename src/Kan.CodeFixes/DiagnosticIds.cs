namespace Kan.CodeFixes;

/// <summary>The diagnostics that have fixes; a test compares them with the descriptors.</summary>
internal static class DiagnosticIds
{
    public const string TypeIsNotPartial = "KAN0001";
    public const string InvalidCurveMethod = "KAN0003";
    public const string TypeIsFileLocal = "KAN0005";
    public const string WrongSlopeCount = "KAN0101";
    public const string BreakpointsDoNotIncrease = "KAN0102";
    public const string EdgeIsDeclaredTwice = "KAN0105";
    public const string NotPiecewiseLinear = "KAN0200";
    public const string VaryingTermsMultiplied = "KAN0201";
    public const string VaryingDivisor = "KAN0202";
    public const string FieldIsReadAtCompileTime = "KAN0210";
    public const string InvalidEdgeMethod = "KAN0213";
}
