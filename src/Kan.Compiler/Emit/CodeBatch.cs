using System;

namespace Kan.Compiler.Emit;

/// <summary>Prints what networks of codes, whose kernels stand in the generated file, do with the samples of a batch.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="form">The integers.</param>
/// <param name="layers">The number of layers.</param>
internal sealed class CodeBatch(CodeWriter writer, IntegerForm form, int layers)
{
    /// <summary>Samples of a batch that go through a layer together: those with an input that is NaN are bits of 32.</summary>
    public const int Rows = 32;

    /// <summary>Prints <c>EvaluateBatch</c>.</summary>
    /// <param name="type">The type of a code.</param>
    /// <param name="width">Codes from one sample to the next.</param>
    /// <param name="sums">The sums that are kept.</param>
    /// <param name="prologue">A line before the samples; null for none.</param>
    /// <param name="emitCodes">Prints the codes of the sample <c>first + i</c>, and its bit in <c>unknown</c> if an input is NaN.</param>
    public void Emit(string type, int width, int sums, string? prologue, Action emitCodes)
    {
        string rows = Literal.Integer(Rows), most = Literal.Integer(Rows * width), m = Literal.Integer(form.OutputCount);
        writer.Line("\n/// <summary>Computes samples, some of them together.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Braces("public static void EvaluateBatch(global::System.ReadOnlySpan<float> inputs, "
            + "global::System.Span<float> outputs, int rows)");
        writer.Line($"global::System.Span<{type}> codes = {KernelNames.Panels}Scratch<{type}>.Get(2 * {most}), "
            + $"next = codes.Slice({most});");
        writer.Line($"global::System.Span<int> sums = stackalloc int[{Literal.Integer(sums)}];");
        if (prologue is not null) writer.Line(prologue);
        using var blocks = writer.Braces($"for (int first = 0; first < rows; first += {rows})");
        writer.Line($"int count = global::System.Math.Min({rows}, rows - first);");
        writer.Line("uint unknown = 0;");
        using (writer.Braces("for (int i = 0; i < count; i++)")) emitCodes();
        writer.Line();
        writer.Line($"var results = outputs.Slice(first * {m}, count * {m});");
        EmitLayers("count", "results");
        writer.Line($"for (int i = 0; unknown != 0; i++, unknown >>= 1) if ((unknown & 1) != 0) results.Slice(i * {m}, {m})"
            + ".Fill(float.NaN);");
    }

    /// <summary>Prints the calls of all layers, from one half of the memory to the other.</summary>
    /// <param name="rows">The samples.</param>
    /// <param name="outputs">Where the last layer writes to.</param>
    public void EmitLayers(string rows, string outputs)
    {
        for (int l = 0; l < layers; l++)
        {
            string from = l % 2 == 0 ? "codes" : "next", to = l == layers - 1 ? outputs : l % 2 == 0 ? "next" : "codes";
            writer.Line($"Layer{Literal.Integer(l)}(ref Interop::MemoryMarshal.GetReference({from}), {rows}, sums, {to});");
        }
    }
}
