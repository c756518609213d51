using System.Linq;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>Short ways to write functions and to build forms.</summary>
internal static class Functions
{
    public static PiecewiseLinearFunction Line(double slope, double intercept) =>
        Linear(Rational.FromDouble(slope), Rational.FromDouble(intercept));

    public static PiecewiseLinearFunction Linear(Rational slope, Rational intercept) => PiecewiseLinearFunction.Linear(slope, intercept);

    /// <param name="breakpoints">The breakpoints.</param>
    /// <param name="slopes">One slope more.</param>
    /// <param name="value">The value at the first breakpoint.</param>
    public static PiecewiseLinearFunction Bent(double[] breakpoints, double[] slopes, double value) => PiecewiseLinearFunction.FromSlopes(
        [.. breakpoints.Select(Rational.FromDouble)], [.. slopes.Select(Rational.FromDouble)], Rational.FromDouble(breakpoints[0]),
        Rational.FromDouble(value));

    public static TForm Build<TForm>(KanLayer layer, LayerLowering lowering)
        where TForm : LayerForm => Assert.IsType<TForm>(Build(layer, lowering, Precision.Single));

    public static LayerForm Build(KanLayer layer, LayerLowering lowering, Precision precision) =>
        FormBuilder.Build(layer, lowering, precision, TestContext.Current.CancellationToken);
}
