namespace Kan.Compiler.Emit;

/// <summary>How the vectors that bounds are computed in are spelled.</summary>
/// <param name="Class">The class of their operations.</param>
/// <param name="Type">Their type.</param>
/// <param name="Number"><c>float</c> or <c>double</c>.</param>
/// <param name="IsFast">Whether the machine has them; empty where it always has.</param>
internal readonly record struct BoundVectors(string Class, string Type, string Number, string IsFast) : INumberOps<string>
{
    public string Zero => Type + ".Zero";

    public string Least => Splat(Number + ".MinValue");

    public string Most => Splat(Number + ".MaxValue");

    /// <summary>Vectors of whatever width.</summary>
    public static BoundVectors Any(string type) =>
        new("global::System.Numerics.Vector", $"global::System.Numerics.Vector<{type}>", type, "");

    /// <summary>Vectors of a whole panel.</summary>
    public static BoundVectors Wide(string type) =>
        new("Simd::Vector512", $"Simd::Vector512<{type}>", type, "Simd::Vector512.IsHardwareAccelerated");

    public string Abs(string value) => $"{Class}.Abs({value})";

    public string Splat(string number) => IsFast.Length == 0 ? $"new {Type}({number})" : $"{Class}.Create({number})";

    public string Fma(string left, string right, string addend) => $"{Class}.FusedMultiplyAdd({left}, {right}, {addend})";

    public string Add(string left, string right) => $"{left} + {right}";

    public string Subtract(string left, string right) => $"{left} - {right}";

    /// <summary>Of two numbers that are not NaN the larger one; which zero does not matter for a bound.</summary>
    public string AtLeast(string value, string bound) => $"{Class}.MaxNative({value}, {bound})";

    /// <summary>Of two numbers that are not NaN the smaller one.</summary>
    public string AtMost(string value, string bound) => $"{Class}.MinNative({value}, {bound})";

    /// <summary>Lanes where a comparison holds.</summary>
    /// <param name="comparison">Its name: <c>LessThan</c>, for example.</param>
    /// <param name="left">Its left side.</param>
    /// <param name="right">Its right side.</param>
    public string Where(string comparison, string left, string right) => $"{Class}.{comparison}({left}, {right})";

    /// <summary>lanes ? there : elsewhere.</summary>
    public string Select(string lanes, string there, string elsewhere) => $"{Class}.ConditionalSelect({lanes}, {there}, {elsewhere})";

    public string Load(string start, string index) => $"{Class}.LoadUnsafe(ref At(ref {start}, {index}))";

    public string Store(string value, string start, string index) => $"{Class}.StoreUnsafe({value}, ref At(ref {start}, {index}));";

    /// <summary>Prints the end of a method that has written bounds: whether all are small enough.</summary>
    public static void EmitSmallEnough(CodeWriter writer)
    {
        writer.Line();
        writer.Line("bool isFinite = true;");
        writer.Line("for (int q = 0; q < width; q++) isFinite &= At(ref sums, q) < Limit;");
        writer.Line("return isFinite;");
    }
}
