using Kan;

namespace KanApp;

/// <summary>A network written by hand: its widths, then one attribute per non-zero edge.</summary>
[KanNetwork(2, 2, 1)]
[Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0], ValueAtZero = 0.25)]
[Edge(0, 1, 0, Breakpoints = [0], Slopes = [-1, 1])]      // |x|
[Edge(0, 0, 1, Breakpoints = [0], Slopes = [0, 1])]       // max(0, x)
[Edge(1, 0, 0, Slopes = [2])]                             // 2x
[Edge(1, 1, 0, Slopes = [-1])]                            // -x
public sealed partial class Score;

public static partial class Shipping
{
    /// <summary>The weight-dependent price of a parcel: 2 per kilogram, 1 per kilogram above 20 kg.</summary>
    [PiecewiseLinear(Breakpoints = [0, 20], Slopes = [0, 2, 1])]
    private static partial double ByWeight(double kilograms);

    /// <summary>The price of a parcel.</summary>
    public static double Price(double kilograms) => 2 + ByWeight(kilograms);
}
