using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A convex polyhedron with a point strictly inside it, bounded or not.</summary>
internal sealed class Polyhedron(LinearConstraint[] constraints, Rational[] interior)
{
    /// <summary>A point strictly inside all constraints.</summary>
    public Rational[] Interior => interior;

    /// <summary>
    /// The parts into which the breakpoints of a function of one linear form cut the cell, each with a point strictly inside. One part,
    /// this cell, where none of them does.
    /// </summary>
    public IEnumerable<Polyhedron> Split(LinearForm form, List<Rational> breakpoints, ref int linearPrograms)
    {
        if (breakpoints.Count == 0 || form.Row.All(static number => number.IsZero)) return [this];
        var value = form.At(interior);
        int above = breakpoints.BinarySearch(value);
        int below = above < 0 ? ~above : above;
        above = above < 0 ? ~above : above + 1;
        int first = below, last = above;
        if (above > below)
        {
            // The point is on a breakpoint, so the cell has points on both sides of it.
            first = below;
            last = above;
        }

        Reach? high = null, low = null;
        if (above < breakpoints.Count || first < last)
        {
            linearPrograms++;
            high = Reach.Of(this, constraints, form, 1);
            while (last < breakpoints.Count && high.Value.Passes(breakpoints[last])) last++;
        }

        if (below > 0 || first < last)
        {
            linearPrograms++;
            low = Reach.Of(this, constraints, form, -1);
            while (first > 0 && low.Value.Passes(breakpoints[first - 1])) first--;
        }

        return first == last ? [this] : Pieces(form, value, breakpoints, first, last, high, low);
    }

    /// <summary>A point strictly inside on which a form that is not 0 everywhere is not 0.</summary>
    public Rational[] PointOff(LinearForm form)
    {
        if (!form.At(interior).IsZero) return interior;
        var step = Rational.One;
        foreach (var constraint in constraints)
        {
            var approach = LinearForm.Dot(constraint.Normal, form.Row);
            if (approach.Sign > 0) step = Rational.Min(step, constraint.SlackAt(interior) / (2 * approach));
        }

        return [.. interior.Zip(form.Row, (at, slope) => at + step * slope)];
    }

    private IEnumerable<Polyhedron> Pieces(LinearForm form, Rational value, List<Rational> breakpoints, int first, int last, Reach? high,
        Reach? low)
    {
        for (int i = first; i <= last; i++)
        {
            var added = new List<LinearConstraint>(constraints);
            Rational? from = i > first ? breakpoints[i - 1] : null, to = i < last ? breakpoints[i] : null;
            if (to is { } top) added.Add(new LinearConstraint(form.Row, top - form.Constant));
            if (from is { } bottom)
                added.Add(new LinearConstraint(Array.ConvertAll(form.Row, static number => -number), form.Constant - bottom));

            // The outer parts reach as far as the cell does; the point on which the search began is in one of the parts.
            bool holds = (from is not { } f || value > f) && (to is not { } t || value < t);
            var target = holds ? value : Between(from ?? low!.Value.Value, to ?? high!.Value.Value, from ?? to!.Value);
            var point = holds ? interior : target > value
                ? high!.Value.PointAt(interior, value, target)
                : low!.Value.PointAt(interior, value, target);
            var half = added.ToArray();
            yield return new Polyhedron(half, ShortPoint.Near(point, half));
        }
    }

    private static Rational Between(Rational? low, Rational? high, Rational finite) =>
        low is { } l && high is { } h ? (l + h) / 2 : low is null ? finite - 1 : finite + 1;

    /// <summary>How far a linear form extends on a cell in one direction, and where.</summary>
    private readonly record struct Reach(Rational? Value, Rational[] Toward, Rational Slope, int Sign)
    {
        public static Reach Of(Polyhedron cell, LinearConstraint[] constraints, LinearForm form, int sign)
        {
            var objective = sign > 0 ? form.Row : Array.ConvertAll(form.Row, static number => -number);
            var solution = LinearProgram.Maximize(constraints, cell.Interior, objective);
            Rational[] toward = solution.Ray ?? [.. solution.Point.Zip(cell.Interior, static (to, from) => to - from)];
            return new Reach(solution.IsBounded ? form.At(solution.Point) : null, toward, LinearForm.Dot(form.Row, toward), sign);
        }

        public bool Passes(Rational breakpoint) => Value is not { } value || (Sign > 0 ? value > breakpoint : value < breakpoint);

        /// <summary>The point strictly inside at which the form takes a value short of its end.</summary>
        public Rational[] PointAt(Rational[] interior, Rational value, Rational target)
        {
            var step = (target - value) / Slope;
            return [.. interior.Zip(Toward, (at, slope) => at + step * slope)];
        }
    }
}
