namespace Kan.Compiler.Emit;

/// <summary>
/// Spells the operations on what kernels compute with: panels of whatever registers the machine has, or vectors of a certain width.
/// </summary>
/// <param name="Type"><c>float</c> or <c>double</c>.</param>
/// <param name="Bits">256 or 512; 0 for panels.</param>
internal readonly record struct VectorText(string Type, int Bits = 0) : INumberOps<string>
{
    private const string Intrinsics = "Simd::";

    /// <summary>Whether the machine picks numbers out of vectors of so many bits, each lane its own; as generated code asks it.</summary>
    public static string HasLookup(int bits) => $"{Intrinsics}X86.{(bits == 512 ? "Avx512F" : "Avx2")}.IsSupported";

    public string TypeName => Bits == 0 ? "TPanel" : $"{Vector}<{Type}>";

    public string Zero => TypeName + ".Zero";

    public string Least => Splat(Type + ".MinValue");

    public string Most => Splat(Type + ".MaxValue");

    private string Instructions => $"{Intrinsics}X86.{(Bits == 512 ? "Avx512F" : "Avx")}";

    private string Vector => $"{Intrinsics}Vector{Bits}";

    public string Load(string place) => Bits == 0 ? $"TPanel.Load(in {place})" : $"{Vector}.LoadUnsafe(ref {place})";

    public string Splat(string number) => Bits == 0 ? $"TPanel.Splat({number})" : $"{Vector}.Create({number})";

    public string Fma(string left, string right, string addend) =>
        Bits == 0 ? $"TPanel.Fma({left}, {right}, {addend})" : $"{Vector}.FusedMultiplyAdd({left}, {right}, {addend})";

    public string Add(string left, string right) => Bits == 0 ? $"TPanel.Add({left}, {right})" : $"{left} + {right}";

    public string Subtract(string left, string right) => Bits == 0 ? $"TPanel.Subtract({left}, {right})" : $"{left} - {right}";

    public string Store(string value, string place) =>
        Bits == 0 ? $"TPanel.Store({value}, ref {place});" : $"{Vector}.StoreUnsafe({value}, ref {place});";

    /// <summary>Integers without some low bits; not for panels.</summary>
    public string ShiftRight(string bits, int count) => $"{Vector}.ShiftRightLogical({bits}, {count})";

    /// <summary>Integers with some low bits of 0; not for panels.</summary>
    public string ShiftLeft(string bits, int count) => $"{Vector}.ShiftLeft({bits}, {count})";

    /// <summary>One integer in every lane; not for panels.</summary>
    public string SplatBits(string number) => $"{Vector}.Create({number})";

    /// <summary>Stores integers where floats are; not for panels.</summary>
    public string StoreBits(string bits, string place) => $"{Vector}.StoreUnsafe({bits}, ref Runtime::Unsafe.As<float, int>(ref {place}));";

    /// <summary>A vector that begins with one of 128 bits and is undefined behind it; not for panels.</summary>
    public string FromQuarter(string quarter) => Bits == 512
        ? $"{Intrinsics}Vector256.ToVector512Unsafe({Intrinsics}Vector128.ToVector256Unsafe({quarter}))"
        : $"{Intrinsics}Vector128.ToVector256Unsafe({quarter})";

    /// <summary>A vector with other 128 bits at some place; not for panels.</summary>
    public string WithQuarter(string vector, string quarter, int place) =>
        $"{Instructions}.InsertVector128({vector}, {quarter}, {Literal.Integer(place)})";

    /// <summary>The first two numbers of each 128 bits of two vectors of floats, in turn; not for panels.</summary>
    public string UnpackLow(string left, string right) => $"{Instructions}.UnpackLow({left}, {right})";

    /// <summary>The last two numbers of each 128 bits of two vectors of floats, in turn; not for panels.</summary>
    public string UnpackHigh(string left, string right) => $"{Instructions}.UnpackHigh({left}, {right})";

    /// <summary>The lower or upper halves of each 128 bits of two vectors of floats; not for panels.</summary>
    public string Halves(string left, string right, bool upper) =>
        $"{Instructions}.Shuffle({left}, {right}, {(upper ? "0b_11_10_11_10" : "0b_01_00_01_00")})";

    /// <summary>value &gt;= knot ? above : below.</summary>
    public string Choose(string value, string knot, string above, string below) => Bits == 0
        ? $"TPanel.Choose({value}, {knot}, {above}, {below})"
        : $"{Vector}.ConditionalSelect({Vector}.GreaterThanOrEqual({value}, {knot}), {above}, {below})";

    /// <summary>
    /// value &lt; bound ? bound : value, which is what x86 calls the maximum of bound and value.
    /// </summary>
    public string AtLeast(string value, string bound) =>
        Bits == 0 ? $"TPanel.AtLeast({value}, {bound})" : $"{Instructions}.Max({bound}, {value})";

    /// <summary>value &gt; bound ? bound : value.</summary>
    public string AtMost(string value, string bound) =>
        Bits == 0 ? $"TPanel.AtMost({value}, {bound})" : $"{Instructions}.Min({bound}, {value})";

    /// <summary>
    /// table[index], lane by lane, in a table of one vector or two; for vectors of 512 bits, or of 256 bits and floats in
    /// one. Indices count from 2^23 (2^52 for doubles):
    /// only their low bits are read, so none reaches outside.
    /// </summary>
    public string Lookup(string[] table, string index) => LookupBits(table, AsBits(index));

    /// <summary>A vector as integers of the same width.</summary>
    public string AsBits(string value) => $"{Vector}.As{(Type == "float" ? "Int32" : "Int64")}({value})";

    /// <summary>The same for indices that are integers.</summary>
    public string LookupBits(string[] table, string bits)
    {
        if (Bits == 256) return $"{Intrinsics}X86.Avx2.PermuteVar8x32({table[0]}, {bits})";
        bool isSingle = Type == "float";
        string permute = $"{Intrinsics}X86.Avx512F.PermuteVar{(isSingle ? "16x32" : "8x64")}";
        return table.Length == 1 ? $"{permute}({table[0]}, {bits})" : $"{permute}x2({table[0]}, {bits}, {table[1]})";
    }
}
