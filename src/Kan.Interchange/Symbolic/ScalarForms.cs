using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Symbolic;

/// <summary>
/// Finds out where several forms are functions of one common number: <c>x</c> and <c>sigmoid(x)</c>, whose product is one curve of x, or a
/// mask and what it masks. What has no such number in common is a function of several, which no edge of a network is.
/// </summary>
/// <param name="units">The units there are.</param>
internal sealed class ScalarForms(UnitGraph units)
{
    // A form of more curves is a sum of a layer, not an operation that somebody wrote out.
    private const int MostScalars = 4, MostCandidates = 8, MostDepth = 6;

    /// <summary>The argument of which all of the forms are functions, with the functions; null if none is found.</summary>
    public (AffineCombination Argument, ScalarFunction[] Functions)? Common(params ReadOnlySpan<AffineCombination> forms)
    {
        foreach (var candidate in Candidates(forms))
        {
            var functions = new ScalarFunction[forms.Length];
            int i = 0;
            for (; i < forms.Length && Express(forms[i], candidate) is { } function; i++) functions[i] = function;
            if (i == forms.Length) return (candidate, functions);
        }

        return null;
    }

    /// <summary>A form in which a few curves or jumps are, as a function of what they are functions of; null for any other.</summary>
    public (AffineCombination Argument, ScalarFunction Function)? OfFew(AffineCombination form)
    {
        if (!units.HasScalars) return null;
        int scalars = 0;
        foreach (int unit in form.Units)
        {
            if (units[unit].Scalar is not null && ++scalars > MostScalars) return null;
        }

        if (scalars == 0) return null;
        foreach (int unit in form.Units)
        {
            if (units[unit].Scalar is not null && Express(form, units[unit].Argument!) is { } function)
                return (units[unit].Argument!, function);
        }

        return null;
    }

    /// <summary>Whether a form contains a unit that jumps.</summary>
    public int? FirstJump(AffineCombination form)
    {
        if (!units.HasScalars) return null;
        foreach (int unit in form.Units)
        {
            if (units[unit].Scalar is { Jumps: true }) return unit;
        }

        return null;
    }

    private List<AffineCombination> Candidates(ReadOnlySpan<AffineCombination> forms)
    {
        var curved = new List<AffineCombination>();
        var whole = new List<AffineCombination>();
        var bent = new List<AffineCombination>();
        foreach (var form in forms)
        {
            if (!form.IsConstant) whole.Add(form);
            foreach (int unit in form.Units)
            {
                if (units[unit].Argument is not { } argument) continue;
                var list = units[unit].Scalar is null ? bent : curved;
                for (int depth = 0; list.Count < MostCandidates && depth < MostDepth; depth++)
                {
                    list.Add(argument);
                    if (argument.Units.Length != 1 || units[argument.Units[0]].Argument is not { } inner) break;
                    argument = inner;
                }
            }
        }

        return [.. curved.Concat(whole).Concat(bent).Distinct()];
    }

    /// <summary>A form as a function of an argument; null if it is none.</summary>
    private ScalarFunction? Express(AffineCombination form, AffineCombination argument, int depth = 0)
    {
        ExactWork.Charge(form.Units.Length);
        var rest = new List<(int Unit, Rational Factor)>();
        var parts = new List<(ScalarFunction Function, Rational Factor)>();
        for (int i = 0; i < form.Units.Length; i++)
        {
            if (Array.BinarySearch(argument.Units, form.Units[i]) < 0 && OfUnit(form.Units[i], argument, depth) is { } function)
            {
                if (parts.Count == MostScalars) return null;
                parts.Add((function, form.Factors[i]));
                continue;
            }

            rest.Add((form.Units[i], form.Factors[i]));
            if (rest.Count > argument.Units.Length) return null;
        }

        // The line is made first and exactly, so that nodes that differ in their biases alone have equal functions.
        var line = PiecewiseLinearFunction.Constant(form.Constant);
        if (rest.Count > 0)
        {
            var linear = new AffineCombination([.. rest.Select(static term => term.Unit)], [.. rest.Select(static term => term.Factor)],
                form.Constant);
            if (Line(linear, argument) is not { } found) return null;
            line = found;
        }

        var sum = ScalarFunction.Of(line);
        foreach (var (function, factor) in parts) sum = ScalarFunction.Zip([sum, function], pieces => pieces[0] + pieces[1].Scale(factor));
        return sum.IsTooLarge ? null : sum;
    }

    private ScalarFunction? OfUnit(int index, AffineCombination argument, int depth)
    {
        var unit = units[index];
        if (unit.Argument is not { } own || depth > MostDepth) return null;
        var function = unit.Scalar ?? ScalarFunction.Of(unit.Function!);
        if (ReferenceEquals(own, argument)) return function;
        var line = Line(own, argument);
        if (function.Jumps && line is { IsConstant: false }) return function.After(line);
        var inner = line is not null ? ScalarFunction.Of(line) : own.Units.Length <= MostScalars ? Express(own, argument, depth + 1) : null;
        if (inner is null || function.Jumps) return null;
        return function.Exact is { } exact
            ? inner.Map(piece => piece.Then(exact))
            : inner.Map(piece => piece.Then(real => RealFunction.Compose(function.Curve!, real)));
    }

    /// <summary>The line that makes one form of another: form = slope argument + intercept; null if there is none.</summary>
    private static PiecewiseLinearFunction? Line(AffineCombination form, AffineCombination argument)
    {
        if (ReferenceEquals(form, argument)) return PiecewiseLinearFunction.Identity;
        if (form.Units.Length == 0) return PiecewiseLinearFunction.Constant(form.Constant);
        if (form.Units.Length != argument.Units.Length || !form.Units.AsSpan().SequenceEqual(argument.Units)) return null;
        ExactWork.Charge(10 * form.Units.Length);
        var slope = form.Factors[0] / argument.Factors[0];
        for (int i = 1; i < form.Factors.Length; i++)
        {
            if (form.Factors[i] != slope * argument.Factors[i]) return null;
        }

        return PiecewiseLinearFunction.Linear(slope, form.Constant - (slope * argument.Constant));
    }
}
