using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Experiments.Data;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Testing;

namespace Kan.Experiments.Integers;

/// <summary><c>integer-attack</c>: looks for inputs at which integers are further from the exact network than certified.</summary>
internal static class AttackCommand
{
    private const double Tiny = 1e-12;

    public static Command Create(Option<string?> output)
    {
        var inputs = new Option<long>("--inputs")
        {
            Description = "Inputs to try, over all networks.",
            DefaultValueFactory = static _ => 10_000_000,
            HelpName = "count"
        };
        var only = new Option<string?>("--only") { Description = "Only networks whose name contains this.", HelpName = "text" };
        var command = new Command(AttackPage.Name, "Attacks the certificates of integer networks.") { inputs, only };
        command.SetAction(result =>
        {
            string text = result.GetValue(only) ?? "";
            var outcomes = Run(result.GetValue(inputs), name => name.Contains(text, StringComparison.OrdinalIgnoreCase));
            if (text.Length == 0) AttackPage.Write(result.GetValue(output) ?? Repository.PathOf("docs/experiments"), outcomes);
            return outcomes.All(static outcome => outcome.Worst <= outcome.Bound) ? 0 : 1;
        });
        return command;
    }

    private static List<Outcome> Run(long inputs, Func<string, bool> isAsked)
    {
        List<(KanDocument Document, bool IsTrained)> asked =
        [
            .. Trained().Select(static document => (document, true)),
            .. new[] { IntegerNetworks.All, WideNetworks.All, CurveNetworks.All, WideCurveNetworks.All }.SelectMany(static all => all)
                .Select(static document => (document, false)),
        ];
        asked.RemoveAll(own => !isAsked(own.Document.Name));
        var outcomes = new List<Outcome>();
        foreach (var (document, isTrained) in asked)
        {
            if (AttackedNetwork.Create(document) is not { } network) continue;
            var climber = new Climber(network, outcomes.Count);
            climber.Run(inputs / asked.Count);

            // The code in double may be off a little; the error of the input that was found is exact.
            var outcome = new Outcome(network.Name, network.Kind, isTrained, network.Form.InputCount, climber.Tried,
                network.ExactError(climber.WorstSample), network.Bound);
            outcomes.Add(outcome);
            Console.WriteLine(outcome.ToString());
            if (climber.Worst > outcome.Bound + network.DoubleBound)
                Console.WriteLine(FormattableString.Invariant($"the code in double says {climber.Worst}"));
        }

        return outcomes;
    }

    /// <summary>The networks of the documentation, with ranges between layers that are certain, and of samples.</summary>
    private static IEnumerable<KanDocument> Trained()
    {
        var digits = Digits.Load(Digits.TrainingRows).Take(500);
        foreach (var document in Both(TrainedModels.Mlp() with { Name = "MNIST MLP 784-128-64-10" }, digits.Pixels)) yield return document;
        foreach (var document in Both(TrainedModels.Kan() with { Name = "MNIST KAN [784, 32, 10]" }, digits.Pixels)) yield return document;
        foreach (var document in Both(Read("digits-mlp", "digits 64-32-10", new InputRange(0, 1)), null)) yield return document;
        foreach (var document in Both(Read("breast-cancer-mlp", "breast cancer 30-16-8-1", new InputRange(-4, 4)), null))
            yield return document;
    }

    private static KanDocument Read(string file, string name, InputRange range) =>
        ModelImporter.Import(Repository.PathOf($"tests/models/{file}.onnx"), range) with { Name = name };

    /// <summary>Codes of 8 bits and of 16, and where there are samples, ranges of those.</summary>
    private static IEnumerable<KanDocument> Both(KanDocument document, float[]? samples)
    {
        KanDocument[] ranges = samples is null ? [document] : [document,
            document with { Name = document.Name + ", ranges of samples", HiddenRanges = Ranges(document, samples) }];
        foreach (var own in ranges)
        {
            yield return own;
            var wide = own with { Name = own.Name + ", 16 bits", IntegerTolerance = Tiny };
            if (NetworkCompiler.Plan(wide, Kan.Precision.Int8, Lowering.Auto).Integers!.Form.IsWide) yield return wide;
        }
    }

    /// <summary>The ranges of the sums behind each layer but the last, widened by an eighth.</summary>
    private static ImmutableArray<InputRange> Ranges(KanDocument document, float[] samples)
    {
        var form = NetworkCompiler.Plan(document, Kan.Precision.Double, Lowering.Auto).Form;
        ReferenceEvaluator<double>[] layers =
            [.. form.Layers.SkipLast(1)
                .Select(static layer => new ReferenceEvaluator<double>(new NetworkForm(Kan.Precision.Double, [layer])))];
        double[] low = new double[layers.Length], high = new double[layers.Length];
        foreach (float[] sample in samples.Chunk(form.InputCount))
        {
            double[] values = Array.ConvertAll(sample, static x => (double)x);
            for (int l = 0; l < layers.Length; l++)
            {
                values = layers[l].Evaluate(values);
                (low[l], high[l]) = (Math.Min(low[l], values.Min()), Math.Max(high[l], values.Max()));
            }
        }

        return [.. low.Zip(high, static (from, to) => new InputRange(Wider(from, to), Wider(to, from)))];

        static Rational Wider(double end, double other) => Rational.FromDouble(end + ((end - other) / 16));
    }
}
