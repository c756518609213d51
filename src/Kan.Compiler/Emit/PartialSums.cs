using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>What a micro-kernel adds up: prints the terms of its inputs.</summary>
internal interface ITermPrinter
{
    /// <summary>What the sums are held in.</summary>
    VectorText Vectors { get; }

    /// <summary>What the sums of a panel start from.</summary>
    string Start(int panel);

    /// <summary>Prints the references that run along inputs and tables; they are declared anew for each pass over the inputs.</summary>
    void EmitReferences();

    /// <summary>Prints the terms of one input; <paramref name="offset"/> counts inputs from where the references point.</summary>
    void EmitTerms(Accumulators accumulators, int sum, int offset);

    /// <summary>Moves the references by some inputs.</summary>
    void EmitAdvance(int inputs);
}

/// <summary>
/// Prints the sums of a tile: S partial sums of each panel, of which input p goes to sum p mod S, in one pass over the inputs or several;
/// then their tree.
/// </summary>
internal static class PartialSums
{
    /// <summary>Prints the sums and combines them; sum 0 of each place then holds the whole.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="tile">The panels, the samples and the sums of one pass.</param>
    /// <param name="sums">S.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="loop">The loop over them.</param>
    /// <param name="terms">The terms.</param>
    public static Accumulators Emit(CodeWriter writer, Tile tile, int sums, int inputs, InputLoop loop, ITermPrinter terms)
    {
        int passes = sums / tile.SumsAtOnce;
        var tree = SumTree.Additions(sums);
        var accumulators = new Accumulators(tile.Panels, tile.Samples);
        for (int s = 0; s < sums; s++)
        {
            foreach (var (output, sample) in accumulators.Places)
                writer.Line($"{terms.Vectors.TypeName} {accumulators.Name(s, output, sample)} = "
                    + $"{(s == 0 ? terms.Start(output) : terms.Vectors.Zero)};");
        }

        for (int pass = 0; pass < passes; pass++)
        {
            int[] inPass = [.. Enumerable.Range(0, tile.SumsAtOnce).Select(k => pass + (k * passes))];
            using (writer.Braces("")) EmitPass(writer, sums, inputs, loop, inPass, accumulators, terms);

            // The sums of a pass are combined as soon as they are there, so that their registers are free for the next.
            EmitAdditions(writer, accumulators, terms.Vectors,
                tree.Where(addition => addition.Half >= passes && addition.To % passes == pass));
        }

        EmitAdditions(writer, accumulators, terms.Vectors, tree.Where(addition => addition.Half < passes));
        return accumulators;
    }

    /// <summary>Prints the tree of the sums of one place.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="vectors">What the sums are held in.</param>
    /// <param name="sums">S.</param>
    /// <param name="name">The name of a sum.</param>
    public static void EmitTree(CodeWriter writer, VectorText vectors, int sums, Func<int, string> name)
    {
        foreach (var addition in SumTree.Additions(sums))
            writer.Line($"{name(addition.To)} = {vectors.Add(name(addition.To), name(addition.From))};");
    }

    private static void EmitAdditions(CodeWriter writer, Accumulators accumulators, VectorText vectors, IEnumerable<SumAddition> additions)
    {
        foreach (var addition in additions)
        {
            foreach (var (panel, sample) in accumulators.Places)
            {
                string to = accumulators.Name(addition.To, panel, sample);
                writer.Line($"{to} = {vectors.Add(to, accumulators.Name(addition.From, panel, sample))};");
            }
        }
    }

    /// <summary>Prints the way over the inputs of some partial sums.</summary>
    private static void EmitPass(CodeWriter writer, int sums, int inputs, InputLoop loop, int[] inPass, Accumulators accumulators,
        ITermPrinter terms)
    {
        terms.EmitReferences();
        if (loop.Rounds > 0)
        {
            using (writer.Braces($"for (int round = {Literal.Integer(loop.Rounds)}; round > 0; round--)"))
            {
                for (int p = 0; p < loop.Inputs; p++)
                {
                    if (inPass.Contains(p % sums)) terms.EmitTerms(accumulators, p % sums, p);
                }

                terms.EmitAdvance(loop.Inputs);
            }
        }

        for (int p = 0; (loop.Rounds * loop.Inputs) + p < inputs; p++)
        {
            if (inPass.Contains(p % sums)) terms.EmitTerms(accumulators, p % sums, p);
        }
    }
}

/// <summary>The names of the sums of a tile.</summary>
internal sealed class Accumulators(int panels, int samples)
{
    /// <summary>All panels of all samples.</summary>
    public IEnumerable<(int Panel, int Sample)> Places =>
        Enumerable.Range(0, samples).SelectMany(sample => Enumerable.Range(0, panels).Select(panel => (panel, sample)));

    public string Name(int sum, int panel, int sample) => samples == 1 ? $"s{sum}_{panel}" : $"s{sum}_{panel}_{sample}";
}
