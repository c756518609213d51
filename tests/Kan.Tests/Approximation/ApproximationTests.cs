using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>Certified claims hold at every sample, for one function after another and for random compositions.</summary>
public sealed class ApproximationTests
{
    private static readonly RealFunction s_x = RealFunction.X;

    [Theory]
    [MemberData(nameof(EnclosureTests.Elementary), MemberType = typeof(EnclosureTests))]
    public void Elementary_functions_stay_within_the_claim(string name, double low, double high)
    {
        var (function, exact) = EnclosureTests.Create(name);
        var domain = new Interval(Math.Max(low, -4), Math.Min(high, 4));
        var approximation = Samples.Approximate(function, domain, 1e-3, new ApproximationOptions { Grain = Grain.Decimal });
        Assert.True(approximation.ErrorBound <= 1e-3);

        // The certificate is no looser than a twentieth of what is met.
        Assert.InRange(Samples.AssertWithin(approximation, exact, domain.Low, domain.High), 0.95 * approximation.ErrorBound, 1e-3);
    }

    [Fact]
    public void Random_compositions_stay_within_the_claim() =>
        RandomFunctions.Gen(depth: 3).Select(Gen.Double[-3, 2], Gen.Double[0.1, 2], Gen.Int[0, 3]).Sample((pair, low, width, variant) =>
    {
        var domain = new Interval(low, low + width);
        var options = new ApproximationOptions { Grain = (Grain)(variant & 1), ThroughKnots = variant > 1, MaximumSegments = 50 };
        Kan.Networks.Approximation approximation;
        try
        {
            approximation = Samples.Approximate(pair.Function, domain, 1e-2, options);
        }
        catch (ApproximationException)
        {
            // Too many segments, or a composition without a bound there: nothing is claimed.
            return;
        }

        Assert.True(approximation.ErrorBound <= 1e-2);
        Samples.AssertWithin(approximation, pair.Exact, domain.Low, domain.High, count: 200);
    }, seed: "0000KmTjm7Z2", iter: 120);

    /// <summary>low + (high - low) is not always high in double; the last segment must end at the end all the same.</summary>
    [Fact]
    public void A_domain_whose_length_rounds_is_walked_to_its_end()
    {
        var random = new Random(3);
        int rounded = 0;
        while (rounded < 40)
        {
            double low = (random.NextDouble() * 5) - 3, high = low + 0.1 + (2 * random.NextDouble());
            if (low + (high - low) >= high) continue;
            rounded++;
            var approximation = Samples.Approximate(s_x * s_x, new Interval(low, high), 2);
            Assert.True(approximation.Function.IsAffine);
        }
    }

    // A parabola of curvature 2: chords of length h are h^2 / 4 off, so within the tube one segment reaches 2 sqrt(2 error).
    [Fact]
    public void A_parabola_takes_as_many_segments_as_it_must()
    {
        const double Error = 1e-3;
        var approximation = Samples.Approximate(s_x * s_x, new Interval(-4, 4), Error);
        double least = 8 / (2 * Math.Sqrt(2 * Error));
        Assert.InRange(approximation.Function.Slopes.Length, least, 1.05 * least);
    }

    [Fact]
    public void Kinks_are_breakpoints()
    {
        var elu = RealFunction.Join(0, RealFunction.Exp(s_x) - 1.0, s_x);
        var approximation = Samples.Approximate(elu, Interval.All, 1e-3);
        Assert.Equal(Rational.One, approximation.Function.Slopes[^1]);
        Samples.AssertWithin(approximation, static x => x < 0 ? Math.Exp(x) - 1 : x, -20, 20);

        var root = Samples.Approximate(RealFunction.Sqrt(RealFunction.Abs(s_x)), new Interval(-4, 4), 1e-2);
        Assert.Contains(Rational.Zero, root.Function.Breakpoints);
        Samples.AssertWithin(root, static x => Math.Sqrt(Math.Abs(x)), -4, 4);
    }

    [Fact]
    public void Bends_at_points_that_are_no_doubles_stay_within_the_claim()
    {
        var bent = RealFunction.Max(0.0, (3.0 * s_x) - 1.0) + RealFunction.Sin(s_x);
        Samples.AssertWithin(Samples.Approximate(bent, new Interval(-2, 2), 1e-3), static x => Math.Max(0, (3 * x) - 1) + Math.Sin(x), -2,
            2);
    }

    [Fact]
    public void Piecewise_linear_functions_come_back_exact()
    {
        var function = PiecewiseLinearFunction.FromSlopes([-1, 2], [0, 3, -1], 0, Rational.FromDouble(0.25));
        var approximation = Samples.Approximate(RealFunction.PiecewiseLinear(function), new Interval(-4, 4), 1e-3,
            new ApproximationOptions { ThroughKnots = true });
        Assert.Equal(function, approximation.Function);
        Assert.InRange(approximation.ErrorBound, 0, 1e-9);
    }

    [Fact]
    public void The_certificate_notices_a_wrong_number()
    {
        var function = RealFunction.Sin(s_x);
        var domain = new Interval(-3, 3);
        var good = Samples.Approximate(function, domain, 1e-3).Function;
        var slopes = good.Slopes.ToArray();
        slopes[slopes.Length / 2] += Rational.FromDouble(0.25);
        var wrong = PiecewiseLinearFunction.FromSlopes(good.Breakpoints, slopes, good.AnchorPoint, good.AnchorValue);
        double met = Enumerable.Range(0, 601).Max(i => Math.Abs(Math.Sin(-3 + (0.01 * i)) - wrong.Evaluate(-3 + (0.01 * i))));
        Assert.True(met > 2e-3);
        Assert.True(Kan.Networks.Approximation.CertifiedError(function, wrong, domain) >= met);
    }

    [Fact]
    public void What_has_no_bound_is_refused()
    {
        Assert.Throws<ApproximationException>(static () =>
            Samples.Approximate(RealFunction.Tan(s_x), new Interval(1, 2), 1e-2, new ApproximationOptions { MaximumSegments = 500 }));
        Assert.Throws<ApproximationException>(static () =>
            Samples.Approximate(RealFunction.Log(s_x), new Interval(-1, 1), 1e-2, new ApproximationOptions { MaximumSegments = 500 }));
        Assert.Throws<ApproximationException>(static () => Samples.Approximate(RealFunction.Sin(s_x), Interval.All, 1e-2));
        Assert.Throws<ApproximationException>(static () => Samples.Approximate(RealFunction.Sin(s_x), new Interval(-1, 1), 1e-18));
        Assert.Throws<ApproximationException>(static () =>
            Samples.Approximate(s_x * s_x, new Interval(-1e3, 1e3), 1e-6, new ApproximationOptions { MaximumSegments = 100 }));
        Assert.Throws<ArgumentException>(static () => Samples.Approximate(s_x, new Interval(1, 1), 1e-2));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Samples.Approximate(s_x, new Interval(0, 1), 0));
        Assert.Throws<ArgumentException>(static () => RealFunction.Join(0, 0.0, 1.0));
    }
}
