using System;

namespace Kan.Networks;

/// <summary>
/// Elementary functions at points, enclosed. The functions of the platform carry no guarantee; the libraries that .NET calls stay within 2
/// units in the last place of the true value, and 8 are allowed for here.
/// </summary>
internal static class IntervalFunctions
{
    // 8 units in the last place of a normal number, whatever its mantissa.
    private const double Margin = 16.0 / (1L << 53);

    // The largest argument whose multiple of pi/2 a double division still tells; beyond it, sine and cosine are only known to be in [-1,
    // 1].
    private const double LargestAngle = 1 << 20;

    public static Interval Exp(Interval x) => Increasing(x, Math.Exp, 0);

    public static Interval Log(Interval x) => x.Low >= 0 ? Increasing(x, Math.Log, double.NegativeInfinity) : Interval.Undefined;

    public static Interval Sqrt(Interval x) => x.Low >= 0 ? Increasing(x, Math.Sqrt, 0) : Interval.Undefined;

    public static Interval Sinh(Interval x) => Increasing(x, Math.Sinh, double.NegativeInfinity);

    public static Interval Atan(Interval x) => Increasing(x, Math.Atan, double.NegativeInfinity);

    public static Interval Tanh(Interval x)
    {
        var range = Increasing(x, Math.Tanh, double.NegativeInfinity);
        return range.IsUndefined ? range : Interval.Common(range, new Interval(-1, 1));
    }

    public static Interval Cosh(Interval x)
    {
        double least = x.Contains(0) ? 0 : Math.Min(Math.Abs(x.Low), Math.Abs(x.High));
        return x.IsUndefined ? x : Increasing(new Interval(least, x.Magnitude), Math.Cosh, 1);
    }

    /// <summary>1 / (1 + exp(-x)), without cancellation at either end.</summary>
    public static Interval Sigmoid(Interval x)
    {
        if (x.IsUndefined) return x;
        return x.Low == x.High ? At(x.Low) : Interval.Hull(At(x.Low), At(x.High));

        static Interval At(double value)
        {
            var decay = Exp(-Math.Abs(value));
            var one = (Interval)1.0;
            return value >= 0 ? one / (one + decay) : decay / (one + decay);
        }
    }

    /// <summary>
    /// The error function: 2 / sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)), whose terms all have one sign, so
    /// that nothing cancels.
    /// </summary>
    public static Interval Erf(Interval x)
    {
        if (x.IsUndefined) return x;
        return x.Low == x.High ? At(x.Low) : Interval.Hull(At(x.Low), At(x.High));

        static Interval At(double value)
        {
            // Beyond 6, 1 - erf is below 2.2e-17.
            const double Flat = 6;
            if (value < 0) return -At(-value);
            if (value >= Flat) return new Interval(1 - 1e-16, 1);
            double square = value * value, term = value, sum = 0;
            int n = 0;

            // From half the term before on, what is left out is less than the last term.
            for (; term > 1e-18 * sum || 4 * square > (2 * n) + 3; n++)
            {
                sum += term;
                term *= 2 * square / ((2 * n) + 3);
                if (term == 0) break;
            }

            // Each of the terms, at most 200, has two roundings a step, and the square in the exponent is at most 36.
            const double Sloppiness = 2e-13;
            double scale = 2 / Math.Sqrt(Math.PI) * Math.Exp(-square), low = scale * sum * (1 - Sloppiness),
                high = scale * (sum + (2 * term)) * (1 + Sloppiness);
            return new Interval(Math.Max(0, Interval.Down(low)), Math.Min(1, Interval.Up(high)));
        }
    }

    /// <summary>x to a real power, for x of at least 0.</summary>
    public static Interval Power(Interval x, double exponent)
    {
        if (!(x.Low >= 0)) return Interval.Undefined;
        if (exponent == 0) return 1.0;
        Interval low = Widen(Math.Pow(x.Low, exponent)), high = Widen(Math.Pow(x.High, exponent));
        var hull = Interval.Hull(low, high);
        return hull.IsUndefined ? hull : new Interval(Math.Max(0, hull.Low), hull.High);
    }

    public static Interval Sin(Interval x) => Periodic(x, Math.Sin, 1);

    public static Interval Cos(Interval x) => Periodic(x, Math.Cos, 0);

    /// <summary>The range of sine or cosine: 1 at quarter + 4 n right angles, -1 two right angles on.</summary>
    private static Interval Periodic(Interval x, Func<double, double> function, int quarter)
    {
        if (x.IsUndefined) return x;
        if (!(x.Magnitude <= LargestAngle) || x.High - x.Low > 6.25) return new Interval(-1, 1);
        var range = Interval.Hull(Widen(function(x.Low)), Widen(function(x.High)));
        double low = range.Low, high = range.High;

        // The slack covers the rounding of the division; a turning point too many only widens the range.
        const double Slack = 1e-8;
        long first = (long)Math.Ceiling((x.Low / (0.5 * Math.PI)) - Slack), last = (long)Math.Floor((x.High / (0.5 * Math.PI)) + Slack);
        for (long n = first; n <= last; n++)
        {
            long phase = (((n - quarter) % 4) + 4) % 4;
            if (phase == 0) high = 1;
            if (phase == 2) low = -1;
        }

        return new Interval(Math.Max(-1, low), Math.Min(1, high));
    }

    private static Interval Increasing(Interval x, Func<double, double> function, double least)
    {
        if (x.IsUndefined) return x;
        var range = Widen(function(x.Low));
        if (x.Low < x.High) range = Interval.Hull(range, Widen(function(x.High)));
        return range.IsUndefined ? range : new Interval(Math.Max(least, range.Low), range.High);
    }

    private static Interval Widen(double value)
    {
        double margin = Margin * Math.Abs(value);
        return double.IsInfinity(value)
            ? value > 0 ? new Interval(double.MaxValue, value) : new Interval(value, double.MinValue)
            : Interval.Outward(value - margin, value + margin);
    }
}
