using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Takes terms out of a layer one after the other, each time those that save most for what they cost, where the numbers of the others
/// make up for them as far as samples can tell.
/// </summary>
internal sealed class LayerElimination
{
    // Whole inputs are tried once they have few terms: their cost takes a small system.
    private const int MostTogether = 12;

    private readonly KanLayer _layer;
    private readonly TermBlock[] _blocks;
    private readonly BlockSystem[] _systems;
    private readonly double[] _importance, _means;
    private readonly Func<int, double> _savedByInput;
    private readonly SimplificationGoal _goal;

    /// <summary>Prepares a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="blocks">Its terms.</param>
    /// <param name="inputs">By sample the values that its inputs have.</param>
    /// <param name="targets">By sample the values that its outputs should have.</param>
    /// <param name="importance">What a squared error of each output counts for.</param>
    /// <param name="goal">What is kept small.</param>
    /// <param name="savedByInput">What it saves elsewhere that an input is no longer read.</param>
    public LayerElimination(
        KanLayer layer, TermBlock[] blocks, double[][] inputs, double[][] targets, double[] importance,
        SimplificationGoal goal, Func<int, double> savedByInput)
    {
        (_layer, _blocks, _importance, _goal, _savedByInput) = (layer, blocks, importance, goal, savedByInput);
        _means = [.. Enumerable.Range(0, layer.OutputCount).Select(q => targets.Average(row => row[q]))];
        _systems = [.. blocks.Select(block => new BlockSystem(block, inputs, targets, _means))];
    }

    /// <summary>What is taken out in turn, and what each step costs for what it saves, never less than the step before.</summary>
    /// <param name="Steps">Blocks, terms, rates, and what is lost by each.</param>
    public sealed record Path(IReadOnlyList<(int Block, int[] Terms, double Rate, double Cost)> Steps)
    {
        /// <summary>The steps up to a rate.</summary>
        public IEnumerable<(int Block, int[] Terms, double Rate, double Cost)> Until(double rate) =>
            Steps.TakeWhile(step => step.Rate <= rate);
    }

    /// <summary>
    /// Takes terms out while a step costs at most a rate for a number that it saves; gives the layer, by block the numbers of terms, and
    /// what was lost.
    /// </summary>
    public (KanLayer Layer, double[][,] Weights, double Cost) Run(double rate, CancellationToken cancellation)
    {
        SolvedBlock[] systems = [.. _systems.Select(static system => system.Solve())];
        double cost = Walk(systems, rate, cancellation).Sum(static step => step.Cost);
        var (layer, weights) = Build([.. systems.Select(static system => system.Weights)]);
        return (layer, weights, cost);
    }

    /// <summary>All steps, until nothing is left.</summary>
    public Path Steps(CancellationToken cancellation) =>
        new(Walk([.. _systems.Select(static system => system.Solve())], double.PositiveInfinity, cancellation));

    /// <summary>The layer after the steps up to a rate.</summary>
    public (KanLayer Layer, double[][,] Weights, double Cost) After(Path path, double rate)
    {
        var left = _systems.Select(static system => Enumerable.Repeat(true, system.Count).ToArray()).ToArray();
        double cost = 0;
        foreach (var (block, terms, _, own) in path.Until(rate))
        {
            cost += own;
            foreach (int term in terms) left[block][term] = false;
        }

        var (layer, weights) = Build([.. _systems.Select((system, b) =>
            system.WeightsOf([.. Enumerable.Range(0, system.Count).Where(term => left[b][term])]))]);
        return (layer, weights, cost);
    }

    private (KanLayer Layer, double[][,] Weights) Build(double[][,] weights)
    {
        var edges = new List<KanEdge>();
        var biases = Array.ConvertAll(_means, Rational.FromDouble);
        for (int b = 0; b < weights.Length; b++)
        {
            var (block, own, system) = (_blocks[b], weights[b], _systems[b]);
            edges.AddRange(block.Edges(own));
            for (int q = 0; q < block.Outputs.Length; q++)
            {
                double sum = 0;
                for (int term = 0; term < system.Count; term++) sum += own[term, q] * system.Means[term];
                if (double.IsFinite(sum)) biases[block.Outputs[q]] -= Rational.FromDouble(sum);
            }
        }

        return (new KanLayer(_layer.InputCount, _layer.OutputCount, edges, [.. biases]), weights);
    }

    private List<(int Block, int[] Terms, double Rate, double Cost)> Walk(
        SolvedBlock[] systems, double most, CancellationToken cancellation)
    {
        var steps = new List<(int, int[], double, double)>();
        var groups = _blocks.Select(block => Groups(block).ToList()).ToArray();
        var found = systems.Select((system, b) => BestOf(b, system, groups[b])).ToArray();
        double reached = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int at = -1;
            for (int b = 0; b < found.Length; b++)
            {
                if (found[b] is { } own && (at < 0 || own.Rate < found[at]!.Value.Rate)) at = b;
            }

            if (at < 0 || found[at]!.Value.Rate > most) return steps;
            var (group, terms, rate, cost) = found[at]!.Value;
            systems[at].Take(terms);
            group.Terms = [.. group.Terms.Except(terms)];
            if (group.Terms.Length == 0) groups[at].Remove(group);
            reached = Math.Max(reached, rate);
            steps.Add((at, terms, reached, cost));
            found[at] = BestOf(at, systems[at], groups[at]);
        }
    }

    /// <summary>The step that costs least for what it saves.</summary>
    private (Group Group, int[] Terms, double Rate, double Cost)? BestOf(int b, SolvedBlock system, List<Group> groups)
    {
        (Group, int[], double, double)? best = null;
        double least = double.PositiveInfinity;
        double[] importance = [.. _blocks[b].Outputs.Select(output => _importance[output])];
        foreach (var group in groups)
        {
            if (group.Terms.Length <= MostTogether) Try(group.Terms, Numbers(b, group.Terms.Length) + _savedByInput(group.Input));
            if (group.Terms.Length == 1) continue;
            double saved = Numbers(b, group.Terms.Length) - Numbers(b, group.Terms.Length - 1);
            foreach (int term in group.Terms)
            {
                if (_blocks[b].Terms[term].IsBend) Try([term], saved);
            }

            void Try(int[] terms, double numbers)
            {
                double cost = system.CostOf(terms, importance), rate = cost / numbers;
                if (rate < least) (best, least) = ((group, terms, rate, cost), rate);
            }
        }

        return best;
    }

    /// <summary>The numbers that the edges of an input take, of as many terms: as <see cref="EdgeChoices"/> counts them.</summary>
    private double Numbers(int b, int terms)
    {
        int outputs = _blocks[b].Outputs.Length, segments = _blocks[b].Terms.Any(static term => term.IsBend) ? terms : 1;
        if (_goal == SimplificationGoal.Segments) return outputs * segments;
        return segments == 1 ? outputs : segments - 1 + (2.0 * segments * outputs);
    }

    private static IEnumerable<Group> Groups(TermBlock block) => Enumerable.Range(0, block.Terms.Length)
        .GroupBy(t => block.Terms[t].Input).Select(static terms => new Group(terms.Key, [.. terms]));

    /// <summary>The terms of an input that are left.</summary>
    private sealed class Group(int input, int[] terms)
    {
        public int Input => input;

        public int[] Terms { get; set; } = terms;
    }
}
