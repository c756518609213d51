using System.Collections.Immutable;
using Kan.Analysis.Proofs;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>Claims that nobody made, put to the checker of proofs.</summary>
public sealed class LeafCheckerTests
{
    /// <summary>
    /// y = max(x, 0) + 1 less 2 x is 1 - x on [0, 3], from 1 to -2: y alone is at least 1, but the claim is about the difference.
    /// </summary>
    [Theory]
    [InlineData(-3, false)]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_claim_about_inputs_and_outputs_is_checked_with_both(int ofInput, bool holds)
    {
        KanLayer identity = KanLayer.Affine(1, 1, static (_, _) => 1), plusOne = KanLayer.Affine(1, 1, static (_, _) => 1, [1]);
        var network = new KanNetwork([identity, KanLayer.Activation(1, PiecewiseLinearFunction.Relu), plusOne]);
        var forbidden = new ForbiddenCase([new InputRange(0, 3)], [new LinearCondition([1], [ofInput], 0, IsStrict: false)]);
        var checker = new LeafChecker(network, [forbidden], TestContext.Current.CancellationToken);
        Assert.Equal([holds], checker.Check([0], [3], [], null, [new ProofClaim(0, [1], [])]));
    }

    /// <summary>
    /// The least numbers of a double are 4.9e-324 apart: y = 1.4 of that times x, with the slope as a weight or as that of a curve, is
    /// above 1.1 times what it rounds to, so no claim that it stays below may be accepted.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 1_000_000_000)]
    [InlineData(false, 1_000_000_000)]
    public void Numbers_too_small_for_a_double_are_not_taken_for_what_they_become(bool isWeight, int multiple)
    {
        Rational smallest = Rational.FromDouble(double.Epsilon), slope = smallest * Rational.Create(14, 10);
        KanLayer layer = isWeight ? KanLayer.Affine(1, 1, (_, _) => slope)
            : KanLayer.Activation(1, PiecewiseLinearFunction.FromSlopes([-1], [0, slope], 0, 0));

        // Forbidden: y at or above the product of the rounded slope and the input, and a little more.
        var limit = smallest * multiple * Rational.Create(11, 10);
        var forbidden = new ForbiddenCase([new InputRange(multiple, multiple)], [new LinearCondition([-1], [], limit, IsStrict: false)]);
        var checker = new LeafChecker(new KanNetwork([layer]), [forbidden], TestContext.Current.CancellationToken);
        Assert.Equal([false], checker.Check([multiple], [multiple], [], null, [new ProofClaim(0, [1], [])]));
    }
}
