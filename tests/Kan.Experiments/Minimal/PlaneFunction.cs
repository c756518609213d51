using System;
using System.Collections.Generic;

namespace Kan.Experiments.Minimal;

/// <summary>A function of two inputs, and the smallest networks known for it.</summary>
/// <param name="Name">Its formula.</param>
/// <param name="Definition">The formula as a network.</param>
/// <param name="Units">The network with the fewest units.</param>
/// <param name="FewestNodes">The KAN of at most two layers with the fewest hidden nodes.</param>
/// <param name="FewestBends">The one with the fewest distinct breakpoints.</param>
internal sealed record PlaneFunction(string Name, UnitNetwork Definition, UnitNetwork Units, KanNetwork FewestNodes, KanNetwork FewestBends)
{
    /// <summary>All bends of all functions are within this distance of 0, or rays that reach it.</summary>
    public const int Reach = 8;

    private static readonly PiecewiseLinearFunction s_zero = PiecewiseLinearFunction.Zero;
    private static readonly PiecewiseLinearFunction s_identity = PiecewiseLinearFunction.Identity;
    private static readonly PiecewiseLinearFunction s_relu = PiecewiseLinearFunction.Relu;
    private static readonly PiecewiseLinearFunction s_abs = PiecewiseLinearFunction.Identity.Abs();

    /// <summary>min(t, 0).</summary>
    private static readonly PiecewiseLinearFunction s_low = s_identity - s_relu;

    /// <summary>max(1 - |t - 1|, 0).</summary>
    private static readonly PiecewiseLinearFunction s_hat = PiecewiseLinearFunction.FromSlopes([0, 1, 2], [0, 1, -1, 0], 0, 0);

    /// <summary>1 - |t - 1|.</summary>
    private static readonly PiecewiseLinearFunction s_peak = PiecewiseLinearFunction.FromSlopes([1], [1, -1], 0, 0);

    /// <summary>t within [0, 2].</summary>
    private static readonly PiecewiseLinearFunction s_clamp = PiecewiseLinearFunction.FromSlopes([0, 2], [0, 1, 0], 0, 0);

