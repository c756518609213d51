using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Threading;
using Kan.CodeFixes.Numbers;

namespace Kan.CodeFixes.Smooth;

/// <summary>Numbers that are proved to stay within an error of a function, as the compiler reads them.</summary>
/// <param name="Goal">The requested goal.</param>
/// <param name="Numbers">The numbers.</param>
/// <param name="ErrorBound">The certified maximum error of these numbers on the domain.</param>
internal sealed record CertifiedNumbers(ApproximationGoal Goal, EdgeNumbers Numbers, double ErrorBound)
{
    /// <summary>The maximum number of segments that still make an attribute.</summary>
    public const int MostSegments = 512;

    // An editor asks again each time the caret moves.
    private const int MostKnown = 256;
    private static readonly ConcurrentDictionary<(RealFunction Function, ApproximationGoal Goal), CertifiedNumbers?> s_known = new();

    /// <summary>The number of segments.</summary>
    public int Segments => Numbers.Slopes.Length;

    /// <summary>Approximates a function; null if no bound is known on the domain, or it takes too many segments.</summary>
    /// <remarks>
    /// The certificate is that of the function which the written literals give as the compiler reads them, so it covers the rounding of
    /// every one.
    /// </remarks>
    public static CertifiedNumbers? Create(RealFunction function, ApproximationGoal goal, CancellationToken cancellation)
    {
        if (s_known.TryGetValue((function, goal), out var known)) return known;
        if (s_known.Count >= MostKnown) s_known.Clear();
        return s_known[(function, goal)] = Compute(function, goal, cancellation);
    }

    private static CertifiedNumbers? Compute(RealFunction function, ApproximationGoal goal, CancellationToken cancellation)
    {
        try
        {
            var options = new ApproximationOptions { Grain = Grain.Decimal, MaximumSegments = MostSegments };
            var approximation = Approximation.Of(function, goal.Domain, goal.Error, options, cancellation);
            var numbers = EdgeNumbers.Nearest(approximation.Function);
            if (numbers.ToFunction() is not { } compiled) return null;
            double bound = compiled.Equals(approximation.Function)
                ? approximation.ErrorBound
                : Approximation.CertifiedError(function, compiled, goal.Domain);
            return bound <= goal.Error ? new CertifiedNumbers(goal, numbers, bound) : null;
        }
        catch (ApproximationException)
        {
            return null;
        }
    }

    /// <summary>The bound in four digits, rounded up.</summary>
    public string BoundText()
    {
        for (int digits = 4; digits <= 17; digits++)
        {
            double scale = Math.Pow(10, digits - 1 - Math.Floor(Math.Log10(ErrorBound)));
            string text = (Math.Ceiling(ErrorBound * scale) / scale)
                .ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) >= ErrorBound) return text;
        }

        return Interval.Text(ErrorBound);
    }
}
