extern alias generators;

using System.Linq;
using generators::Kan.Generators.Symbolic.Exact;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using Rational = generators::Kan.Networks.Rational;
using Regions = generators::Kan.Generators.Symbolic.Exact.Regions;

namespace Kan.Generators.Tests.Functions.Pieces;

/// <summary>Arithmetic of cells, with infinities on the way to a finite result, and of functions of them.</summary>
public sealed class PiecewiseMathTests
{
    private static readonly Affine s_line = new(2, 3), s_five = Affine.Constant(5), s_zero = Affine.Constant(0),
        s_up = Affine.Infinite(1), s_down = Affine.Infinite(-1);

    private static readonly SyntaxNode s_first = SyntaxFactory.ParseExpression("a"), s_second = SyntaxFactory.ParseExpression("b");

    [Fact]
    public void Sums_of_infinities_are_those_of_IEEE()
    {
        Assert.Equal(new Affine(2, 8), Value(PiecewiseMath.Add(s_line, s_five)));
        Assert.Equal(s_up, Value(PiecewiseMath.Add(s_up, s_line)));
        Assert.Equal(s_down, Value(PiecewiseMath.Add(s_five, s_down)));
        Assert.Equal(s_up, Value(PiecewiseMath.Add(s_up, s_up)));
        Assert.Equal(Fault.Undefined, PiecewiseMath.Add(s_up, s_down).Fault);
        Assert.Equal(Fault.Undefined, PiecewiseMath.Add(s_down, s_up).Fault);
    }

    [Fact]
    public void Products_of_infinities_are_those_of_IEEE()
    {
        Assert.Equal(new Affine(10, 15), Value(PiecewiseMath.Multiply(s_line, s_five)));
        Assert.Equal(new Affine(10, 15), Value(PiecewiseMath.Multiply(s_five, s_line)));
        Assert.Equal(s_zero, Value(PiecewiseMath.Multiply(s_zero, s_line)));
        Assert.Equal(s_down, Value(PiecewiseMath.Multiply(s_up, Affine.Constant(-5))));
        Assert.Equal(s_up, Value(PiecewiseMath.Multiply(s_down, s_down)));
        Assert.Equal(s_down, Value(PiecewiseMath.Multiply(s_down, s_up)));
        Assert.Equal(Fault.Undefined, PiecewiseMath.Multiply(s_up, s_zero).Fault);
        Assert.Equal(Fault.Undefined, PiecewiseMath.Multiply(s_up, s_line).Fault);
        Assert.Equal(Fault.Varies, PiecewiseMath.Multiply(s_line, s_line).Fault);
    }

    [Fact]
    public void Quotients_of_infinities_are_those_of_IEEE()
    {
        Assert.Equal(new Affine(Rational.Create(2, 5), Rational.Create(3, 5)), Value(PiecewiseMath.Divide(s_line, s_five)));
        Assert.Equal(s_zero, Value(PiecewiseMath.Divide(s_five, s_up)));
        Assert.Equal(s_zero, Value(PiecewiseMath.Divide(s_line, s_down)));
        Assert.Equal(s_down, Value(PiecewiseMath.Divide(s_up, Affine.Constant(-5))));
        Assert.Equal(Fault.Undefined, PiecewiseMath.Divide(s_up, s_down).Fault);
        Assert.Equal(Fault.Undefined, PiecewiseMath.Divide(s_five, s_zero).Fault);
        Assert.Equal(Fault.Varies, PiecewiseMath.Divide(s_five, s_line).Fault);
    }

    [Fact]
    public void Cells_keep_their_infinity()
    {
        Assert.Equal(s_down, s_up.Negate());
        Assert.Equal(new Affine(-2, -3), s_line.Negate());
        Assert.Equal(s_up, s_up.At(7));
        Assert.Equal(Affine.Constant(17), s_line.At(7));
        Assert.Equal(s_down, s_up.Scale(-2));
        Assert.Equal(s_zero, Affine.Difference(s_up, s_up));
        Assert.Equal(Affine.Constant(1), Affine.Difference(s_up, s_five));
        Assert.Equal(Affine.Constant(-1), Affine.Difference(s_five, s_up));
        Assert.Equal([-1, 1], new[] { s_down, s_up }
            .Select(static cell => PiecewiseMath.Signs(Piecewise<Affine>.Everywhere(cell), null).Cells[0].Value));
    }

