namespace Kan.Compiler.Emit;

/// <summary>The library members that generated code calls, by their full names.</summary>
internal static class KernelNames
{
    public const string Panels = "global::Kan.Panels.";
    public const string Inline = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";

    /// <summary>Kernels are optimised at their first call: tiered code of panels is a hundred times slower until it is replaced.</summary>
    public const string Optimize = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]";

    /// <summary>The tool name in <c>GeneratedCode</c>; no version, so that an update of the package changes no snapshot.</summary>
    public const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"Kan.Generators\", \"1.0\")]";

    /// <summary>Where a layer's table begins, as kernels see it.</summary>
    public static string Table(Lower.LayerPlan layer) => layer.TableStart == 0 ? "table" : $"At(ref table, {Literal.Integer(layer.TableStart)})";

    public static string Type(Precision precision) => precision == Precision.Single ? "float" : "double";
}
