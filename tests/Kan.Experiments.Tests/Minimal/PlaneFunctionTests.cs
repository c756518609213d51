using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;
using Kan.Experiments.Minimal;
using Xunit;

namespace Kan.Experiments.Tests.Minimal;

/// <summary>The functions of two variables, and all that excludes small networks, against the formulas themselves.</summary>
public sealed class PlaneFunctionTests
{
    private static readonly Dictionary<string, Func<Rational, Rational, Rational>> s_formulas = new()
    {
        ["max(x, y)"] = Rational.Max,
        ["|x + y|"] = static (x, y) => Rational.Abs(x + y),
        ["|x| + |y|"] = static (x, y) => Rational.Abs(x) + Rational.Abs(y),
        ["max(|x|, |y|)"] = static (x, y) => Rational.Max(Rational.Abs(x), Rational.Abs(y)),
        ["max(0, x, y)"] = static (x, y) => new[] { 0, x, y }.Max(),
        ["min(max(x, 0), max(y, 0))"] = static (x, y) => Rational.Min(Rational.Max(x, 0), Rational.Max(y, 0)),
        ["max(0, 2 x + y, x + 2 y)"] = static (x, y) => new[] { 0, (2 * x) + y, x + (2 * y) }.Max(),
        ["median(0, x, y)"] = static (x, y) => new[] { 0, x, y }.Order().ElementAt(1),
        ["||x| - |y||"] = static (x, y) => Rational.Abs(Rational.Abs(x) - Rational.Abs(y)),
        ["min(|x|, |y|)"] = static (x, y) => Rational.Min(Rational.Abs(x), Rational.Abs(y)),
        ["|x| + |y| + |x + y|"] = static (x, y) => Rational.Abs(x) + Rational.Abs(y) + Rational.Abs(x + y),
        ["|x| + |y| + |x + y| + |x - y|"] = static (x, y) => Rational.Abs(x) + Rational.Abs(y) + Rational.Abs(x + y) + Rational.Abs(x - y),
        ["max(0, 1 - |x| - |y|)"] = static (x, y) => Rational.Max(0, 1 - Rational.Abs(x) - Rational.Abs(y)),
        ["max(0, min(x, 2 - x, y, 2 - y))"] = static (x, y) => Rational.Max(0, new[] { x, 2 - x, y, 2 - y }.Min()),
    };

    public static TheoryData<int> Functions => [.. Enumerable.Range(0, PlaneFunction.All.Count)];

    [Fact]
    public void There_is_a_formula_for_each_function() => Assert.Equal(s_formulas.Keys, PlaneFunction.All.Select(NameOf));