    [Fact]
    public void A_function_is_constant_on_a_set_or_not()
    {
        var everywhere = Function([], [s_five]);
        Assert.True(everywhere.IsConstantOn(Regions.None, out var value));
        Assert.Equal(s_five, value);
        var step = Function([1], [s_five, s_five, s_line]);
        Assert.False(step.IsConstantOn(Regions.All, out _));
        Assert.True(step.IsConstantOn(Below(1), out value));
        Assert.Equal(s_five, value);
        Assert.False(step.IsConstantOn(Below(2), out _));
        var two = Function([1], [s_zero, s_five, s_five]);
        Assert.False(two.IsConstantOn(Regions.All, out _));
        Assert.True(two.IsConstantOn(Below(1).Not(), out value));
        Assert.Equal(s_five, value);
        Assert.True(two.IsConstantOn(Regions.None, out value));
        Assert.Equal(default, value);
        Assert.True(step.TakesSteps(Below(1)));
        Assert.False(step.TakesSteps(Regions.All));
    }

    /// <summary>The code that made a jump is named, and where there is no jump, the code that made a bend.</summary>
    [Fact]
    public void A_change_keeps_the_code_that_made_it()
    {
        var jump = Piecewise<Affine>.Create([1], [s_zero, s_zero, s_five], static _ => s_first);
        var bend = Piecewise<Affine>.Create([1], [s_five, s_five, new Affine(1, 4)], static _ => s_second);
        var elsewhere = Piecewise<Affine>.Create([2], [s_zero, s_zero, s_five], static _ => s_second);
        Assert.Same(s_first, Sum(jump, bend).OriginAt(1));
        Assert.Same(s_first, Sum(bend, jump).OriginAt(1));
        Assert.Same(s_second, Sum(bend, PiecewiseMath.Identity).OriginAt(1));
        Assert.Same(s_second, Sum(PiecewiseMath.Identity, bend).OriginAt(1));
        Assert.Same(s_first, Sum(jump, elsewhere).OriginAt(1));
        Assert.Same(s_second, Sum(jump, elsewhere).OriginAt(2));
        Assert.Null(jump.OriginAt(0));
        var sameJump = Piecewise<Affine>.Create([1], [s_five, s_five, s_zero], static _ => s_second);
        Assert.Same(s_first, Sum(jump, sameJump.Select(static cell => cell.Scale(3))).OriginAt(1));
        var sameBend = Piecewise<Affine>.Create([1], [s_zero, s_zero, new Affine(1, -1)], static _ => s_first);
        Assert.Same(s_second, Sum(bend, sameBend).OriginAt(1));
        Assert.Same(s_first, Sum(sameBend, bend).OriginAt(1));
        Assert.Null(bend.JumpOriginAt(1));

        // A jump over zero makes the change of sign; a zero is made by the code that asks.
        var over = Piecewise<Affine>.Create([1], [Affine.Constant(-1), s_five, s_five], static _ => s_first);
        Assert.Same(s_first, PiecewiseMath.Signs(over, s_second).OriginAt(1));
        Assert.Same(s_second, PiecewiseMath.Signs(PiecewiseMath.Identity, s_second).OriginAt(0));

        // Of a choice: the condition, or else what the chosen function has.
        var condition = Piecewise<Flag>.Create([0], [new Flag(false), new Flag(true), new Flag(true)], static _ => s_second);
        var chosen = PiecewiseMath.Choose(condition, jump, Function([-1], [s_five, s_line, s_line]));
        Assert.Same(s_first, chosen.OriginAt(1));
        Assert.Same(s_second, chosen.OriginAt(0));
        Assert.Null(chosen.OriginAt(-1));
        Assert.Equal([-1, 0, 1], chosen.Points);
        var at = Piecewise<Flag>.Create([1], [new Flag(false), new Flag(true), new Flag(true)], static _ => s_second);
        Assert.Same(s_second, PiecewiseMath.Choose(at, jump, PiecewiseMath.Identity).OriginAt(1));
        Assert.Same(s_first, PiecewiseMath.Choose(Regions.None, PiecewiseMath.Zero, jump).OriginAt(1));
    }

    private static Affine Value(Outcome outcome)
    {
        Assert.Equal(Fault.None, outcome.Fault);
        return outcome.Value;
    }

    private static Piecewise<Affine> Function(Rational[] points, Affine[] cells) =>
        Piecewise<Affine>.Create(points, cells, static _ => null);

    private static Piecewise<Flag> Below(Rational point) =>
        Piecewise<Flag>.Create([point], [new Flag(true), new Flag(false), new Flag(false)], static _ => null);

    private static Piecewise<Affine> Sum(Piecewise<Affine> left, Piecewise<Affine> right) =>
        left.Zip(right, static (a, b) => PiecewiseMath.Add(a, b).Value);
}
