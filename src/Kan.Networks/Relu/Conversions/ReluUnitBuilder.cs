using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Collects ReLU units w_q ReLU(s x_p + t) of one KAN layer and what is added to their sum.
/// </summary>
internal sealed class ReluUnitBuilder(int inputCount, int outputCount)
{
    private readonly List<(int Row, int Column, Rational Value)> _inner = [];
    private readonly List<(int Row, int Column, Rational Value)> _outer = [];
    private readonly List<Rational> _innerBiases = [];
    private readonly Rational[] _outerBiases = new Rational[outputCount];

    /// <summary>Adds a constant to an output.</summary>
    public void AddBias(int output, Rational value) => _outerBiases[output] += value;

    /// <summary>
    /// Adds the two-sided form of Lemma 1 for functions of one input, at the breakpoints of all of them:
    /// phi = phi(b) - a_0 ReLU(b - x) + a_1 ReLU(x - b) + sum over the other breakpoints u of kink(u) ReLU(x - u).
    /// Units that no function uses are left out.
    /// </summary>
    public void AddFunctions(int input, IReadOnlyList<(int Output, PiecewiseLinearFunction Function)> functions)
    {
        var breakpoints = UnionOfBreakpoints(functions);

        // Without a breakpoint any point will do; 0 needs no bias.
        var first = breakpoints.Count == 0 ? Rational.Zero : breakpoints[0];
        foreach (var (output, function) in functions) AddBias(output, function.Evaluate(first));
        AddUnit(input, -Rational.One, first, functions.Select(edge => (edge.Output, -edge.Function.SlopeLeftOf(first))));
        AddUnit(input, Rational.One, -first, functions.Select(edge => (edge.Output, edge.Function.SlopeRightOf(first))));
        foreach (var breakpoint in breakpoints.Skip(1))
        {
            AddUnit(
                input,
                Rational.One,
                -breakpoint,
                functions.Select(edge => (edge.Output, KinkAt(edge.Function, breakpoint))));
        }
    }

    /// <summary>
    /// Adds the form that needs one unit for each distinct breakpoint, where there is a segment on which all the functions are flat: the
    /// kinks left of it become ReLU(u - x), those right of it ReLU(x - u).
    /// </summary>
    /// <returns>Whether there is such a segment; otherwise nothing was added.</returns>
    public bool TryAddAroundFlatSegment(int input, IReadOnlyList<(int Output, PiecewiseLinearFunction Function)> functions)
    {
        var breakpoints = UnionOfBreakpoints(functions);
        int flat = Enumerable.Range(0, breakpoints.Count + 1).FirstOrDefault(IsFlat, -1);
        if (flat < 0) return false;
        foreach (var (output, function) in functions)
            AddBias(output, function.Evaluate(flat > 0 ? breakpoints[flat - 1] : breakpoints.FirstOrDefault()));
        for (int i = 0; i < breakpoints.Count; i++)
        {
            var breakpoint = breakpoints[i];
            bool left = i < flat;
            AddUnit(input, left ? -Rational.One : Rational.One, left ? breakpoint : -breakpoint,
                functions.Select(edge => (edge.Output, KinkAt(edge.Function, breakpoint))));
        }

        return true;

        bool IsFlat(int segment) => functions.All(edge => (segment == 0
            ? edge.Function.Slopes[0]
            : edge.Function.SlopeRightOf(breakpoints[segment - 1])).IsZero);
    }

    /// <summary>Adds the identity path: phi = c + a_0 (ReLU(x) - ReLU(-x)) + sum over the breakpoints of kink(b) ReLU(x - b).</summary>
    public void AddIdentityPath(int input, int output, PiecewiseLinearFunction function)
    {
        var slope = function.Slopes[0];
        AddBias(output, function.AnchorValue - slope * function.AnchorPoint);
        AddUnit(input, Rational.One, Rational.Zero, [(output, slope)]);
        AddUnit(input, -Rational.One, Rational.Zero, [(output, -slope)]);
        foreach (var breakpoint in function.Breakpoints)
            AddUnit(input, Rational.One, -breakpoint, [(output, KinkAt(function, breakpoint))]);
    }

    /// <summary>Adds one unit for each breakpoint, some of them turned left; the slopes must fit.</summary>
    public void AddKinks(int input, int output, PiecewiseLinearFunction function, IReadOnlyCollection<int> leftFacing)
    {
        // What the units sum to at the first breakpoint belongs to the value there.
        var first = function.AnchorPoint;
        AddBias(output, function.AnchorValue);
        for (int i = 0; i < function.Breakpoints.Length; i++)
        {
            var breakpoint = function.Breakpoints[i];
            var kink = KinkAt(function, breakpoint);
            bool left = leftFacing.Contains(i);
            AddUnit(input, left ? -Rational.One : Rational.One, left ? breakpoint : -breakpoint, [(output, kink)]);
            if (left) AddBias(output, -(kink * (breakpoint - first)));
        }
    }

    /// <summary>The layers: units with their ReLU, then their weighted sums.</summary>
    public IEnumerable<ReluLayer> Build()
    {
        ImmutableArray<Rational> biases = [.. _outerBiases];
        if (_innerBiases.Count == 0)
        {
            yield return new ReluLayer(SparseMatrix.Create(outputCount, inputCount, []), biases, rectified: false);
            yield break;
        }

        yield return new ReluLayer(SparseMatrix.Create(_innerBiases.Count, inputCount, _inner), [.. _innerBiases], rectified: true);
        yield return new ReluLayer(SparseMatrix.Create(outputCount, _innerBiases.Count, _outer), biases, rectified: false);
    }

    private static List<Rational> UnionOfBreakpoints(IReadOnlyList<(int Output, PiecewiseLinearFunction Function)> functions)
    {
        List<Rational> union = [];
        foreach (var (_, function) in functions)
        {
            if (!union.SequenceEqual(function.Breakpoints)) union = PiecewiseLinearFunction.Union(union, function.Breakpoints);
        }

        return union;
    }

    private static Rational KinkAt(PiecewiseLinearFunction function, Rational point) =>
        function.SlopeRightOf(point) - function.SlopeLeftOf(point);

    private void AddUnit(int input, Rational sign, Rational bias, IEnumerable<(int Output, Rational Weight)> weights)
    {
        int unit = _innerBiases.Count;
        int before = _outer.Count;
        _outer.AddRange(weights.Where(static weight => !weight.Weight.IsZero).Select(weight => (weight.Output, unit, weight.Weight)));
        if (_outer.Count == before) return;
        _inner.Add((unit, input, sign));
        _innerBiases.Add(bias);
    }
}
