using System.Globalization;

namespace Kan.Compiler.Certify;

/// <summary>
/// Notes where a computation may leave its number type. A result past the largest number becomes infinite, or is brought back to the
/// largest number where a form does so; either way no bound of the rounding error holds from there on.
/// </summary>
internal sealed class OverflowWatch(NumberType type)
{
    private int _layer;

    /// <summary>The first place where a number may be too large, as a clause; null where none may.</summary>
    public string? Reason { get; private set; }

    /// <summary>Names the layer that the following numbers belong to.</summary>
    public void Enter(int layer) => _layer = layer;

    /// <summary>
    /// Looks at a bound of a computed number before it is rounded. NaN, the bound of a number that left <c>double</c>, counts as too large.
    /// </summary>
    /// <param name="magnitude">The bound of its absolute value.</param>
    /// <param name="what">What the number is: "a difference of an input and a breakpoint".</param>
    public void See(double magnitude, string what)
    {
        if (magnitude <= type.Largest || Reason is not null) return;
        string reach = double.IsNaN(magnitude) || double.IsInfinity(magnitude)
            ? "exceed"
            : "reach " + magnitude.ToString("0.0E+0", CultureInfo.InvariantCulture) + ", past";
        Reason = string.Format(CultureInfo.InvariantCulture, "in layer {0} {1} can {2} the largest {3}", _layer, what, reach, type);
    }
}
