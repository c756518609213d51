using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the kernels that read only the panels of weights, or halves of panels, that are not all zero. What is left out could change the
/// sign of a zero, which the last addition settles, or carry a NaN, which is looked for apart; so the bits are those of the whole matrix.
/// </summary>
internal static class SparseEmitter
{
    /// <summary>Prints a kernel for each size of block.</summary>
    public static void EmitKernels(KernelPool kernels, LayerPlan layer, SparseLists lists)
    {
        foreach (int parts in lists.Blocks.Select(static block => block.Parts).Distinct())
            kernels.Add(KernelName(layer, parts), (writer, name) => EmitKernel(writer, name, layer, lists, parts));
    }

    /// <summary>Prints the calls of the kernels, and the search for NaN.</summary>
    public static void EmitCalls(CodeWriter writer, KernelPool kernels, LayerPlan layer, SparseLists lists)
    {
        foreach (var block in lists.Blocks)
        {
            string arguments = string.Join(", ",
                block.Passes.Select(static pass => $"{Literal.Integer(pass.Start)}, {Literal.Integer(pass.Rounds)}"));
            writer.Line($"{kernels[KernelName(layer, block.Parts)]}<TPanel>(ref x, ref table, ref y, "
                + $"{Literal.Integer(block.First * layer.Lanes / lists.PartsOfPanel)}, {arguments});");
        }

        writer.Line();
        EmitNaN(writer, layer, layer.KeepsSums);
    }

    /// <summary>Prints the search for NaN among inputs that may not have been read, and what the next layer stores on top.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="keepsSums">Whether the sums are kept too.</param>
    /// <param name="x">The inputs of the sample.</param>
    /// <param name="y">Its outputs.</param>
    /// <param name="spare">A panel that is overwritten; behind the outputs, unless named.</param>
    public static void EmitNaN(CodeWriter writer, LayerPlan layer, bool keepsSums, string x = "x", string y = "y", string? spare = null)
    {
        string type = KernelNames.Type(layer.Precision), outputs = Literal.Integer(layer.OutputWidth);
        writer.Line("// A NaN makes all outputs NaN, also of an input whose weights are zero.");
        writer.Line($"TPanel nan = {KernelNames.Panels}NaNSearch.Find<{type}, TPanel>(ref {x}, {Literal.Integer(layer.Form.InputCount)}, "
            + $"{spare ?? $"ref At(ref {y}, {outputs})"});");
        using (writer.Braces($"for (int q = 0; q < {outputs}; q += {Literal.Integer(layer.Lanes)})"))
        {
            writer.Line($"TPanel sum = TPanel.Add(TPanel.Load(in At(ref {y}, q)), nan);");
            if (keepsSums) writer.Line("TPanel.Store(sum, ref At(ref sums, q));");
            writer.Line($"TPanel.Store({StageEmitter.Stored(layer, "sum", new VectorText(type))}, ref At(ref {y}, q));");
        }
    }

    private static void EmitKernel(CodeWriter writer, string name, LayerPlan layer, SparseLists lists, int parts)
    {
        string type = KernelNames.Type(layer.Precision);
        int sums = layer.PartialSums, atOnce = lists.SumsAtOnce, passes = lists.PassesOfBlock, chains = parts * atOnce;
        var part = new VectorText(type, lists.PartsOfPanel == 2 ? 256 : 0);
        int lanes = layer.Lanes / lists.PartsOfPanel;
        string parameters = string.Concat(Enumerable.Range(0, passes).Select(static pass => $", int list{pass}, int rounds{pass}"));
        writer.Line($"/// <summary>{Literal.Integer(parts * lanes)} outputs from lists of weights, {KernelNames.Sums(sums)}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}<TPanel>(ref {type} x, ref {type} table, ref {type} y, int "
            + $"output{parameters})\n    where TPanel : struct, {KernelNames.Panels}IPanel<{type}, TPanel>"))
        {
            writer.Line($"""
                const int Biases = {Literal.Integer(layer.Layout.Biases)};
                ref {type} biases = ref At(ref table, Biases + output);
                """);
            for (int pass = 0; pass < passes; pass++)
            {
                for (int k = 0; k < atOnce; k++)
                {
                    for (int c = 0; c < parts; c++)
                    {
                        int sum = pass + (k * passes);
                        writer.Line(
                            $"{part.TypeName} {Name(sum, c)} = {(sum == 0 ? part.Load(KernelNames.At("biases", c * lanes)) : part.Zero)};");
                    }
                }

                writer.Line($"""
                    ref {type} weights{pass} = ref At(ref table, list{pass});
                    ref {type} inputs{pass} = ref At(ref weights{pass}, rounds{pass} * {Literal.Integer(chains * lanes)});
                    do
                    """);
                using (writer.Braces(""))
                {
                    for (int i = 0; i < chains; i++)
                    {
                        string accumulator = Name(pass + (i / parts * passes), i % parts);
                        string x =
                            part.Splat($"At(ref x, {KernelNames.Panels}SegmentSearch.Row(ref {KernelNames.At($"inputs{pass}", i)}))");
                        writer.Line($"{accumulator} = {part.Fma(x, part.Load(KernelNames.At($"weights{pass}", i * lanes)), accumulator)};");
                    }

                    writer.Line($"""
                        weights{pass} = ref At(ref weights{pass}, {Literal.Integer(chains * lanes)});
                        inputs{pass} = ref At(ref inputs{pass}, {Literal.Integer(chains)});
                        """);
                }

                writer.Line($"while (--rounds{pass} > 0);\n");
            }

            for (int c = 0; c < parts; c++) PartialSums.EmitTree(writer, part, sums, sum => Name(sum, c));
            writer.Line($"ref {type} outputs = ref At(ref y, output);");
            writer.Line(SummationEmitter.AddsZero);
            for (int c = 0; c < parts; c++) writer.Line(part.Store(part.Add(Name(0, c), part.Zero), KernelNames.At("outputs", c * lanes)));
        }
    }

    private static string KernelName(LayerPlan layer, int parts) => $"Sum{layer.Index}Block{parts}Listed";

    private static string Name(int sum, int part) => $"s{sum}_{part}";
}