    [Theory]
    [MemberData(nameof(Functions))]
    public void Networks_are_the_formula(int index)
    {
        var result = PlaneResult.Of(PlaneFunction.All[index]);
        var function = result.Function;
        KanNetwork[] networks = [function.Definition.ToKan(), function.Units.ToKan(), function.FewestNodes, function.FewestBends,
            result.Built];
        foreach (var point in Grid(4, Rational.Zero))
        {
            var expected = FormulaOf(index)(point.X, point.Y);
            foreach (var network in networks) Assert.Equal(expected, network.Evaluate([point.X, point.Y])[0]);
            if (result.PlainHiddenLayer is { } plain) Assert.Equal(expected, plain.Evaluate([point.X, point.Y])[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_formula_bends_along_each_line(int index)
    {
        var bends = PlaneResult.Of(PlaneFunction.All[index]).Bends;
        foreach (var line in bends.Lines)
        {
            for (int i = 0; i < line.Jumps.Count; i++)
                Assert.Equal(line.Jumps[i], JumpAt(FormulaOf(index), line.Line, line.PointIn(i, bends.Lines)));
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Obstacles_hold_for_the_formula(int index)
    {
        var formula = FormulaOf(index);
        var result = PlaneResult.Of(PlaneFunction.All[index]);
        if (result.HiddenLayerObstacle is { } jump)
        {
            Assert.True(jump.Line.At(jump.First).IsZero && jump.Line.At(jump.Second).IsZero);
            Assert.NotEqual(JumpAt(formula, jump.Line, jump.First), JumpAt(formula, jump.Line, jump.Second));
        }

        if (result.NodeObstacle is not { } node) return;
        var points = node.Points.Select(point => (point.X, point.Y, Gradient: GradientAt(formula, point.X, point.Y))).ToList();
        Assert.All(points, static point => Assert.False(point.Gradient.ByX.IsZero && point.Gradient.ByY.IsZero));
        if (points is [var p, var q])
        {
            // The slope of one inner edge would have to be 0 and not 0.
            bool byX = p.X == q.X && p.Gradient.ByX.IsZero != q.Gradient.ByX.IsZero,
                byY = p.Y == q.Y && p.Gradient.ByY.IsZero != q.Gradient.ByY.IsZero;
            Assert.True(byX || byY);
            return;
        }

        Assert.Equal(4, points.Count);
        Assert.Equal([(points[0].X, points[1].Y), (points[1].X, points[0].Y)], points.Skip(2).Select(static point => (point.X, point.Y)));
        Rational[] ratios = [.. points.Select(static point => point.Gradient.ByX / point.Gradient.ByY)];
        Assert.DoesNotContain(Rational.Zero, ratios);
        Assert.NotEqual(ratios[0] * ratios[1], ratios[2] * ratios[3]);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_formula_has_as_many_regions(int index)
    {
        // Points of a grid off all bends, joined to the next where the formula has one gradient at both and is a line between them.
        var formula = FormulaOf(index);
        const int Size = 64, Parts = 8;
        var points = Grid(Size / 8, Rational.Create(1, 29)).ToArray();
        var gradients = Array.ConvertAll(points, point => GradientAt(formula, point.X, point.Y));
        int[] groups = [.. Enumerable.Range(0, points.Length)];
        int count = points.Length;
        for (int i = 0; i < points.Length; i++)
        {
            if (i % Size < Size - 1) Join(i, i + 1);
            if (i / Size < Size - 1) Join(i, i + Size);
        }

        Assert.Equal(PlaneResult.Of(PlaneFunction.All[index]).Bends.RegionCount, count);

        void Join(int i, int j)
        {
            if (gradients[i] != gradients[j] || GroupOf(i) == GroupOf(j)) return;
            PlanePoint a = points[i], b = points[j];
            for (int part = 1; part < Parts; part++)
            {
                Rational dx = (b.X - a.X) * part / Parts, dy = (b.Y - a.Y) * part / Parts;
                if (formula(a.X + dx, a.Y + dy) != formula(a.X, a.Y) + (gradients[i].ByX * dx) + (gradients[i].ByY * dy)) return;
            }

            groups[GroupOf(i)] = GroupOf(j);
            count--;
        }

        int GroupOf(int i)
        {
            while (groups[i] != i) i = groups[i] = groups[groups[i]];
            return i;
        }
    }

    [Fact]
    public void What_is_claimed_exact_is_exact()
    {
        var results = PlaneFunction.All.Select(PlaneResult.Of).ToList();
        Assert.Equal([1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3], results.Select(static result => result.Units.High));
        Assert.Equal([2, 1, 0, 2, 2, 2, 2, 2, 1, 2, 2, 2, 1, 2], results.Select(static result => result.Nodes.High));
        Assert.Equal([1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 6], results.Select(static result => result.TwoLayerBends.High));
        Assert.All(results, static result => Assert.True(result.Units.IsExact && result.Nodes.IsExact && result.TwoLayerBends.IsExact));
    }

    private static string NameOf(PlaneFunction function) => function.Name.Replace("\\", "", StringComparison.Ordinal);

    private static Func<Rational, Rational, Rational> FormulaOf(int index) => s_formulas[NameOf(PlaneFunction.All[index])];

    /// <summary>Points of [-4, 4) x [-4, 4), so many for each unit of length.</summary>
    private static IEnumerable<PlanePoint> Grid(int density, Rational offset) =>
        from i in Enumerable.Range(-4 * density, 8 * density)
        from j in Enumerable.Range(-4 * density, 8 * density)
        select new PlanePoint(Rational.Create(i, density) + offset, Rational.Create(j, density) + (offset / 3));

    /// <summary>
    /// The jump across a line in multiples of its normal, from second differences, which are that times the step if the step is small
    /// enough.
    /// </summary>
    private static Rational JumpAt(Func<Rational, Rational, Rational> formula, BendLine line, PlanePoint point)
    {
        var jump = Difference(Rational.Create(1, 1000));
        Assert.Equal(jump, Difference(Rational.Create(1, 7000)));
        return jump;

        Rational Difference(Rational step)
        {
            Rational dx = step * line.A, dy = step * line.B;
            var both = formula(point.X + dx, point.Y + dy) + formula(point.X - dx, point.Y - dy);
            return (both - (2 * formula(point.X, point.Y))) / (step * ((line.A * line.A) + (line.B * line.B)));
        }
    }

    /// <summary>The gradient from differences to both sides, which agree where there is one.</summary>
    private static (Rational ByX, Rational ByY) GradientAt(Func<Rational, Rational, Rational> formula, Rational x, Rational y)
    {
        var step = Rational.Create(1, 10_000);
        Rational value = formula(x, y), byX = (formula(x + step, y) - value) / step, byY = (formula(x, y + step) - value) / step;
        Assert.Equal(byX, (value - formula(x - step, y)) / step);
        Assert.Equal(byY, (value - formula(x, y - step)) / step);
        return (byX, byY);
    }
}
