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
    /// <param name="parked">
    /// Where the sum of a panel of a sample waits for the second of two passes, or null where registers have room for it.
    /// </param>
    public static Accumulators Emit(CodeWriter writer, Tile tile, int sums, int inputs, InputLoop loop, ITermPrinter terms,
        Func<int, int, string>? parked = null)
    {
        int passes = sums / tile.SumsAtOnce;
        var tree = SumTree.Additions(sums);
        var accumulators = new Accumulators(tile.Panels, tile.Samples);
        for (int pass = 0; pass < passes; pass++)
        {
            int[] inPass = SumsOf(tile, pass, passes);

            // A sum begins where its pass does: one that lived through the loop before it would be held in memory there, and stay there.
            foreach (int s in inPass)
            {
                foreach (var (output, sample) in accumulators.Places)
                    writer.Line($"{terms.Vectors.TypeName} {accumulators.Name(s, output, sample)} = "
                        + $"{(s == 0 ? terms.Start(output) : terms.Vectors.Zero)};");
            }

            using (writer.Braces("")) EmitPass(writer, sums, inputs, loop, inPass, accumulators, terms);

            // The sums of a pass are combined as soon as they are there, so that their registers are free for the next.
            EmitAdditions(writer, accumulators, terms.Vectors, AdditionsOf(tree, pass, passes));
            if (parked is null || passes != 2) continue;
            foreach (var (output, sample) in accumulators.Places)
            {
                string first = accumulators.Name(0, output, sample), place = parked(output, sample);
                writer.Line(pass == 0 ? terms.Vectors.Store(first, place) : $"{first} = {terms.Vectors.Load(place)};");
            }
        }

        EmitAdditions(writer, accumulators, terms.Vectors, tree.Where(addition => addition.Half < passes));
        return accumulators;
    }

    /// <summary>Prints the calls of passes that are methods, and combines what they return.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="tile">The sums of one pass of one panel of one sample.</param>
    /// <param name="sums">S.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="call">A call of a pass, from its number and what its first sum starts from.</param>
    public static Accumulators EmitCalls(CodeWriter writer, Tile tile, int sums, ITermPrinter terms, Func<int, string, string> call)
    {
        int passes = sums / tile.SumsAtOnce;
        var accumulators = new Accumulators(tile.Panels, tile.Samples);
        for (int pass = 0; pass < passes; pass++)
        {
            string start = pass == 0 ? terms.Start(0) : terms.Vectors.Zero;
            writer.Line($"{terms.Vectors.TypeName} {accumulators.Name(pass, 0, 0)} = {call(pass, start)};");
        }

        EmitAdditions(writer, accumulators, terms.Vectors, SumTree.Additions(sums).Where(addition => addition.Half < passes));
        return accumulators;
    }

    /// <summary>Prints what a method of one pass does: its first sum is a parameter, and all sums of the pass are returned.</summary>
    public static void EmitPassMethod(CodeWriter writer, Tile tile, int sums, int inputs, InputLoop loop, ITermPrinter terms, int pass)
    {
        int passes = sums / tile.SumsAtOnce;
        int[] inPass = SumsOf(tile, pass, passes);
        var accumulators = new Accumulators(tile.Panels, tile.Samples);
        foreach (int s in inPass.Skip(1))
            writer.Line($"{terms.Vectors.TypeName} {accumulators.Name(s, 0, 0)} = {terms.Vectors.Zero};");
        EmitPass(writer, sums, inputs, loop, inPass, accumulators, terms, entersUnasked: true);
        EmitAdditions(writer, accumulators, terms.Vectors, AdditionsOf(SumTree.Additions(sums), pass, passes));
        writer.Line($"return {FirstSum(pass)};");
    }

    /// <summary>The name of the first sum of a pass of one panel.</summary>
    public static string FirstSum(int pass) => new Accumulators(1, 1).Name(pass, 0, 0);

    private static int[] SumsOf(Tile tile, int pass, int passes) =>
        [.. Enumerable.Range(0, tile.SumsAtOnce).Select(k => pass + (k * passes))];

    /// <summary>The additions of the tree among the sums of a pass.</summary>
    private static IEnumerable<SumAddition> AdditionsOf(IEnumerable<SumAddition> tree, int pass, int passes) =>
        tree.Where(addition => addition.Half >= passes && addition.To % passes == pass);

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
    /// <param name="writer">What is printed to.</param>
    /// <param name="sums">S.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="loop">The loop over them.</param>
    /// <param name="inPass">The sums of the pass.</param>
    /// <param name="accumulators">Their names.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="entersUnasked">
    /// Whether the loop asks for further rounds alone: where sums are parameters, the JIT asks before the first round too.
    /// </param>
    private static void EmitPass(CodeWriter writer, int sums, int inputs, InputLoop loop, int[] inPass, Accumulators accumulators,
        ITermPrinter terms, bool entersUnasked = false)
    {
        terms.EmitReferences();
        if (loop.Rounds > 0)
        {
            if (entersUnasked) writer.Line($"int round = {Literal.Integer(loop.Rounds)};");
            using (writer.Braces(entersUnasked ? "do" : $"for (int round = {Literal.Integer(loop.Rounds)}; round > 0; round--)"))
            {
                for (int p = 0; p < loop.Inputs; p++)
                {
                    if (inPass.Contains(p % sums)) terms.EmitTerms(accumulators, p % sums, p);
                }

                terms.EmitAdvance(loop.Inputs);
            }

            if (entersUnasked) writer.Line("while (--round > 0);");
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
