using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>The terms of some outputs: a line that each lane picks, or a weight that all lanes share.</summary>
internal sealed class SampleTerms(CodeWriter writer, SampleLayout layout, int outputs, int stride) : ITermPrinter
{
    private readonly string _type = KernelNames.Type(layout.Layer.Precision);
    private readonly int _lanes = layout.Lanes;

    public VectorText Vectors => new(_type, layout.Vectors.Bits);

    public string Start(int panel) => Vectors.Splat(KernelNames.At("biases", panel));

    public void EmitReferences()
    {
        writer.Line($"ref {_type} i = ref x;");
        if (layout.Layer.ReadsSegments) writer.Line($"ref {_type} j = ref segments;");
        writer.Line($"ref {_type} weight = ref weights;");
    }

    public void EmitTerms(Accumulators accumulators, int sum, int offset)
    {
        using (writer.Braces(""))
        {
            for (int g = 0; g < layout.Groups; g++)
            {
                int at = ((offset * layout.Groups) + g) * _lanes;
                writer.Line($"var v{g} = {Vectors.Load(KernelNames.At("i", at))};");
                if (!layout.Layer.ReadsSegments) continue;
                writer.Line($"var j{g} = {Vectors.Load(KernelNames.At("j", at))};");

                // Slopes stand in the same vector as values.
                if (layout.Lookup!.Panels == 1)
                {
                    string slopes = Literal.Number(layout.Lookup.Slopes, layout.Layer.Precision);
                    writer.Line($"var k{g} = {Vectors.Add($"j{g}", Vectors.Splat(slopes))};");
                }
            }

            for (int c = 0; c < outputs; c++)
            {
                if (layout.Layer.ReadsSegments) EmitLines(accumulators, layout.Lookup!, sum, offset, c);
                else EmitWeight(accumulators, sum, offset, c);
            }
        }
    }

    private void EmitWeight(Accumulators accumulators, int sum, int offset, int c)
    {
        writer.Line($"var w{c} = {Vectors.Splat(KernelNames.At("weight", (offset * stride) + c))};");
        for (int g = 0; g < layout.Groups; g++)
            writer.Line($"{accumulators.Name(sum, c, g)} = {Vectors.Fma($"v{g}", $"w{c}", accumulators.Name(sum, c, g))};");
    }

    private void EmitLines(Accumulators accumulators, LookupLayout lookup, int sum, int offset, int c)
    {
        string[] panels = [.. Enumerable.Range(0, lookup.Panels).Select(e => $"e{e}_{c}")];
        for (int e = 0; e < panels.Length; e++)
        {
            int panel = (((offset * outputs) + c) * lookup.Stride) + (e * _lanes);
            writer.Line($"var {panels[e]} = {Vectors.Load(KernelNames.At("weight", panel))};");
        }

        for (int g = 0; g < layout.Groups; g++)
        {
            string s = accumulators.Name(sum, c, g);
            var (slope, value) = SampleEmitter.Picked(Vectors, panels, panels.Length == 1 ? $"k{g}" : $"j{g}", $"j{g}");
            writer.Line($"{s} = {SegmentTerm.AddTo(Vectors, s, slope, $"v{g}", value)};");
        }
    }

    public void EmitAdvance(int inputs)
    {
        string step = Literal.Integer(inputs * layout.Groups * _lanes);
        writer.Line($"i = ref At(ref i, {step});");
        if (layout.Layer.ReadsSegments) writer.Line($"j = ref At(ref j, {step});");
        int weights = layout.Lookup is { } lookup && layout.Layer.ReadsSegments ? outputs * lookup.Stride : stride;
        writer.Line($"weight = ref At(ref weight, {Literal.Integer(inputs * weights)});");
    }
}
