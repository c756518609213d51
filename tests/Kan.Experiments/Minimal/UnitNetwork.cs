using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Minimal;

/// <summary>
/// A feed-forward ReLU network of the most general kind: each unit is the ReLU of an affine form in the inputs and all units before it, and
/// the output is such a form too. Layers, skip connections and affine terms are all special cases, so what no such network can do, no
/// layered one can.
/// </summary>
/// <param name="inputCount">The number of inputs.</param>
internal sealed class UnitNetwork(int inputCount)
{
    private readonly List<UnitForm> _units = [];

    /// <summary>What the units rectify, first to last.</summary>
    public IReadOnlyList<UnitForm> Units => _units;

    public UnitForm Output { get; private set; } = 0;

    /// <summary>Weights that are not 0, and a constant for each unit and for the output.</summary>
    public int NumberCount => _units.Sum(static unit => unit.NumberCount) + Output.NumberCount;

    /// <summary>The network of a formula of any number of inputs.</summary>
    public static UnitNetwork Of(int inputCount, Func<UnitNetwork, IReadOnlyList<UnitForm>, UnitForm> formula)
    {
        var network = new UnitNetwork(inputCount);
        network.Output = formula(network, [.. Enumerable.Range(0, inputCount).Select(UnitForm.Variable)]);
        return network;
    }

    /// <summary>The network of a formula of two inputs.</summary>
    public static UnitNetwork Of(Func<UnitNetwork, UnitForm, UnitForm, UnitForm> formula) =>
        Of(2, (network, inputs) => formula(network, inputs[0], inputs[1]));

    /// <summary>The network of a formula of one input.</summary>
    public static UnitNetwork Of(Func<UnitNetwork, UnitForm, UnitForm> formula) => Of(1, (network, inputs) => formula(network, inputs[0]));

    /// <summary>max(form, 0). Multiples of one form share a unit: ReLU(-z) = ReLU(z) - z.</summary>
    public UnitForm Relu(UnitForm form)
    {
        var leading = form.Weights.FirstOrDefault(static weight => !weight.IsZero);
        if (leading.IsZero) return form.Constant.Sign > 0 ? form : 0;
        var shape = (Rational.One / leading) * form;
        int unit = _units.IndexOf(shape);
        if (unit < 0)
        {
            unit = _units.Count;
            _units.Add(shape);
        }

        var value = UnitForm.Variable(inputCount + unit);
        return leading.Sign > 0 ? leading * value : -leading * (value - shape);
    }

    public UnitForm Max(UnitForm left, UnitForm right) => right + Relu(left - right);

    public UnitForm Min(UnitForm left, UnitForm right) => left - Relu(left - right);

    public UnitForm Abs(UnitForm form) => (2 * Relu(form)) - form;

    /// <summary>The same function as a KAN: a layer for each unit, with edges that pass on what later units read.</summary>
    public KanNetwork ToKan()
    {
        var layers = new List<KanLayer>();
        for (int i = 0; i <= _units.Count; i++)
        {
            // Before layer i the nodes are the inputs, the units before the last, and what the last rectifies.
            int known = inputCount + i;
            UnitForm[] forms = i < _units.Count ? [.. Enumerable.Range(0, known).Select(UnitForm.Variable), _units[i]] : [Output];
            int rectified = i > 0 ? known - 1 : -1;
            var edges = from q in Enumerable.Range(0, forms.Length)
                        from p in Enumerable.Range(0, known)
                        let weight = forms[q][p]
                        where !weight.IsZero
                        let shape = p == rectified ? PiecewiseLinearFunction.Relu : PiecewiseLinearFunction.Identity
                        select new KanEdge(p, q, weight * shape);
            layers.Add(new KanLayer(known, forms.Length, edges.ToList(), [.. forms.Select(static form => form.Constant)]));
        }

        return new KanNetwork(layers);
    }
}
