using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>
/// Certificates under attack: networks whose numbers reach the ends of their type, at inputs that a search makes worse. Where the
/// computation overflows, nothing may be certified; everywhere else no result is further off than certified.
/// <c>KAN_CERTIFICATE_NETWORKS</c> sets the number of networks.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ExtremeCertificateTests
{
    private static readonly int s_networks =
        int.TryParse(Environment.GetEnvironmentVariable("KAN_CERTIFICATE_NETWORKS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 400;

    [Fact]
    public void No_result_of_a_float_network_is_further_off_than_certified() => Attack<float>(Precision.Single);

    [Fact]
    public void No_result_of_a_double_network_is_further_off_than_certified() => Attack<double>(Precision.Double);

    /// <summary>Each of these was certified with a finite bound while a result was infinite, or finite and wrong.</summary>
    [Theory]
    [InlineData("sum", Precision.Single, "in layer 0 a partial sum can reach")]
    [InlineData("terms", Precision.Single, "in layer 0 a partial sum can reach")]
    [InlineData("hidden", Precision.Single, "in layer 0 a partial sum can reach")]
    [InlineData("knots", Precision.Single, "in layer 0 a difference of an input and a breakpoint can reach")]
    [InlineData("sum", Precision.Double, null)]
    public void A_number_that_may_overflow_makes_the_bound_infinite_and_is_named(string name, Precision precision, string? reason)
    {
        var big = Rational.FromSingle(3e38f);
        Rational small = Rational.FromSingle(1e-30f), large = Rational.FromSingle(1e30f);
        LayerDescription[] layers = name switch
        {
            "sum" => [new AffineDescription(1, 1, [big], [big])],
            "terms" => [new AffineDescription(2, 1, [large, large], [])],
            "hidden" =>
                [new AffineDescription(1, 2, [large, -large], []), new ActivationDescription(2, [PiecewiseLinearFunction.Relu]),
                    new AffineDescription(2, 1, [small, -small], [])],
            _ => [new EdgesDescription(1, 2,
                [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([-big, big], [0, Rational.FromSingle(1e-38f), 0], 0, 0)),
                new KanEdge(0, 1, PiecewiseLinearFunction.Identity)], [])],
        };
        var end = Rational.FromSingle(name switch { "sum" => 1, "terms" => 1e10f, "hidden" => 1e9f, _ => 3.2e38f });
        var document = new KanDocument { Name = name, Layers = [.. layers], InputRanges = [new InputRange(-end, end)] };

        // Between these knots a clamped difference is higher than a float can be, which is an error of its own.
        foreach (var lowering in CompiledNetworks.Lowerings.Where(lowering => name != "knots" || lowering != Lowering.Clamp))
        {
            var certificate = NetworkCompiler.Plan(document, precision, lowering, TestContext.Current.CancellationToken).Certificate;
            if (reason is null)
            {
                Assert.True(double.IsFinite(certificate.Bound));
                Assert.Empty(certificate.Reason);
                continue;
            }

            Assert.Equal(double.PositiveInfinity, certificate.Bound);
            Assert.StartsWith(reason, certificate.Reason, StringComparison.Ordinal);
            Assert.EndsWith("past the largest float, 3.4E+38", certificate.Reason, StringComparison.Ordinal);
        }
    }

    /// <summary>A subnormal weight is off by a large share of itself, which large inputs bring out.</summary>
    [Fact]
    public void A_subnormal_weight_counts()
    {
        var weight = Rational.Create(1, BigInteger.Pow(10, 310) * 3);
        var document = new KanDocument
        {
            Name = "subnormal",
            Layers = [new AffineDescription(1, 1, [weight], [])],
            InputRanges = [new InputRange(-BigInteger.Pow(10, 300), BigInteger.Pow(10, 300))]
        };
        foreach (var lowering in CompiledNetworks.Lowerings)
        {
            var evaluation = new CertifiedEvaluation<double>(document, lowering);
            Assert.InRange(evaluation.Error([1e300]), 1e-26, evaluation.Bound);
            Assert.InRange(evaluation.Bound, 0, 1e-23);
        }
    }

    private static void Attack<T>(Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int finite = 0, overflows = 0, plans = 0;
        for (int seed = 0; seed < s_networks; seed++)
        {
            var document = ExtremeNetworks.Create(seed, precision);
            foreach (var lowering in CompiledNetworks.Lowerings)
            {
                if (TryPlan<T>(document, lowering) is not { } evaluation) continue;
                plans++;
                if (double.IsFinite(evaluation.Bound)) finite++;
                else Assert.NotEmpty(evaluation.Reason);
                if (Climb(evaluation, document.InputRanges[0], seed)) overflows++;
            }
        }

        // Of each kind there are many, or the attack attacks nothing.
        Assert.InRange(finite, plans / 5, plans);
        Assert.InRange(overflows, plans / 100, plans - finite);
    }

    /// <summary>The network, or null where its numbers do not fit the type.</summary>
    private static CertifiedEvaluation<T>? TryPlan<T>(KanDocument document, Lowering lowering)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        try
        {
            return new CertifiedEvaluation<T>(document, lowering);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Makes the error larger and larger; each step checks it against the bound. Whether some result was not finite.</summary>
    private static bool Climb<T>(CertifiedEvaluation<T> evaluation, InputRange range, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var random = new Random(seed);
        if (Inside<T>(range.Low, range) is not { } low || Inside<T>(range.High, range) is not { } high) return false;
        T[] interesting =
        [
            low, high, T.Zero, T.Epsilon, -T.Epsilon,
            .. evaluation.Network.Layers[0].Edges.SelectMany(static edge => edge.Function.Breakpoints).Take(6)
                .Select(static b => T.CreateSaturating(b.ToDouble()))
                .SelectMany(static b => new[] { b, T.BitIncrement(b), T.BitDecrement(b) }),
        ];
        interesting = [.. interesting.Where(x => x >= low && x <= high)];
        T[] x = [.. Enumerable.Repeat(high, evaluation.Network.InputCount)];
        double worst = evaluation.Error(x);
        bool overflows = double.IsInfinity(worst);
        for (int step = 0; step < 24; step++)
        {
            T[] changed = [.. x];
            for (int changes = 1 + random.Next(2); changes > 0; changes--)
            {
                int at = random.Next(x.Length);
                changed[at] = T.Clamp(random.Next(4) switch
                {
                    0 => interesting[random.Next(interesting.Length)],
                    1 => T.BitIncrement(changed[at]),
                    2 => changed[at] * T.CreateChecked(random.NextDouble()),
                    _ => low + ((high / T.CreateChecked(2)) - (low / T.CreateChecked(2))) * T.CreateChecked(2 * random.NextDouble()),
                }, low, high);
            }

            double error = evaluation.Error(changed);
            overflows |= double.IsInfinity(error);
            if (error > worst && !double.IsInfinity(error)) (x, worst) = (changed, error);
        }

        return overflows;
    }

    /// <summary>The number of the type next to an end of the range, inside it; null where there is none.</summary>
    private static T? Inside<T>(Rational end, InputRange range)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T value = T.CreateSaturating(typeof(T) == typeof(float) ? end.ToSingle() : end.ToDouble());
        if (T.IsInfinity(value)) value = value > T.Zero ? T.MaxValue : T.MinValue;
        if (Exact(value) > range.High) value = T.BitDecrement(value);
        if (Exact(value) < range.Low) value = T.BitIncrement(value);
        return Exact(value) <= range.High && Exact(value) >= range.Low ? value : null;

        static Rational Exact(T value) => Rational.FromDouble(double.CreateChecked(value));
    }
}
