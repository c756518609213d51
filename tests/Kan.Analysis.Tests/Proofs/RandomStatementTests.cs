using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>
/// Networks with a statement that is true by construction, or false at a known point: no answer may be wrong, and few may be missing. The
/// variable KAN_PROOF_NETWORKS takes another number of networks.
/// </summary>
public sealed class RandomStatementTests
{
    private static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("KAN_PROOF_NETWORKS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 300;

    [Fact]
    public void Random_statements_are_decided_and_never_wrongly()
    {
        int undecided = 0;
        for (int seed = 0; seed < s_count; seed++)
        {
            var (network, statement, holds) = Question(new Random(seed));
            var result = Prover.Prove(network, statement, new ProverOptions { TimeLimit = TimeSpan.FromSeconds(5), Workers = 1 },
                TestContext.Current.CancellationToken);
            if (result.Verdict == ProofVerdict.Undecided) undecided++;
            else Assert.True(holds == (result.Verdict == ProofVerdict.Proved),
                $"Seed {seed} is {result.Verdict}, but the statement is {(holds ? "true" : "false")}.");
            if (result.Violation is { } violation)
            {
                Assert.Equal(network.Evaluate(violation.Inputs), violation.Outputs);
                Assert.True(statement.IsViolated(violation));
            }

            if (result.Proof is { } proof && seed % 10 == 0)
                Assert.Null(proof.Check(network, statement, TestContext.Current.CancellationToken));
        }

        Assert.True(undecided * 50 <= s_count, $"{undecided} of {s_count} are undecided.");
    }

    /// <summary>Conditions on outputs and inputs together: bounds of nodes alone say nothing about them.</summary>
    [Fact]
    public void Random_statements_about_inputs_and_outputs_are_decided_and_never_wrongly()
    {
        int undecided = 0, proved = 0;
        for (int seed = 0; seed < s_count; seed++)
        {
            var random = new Random(seed);
            int inputs = random.Next(1, 4);
            var (box, network, limit) = (ProofNetworks.Box(inputs), ProofNetworks.Random(random, inputs), ProofNetworks.Number(random));
            ImmutableArray<Rational> weights = [.. Enumerable.Range(0, inputs).Select(_ => ProofNetworks.Number(random))];
            bool holds = random.Next(2) == 0;
            Rational constant;
            if (holds)
            {
                // max(z, m) + w x is at least m less the sum of |w|.
                network = network.Then(PiecewiseLinearFunction.FromSlopes([limit], [0, 1], limit, limit));
                constant = weights.Aggregate(Rational.Create(1, 100) - limit, static (sum, weight) => sum + Rational.Abs(weight));
            }
            else
            {
                // At the lowest of some samples the sum is its own value.
                constant = -Enumerable.Range(0, 50).Select(_ => Sample(random, inputs))
                    .Min(x => weights.Zip(x).Aggregate(network.Evaluate(x)[0], static (sum, pair) => sum + (pair.First * pair.Second)));
            }

            var statement = new OutputStatement([new ForbiddenCase(box, [new LinearCondition([1], weights, constant, IsStrict: false)])]);
            var result = Prover.Prove(network, statement, new ProverOptions { TimeLimit = TimeSpan.FromSeconds(5), Workers = 1 },
                TestContext.Current.CancellationToken);
            if (result.Verdict == ProofVerdict.Undecided) undecided++;
            else Assert.True(holds == (result.Verdict == ProofVerdict.Proved),
                $"Seed {seed} is {result.Verdict}, but the statement is {(holds ? "true" : "false")}.");
            if (result.Proof is not { } proof) continue;
            proved++;
            Assert.Null(proof.Check(network, statement, TestContext.Current.CancellationToken));
        }

        Assert.True(undecided * 50 <= s_count, $"{undecided} of {s_count} are undecided.");
        Assert.InRange(proved, s_count / 4, s_count);
    }

    private static (KanNetwork Network, OutputStatement Statement, bool Holds) Question(Random random)
    {
        int inputs = random.Next(1, 4);
        var box = ProofNetworks.Box(inputs);
        var network = ProofNetworks.Random(random, inputs);
        var limit = ProofNetworks.Number(random);
        switch (random.Next(4))
        {
            case 0:
                // max(z, m) is never below m, and reaches it.
                return (network.Then(PiecewiseLinearFunction.FromSlopes([limit], [0, 1], limit, limit)), ProofNetworks.AtLeast(box, limit),
                    true);
            case 1:
                // |z| + m is above m - 1/100.
                return (network.Then(PiecewiseLinearFunction.FromSlopes([0], [-1, 1], 0, limit)),
                    ProofNetworks.AtLeast(box, limit - Rational.Create(1, 100), isStrict: true), true);
            case 2:
                // A sample is not above its own value.
                return (network, ProofNetworks.AtLeast(box, network.Evaluate(Sample(random, inputs))[0], isStrict: true), false);
            default:
                // A sample is not at or above a number just above its value.
                return (network, ProofNetworks.AtLeast(box, network.Evaluate(Sample(random, inputs))[0] + Rational.Create(1, 1000)), false);
        }
    }

    private static ImmutableArray<Rational> Sample(Random random, int inputs) =>
        [.. Enumerable.Range(0, inputs).Select(_ => Rational.Create(random.Next(-1024, 1025), 1024))];

    [Fact]
    public void The_least_value_of_functions_of_one_input_separates_what_holds_from_what_does_not()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(1000 + seed);
            var network = ProofNetworks.Random(random, 1);
            var function = Equivalent(network);
            var least = function.RangeOn(-1, 1).Least;
            var step = Rational.Create(1, 10_000);
            Assert.NotEqual(ProofVerdict.Refuted, Verdict(network, least));
            Assert.Equal(ProofVerdict.Proved, Verdict(network, least - step));
            Assert.Equal(ProofVerdict.Refuted, Verdict(network, least + step));
        }

