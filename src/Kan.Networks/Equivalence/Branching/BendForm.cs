using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A sum of multiples of variables and a constant. Variables are the inputs, numbered from 0, and behind them bends: ReLUs of forms of
/// variables with lower numbers. Every node of a network is such a form.
/// </summary>
internal sealed class BendForm : IEquatable<BendForm>
{
    private readonly int _hash;

    /// <summary>A form; the variables increase and no factor is 0.</summary>
    public BendForm(int[] variables, Rational[] factors, Rational constant)
    {
        (Variables, Factors, Constant) = (variables, factors, constant);
        var hash = default(HashCode);
        hash.Add(constant);
        for (int i = 0; i < variables.Length; i++)
        {
            hash.Add(variables[i]);
            hash.Add(factors[i]);
        }

        _hash = hash.ToHashCode();
    }

    public static BendForm Zero { get; } = new([], [], Rational.Zero);

    /// <summary>The variables, increasing.</summary>
    public int[] Variables { get; }

    /// <summary>The factor of each of them, not 0.</summary>
    public Rational[] Factors { get; }

    public Rational Constant { get; }

    public bool IsConstant => Variables.Length == 0;

    public bool IsZero => IsConstant && Constant.IsZero;

    /// <summary>The number of the last variable, -1 if there is none: below the number of inputs, the form is linear in them.</summary>
    public int Last => Variables.Length == 0 ? -1 : Variables[^1];

    /// <summary>One variable.</summary>
    public static BendForm Of(int variable) => new([variable], [Rational.One], Rational.Zero);

    public static BendForm ConstantOf(Rational value) => new([], [], value);

    public static BendForm operator *(Rational factor, BendForm form)
    {
        if (factor.IsZero) return Zero;
        return factor == Rational.One
            ? form
            : new BendForm(form.Variables, Array.ConvertAll(form.Factors, value => factor * value), factor * form.Constant);
    }

    public static BendForm operator -(BendForm left, BendForm right)
    {
        var sum = new BendSum();
        sum.Add(Rational.One, left);
        sum.Add(-Rational.One, right);
        return sum.ToForm();
    }

    public static BendForm operator +(BendForm left, BendForm right)
    {
        var sum = new BendSum();
        sum.Add(Rational.One, left);
        sum.Add(Rational.One, right);
        return sum.ToForm();
    }

    /// <summary>The form as a dense row over the inputs, of a form without bends.</summary>
    public LinearForm ToLinear(int inputs)
    {
        var row = new Rational[inputs];
        for (int i = 0; i < Variables.Length; i++) row[Variables[i]] = Factors[i];
        return new LinearForm(row, Constant);
    }

    public bool Equals(BendForm? other) => other is not null
        && _hash == other._hash
        && Constant == other.Constant
        && Variables.AsSpan().SequenceEqual(other.Variables)
        && Factors.AsSpan().SequenceEqual(other.Factors);

    public override bool Equals(object? obj) => Equals(obj as BendForm);

    public override int GetHashCode() => _hash;
}

/// <summary>A form while it is added up.</summary>
internal sealed class BendSum
{
    private readonly Dictionary<int, Rational> _terms = [];
    private Rational _constant;

    public void Add(Rational constant) => _constant += constant;

    public void Add(Rational factor, int variable) =>
        _terms[variable] = _terms.TryGetValue(variable, out var own) ? own + factor : factor;

    public void Add(Rational factor, BendForm form)
    {
        if (factor.IsZero) return;
        for (int i = 0; i < form.Variables.Length; i++) Add(factor * form.Factors[i], form.Variables[i]);
        _constant += factor * form.Constant;
    }

    public BendForm ToForm()
    {
        int[] variables = [.. _terms.Where(static term => !term.Value.IsZero).Select(static term => term.Key).Order()];
        return new BendForm(variables, Array.ConvertAll(variables, variable => _terms[variable]), _constant);
    }
}
