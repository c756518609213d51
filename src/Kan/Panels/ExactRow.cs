using System;
using System.Numerics;

namespace Kan.Panels;

/// <summary>The row of the Jacobian of a hidden node, multiplied out exactly from the slopes of the layers before it.</summary>
/// <typeparam name="T">The number type of the network.</typeparam>
/// <typeparam name="TNetwork">The network.</typeparam>
internal sealed class ExactRow<T, TNetwork>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TNetwork : ILocalNetwork<T>
{
    private readonly Dyadic[] _behindFirst;
    private readonly double[] _slopes;
    private readonly double[] _unused;

    /// <summary>All entries, where the first layer has few edges.</summary>
    private Dyadic[]? _entries;

    /// <summary>
    /// The row of an input of a layer, less that of another one unless its number is negative; as far as the outputs of the first layer.
    /// </summary>
    public ExactRow(in LocalPoint<T, TNetwork> point, int layer, int node, int other)
    {
        _slopes = new double[point.Widest];
        _unused = new double[point.Widest];
        _behindFirst = new Dyadic[TNetwork.Widths[layer]];
        _behindFirst[node] = Dyadic.Of(1);
        if (other >= 0) _behindFirst[other] = Dyadic.Of(-1);
        for (int l = layer - 1; l > 0; l--)
        {
            if (LocalEdges<T, TNetwork>.AreFew(l))
            {
                _behindFirst = Before(in point, l);
                continue;
            }

            var before = new Dyadic[TNetwork.Widths[l]];
            for (int p = 0; p < before.Length; p++) before[p] = Entry(in point, l, p);
            _behindFirst = before;
        }
    }

    /// <summary>The sign of an entry.</summary>
    public int Sign(in LocalPoint<T, TNetwork> point, int input)
    {
        if (!LocalEdges<T, TNetwork>.AreFew(0)) return Entry(in point, 0, input).Mantissa.Sign;
        return (_entries ??= Before(in point, 0))[input].Mantissa.Sign;
    }

    /// <summary>The row before a layer of few edges.</summary>
    private Dyadic[] Before(in LocalPoint<T, TNetwork> point, int layer)
    {
        var edges = new LocalEdges<T, TNetwork>(new double[LocalEdges<T, TNetwork>.Length]);
        var row = new Dyadic[TNetwork.Widths[layer]];
        edges.Load(layer);
        for (int q = 0; q < _behindFirst.Length; q++)
        {
            if (_behindFirst[q].Mantissa.IsZero) continue;
            edges.Take(in point, layer, q);
            for (int e = 0; e < edges.Inputs.Length; e++)
            {
                int input = edges.Inputs[e];
                row[input] = row[input].Plus(_behindFirst[q], edges.Slopes[e]);
            }
        }

        return row;
    }

    private Dyadic Entry(in LocalPoint<T, TNetwork> point, int layer, int input)
    {
        point.Column(layer, input, _slopes.AsSpan(0, _behindFirst.Length), _unused.AsSpan(0, _behindFirst.Length));
        var sum = default(Dyadic);
        for (int q = 0; q < _behindFirst.Length; q++) sum = sum.Plus(_behindFirst[q], _slopes[q]);
        return sum;
    }

    /// <summary>Mantissa * 2^Exponent.</summary>
    private readonly struct Dyadic(BigInteger mantissa, int exponent)
    {
        public BigInteger Mantissa { get; } = mantissa;

        public int Exponent { get; } = exponent;

        public static Dyadic Of(double value)
        {
            long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & ((1L << 52) - 1);
            int exponent = (int)((bits >> 52) & 0x7FF);
            if (exponent > 0) mantissa |= 1L << 52;
            return new Dyadic(bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
        }

        /// <summary>This number and a product.</summary>
        public Dyadic Plus(Dyadic factor, double slope)
        {
            if (slope == 0 || factor.Mantissa.IsZero) return this;
            var other = Of(slope);
            var product = new Dyadic(factor.Mantissa * other.Mantissa, factor.Exponent + other.Exponent);
            if (Mantissa.IsZero) return product;
            int least = Math.Min(Exponent, product.Exponent);
            return new Dyadic((Mantissa << (Exponent - least)) + (product.Mantissa << (product.Exponent - least)), least);
        }
    }
}
