using System;
using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>The vectors that have the terms of an input.</summary>
/// <param name="Bits">Bits of each.</param>
/// <param name="Terms">The methods that compute them.</param>
internal sealed record Vectors(int Bits, string[] Terms);

/// <summary>Prints the loop of a kernel of curves in integers.</summary>
internal static class CurveLoop
{
    /// <summary>Prints a loop over inputs that takes as many together as fit 16 bits, and then those that are left.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="vectors">The vectors of an input.</param>
    /// <param name="together">Inputs whose terms fit 16 bits together.</param>
    /// <param name="samples">Samples that are taken through the loop.</param>
    /// <param name="width">Codes from one sample to the next.</param>
    public static void Emit(CodeWriter writer, Vectors vectors, int together, int samples, int width)
    {
        int parts = vectors.Terms.Length;
        string vector = "Simd::Vector" + Literal.Integer(vectors.Bits);
        for (int sample = 0; sample < samples; sample++)
        {
            for (int part = 0; part < parts; part++)
            {
                writer.Line($"{vector}<int> {Even(sample, part)} = {Start(sample, part, 0)},");
                writer.Line($"    {Odd(sample, part)} = {Start(sample, part, 8)};");
            }
        }

        if (vectors.Bits > 128) writer.Line($"var first = {vector}.AsInt16({vector}.Create(1));");
        foreach (int count in new[] { together, 1 }.Distinct())
        {
            using (writer.Braces($"for (; inputs >= {Literal.Integer(count)}; inputs -= {Literal.Integer(count)})"))
            {
                for (int k = 0; k < count; k++) EmitInput(k);
                writer.Line($"codes = ref Runtime::Unsafe.Add(ref codes, {Literal.Integer(count)});");
                for (int sample = 0; sample < samples; sample++)
                {
                    for (int part = 0; part < parts; part++)
                    {
                        string own = $"{vector}.AsInt32({Terms(sample, part)})";
                        writer.Line($"{Even(sample, part)} += " + (vectors.Bits switch
                        {
                            512 => $"Simd::X86.Avx512BW.MultiplyAddAdjacent({Terms(sample, part)}, first);",
                            256 => $"Simd::X86.Avx2.MultiplyAddAdjacent({Terms(sample, part)}, first);",
                            _ => $"{vector}.ShiftRightArithmetic({vector}.ShiftLeft({own}, 16), 16);",
                        }));
                        writer.Line($"{Odd(sample, part)} += {vector}.ShiftRightArithmetic({own}, 16);");
                    }
                }
            }

            writer.Line();
        }

        for (int sample = 0; sample < samples; sample++)
        {
            for (int part = 0; part < parts; part++)
            {
                EmitStore(Even(sample, part), (sample * 32) + At(part, 0));
                EmitStore(Odd(sample, part), (sample * 32) + At(part, 8));
            }
        }

        void EmitInput(int k)
        {
            for (int sample = 0; sample < samples; sample++)
            {
                int at = k + (sample * width);
                string code = at == 0 ? "codes" : $"Runtime::Unsafe.Add(ref codes, {Literal.Integer(at)})";
                writer.Line($"{(k == 0 && sample == 0 ? "ref long " : "")}place = ref Runtime::Unsafe.Add(ref places, (nint){code});");
                for (int part = 0; part < parts; part++)
                {
                    writer.Line($"{(k == 0 ? $"var {Terms(sample, part)} =" : $"{Terms(sample, part)} +=")} "
                        + $"{vectors.Terms[part]}(ref place, ref rows);");
                }
            }

            writer.Line("places = ref Runtime::Unsafe.Add(ref places, placeStep);");
            writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, inputBytes);");
        }

        // Two panels in one vector are two halves of it; two halves of a panel are its first and its last outputs.
        int At(int part, int place) => place + (part * (vectors.Bits == 128 ? 4 : 16));

        string Start(int sample, int part, int place)
        {
            string row = sample switch
            {
                0 => "start",
                1 => "At(ref start, startStep)",
                _ => $"At(ref start, {Literal.Integer(sample)} * startStep)",
            };
            return vectors.Bits == 512
                ? $"{vector}.Create({Load(256, place)}, {Load(256, place + 16)})"
                : Load(vectors.Bits, At(part, place));

            string Load(int bits, int at) =>
                $"Simd::Vector{Literal.Integer(bits)}.LoadUnsafe(ref {row}{(at == 0 ? "" : ", " + Literal.Integer(at))})";
        }

        void EmitStore(string sums, int at)
        {
            if (vectors.Bits != 512)
            {
                writer.Line($"{vector}.StoreUnsafe({sums}, ref sums{(at == 0 ? "" : ", " + Literal.Integer(at))});");
                return;
            }

            writer.Line($"Simd::Vector256.StoreUnsafe({vector}.GetLower({sums}), ref sums, {Literal.Integer(at)});");
            writer.Line($"Simd::Vector256.StoreUnsafe({vector}.GetUpper({sums}), ref sums, {Literal.Integer(at + 16)});");
        }

        string Even(int sample, int part) => Name("even", sample, part);

        string Odd(int sample, int part) => Name("odd", sample, part);

        string Terms(int sample, int part) => Name("terms", sample, part);

        string Name(string name, int sample, int part) =>
            (part == 0 ? name : "upper" + char.ToUpperInvariant(name[0]) + name[1..]) + (samples == 1 ? "" : Literal.Integer(sample));
    }
}