    public static IReadOnlyList<PlaneFunction> All { get; } =
    [
        Create("max(x, y)", static (n, x, y) => n.Max(x, y), new(s_identity, -s_identity, s_relu), new(s_zero, s_identity, s_identity)),
        Create("\\|x + y\\|", static (n, x, y) => n.Abs(x + y), new HiddenNode(s_identity, s_identity, s_abs)),
        Create("\\|x\\| + \\|y\\|", static (n, x, y) => n.Abs(x) + n.Abs(y)) with { FewestNodes = Sum(s_abs, s_abs),
            FewestBends = Sum(s_abs, s_abs) },
        Create(
            "max(\\|x\\|, \\|y\\|)",
            static (n, x, y) => n.Max(n.Abs(x), n.Abs(y)),
            new(s_identity, s_identity, Half(s_abs)), new(s_identity, -s_identity, Half(s_abs)))
            with { Units = UnitNetwork.Of(static (n, x, y) => Half(n.Abs(x + y) + n.Abs(x - y))) },
        Create("max(0, x, y)", static (n, x, y) => n.Max(n.Max(x, y), 0), new(-s_relu, s_identity, s_relu),
            new(s_relu, s_zero, s_identity)),
        Create(
            "min(max(x, 0), max(y, 0))",
            static (n, x, y) => n.Min(n.Max(x, 0), n.Max(y, 0)),
            new(s_relu, -s_relu, -s_relu), new(s_relu, s_zero, s_identity))
            with { Units = UnitNetwork.Of(static (n, x, y) => n.Relu(n.Min(x, y))) },
        Create(
            "max(0, 2 x + y, x + 2 y)",
            static (n, x, y) => n.Max(n.Max((2 * x) + y, x + (2 * y)), 0),
            new(Slopes(Rational.Create(1, 2), -1), s_identity, s_relu),
            new(Slopes(Rational.Create(1, 2), 2), s_identity, s_relu)),
        Create(
            "median(0, x, y)",
            static (n, x, y) => n.Max(n.Min(y, 0), n.Min(x, n.Max(y, 0))),
            new(s_identity, Slopes(-1, 0), s_relu), new(s_relu, -s_identity, -s_relu))
            with
            {
                FewestBends = TwoLayerKan.Create(
                    [new(-s_low, s_identity, s_relu), new(-s_relu, s_identity, -s_relu), new(s_low, s_zero, s_identity)]),
            },
        Create("\\|\\|x\\| - \\|y\\|\\|", static (n, x, y) => n.Abs(n.Abs(x) - n.Abs(y)), new HiddenNode(s_abs, -s_abs, s_abs)),
        Create(
            "min(\\|x\\|, \\|y\\|)",
            static (n, x, y) => n.Min(n.Abs(x), n.Abs(y)),
            new(s_abs, -s_abs, -Half(s_abs)), new(s_abs, s_abs, Half(s_identity))),
        Create(
            "\\|x\\| + \\|y\\| + \\|x + y\\|",
            static (n, x, y) => n.Abs(x) + n.Abs(y) + n.Abs(x + y),
            new(s_abs, s_abs, s_identity), new(s_identity, s_identity, s_abs)),
        Create(
            "\\|x\\| + \\|y\\| + \\|x + y\\| + \\|x - y\\|",
            static (n, x, y) => n.Abs(x) + n.Abs(y) + n.Abs(x + y) + n.Abs(x - y),
            new(s_abs, -s_abs, 2 * s_relu), new(s_abs, 3 * s_abs, s_identity))
            with { Units = UnitNetwork.Of(static (n, x, y) => n.Abs(x) + (3 * n.Abs(y)) + (2 * n.Relu(n.Abs(x) - n.Abs(y)))) },
        Create("max(0, 1 - \\|x\\| - \\|y\\|)", static (n, x, y) => n.Relu(1 - n.Abs(x) - n.Abs(y)),
            new HiddenNode(-s_abs, (-s_abs).Shift(1), s_relu)),
        Create(
            "max(0, min(x, 2 - x, y, 2 - y))",
            static (n, x, y) => n.Relu(n.Min(n.Min(x, 2 - x), n.Min(y, 2 - y))),
            new(s_hat, -s_hat, -s_relu), new(s_hat, s_zero, s_identity))
            with
            {
                Units = UnitNetwork.Of(static (n, x, y) => n.Relu(1 - Half(n.Abs(x + y - 2) + n.Abs(x - y)))),
                FewestBends = TwoLayerKan.Create(
                    [new(s_zero, s_peak, s_relu), new(-s_clamp, s_peak, -s_relu), new(s_clamp.Shift(-2), s_peak, -s_relu)]),
            },
    ];

    private static PlaneFunction Create(string name, Func<UnitNetwork, UnitForm, UnitForm, UnitForm> formula, params HiddenNode[] nodes)
    {
        var definition = UnitNetwork.Of(formula);
        var kan = TwoLayerKan.Create(nodes);
        return new PlaneFunction(name, definition, definition, kan, kan);
    }

    private static KanNetwork Sum(PiecewiseLinearFunction first, PiecewiseLinearFunction second) =>
        new([new KanLayer(2, 1, [new KanEdge(0, 0, first), new KanEdge(1, 0, second)])]);

    /// <summary>One slope left of 0, another right of it.</summary>
    private static PiecewiseLinearFunction Slopes(Rational left, Rational right) =>
        PiecewiseLinearFunction.FromSlopes([0], [left, right], 0, 0);

    private static PiecewiseLinearFunction Half(PiecewiseLinearFunction function) => Rational.Create(1, 2) * function;

    private static UnitForm Half(UnitForm form) => Rational.Create(1, 2) * form;
}
