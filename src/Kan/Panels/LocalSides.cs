using System;
using System.Numerics;

namespace Kan.Panels;

/// <summary>
/// Chooses the side of each knot that a node is on, for one move of the point by (e, e^2, e^3, ...): a node moves with the sign of the
/// first entry of its row of the Jacobian that is not zero. All nodes follow the same move, so the segments together are those of one
/// region.
/// </summary>
/// <remarks>
/// Rows are multiplied out in double next to a bound of their rounding error. An entry whose sign the bound leaves open is computed
/// exactly, from the same slopes.
/// </remarks>
internal static class LocalSides
{
    /// <summary>Rows that are multiplied out together, at most.</summary>
    public const int MostRows = 32;

    /// <summary>Numbers of such rows: 8 MiB.</summary>
    private const int MostNumbers = 1 << 20;

    /// <summary>Products below this size may have lost bits to underflow.</summary>
    private const double LeastCertain = 1e-280;

    private const double UnitRoundoff = 1.0 / (1L << 53);

    /// <summary>Chooses the sides, layer after layer.</summary>
    /// <returns>Whether some node is on a knot and moves.</returns>
    public static bool Choose<T, TNetwork>(ref LocalPoint<T, TNetwork> point)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        bool moves = false;
        Span<int> nodes = stackalloc int[MostRows];
        int block = Rows(point.Widest);
        for (int layer = 0; layer < LocalPoint<T, TNetwork>.LayerCount; layer++)
        {
            if (TNetwork.Window(layer) is { IsEmpty: false } window)
            {
                if (window.IsMaximum) moves |= LocalMaxima.Choose(ref point, layer);
                continue;
            }

            int count = 0;
            for (int input = 0; input < TNetwork.Widths[layer]; input++)
            {
                if (!point.Bends(layer, input)) continue;

                // An input of the network moves to the right.
                if (layer == 0)
                {
                    moves = true;
                    break;
                }

                nodes[count++] = input;
                if (count < block) continue;
                moves |= Choose(ref point, layer, nodes);
                count = 0;
            }

            if (count > 0) moves |= Choose(ref point, layer, nodes[..count]);
        }

