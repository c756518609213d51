using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using CsCheck;
using Kan.Analysis.Tests.Support;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Cells;

/// <summary>The search across facets, whose linear programs are solved in doubles and checked, against counts and cells from elsewhere.</summary>
public sealed class CellSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Hyperplanes in general position cut the space into the sum of the binomial coefficients of their number.</summary>
    [Theory]
    [InlineData(2, 20, 211)]
    [InlineData(3, 16, 697)]
    [InlineData(4, 10, 386)]
    [InlineData(5, 8, 219)]
    [InlineData(6, 7, 127)]
    public void Hyperplanes_in_general_position_have_the_known_number_of_cells(int inputs, int units, int expected)
    {
        Assert.Equal(expected, Enumerable.Range(0, inputs + 1).Sum(k => Binomial(units, k)));
        var random = new Random(inputs);
        var network = new KanNetwork([KanLayer.Affine(inputs, units, (_, _) => random.Next(-9999, 10000), [.. Draw(units, random)]),
            KanLayer.Activation(units, PiecewiseLinearFunction.Relu)]);

        // Far enough out for every corner of the arrangement to be inside.
        var box = Enumerable.Repeat(new InputRange(-(Rational)BigInteger.Pow(10, 9), BigInteger.Pow(10, 9)), inputs).ToArray();
        var found = CellEnumeration.AcrossFacets(network, box, 10_000, Token);
        Assert.Equal(expected, found.Cells.Length);
        Assert.Equal(expected, found.Cells.Select(static cell => Checks.Text(cell.Segments)).Distinct().Count());

        // Each hyperplane is cut by the others as hyperplanes of one dimension less are.
        Assert.Equal(units * Enumerable.Range(0, inputs).Sum(k => Binomial(units - 1, k)), found.InteriorFacetCount);
    }

    [Fact]
    public void All_combinations_of_segments_tried_one_by_one_give_the_same_cells()
    {
        int most = 0;
        Gen.Int[2, 3].SelectMany(static inputs => Gen.Select(Generators.Layer(inputs, 3), Generators.Layer(3, 2), Generators.Layer(2, 1)))
            .Sample(
            (first, second, third) =>
            {
                var network = new KanNetwork([first, second, third]);
                if (RegionBounds.Of(network).Least > 2_000) return;
                var box = Enumerable.Repeat(new InputRange(-3, 2), network.InputCount).ToArray();
                var found = CellEnumeration.AcrossFacets(network, box, 10_000, Token);
                AreEqual(SignPatterns.Of(network, box), found);
                most = Math.Max(most, found.Cells.Length);
            },
            iter: 120, threads: 1);
        Assert.True(most > 20, $"the largest network has {most} cells");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Units_on_units_are_found_like_all_their_patterns(int inputs)
    {
        // Small numbers: many hyperplanes meet in one point, and many units are never active.
        var random = new Random(100 + inputs);
        for (int i = 0; i < 20; i++)
        {
            var network = new KanNetwork(
            [
                KanLayer.Affine(inputs, 4, (_, _) => random.Next(-2, 3), [.. Draw(4, random, 2)]),
                KanLayer.Activation(4, PiecewiseLinearFunction.Relu),
                KanLayer.Affine(4, 3, (_, _) => random.Next(-2, 3), [.. Draw(3, random, 2)]),
                KanLayer.Activation(3, PiecewiseLinearFunction.Relu),
                KanLayer.Affine(3, 1, (_, _) => random.Next(-2, 3)),
            ]);
            var box = Enumerable.Repeat(new InputRange(-2, 3), inputs).ToArray();
            AreEqual(SignPatterns.Of(network, box), CellEnumeration.AcrossFacets(network, box, 10_000, Token));
        }
    }

    [Fact]
    public void The_plane_and_the_facets_give_the_same_with_two_inputs()
    {
        SampleNetworks.Planar.Sample(
            static network =>
            {
                InputRange[] box = [new(-3, 3), new(-3, 3)];
                CellEnumeration planar = CellEnumeration.Of(network, box), across = CellEnumeration.AcrossFacets(network, box, 400, default);
                if (!across.IsComplete) return;
                Assert.Equal(Described(across), Described(planar));
                Assert.Equal(across.InteriorFacetCount, planar.InteriorFacetCount);
            },
            iter: 60);

        static HashSet<(string, AffineMap, int)> Described(CellEnumeration cells) =>
            [.. cells.Cells.Select(static cell => (Checks.Text(cell.Segments), cell.Map, cell.FacetCount))];
    }

    [Fact]
    public void Doubles_decide_nearly_everything_and_long_numbers_nothing_less()
    {
        var random = new Random(3);
        CellProgram? program = null;
        var plain = Network();
        var box = Enumerable.Repeat(new InputRange(-1, 1), 3).ToArray();
        var found = CellEnumeration.AcrossFacets(plain, box, 10_000, Token, own => program = own);
        Assert.True(program!.ExactProgramCount * 50 <= program.ProgramCount,
            $"{program.ExactProgramCount} of {program.ProgramCount} linear programs were solved in rationals");

        // The same network in other units: its numbers are beyond what a double holds, so that only rationals can decide.
        var unit = (Rational)BigInteger.Pow(10, 320);
        var far = Network();
        far = new KanNetwork([KanLayer.Affine(3, 3, (q, p) => q == p ? Rational.One / unit : 0), .. far.Layers]);
        var farBox = Array.ConvertAll(box, range => new InputRange(range.Low * unit, range.High * unit));
        var exact = CellEnumeration.AcrossFacets(far, farBox, 10_000, Token, own => program = own);
        Assert.True(program.ExactProgramCount > 0);
        Assert.Equal((found.Cells.Length, found.InteriorFacetCount), (exact.Cells.Length, exact.InteriorFacetCount));

        KanNetwork Network()
        {
            random = new Random(3);
            return new KanNetwork([KanLayer.Affine(3, 5, (_, _) => Rational.Create(random.Next(-9, 10), 4), [.. Draw(5, random, 2)]),
                KanLayer.Activation(5, PiecewiseLinearFunction.Relu), KanLayer.Affine(5, 1, (_, _) => random.Next(-9, 10)),
                KanLayer.Activation(1, PiecewiseLinearFunction.Relu)]);
        }
    }

    private static void AreEqual(Dictionary<string, Rational[][]> expected, CellEnumeration found)
    {
        Assert.True(found.IsComplete);
        Assert.Equal(expected.Keys.ToHashSet(), found.Cells.Select(static cell => Checks.Text(cell.Segments)).ToHashSet());
        Assert.Equal(expected.Count, found.Cells.Length);
        foreach (var cell in found.Cells)
        {
            var rows = expected[Checks.Text(cell.Segments)];
            for (int q = 0; q < rows.Length; q++)
            {
                Assert.Equal(rows[q][^1], cell.Map.Constants[q]);
                for (int p = 0; p < cell.Map.InputCount; p++) Assert.Equal(rows[q][p], cell.Map[q, p]);
            }
        }
    }

    private static IEnumerable<Rational> Draw(int count, Random random, int size = 9999) =>
        Enumerable.Range(0, count).Select(_ => (Rational)random.Next(-size, size + 1));

    private static int Binomial(int n, int k) => k == 0 ? 1 : Binomial(n, k - 1) * (n - k + 1) / k;
}
