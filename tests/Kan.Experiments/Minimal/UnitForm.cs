using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Experiments.Minimal;

/// <summary>An affine form in variables that are numbered: the inputs of a network, then its units. Exact.</summary>
internal sealed class UnitForm : IEquatable<UnitForm>
{
    private UnitForm(IEnumerable<Rational> weights, Rational constant)
    {
        var kept = weights.ToList();
        while (kept.Count > 0 && kept[^1].IsZero) kept.RemoveAt(kept.Count - 1);
        Weights = [.. kept];
        Constant = constant;
    }

    /// <summary>The weights of the variables; those after the last are 0.</summary>
    public ImmutableArray<Rational> Weights { get; }

    public Rational Constant { get; }

    /// <summary>The numbers that the form holds: the weights that are not 0, and a constant.</summary>
    public int NumberCount => Weights.Count(static weight => !weight.IsZero) + 1;

    public static implicit operator UnitForm(int constant) => new([], constant);

    public static implicit operator UnitForm(Rational constant) => new([], constant);

    public static UnitForm Variable(int index) => new(Enumerable.Repeat(Rational.Zero, index).Append(Rational.One), Rational.Zero);

    public static UnitForm operator +(UnitForm left, UnitForm right) => new(
        Enumerable.Range(0, Math.Max(left.Weights.Length, right.Weights.Length)).Select(i => left[i] + right[i]),
        left.Constant + right.Constant);

    public static UnitForm operator -(UnitForm left, UnitForm right) => left + -right;

    public static UnitForm operator -(UnitForm form) => -Rational.One * form;

    public static UnitForm operator *(Rational factor, UnitForm form) =>
        new(form.Weights.Select(weight => factor * weight), factor * form.Constant);

    /// <summary>The weight of a variable.</summary>
    public Rational this[int variable] => variable < Weights.Length ? Weights[variable] : Rational.Zero;

    public bool Equals(UnitForm? other) => other is not null && Constant == other.Constant && Weights.SequenceEqual(other.Weights);

    public override bool Equals(object? obj) => Equals(obj as UnitForm);

    public override int GetHashCode() =>
        Weights.Aggregate(Constant.GetHashCode(), static (hash, weight) => unchecked((hash * 31) + weight.GetHashCode()));
}