        static ProofVerdict Verdict(KanNetwork network, Rational bound) =>
            Prover.Prove(network, ProofNetworks.AtLeast(ProofNetworks.Box(1), bound),
                new ProverOptions { TimeLimit = TimeSpan.FromSeconds(5), PartLimit = 3000 }, TestContext.Current.CancellationToken).Verdict;
    }

    /// <summary>The function of a network of one input and one output.</summary>
    private static PiecewiseLinearFunction Equivalent(KanNetwork network)
    {
        PiecewiseLinearFunction[] nodes = [PiecewiseLinearFunction.Identity];
        foreach (var layer in network.Layers)
        {
            nodes = [.. Enumerable.Range(0, layer.OutputCount).Select(q => PiecewiseLinearFunction.Sum(
                layer.Edges.Where(edge => edge.Output == q).Select(edge => edge.Function.Compose(nodes[edge.Input]))
                .Append(PiecewiseLinearFunction.Constant(layer.Biases[q]))))];
        }

        return nodes[0];
    }

    [Fact]
    public void Slopes_of_random_networks_are_bounded_by_what_the_exact_function_has()
    {
        // Undecided where several nodes bend at one input: their slopes are then bounded apart.
        int undecided = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var network = ProofNetworks.Random(new Random(2000 + seed), 1);
            var function = Equivalent(network).RestrictTo(-1, 1);
            Rational least = function.Slopes.Min(), greatest = function.Slopes.Max(), step = Rational.Create(1, 100);
            undecided += Verdict(least - step, greatest + step) switch { ProofVerdict.Proved => 0, ProofVerdict.Undecided => 1, _ => 1000 };
            Assert.Equal(ProofVerdict.Refuted, Verdict(least + step, greatest + step));
            Assert.Equal(ProofVerdict.Refuted, Verdict(least - step, greatest - step));

            ProofVerdict Verdict(Rational low, Rational high) => Prover.Prove(
                network, new SlopeStatement(ProofNetworks.Box(1), [new SlopeLimit(0, 0, low, high)]),
                new ProverOptions { TimeLimit = TimeSpan.FromSeconds(5), PartLimit = 3000 }, TestContext.Current.CancellationToken).Verdict;
        }

        Assert.True(undecided <= 4, $"{undecided} are not proved.");
    }
}
