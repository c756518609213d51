using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Certify;

/// <summary>
/// Random small networks whose numbers are of every size that a number type has, near its ends above all; the same seed gives the same
/// document.
/// </summary>
internal sealed class ExtremeNetworks(int seed, Precision precision)
{
    private static readonly int[][] s_widths = [[1, 1], [1, 1], [2, 1], [1, 2, 1], [2, 2, 1], [3, 1], [1, 1, 1, 1], [9, 1], [2, 3]];

    private readonly Random _random = new(seed);
    private readonly int _largest = precision == Precision.Single ? 38 : 308;
    private readonly int _smallest = precision == Precision.Single ? -46 : -324;

    public static KanDocument Create(int seed, Precision precision) => new ExtremeNetworks(seed, precision).Create();

    private KanDocument Create()
    {
        int[] widths = s_widths[_random.Next(s_widths.Length)];

        // Scales that cancel from layer to layer keep more of the networks finite than free ones.
        int scale = Exponent();
        var layers = new List<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            if (_random.Next(3) == 0)
                layers.Add(new ActivationDescription(widths[l], [_random.Next(2) == 0 ? PiecewiseLinearFunction.Relu : Function(scale)]));
            layers.Add(_random.Next(2) == 0 ? Affine(widths[l], widths[l + 1], -scale) : Edges(widths[l], widths[l + 1], scale));
        }

        if (_random.Next(5) == 0) layers.Add(new ActivationDescription(widths[^1], [Function(scale)]));
        var end = Rational.Abs(Number(_random.Next(4) == 0 ? Exponent() : scale));
        if (end.IsZero) end = 1;
        var range = _random.Next(4) switch
        {
            0 => new InputRange(0, end),
            1 => new InputRange(-end, end / 3),
            2 => new InputRange(end / 3, end),
            _ => new InputRange(-end, end),
        };
        return new KanDocument { Name = "extreme " + seed, Layers = [.. layers], InputRanges = [range] };
    }

    private AffineDescription Affine(int inputs, int outputs, int scale) => new(
        inputs, outputs, [.. Enumerable.Range(0, inputs * outputs).Select(_ => Number(scale))],
        _random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, outputs).Select(_ => Number(_random.Next(2) == 0 ? 0 : Exponent()))]);

    private EdgesDescription Edges(int inputs, int outputs, int scale)
    {
        var edges = ImmutableArray.CreateBuilder<KanEdge>();
        for (int p = 0; p < inputs; p++)
        {
            for (int q = 0; q < outputs; q++)
            {
                var function = Function(scale);
                if (!function.IsZero) edges.Add(new KanEdge(p, q, function));
            }
        }

        return new EdgesDescription(inputs, outputs, edges.ToImmutable(), [.. Enumerable.Range(0, outputs).Select(_ => Number(0))]);
    }

    /// <summary>Breakpoints of one size, or of several, with slopes that bring values back to about 1, or do not.</summary>
    private PiecewiseLinearFunction Function(int scale)
    {
        int own = _random.Next(3) == 0 ? Exponent() : scale;
        Rational[] breakpoints = [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Number(_random.Next(6) == 0 ? Exponent() : own))
            .Distinct().Order()];
        Rational[] slopes = [.. Enumerable.Range(0, breakpoints.Length + 1)
            .Select(_ => _random.Next(3) == 0 ? Rational.Zero : Number(_random.Next(6) == 0 ? Exponent() : -own))];
        return PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, Rational.Zero, Number(_random.Next(4) == 0 ? Exponent() : 0));
    }

    private int Exponent() => _random.Next(5) switch
    {
        0 => _largest - _random.Next(2),
        1 => _smallest + _random.Next(12),
        2 => 0,
        _ => _random.Next(_smallest, _largest + 1),
    };

    /// <summary>
    /// A number of about ten to an exponent; some are numbers of the type, some halfway between two of them, most neither.
    /// </summary>
    private Rational Number(int exponent)
    {
        exponent = Math.Clamp(exponent, _smallest, _largest);
        var value = Rational.FromDouble((_random.NextDouble() * 4) - 2) * Power(exponent);
        double rounded = precision == Precision.Single ? value.ToSingle() : value.ToDouble();
        if (double.IsInfinity(rounded)) return Number(exponent - 1);
        return _random.Next(4) switch
        {
            0 => Rational.FromDouble(rounded),
            1 => (Rational.FromDouble(rounded)
                + Rational.FromDouble(precision == Precision.Single ? MathF.BitDecrement((float)rounded) : Math.BitDecrement(rounded))) / 2,
            2 => value / 3,
            _ => value,
        };
    }

    private static Rational Power(int exponent)
    {
        var power = System.Numerics.BigInteger.Pow(10, Math.Abs(exponent));
        return exponent >= 0 ? power : Rational.Create(1, power);
    }
}
