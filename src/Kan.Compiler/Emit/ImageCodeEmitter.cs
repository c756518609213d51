using System;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints a network over images with codes of 8 bits. A layer writes its codes into the image that the next one reads, with the channels of
/// a place together and padding around, so that what a row of a kernel reads is one run of bytes. Sums of integers have no order, so all
/// machines give the same bits.
/// </summary>
internal static class ImageCodeEmitter
{
    /// <summary>Bytes that kernels may read or write behind an image.</summary>
    private const int Behind = 64;

    /// <summary>Prints the class that holds it.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The integers.</param>
    /// <param name="target">The type that they are printed for.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, TargetType target)
    {
        ImageLayout[] layouts = [.. integers.Starts.Select((start, l) => new ImageLayout(integers.Form, l, start))];
        writer.Line();
        writer.Line("/// <summary>The network in integers: inputs become codes of 8 bits, weights have 8 bits, and sums have 32. "
            + "Layers over images stay windows.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            writer.Line($"private static readonly {KernelNames.Panels}AlignedTable<int> s_table = "
                + $"{IntegerEmitter.Table(integers, target)};");
            EmitEvaluate(writer, integers, layouts);
            IntegerEmitter.EmitBatch(writer, integers.Form);
            var pool = new KernelPool(writer);
            foreach (var layout in layouts) new ImageCodeLayer(pool, layout).Emit();
            foreach (var (layout, l) in layouts.Select(static (layout, l) => (layout, l)))
            {
                if (!layout.Image.IsDirect) EmitCopy(writer, layout.Image, l);
                if (layout.Results is { } image) EmitBorder(writer, image, l);
            }

            writer.Line(ImageCodeHelpers.Text);
        }
    }

    private static void EmitEvaluate(CodeWriter writer, IntegerPlan integers, ImageLayout[] layouts)
    {
        var form = integers.Form;
        int half = (layouts.Max(static layout =>
            Math.Max(layout.ResultBytes, Math.Max(layout.Image.Length, layout.Layer.InputCount))) + Behind + 63) & ~63;
        string n = Literal.Integer(form.InputCount), m = Literal.Integer(form.OutputCount), size = Literal.Integer(half);
        writer.Line("\n/// <summary>Computes one sample; all outputs are NaN if an input is.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<byte> memory = {KernelNames.Panels}Scratch<byte>.Get(2 * {size});");
            writer.Line("ref byte codes = ref Interop::MemoryMarshal.GetReference(memory);");
            writer.Line($"ref byte next = ref Runtime::Unsafe.Add(ref codes, {size});");
            writer.Line($"var ranges = new {KernelNames.Panels}IntegerInputs(ref s_table.Start, 1);");
            using (writer.Braces($"if (!{KernelNames.Panels}CodeRounding.Quantize(inputs, in ranges, memory) && HasNaN(inputs))"))
            {
                writer.Line("outputs.Fill(float.NaN);");
                writer.Line("return;");
            }

            writer.Line();
            if (form.LowestInput > 0) writer.Line($"for (int i = 0; i < {n}; i++) memory[i] = global::System.Math.Max(memory[i], (byte)"
                + $"{Literal.Integer(form.LowestInput)});");
            string from = "codes", to = "next";
            for (int l = 0; l < layouts.Length; l++)
            {
                if (!layouts[l].Image.IsDirect)
                {
                    writer.Line($"Copy{Literal.Integer(l)}(ref {from}, ref {to});");
                    (from, to) = (to, from);
                }

                writer.Line($"Layer{Literal.Integer(l)}(ref {from}, ref {to});");
                if (layouts[l].Results is not null) writer.Line($"Border{Literal.Integer(l)}(ref {to});");
                (from, to) = (to, from);
            }

            var last = layouts[layouts.Length - 1];
            writer.Line(last.IsMaximum
                ? $"for (int i = 0; i < {m}; i++) outputs[i] = (Runtime::Unsafe.Add(ref {from}, i) - "
                    + $"{Literal.Integer(last.Layer.Codes.Zero)}) * {Literal.Number(last.Layer.Unit(0), Precision.Single)};"
                : $"Interop::MemoryMarshal.CreateReadOnlySpan(ref Runtime::Unsafe.As<byte, float>(ref {from}), {m}).CopyTo(outputs);");
        }
    }

    /// <summary>Prints what copies codes into an image.</summary>
    private static void EmitCopy(CodeWriter writer, CodeImage image, int l)
    {
        string height = Literal.Integer(image.Height), width = Literal.Integer(image.Width), pitch = Literal.Integer(image.Pitch),
            channels = Literal.Integer(image.Channels), length = Literal.Integer(image.Length), first = Literal.Integer(image.First);
        writer.Line($"\n/// <summary>Writes the image that layer {Literal.Integer(l)} reads{(image.IsPadded ? ", with its padding" : "")}"
            + $"{(image.IsTransposed ? ", the channels of a place together" : "")}.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void Copy{Literal.Integer(l)}(ref byte codes, ref byte image)"))
        {
            if (image.IsPadded)
                writer.Line($"Interop::MemoryMarshal.CreateSpan(ref image, {length}).Fill({Literal.Integer(image.Zero)});");
            using (writer.Braces($"for (int row = 0; row < {height}; row++)"))
            {
                writer.Line($"ref byte to = ref Runtime::Unsafe.Add(ref image, {first} + (row * {pitch}));");
                if (!image.IsTransposed)
                {
                    string count = Literal.Integer(image.Width * image.Channels);
                    writer.Line($"Interop::MemoryMarshal.CreateSpan(ref Runtime::Unsafe.Add(ref codes, row * {count}), {count})"
                        + $".CopyTo(Interop::MemoryMarshal.CreateSpan(ref to, {count}));");
                }
                else
                {
                    using var columns = writer.Braces($"for (int column = 0; column < {width}; column++)");
                    string place = Literal.Integer(image.Height * image.Width);
                    writer.Line($"for (int c = 0; c < {channels}; c++) Runtime::Unsafe.Add(ref to, (column * {channels}) + c) = "
                        + $"Runtime::Unsafe.Add(ref codes, (c * {place}) + (row * {width}) + column);");
                }
            }
        }
    }

    /// <summary>Prints what writes the padding around an image.</summary>
    private static void EmitBorder(CodeWriter writer, CodeImage image, int l)
    {
        string zero = Literal.Integer(image.Zero);
        int row = image.Width * image.Channels, between = image.Pitch - row, last = image.First + ((image.Height - 1) * image.Pitch) + row;
        writer.Line($"\n/// <summary>Writes the padding around the codes behind layer {Literal.Integer(l)}.</summary>");
        using (writer.Kernel($"private static void Border{Literal.Integer(l)}(ref byte image)"))
        {
            if (image.First > 0)
                writer.Line($"Interop::MemoryMarshal.CreateSpan(ref image, {Literal.Integer(image.First)}).Fill({zero});");
            if (between > 0 && image.Height > 1)
                writer.Line($"for (int row = 0; row < {Literal.Integer(image.Height - 1)}; row++) Interop::MemoryMarshal.CreateSpan("
                    + $"ref Runtime::Unsafe.Add(ref image, {Literal.Integer(image.First + row)} + (row * {Literal.Integer(image.Pitch)})), "
                    + $"{Literal.Integer(between)}).Fill({zero});");
            if (image.Length > last)
                writer.Line($"Interop::MemoryMarshal.CreateSpan(ref Runtime::Unsafe.Add(ref image, {Literal.Integer(last)}), "
                    + $"{Literal.Integer(image.Length - last)}).Fill({zero});");
        }
    }
}
