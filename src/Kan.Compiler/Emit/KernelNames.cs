namespace Kan.Compiler.Emit;

/// <summary>The members that generated code calls, and how it spells them.</summary>
internal static class KernelNames
{
    /// <summary>
    /// Short names of the namespaces that kernels call into. What stands before <c>::</c> is looked up among aliases alone, so no type or
    /// namespace of the user's can be meant, as with full names; and a line of arithmetic stays a line.
    /// </summary>
    public const string Aliases = """
        using Interop = global::System.Runtime.InteropServices;
        using Panels = global::Kan.Panels;
        using Runtime = global::System.Runtime.CompilerServices;
        using Simd = global::System.Runtime.Intrinsics;

        """;

    public const string Panels = "Panels::";
    public const string Inline = "[Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]";

    /// <summary>Kernels are optimised at their first call: tiered code of panels is a hundred times slower until it is replaced.</summary>
    public const string Optimize = "[Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]";

    /// <summary>The tool name in <c>GeneratedCode</c>; no version, so that an update of the package changes no snapshot.</summary>
    public const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"Kan.Generators\", \"1.0\")]";

    /// <summary>A number some places behind a reference.</summary>
    public static string At(string start, Offset offset) => offset.IsZero ? start : $"At(ref {start}, {offset})";

    /// <summary>The first number of a row.</summary>
    /// <param name="start">The first number of all rows.</param>
    /// <param name="stride">Numbers from one row to the next.</param>
    /// <param name="row">The variable that counts rows.</param>
    public static string Row(string start, int stride, string row) => At(start, new Offset(0, row, stride));

    /// <summary>How many partial sums an output has.</summary>
    public static string Sums(int count) => (count == 1 ? "one sum" : Literal.Integer(count) + " partial sums") + " each";

    public static string Type(Precision precision) => precision == Precision.Double ? "double" : "float";
}
