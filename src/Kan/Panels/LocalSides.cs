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
    /// <summary>Rows that are multiplied out together.</summary>
    private const int Block = 32;

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
        Span<int> nodes = stackalloc int[Block];
        for (int layer = 0; layer < LocalPoint<T, TNetwork>.LayerCount; layer++)
        {
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
                if (count < Block) continue;
                moves |= Choose(ref point, layer, nodes);
                count = 0;
            }

            if (count > 0) moves |= Choose(ref point, layer, nodes[..count]);
        }

        return moves;
    }

    private static bool Choose<T, TNetwork>(ref LocalPoint<T, TNetwork> point, int layer, scoped ReadOnlySpan<int> nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        int size = nodes.Length * point.Widest, n = TNetwork.Widths[0];
        var work = LocalMap.Work.Doubles((4 * size) + (2 * point.Widest));
        Span<double> rows = work[..size], nextRows = work.Slice(size, size), sizes = work.Slice(2 * size, size),
            nextSizes = work.Slice(3 * size, size);
        Span<double> slopes = work.Slice(4 * size, point.Widest), unused = work.Slice((4 * size) + point.Widest, point.Widest);
        Span<bool> isUncertain = stackalloc bool[Block];
        isUncertain.Clear();
        rows.Clear();
        sizes.Clear();
        for (int r = 0; r < nodes.Length; r++)
            rows[(r * TNetwork.Widths[layer]) + nodes[r]] = sizes[(r * TNetwork.Widths[layer]) + nodes[r]] = 1;

        // An entry is off by at most a rounding for each factor and each term, of what the terms amount to without their signs.
        double roundings = 0;
        for (int l = layer - 1; l >= 0; l--)
        {
            int inputs = TNetwork.Widths[l], outputs = TNetwork.Widths[l + 1];
            roundings += outputs + 1;
            for (int p = 0; p < inputs; p++)
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

        // A side is taken after all rows of the block are known; those of other nodes of the layer do not depend on it.
        bool moves = false;
        double tolerance = 4 * roundings * UnitRoundoff;
        for (int r = 0; r < nodes.Length; r++)
        {
            int direction = Direction(in point, layer, nodes[r], rows.Slice(r * n, n), sizes.Slice(r * n, n), isUncertain[r], tolerance);
            if (direction < 0) point.TakeLeft(layer, nodes[r]);
            moves |= direction != 0;
        }

        return moves;
    }

    /// <summary>The sign of the first entry of a row that is not zero, or 0 where all are.</summary>
    private static int Direction<T, TNetwork>(
        in LocalPoint<T, TNetwork> point, int layer, int node, ReadOnlySpan<double> row, ReadOnlySpan<double> sizes, bool isUncertain,
        double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TNetwork : ILocalNetwork<T>
    {
        ExactRow<T, TNetwork>? exact = null;
        for (int p = 0; p < row.Length; p++)
        {
            int sign;
            if (!isUncertain && Math.Abs(row[p]) > tolerance * sizes[p]) sign = Math.Sign(row[p]);
            else if (!isUncertain && sizes[p] == 0) sign = 0;
            else sign = (exact ??= new ExactRow<T, TNetwork>(in point, layer, node)).Sign(in point, p);
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
