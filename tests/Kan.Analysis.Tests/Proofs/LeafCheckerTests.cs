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
}
