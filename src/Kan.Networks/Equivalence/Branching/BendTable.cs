using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// The bends of some networks, each once: a ReLU of a form is known by its form, scaled so that its first factor is 1. What is left of a
/// ReLU turned around is linear, relu(-z) = relu(z) - z, so networks that differ in the order, the scale or the direction of their units,
/// or in where they carry linear parts, have equal forms.
/// </summary>
internal sealed class BendTable(int inputs)
{
    private readonly List<BendForm> _arguments = [];
    private readonly List<int> _levels = [];
    private readonly Dictionary<BendForm, int> _numbers = [];

    /// <summary>The variables below this number are inputs.</summary>
    public int InputCount => inputs;

    /// <summary>The number of bends.</summary>
    public int Count => _arguments.Count;

    /// <summary>The form that a bend is the ReLU of.</summary>
    public BendForm ArgumentOf(int variable) => _arguments[variable - inputs];

    /// <summary>How many bends are nested in a form; 0 of a linear one.</summary>
    public int LevelOf(BendForm form)
    {
        int level = 0;
        foreach (int variable in form.Variables)
        {
            if (variable >= inputs) level = Math.Max(level, _levels[variable - inputs]);
        }

        return level;
    }

    /// <summary>Whether a form is linear in the inputs.</summary>
    public bool IsLinear(BendForm form) => form.Last < inputs;

    /// <summary>The ReLU of a form.</summary>
    public BendForm Relu(BendForm form)
    {
        if (form.IsConstant) return form.Constant.Sign > 0 ? form : BendForm.Zero;
        if (form.Variables[0] >= inputs)
        {
            // Bends are never negative, so neither is a sum of them with factors of one sign.
            if (form.Constant.Sign >= 0 && form.Factors.All(static factor => factor.Sign > 0)) return form;
            if (form.Constant.Sign <= 0 && form.Factors.All(static factor => factor.Sign < 0)) return BendForm.Zero;
        }

        var scale = Rational.Abs(form.Factors[0]);
        bool isTurned = form.Factors[0].Sign < 0;
        var argument = (Rational.One / form.Factors[0]) * form;
        if (!_numbers.TryGetValue(argument, out int number))
        {
            number = inputs + _arguments.Count;
            _arguments.Add(argument);
            _levels.Add(1 + LevelOf(argument));
            _numbers.Add(argument, number);
        }

        var bend = scale * BendForm.Of(number);
        return isTurned ? bend + form : bend;
    }

    /// <summary>The outputs of a network whose inputs are forms.</summary>
    /// <param name="network">The network.</param>
    /// <param name="forms">Its inputs.</param>
    /// <param name="cancellation">Asked at each edge.</param>
    public BendForm[] Outputs(KanNetwork network, BendForm[] forms, CancellationToken cancellation)
    {
        foreach (var layer in network.Layers)
        {
            var sums = new BendSum[layer.OutputCount];
            for (int q = 0; q < sums.Length; q++)
            {
                sums[q] = new BendSum();
                sums[q].Add(layer.Biases[q]);
            }

            var bends = new Dictionary<(int Input, Rational Breakpoint), BendForm>();
            foreach (var edge in layer.Edges)
            {
                cancellation.ThrowIfCancellationRequested();
                var (sum, function) = (sums[edge.Output], edge.Function);
                sum.Add(function.Slopes[0], forms[edge.Input]);
                sum.Add(function.InterceptOf(0));
                for (int i = 0; i < function.Breakpoints.Length; i++)
                {
                    var key = (edge.Input, function.Breakpoints[i]);
                    if (!bends.TryGetValue(key, out var bend))
                        bends.Add(key, bend = Relu(forms[edge.Input] - BendForm.ConstantOf(function.Breakpoints[i])));
                    sum.Add(function.Slopes[i + 1] - function.Slopes[i], bend);
                }
            }

            forms = [.. sums.Select(static sum => sum.ToForm())];
        }

        return forms;
    }

    /// <summary>All bends that a form depends on, increasing.</summary>
    public List<int> Cone(BendForm form)
    {
        var found = new SortedSet<int>();
        var pending = new Stack<BendForm>();
        pending.Push(form);
        while (pending.TryPop(out var next))
        {
            foreach (int variable in next.Variables)
            {
                if (variable >= inputs && found.Add(variable)) pending.Push(ArgumentOf(variable));
            }
        }

        return [.. found];
    }

    /// <summary>The same form where some bends are known to be active or not.</summary>
    /// <param name="form">Any form.</param>
    /// <param name="signs">For each bend that is known 1 if its argument is not negative, or -1 if it is not positive.</param>
    public BendForm Decided(BendForm form, IReadOnlyDictionary<int, int> signs)
    {
        var replaced = new Dictionary<int, BendForm>();
        foreach (int bend in Cone(form))
        {
            var argument = ArgumentOf(bend);
            bool isKnown = signs.TryGetValue(bend, out int sign), changes = HasReplaced(argument, replaced);
            if (!isKnown && !changes) continue;
            if (sign < 0)
            {
                replaced.Add(bend, BendForm.Zero);
                continue;
            }

            if (changes) argument = Substitute(argument, replaced);
            replaced.Add(bend, isKnown ? argument : Relu(argument));
        }

        return Replaced(form, replaced);
    }

    /// <summary>The same form with some of its bends replaced.</summary>
    public static BendForm Replaced(BendForm form, Dictionary<int, BendForm> replaced) =>
        HasReplaced(form, replaced) ? Substitute(form, replaced) : form;

    /// <summary>The parts of a form that have no bends in common, and what is linear in it.</summary>
    public (BendForm Linear, List<BendForm> Parts) Split(BendForm form)
    {
        var owner = new Dictionary<int, int>();
        var roots = Enumerable.Range(0, form.Variables.Length).ToArray();
        for (int i = 0; i < form.Variables.Length; i++)
        {
            if (form.Variables[i] < inputs) continue;
            foreach (int bend in Cone(BendForm.Of(form.Variables[i])))
            {
                if (owner.TryGetValue(bend, out int other)) roots[Root(i)] = Root(other);
                else owner.Add(bend, i);
            }
        }

        var linear = new BendSum();
        linear.Add(form.Constant);
        var parts = new SortedDictionary<int, BendSum>();
        for (int i = 0; i < form.Variables.Length; i++)
        {
            var sum = linear;
            if (form.Variables[i] >= inputs && !parts.TryGetValue(Root(i), out sum!)) parts.Add(Root(i), sum = new BendSum());
            sum.Add(form.Factors[i], form.Variables[i]);
        }

        return (linear.ToForm(), [.. parts.Values.Select(static part => part.ToForm())]);

        int Root(int i)
        {
            while (roots[i] != i) i = roots[i] = roots[roots[i]];
            return i;
        }
    }

    private static bool HasReplaced(BendForm form, Dictionary<int, BendForm> replaced)
    {
        foreach (int variable in form.Variables)
        {
            if (replaced.ContainsKey(variable)) return true;
        }

        return false;
    }

    private static BendForm Substitute(BendForm form, Dictionary<int, BendForm> replaced)
    {
        var sum = new BendSum();
        sum.Add(form.Constant);
        for (int i = 0; i < form.Variables.Length; i++)
        {
            if (replaced.TryGetValue(form.Variables[i], out var own)) sum.Add(form.Factors[i], own);
            else sum.Add(form.Factors[i], form.Variables[i]);
        }

        return sum.ToForm();
    }
}