        return moves;
    }

    /// <summary>Rows of a network that are multiplied out together: fewer of very wide ones, for their memory.</summary>
    public static int Rows(int widest) => Math.Clamp(MostNumbers / widest, 1, MostRows);

    private static bool Choose<T, TNetwork>(ref LocalPoint<T, TNetwork> point, int layer, scoped ReadOnlySpan<int> nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        Span<int> directions = stackalloc int[MostRows];
        Directions(in point, layer, nodes, [], directions);

        // A side is taken after all rows of the block are known; those of other nodes of the layer do not depend on it.
        bool moves = false;
        for (int r = 0; r < nodes.Length; r++)
        {
            if (directions[r] < 0) point.TakeLeft(layer, nodes[r]);
            moves |= directions[r] != 0;
        }

        return moves;
    }

    /// <summary>Where inputs of a layer move: 1 to the right, -1 to the left, 0 if they rest.</summary>
    /// <param name="point">The point; the sides of the layers before are chosen.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="nodes">The inputs.</param>
    /// <param name="others">For each of them another one, whose move is subtracted; empty for none.</param>
    /// <param name="directions">Receives the directions.</param>
    public static void Directions<T,
        TNetwork>(in LocalPoint<T, TNetwork> point, int layer, scoped ReadOnlySpan<int> nodes, scoped ReadOnlySpan<int> others,
        scoped Span<int> directions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        int length = nodes.Length * point.Widest, n = TNetwork.Widths[0];
        var work = LocalMap.Work.Doubles((4 * length) + (2 * point.Widest) + LocalEdges<T, TNetwork>.Length);
        Span<double> rows = work[..length], nextRows = work.Slice(length, length), sizes = work.Slice(2 * length, length),
            nextSizes = work.Slice(3 * length, length);
        Span<double> slopes = work.Slice(4 * length, point.Widest), unused = work.Slice((4 * length) + point.Widest, point.Widest);
        var edges = new LocalEdges<T, TNetwork>(work.Slice((4 * length) + (2 * point.Widest), LocalEdges<T, TNetwork>.Length));
        Span<bool> isUncertain = stackalloc bool[MostRows];
        isUncertain.Clear();
        rows.Clear();
        sizes.Clear();
        for (int r = 0; r < nodes.Length; r++)
        {
            int row = r * TNetwork.Widths[layer];
            rows[row + nodes[r]] = sizes[row + nodes[r]] = 1;
            if (others.Length == 0) continue;
            rows[row + others[r]] = -1;
            sizes[row + others[r]] = 1;
        }

        // An entry is off by at most a rounding for each factor and each term, of what the terms amount to without their signs.
        double roundings = 0;
        for (int l = layer - 1; l >= 0; l--)
        {
            int inputs = TNetwork.Widths[l], outputs = TNetwork.Widths[l + 1];
            roundings += LocalEdges<T, TNetwork>.Terms(l) + 1;
            bool areFew = LocalEdges<T, TNetwork>.AreFew(l);
            if (areFew)
            {
                nextRows[..(nodes.Length * inputs)].Clear();
                nextSizes[..(nodes.Length * inputs)].Clear();
                edges.Load(l);
                for (int q = 0; q < outputs; q++)
                {
                    bool isTaken = false;
                    for (int r = 0; r < nodes.Length; r++)
                    {
                        double factor = rows[(r * outputs) + q], size = sizes[(r * outputs) + q];
                        if (size == 0) continue;
                        if (!isTaken) edges.Take(in point, l, q);
                        isTaken = true;
                        for (int e = 0; e < edges.Inputs.Length; e++)
                        {
                            double slope = edges.Slopes[e], term = size * Math.Abs(slope);
                            nextRows[(r * inputs) + edges.Inputs[e]] += factor * slope;
                            nextSizes[(r * inputs) + edges.Inputs[e]] += term;
                            isUncertain[r] |= term < LeastCertain && slope != 0;
                        }
                    }
                }
            }

            for (int p = 0; p < (areFew ? 0 : inputs); p++)
            {
                point.Column(l, p, slopes[..outputs], unused[..outputs]);
                for (int r = 0; r < nodes.Length; r++)
                {
                    var (sum, total, isCertain) = Dot(rows.Slice(r * outputs, outputs), sizes.Slice(r * outputs, outputs), slopes);
                    nextRows[(r * inputs) + p] = sum;
                    nextSizes[(r * inputs) + p] = total;
                    isUncertain[r] |= !isCertain;
                }
            }

            var passed = rows;
            rows = nextRows;
            nextRows = passed;
            passed = sizes;
            sizes = nextSizes;
            nextSizes = passed;
        }

        double tolerance = 4 * roundings * UnitRoundoff;
        for (int r = 0; r < nodes.Length; r++)
        {
            int other = others.Length == 0 ? -1 : others[r];
            directions[r] = Direction(in point, layer, nodes[r], other, rows.Slice(r * n, n), sizes.Slice(r * n, n), isUncertain[r],
                tolerance);
        }
    }

    /// <summary>The sign of the first entry of a row that is not zero, or 0 where all are.</summary>
    private static int Direction<T, TNetwork>(
        in LocalPoint<T, TNetwork> point, int layer, int node, int other, ReadOnlySpan<double> row, ReadOnlySpan<double> sizes,
        bool isUncertain, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        ExactRow<T, TNetwork>? exact = null;
        for (int p = 0; p < row.Length; p++)
        {
            int sign;
            if (!isUncertain && Math.Abs(row[p]) > tolerance * sizes[p]) sign = Math.Sign(row[p]);
            else if (!isUncertain && sizes[p] == 0) sign = 0;
            else sign = (exact ??= new ExactRow<T, TNetwork>(in point, layer, node, other)).Sign(in point, p);
            if (sign != 0) return sign;
        }

        return 0;
    }

    /// <summary>
    /// A sum of products, the sum of their sizes, and whether no product left the range where rounding errors are relative.
    /// </summary>
    private static (double Sum, double Size, bool IsCertain) Dot(ReadOnlySpan<double> row, ReadOnlySpan<double> sizes,
        ReadOnlySpan<double> slopes)
    {
        double sum = 0, total = 0;
        bool isCertain = true;
        for (int i = 0; i < row.Length; i++)
        {
            sum += row[i] * slopes[i];
            double size = sizes[i] * Math.Abs(slopes[i]);
            total += size;
            isCertain &= size >= LeastCertain || sizes[i] == 0 || slopes[i] == 0;
        }

        return (sum, total, isCertain && double.IsFinite(total));
    }
}
