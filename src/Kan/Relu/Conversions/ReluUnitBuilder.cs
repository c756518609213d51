using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan;

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
        List<Rational> breakpoints = [];
        foreach (var (_, function) in functions) breakpoints = PiecewiseLinearFunction.Union(breakpoints, function.Breakpoints);

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
                functions.Select(edge => (edge.Output, edge.Function.SlopeRightOf(breakpoint) - edge.Function.SlopeLeftOf(breakpoint))));
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
