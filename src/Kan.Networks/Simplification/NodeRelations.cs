using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;

namespace Kan.Networks;

/// <summary>A node that is an affine combination of other nodes of its level, for all inputs of its layer.</summary>
/// <param name="Node">The node.</param>
/// <param name="Terms">The other nodes and their factors.</param>
/// <param name="Offset">What is added.</param>
internal sealed record NodeRelation(int Node, IReadOnlyList<(int Node, Rational Factor)> Terms, Rational Offset);

/// <summary>
/// Finds relations between nodes: a node is a vector of slopes and of changes of slope, up to a constant. Relations are looked for modulo
/// a prime, where elimination is cheap, their factors are the fractions with small terms that have these remainders, and each is then
/// verified in exact arithmetic; one that is not is no relation.
/// </summary>
internal static class NodeRelations
{
    private const ulong Prime = (1UL << 61) - 1;

    // Steps of elimination past which relations are not looked for.
    private const long MostSteps = 2_000_000_000;

    /// <summary>Relations of nodes to those listed before them.</summary>
    public static List<NodeRelation> Find(KanLayer layer, int[] nodes, CancellationToken cancellation)
    {
        var rows = Rows(layer, nodes, out var columns);
        if ((long)nodes.Length * nodes.Length * columns > MostSteps) return [];
        var inverses = new Dictionary<BigInteger, ulong>();
        var found = new List<NodeRelation>();
        Rational[]? offsets = null;
        var basis = new List<(ulong[] Row, ulong[] Combination, int Pivot)>();
        for (int i = 0; i < nodes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ulong[] row = new ulong[columns], combination = new ulong[nodes.Length];
            bool isKnown = true;
            foreach (var (column, value) in rows[i])
            {
                isKnown &= TryReduce(value, inverses, out ulong remainder);
                row[column] = remainder;
            }

            // A node that has no remainder takes part in no relation.
            if (!isKnown || rows[i].Count == 0) continue;
            foreach (var (other, its, pivot) in basis)
            {
                ulong factor = row[pivot];
                if (factor == 0) continue;
                Subtract(row, factor, other);
                Subtract(combination, factor, its);
            }

            int first = Array.FindIndex(row, static value => value != 0);
            if (first < 0)
            {
                // The row is minus the combination.
                offsets ??= Offsets(layer);
                if (Verify(offsets, nodes, rows, i, combination) is { } relation) found.Add(relation);
                continue;
            }

            combination[i] = Add(combination[i], 1);
            ulong inverse = Power(row[first], Prime - 2);
            Scale(row, inverse);
            Scale(combination, inverse);
            basis.Add((row, combination, first));
        }

        return found;
    }

    /// <summary>
    /// The vector of each node, as (column, value): the slope at the left end of each edge, and the change at each of its breakpoints.
    /// </summary>
    private static List<(int Column, Rational Value)>[] Rows(KanLayer layer, int[] nodes, out int columns)
    {
        var places = new Dictionary<(int Input, Rational? Breakpoint), int>();
        var index = new int[layer.OutputCount];
        Array.Fill(index, -1);
        for (int i = 0; i < nodes.Length; i++) index[nodes[i]] = i;
        var rows = new List<(int Column, Rational Value)>[nodes.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = [];
        foreach (var edge in layer.Edges)
        {
            if (index[edge.Output] < 0) continue;
            var function = edge.Function;
            var row = rows[index[edge.Output]];
            if (!function.Slopes[0].IsZero) row.Add((Place(edge.Input, null), function.Slopes[0]));
            for (int k = 0; k < function.Breakpoints.Length; k++)
                row.Add((Place(edge.Input, function.Breakpoints[k]), function.Slopes[k + 1] - function.Slopes[k]));
        }

        columns = places.Count;
        return rows;

        int Place(int input, Rational? breakpoint)
        {
            if (!places.TryGetValue((input, breakpoint), out int place)) places.Add((input, breakpoint), place = places.Count);
            return place;
        }
    }

    private static NodeRelation? Verify(Rational[] offsets, int[] nodes, List<(int Column, Rational Value)>[] rows, int own,
        ulong[] combination)
    {
        var terms = new List<(int Node, Rational Factor)>();
        var rest = rows[own].ToDictionary(static entry => entry.Column, static entry => entry.Value);
        var offset = offsets[nodes[own]];
        for (int j = 0; j < own; j++)
        {
            ulong remainder = combination[j] == 0 ? 0 : Prime - combination[j];
            if (remainder == 0) continue;
            if (TryFraction(remainder) is not { } factor) return null;
            terms.Add((nodes[j], factor));
            offset -= factor * offsets[nodes[j]];
            foreach (var (column, value) in rows[j])
            {
                rest.TryGetValue(column, out var left);
                rest[column] = left - (factor * value);
            }
        }

        return rest.Values.All(static value => value.IsZero) ? new NodeRelation(nodes[own], terms, offset) : null;
    }

    /// <summary>What the nodes are at inputs of 0: with slopes and their changes that determines them.</summary>
    private static Rational[] Offsets(KanLayer layer)
    {
        Rational[] offsets = [.. layer.Biases];
        foreach (var edge in layer.Edges) offsets[edge.Output] += edge.Function.Evaluate(Rational.Zero);
        return offsets;
    }

    /// <summary>The fraction with a numerator and a denominator below 2^30 that has a remainder.</summary>
    private static Rational? TryFraction(ulong remainder)
    {
        const long Most = 1L << 30;
        long r0 = (long)Prime, r1 = (long)remainder, t0 = 0, t1 = 1;
        while (r1 >= Most)
        {
            long quotient = r0 / r1;
            (r0, r1) = (r1, r0 - (quotient * r1));
            (t0, t1) = (t1, t0 - (quotient * t1));
        }

        return t1 == 0 || Math.Abs(t1) >= Most ? null : Rational.Create(r1, t1);
    }

    private static bool TryReduce(Rational value, Dictionary<BigInteger, ulong> inverses, out ulong remainder)
    {
        remainder = 0;
        if (!inverses.TryGetValue(value.Denominator, out ulong inverse))
        {
            ulong denominator = (ulong)(value.Denominator % Prime);
            inverses.Add(value.Denominator, inverse = denominator == 0 ? 0 : Power(denominator, Prime - 2));
        }

        if (inverse == 0) return false;
        var numerator = value.Numerator % Prime;
        remainder = Multiply((ulong)(numerator.Sign < 0 ? numerator + Prime : numerator), inverse);
        return true;
    }

    private static void Subtract(ulong[] row, ulong factor, ulong[] other)
    {
        ulong negative = Prime - factor;
        for (int i = 0; i < row.Length; i++)
        {
            if (other[i] != 0) row[i] = Add(row[i], Multiply(negative, other[i]));
        }
    }

    private static void Scale(ulong[] row, ulong factor)
    {
        for (int i = 0; i < row.Length; i++) row[i] = Multiply(row[i], factor);
    }

    private static ulong Add(ulong a, ulong b)
    {
        ulong sum = a + b;
        return sum >= Prime ? sum - Prime : sum;
    }

    /// <summary>The product modulo the prime 2^61 - 1: the bits above the 61st count as low bits again.</summary>
    private static ulong Multiply(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        ulong sum = (low & Prime) + ((low >> 61) | (high << 3));
        sum = (sum & Prime) + (sum >> 61);
        return sum >= Prime ? sum - Prime : sum;
    }

    private static ulong Power(ulong value, ulong exponent)
    {
        ulong result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) result = Multiply(result, value);
            value = Multiply(value, value);
        }

        return result;
    }
}
