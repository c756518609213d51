using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Model;

public sealed class ContentHashTests
{
    [Fact]
    public void The_hash_of_a_network_stays_the_same_from_version_to_version() =>
        Assert.Equal("e2c2adeb1249242ec53dffa788626be10b1fa786c7c22db8ad61c1ac0f46a639", ContentHash.Compute(Example()));

    [Fact]
    public void Equal_networks_have_equal_hashes_however_they_were_declared()
    {
        var byKnots = new GridDescription(1, [[-1, 0, 1]], [0, 0, 1], []);
        var byEdge = new EdgesDescription(1, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.Relu)], [Rational.Zero]);
        var activation = new ActivationDescription(1, [PiecewiseLinearFunction.FromSlopes([-5, 0], [0, 0, 1], 3, 3)]);
        Assert.Single(((LayerDescription[])[byKnots, byEdge, activation])
            .Select(static layer => ContentHash.Compute(new KanNetwork([layer.ToLayer()]))).Distinct());
    }

    [Fact]
    public void Any_change_of_a_number_or_a_shape_changes_the_hash()
    {
        var hashes = new HashSet<string> { ContentHash.Compute(Example()) };
        var third = Rational.Create(1, 3);
        Assert.True(hashes.Add(ContentHash.Compute(Example(slope: 3))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(slope: 2 + third))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(breakpoint: 4))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(anchor: -1))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(bias: 1))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(output: 1))));
        Assert.True(hashes.Add(ContentHash.Compute(Example(outputs: 3))));
        Assert.True(
            hashes.Add(ContentHash.Compute(
                new KanNetwork([.. Example().Layers, KanLayer.Activation(2, PiecewiseLinearFunction.Identity)]))));
    }

    [Fact]
    public void Hashes_are_64_lower_case_digits() => Generators.Network.Sample(
        static network => Assert.Matches("^[0-9a-f]{64}$", ContentHash.Compute(network)), iter: 20);

    private static KanNetwork Example(int outputs = 2, int output = 0, Rational? breakpoint = null, Rational? slope = null,
        Rational? anchor = null, Rational? bias = null)
    {
        var function = PiecewiseLinearFunction.FromSlopes([breakpoint ?? 1], [Rational.Create(-1, 2), slope ?? 2], breakpoint ?? 1,
            anchor ?? 0);
        return new KanNetwork(
            [new KanLayer(1, outputs, [new KanEdge(0, output, function)], [bias ?? 0, .. Enumerable.Repeat(Rational.Zero, outputs - 1)])]);
    }
}
