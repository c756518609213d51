using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

public sealed class ProverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static KanNetwork Ramp => new([KanLayer.Activation(1, PiecewiseLinearFunction.Relu)]);

    [Theory]
    [InlineData(true, ProofVerdict.Refuted)]
    [InlineData(false, ProofVerdict.Proved)]
    public void A_limit_that_is_reached_decides_between_strict_and_weak(bool mustBeAbove, ProofVerdict expected) =>
        Assert.Equal(expected, Prover.Prove(Ramp, ProofNetworks.AtLeast(ProofNetworks.Box(1), 0, isStrict: mustBeAbove),
            cancellation: Token).Verdict);

    [Fact]
    public void All_conditions_together_can_be_impossible_where_each_is_possible()
    {
        // y0 = x, y1 = -x: y0 <= -1/4 and y1 <= -1/4 exclude each other.
        var network = new KanNetwork([KanLayer.Affine(1, 2, static (q, _) => q == 0 ? 1 : -1)]);
        var quarter = Rational.Create(1, 4);
        var statement =
            new OutputStatement([new ForbiddenCase(ProofNetworks.Box(1),
            [new LinearCondition([1, 0], [], quarter, false), new LinearCondition([0, 1], [], quarter, false)])]);
        var result = Prover.Prove(network, statement, cancellation: Token);
        Assert.Equal(ProofVerdict.Proved, result.Verdict);
        Assert.Equal(1, result.PartCount);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e150)]
    [InlineData(1e-200)]
    public void Numbers_at_the_ends_of_the_doubles_are_not_mistaken(double weight)
    {
        // y = w (w (x - 1)) + w max(x, 0) w is 0 at x = 1 and negative left of it.
        var w = Rational.FromDouble(weight);
        var network =
            new KanNetwork([KanLayer.Affine(1, 1, (_, _) => w, [-w]), KanLayer.Activation(1, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(1, 1, (_, _) => -w, [Rational.Zero])]);
        var box = ImmutableArray.Create(new InputRange(1, 1 + Rational.Create(1, 1024)));
        var isPositive = Prover.Prove(network, ProofNetworks.AtLeast(box, 0), new ProverOptions { PartLimit = 500 }, Token);
        Assert.NotEqual(ProofVerdict.Proved, isPositive.Verdict);
    }

    [Fact]
    public void A_knot_that_is_no_double_is_bounded_all_the_same()
    {
        // max(x - 1/3, 0) - 0 is above -1/1000 and not above 1/1000.
        var third = Rational.Create(1, 3);
        var network = new KanNetwork([KanLayer.Activation(1, PiecewiseLinearFunction.FromSlopes([third], [0, 1], third, 0))]);
        Assert.Equal(ProofVerdict.Proved,
            Prover.Prove(network, ProofNetworks.AtLeast(ProofNetworks.Box(1), Rational.Create(-1, 1000)), cancellation: Token).Verdict);
        Assert.Equal(ProofVerdict.Refuted,
            Prover.Prove(network, ProofNetworks.AtLeast(ProofNetworks.Box(1), Rational.Create(1, 1000)), cancellation: Token).Verdict);
    }

    [Fact]
    public void A_case_without_conditions_happens_at_every_input()
    {
        var statement = new OutputStatement([new ForbiddenCase(ProofNetworks.Box(1), [])]);
        Assert.Equal(ProofVerdict.Refuted, Prover.Prove(Ramp, statement, cancellation: Token).Verdict);
        Assert.Equal(ProofVerdict.Proved, Prover.Prove(Ramp, new OutputStatement([]), cancellation: Token).Verdict);
    }

    [Fact]
    public void Many_inputs_are_decided_by_splitting_nodes()
    {
        // |x_0 + ... + x_39| written as two ramps, which no box of inputs decides.
        var sum = KanLayer.Affine(40, 2, static (q, _) => q == 0 ? 1 : -1);
        var network =
            new KanNetwork([sum, KanLayer.Activation(2, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(2, 2, static (q, p) => q == p ? 1 : -1), KanLayer.Activation(2, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(2, 1, static (_, _) => 1)]);
        var result = Prover.Prove(network, ProofNetworks.AtLeast(ProofNetworks.Box(40), Rational.Create(-1, 10)), cancellation: Token);
        Assert.Equal(ProofVerdict.Proved, result.Verdict);
        Assert.Null(result.Proof!.Check(network, ProofNetworks.AtLeast(ProofNetworks.Box(40), Rational.Create(-1, 10)), Token));
    }

    [Fact]
    public void The_proof_does_not_depend_on_the_number_of_threads()
    {
        var (network, statement) = Hard();
        string[] proofs = [.. Enumerable.Range(1, 2)
            .Select(workers => Text(Prover.Prove(network, statement, new ProverOptions { Workers = workers }, Token).Proof!))];
        Assert.Equal(proofs[0], proofs[1]);
    }

    [Fact]
    public void A_network_of_growing_edges_is_monotone_and_one_of_another_is_not()
    {
        var up = PiecewiseLinearFunction.FromSlopes([Rational.Create(1, 2)], [1, 0], 0, 0);
        KanNetwork Network(Rational slope) =>
            new([new KanLayer(2, 2, [new KanEdge(0, 0, up), new KanEdge(1, 0, PiecewiseLinearFunction.Relu), new KanEdge(0, 1, up)]),
                KanLayer.Activation(2, PiecewiseLinearFunction.Relu), KanLayer.Affine(2, 1, (_, p) => p == 0 ? 1 : slope)]);
        var statement = SlopeStatement.Monotone(ProofNetworks.Box(2), 0, 0, isIncreasing: true);
        var proved = Prover.Prove(Network(1), statement, cancellation: Token);
        Assert.Equal(ProofVerdict.Proved, proved.Verdict);
        Assert.Null(proved.Proof!.Check(Network(1), statement, Token));
        var refuted = Prover.Prove(Network(-2), statement, cancellation: Token);
        Assert.Equal(ProofVerdict.Refuted, refuted.Verdict);
        Assert.True(refuted.Violation!.OtherInputs[0] != refuted.Violation.Inputs[0]
            && refuted.Violation.OtherInputs[1] == refuted.Violation.Inputs[1]);
    }

    [Fact]
    public void Statements_about_other_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Prover.Prove(Ramp, ProofNetworks.AtLeast(ProofNetworks.Box(2), 0), cancellation: Token));
        Assert.Throws<ArgumentException>(() =>
            Prover.Prove(Ramp, new OutputStatement([new ForbiddenCase(ProofNetworks.Box(1), [new LinearCondition([1, 1], [], 0, false)])]),
                cancellation: Token));
        Assert.Throws<ArgumentException>(() => new SlopeStatement(ProofNetworks.Box(1), [new SlopeLimit(0, 1, 0, null)]));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var (network, statement) = Hard();
        Assert.ThrowsAny<OperationCanceledException>(() => Prover.Prove(network, statement, cancellation: stopped.Token));
    }

    [Fact]
    public void A_proof_that_was_changed_is_not_accepted()
    {
        var (network, statement) = Hard();
        var proof = Prover.Prove(network, statement, cancellation: Token).Proof!;
        string text = Text(proof);
        Assert.True(proof.LeafCount > 4);
        Assert.Null(Proof.Read(new StringReader(text)).Check(network, statement, Token));

        string[] lines = text.TrimEnd('\n').Split('\n');
        int firstClaim = Array.FindIndex(lines, static line => line.StartsWith("claim", StringComparison.Ordinal)),
            firstSplit = Array.FindIndex(lines, static line => line.StartsWith("split", StringComparison.Ordinal));
        NotAccepted(lines.Where((_, i) => i != firstClaim));
        NotAccepted(lines.Select((line, i) => i == firstClaim ? "claim 0 0" : line));
        NotAccepted(lines.Select((line, i) => i == firstClaim ? "claim 7 1" : line));
        NotAccepted(lines.Select((line, i) => i == firstSplit ? "split 0 0 0.9990234375" : line));
        NotAccepted(lines.Select((line, i) => i == firstSplit ? "split 40 0 0" : line));

        // A whole proof, of a statement that is not true.
        var other = ProofNetworks.AtLeast(ProofNetworks.Box(2), 1000);
        NotAccepted(lines.Select(line => line.Replace(statement.Hash, other.Hash, StringComparison.Ordinal)), other);
        Assert.NotNull(proof.Check(network, other, Token));
        Assert.NotNull(proof.Check(ProofNetworks.Relu(new Random(78), 2, 1, 2, 8), statement, Token));

        // One leaf only, which would have to do for the whole box.
        NotAccepted([.. lines.Take(3), lines[firstClaim], "leaf"]);
        Assert.Throws<FormatException>(() => Proof.Read(new StringReader(string.Join('\n', lines.Take(lines.Length - 1)))));

        void NotAccepted(IEnumerable<string> changed, OutputStatement? about = null) =>
            Assert.NotNull(Proof.Read(new StringReader(string.Join('\n', changed) + "\n")).Check(network, about ?? statement, Token));
    }

    [Fact]
    public void Conditions_are_combined_in_the_shares_that_exclude_each_other()
    {
        // y0 = x, y1 = -x / 8: y0 <= -1/4 needs x <= -1/4, y1 <= -1/100 needs x >= 2/25. Only about 1 to 8 of them is above 0.
        var network = new KanNetwork([KanLayer.Affine(1, 2, static (q, _) => q == 0 ? 1 : Rational.Create(-1, 8))]);
        var statement =
            new OutputStatement([new ForbiddenCase(ProofNetworks.Box(1),
            [
                new LinearCondition([1, 0], [], Rational.Create(1, 4), false),
                new LinearCondition([0, 1], [], Rational.Create(1, 100), false),
            ])]);
        var result = Prover.Prove(network, statement, cancellation: Token);
        Assert.Equal(ProofVerdict.Proved, result.Verdict);
        Assert.Equal(1, result.PartCount);
        Assert.Null(result.Proof!.Check(network, statement, Token));
    }

    /// <summary>
    /// How far a node is beyond the number that splits it may be taken off, never added: a proof would else show what is not true.
    /// </summary>
    [Fact]
    public void Weights_of_sides_are_accepted_only_as_they_were_proved()
    {
        // 2 max(s, 0) - max(s + 32, 0) + 32 is |s|, for the sum s of 10 inputs. Where s >= 0 it is s, of which a box alone knows only that
        // it is at least -10.
        var network =
            new KanNetwork([KanLayer.Affine(10, 2, static (_, _) => 1, [0, 32]), KanLayer.Activation(2, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(2, 1, static (_, p) => p == 0 ? 2 : -1, [32])]);
        var statement = ProofNetworks.AtLeast(ProofNetworks.Box(10), Rational.Create(-1, 100));
        var found = Prover.Prove(network, statement, cancellation: Token);
        Assert.Equal(ProofVerdict.Proved, found.Verdict);
        Assert.True(found.PartCount <= 7);
        string[] head = [.. Text(found.Proof!).Split('\n').Take(3)];
        Assert.Null(Check("claim 0 1 1", "claim 0 1 1"));

        // Too small, too great, negative, one too many, none, not finite; and nothing but a side, as if no input were left.
        foreach (string claim in (string[])["1 0.5", "1 2", "1 -1", "1 1,0", "1", "1 Infinity", "1 NaN", "0 1", "0 0"])
        {
            Assert.NotNull(Check("claim 0 1 1", "claim 0 " + claim));
            Assert.NotNull(Check("claim 0 " + claim, "claim 0 1 1"));
        }

        string? Check(string below, string above) =>
            Proof.Read(new StringReader(string.Join('\n', (string[])[.. head, "split 1 0 0", below, "leaf", above, "leaf", ""])))
                .Check(network, statement, Token);
    }

    [Fact]
    public void Proofs_about_boxes_are_joined_to_one_of_all_of_them()
    {
        var (network, statement) = Hard();
        var half = new InputRange(-1, 0);
        var other = ProofNetworks.AtLeast([half, half], statement.Cases[0].Conditions[0].Constant * -1 - 1);
        var parts = new[] { statement, other }.Select(part => (part, Prover.Prove(network, part, cancellation: Token).Proof!)).ToArray();
        var all = new OutputStatement([.. statement.Cases, .. other.Cases]);
        var joined = Proof.Read(new StringReader(Text(Proof.Join(parts))));
        Assert.Null(joined.Check(network, all, Token));
        Assert.NotNull(joined.Check(network, statement, Token));
        Assert.Equal(parts.Sum(static part => part.Item2.LeafCount), joined.LeafCount);
        Assert.Throws<ArgumentException>(() => Proof.Join([parts[0], parts[0]]));
        Assert.Throws<ArgumentException>(() => Proof.Join([(statement, parts[1].Item2)]));

        // A claim about a case of another box settles nothing here.
        string moved = Text(Proof.Join(parts)).Replace("claim 1 ", "claim 0 ", StringComparison.Ordinal);
        Assert.NotNull(Proof.Read(new StringReader(moved)).Check(network, all, Token));
    }

    /// <summary>A statement close enough to the least value to take some splits.</summary>
    private static (KanNetwork Network, OutputStatement Statement) Hard()
    {
        for (int seed = 77; ; seed++)
        {
            var network = ProofNetworks.Relu(new Random(seed), 2, 1, 2, 8);
            Rational least = 1000;
            for (int i = -16; i <= 16; i++)
            {
                for (int j = -16; j <= 16; j++)
                    least = Rational.Min(least, network.Evaluate([Rational.Create(i, 16), Rational.Create(j, 16)])[0]);
            }

            var statement = ProofNetworks.AtLeast(ProofNetworks.Box(2), least - Rational.Create(1, 16));
            if (Prover.Prove(network, statement, new ProverOptions { PartLimit = 10_000 }, Token).Proof is { LeafCount: > 8 })
                return (network, statement);
        }
    }

    private static string Text(Proof proof)
    {
        using var writer = new StringWriter();
        proof.Write(writer);
        return writer.ToString();
    }
}
