using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>
/// No point is farther from the curve than the certificate says: evenly spaced points, breakpoints, and the points between two breakpoints
/// at which the curve is steepest away from the line, in exact arithmetic against 60 digits.
/// </summary>
public sealed class CurveCertificateTests
{
    private static readonly Dictionary<string, Func<BigInteger, BigInteger>> s_functions = new()
    {
        ["Tanh"] = SixtyDigits.Tanh,
        ["Sigmoid"] = SixtyDigits.Sigmoid,
        ["Softplus"] = SixtyDigits.Softplus,
        ["Log(1 + Exp(x))"] = SixtyDigits.Softplus,
        ["Where(x > 2, x, Log(1 + Exp(x)))"] = static x => x > 20 * SixtyDigits.One ? x : SixtyDigits.Softplus(x),
        ["Erf"] = SixtyDigits.Erf,
        ["Sin"] = SixtyDigits.Sin,
        ["Cos"] = SixtyDigits.Cos,
        ["x * Sigmoid(x)"] = static x => SixtyDigits.Multiply(x, SixtyDigits.Sigmoid(x)),
        ["x / (1 + Exp(-x))"] = static x => SixtyDigits.Multiply(x, SixtyDigits.Sigmoid(x)),
        ["Gelu"] = static x =>
            SixtyDigits.Multiply(x, SixtyDigits.One + SixtyDigits.Erf(SixtyDigits.Divide(x, SixtyDigits.Sqrt(2 * SixtyDigits.One)))) / 2,
        ["Gelu tanh"] = static x => SixtyDigits.Multiply(x, SixtyDigits.One + SixtyDigits.Tanh(SixtyDigits.Multiply(
            SixtyDigits.Sqrt(SixtyDigits.Divide(2 * SixtyDigits.One, SixtyDigits.Pi())),
                x + (SixtyDigits.Multiply(x, SixtyDigits.Multiply(x, x)) * 44715 / 1_000_000)))) / 2,
        ["Mish"] = static x => SixtyDigits.Multiply(x, SixtyDigits.Tanh(SixtyDigits.Softplus(x))),
        ["x * Tanh(Softplus(x))"] = static x => SixtyDigits.Multiply(x, SixtyDigits.Tanh(SixtyDigits.Softplus(x))),
        ["Elu"] = static x => x.Sign > 0 ? x : SixtyDigits.Exp(x) - SixtyDigits.One,
        ["Max(x, 0) + Min(Exp(x) - 1, 0)"] = static x => x.Sign > 0 ? x : SixtyDigits.Exp(x) - SixtyDigits.One,
        ["Softsign"] = static x => SixtyDigits.Divide(x, SixtyDigits.One + BigInteger.Abs(x)),
        ["x / (1 + Abs(x))"] = static x => SixtyDigits.Divide(x, SixtyDigits.One + BigInteger.Abs(x)),
        ["HardSwish"] = static x =>
            SixtyDigits.Multiply(x, BigInteger.Max(0, BigInteger.Min(6 * SixtyDigits.One, x + (3 * SixtyDigits.One)))) / 6,
        ["x * Clip(x + 3, 0, 6) / 6"] = static x =>
            SixtyDigits.Multiply(x, BigInteger.Max(0, BigInteger.Min(6 * SixtyDigits.One, x + (3 * SixtyDigits.One)))) / 6,
        ["Pow 3"] = static x => SixtyDigits.Multiply(x, SixtyDigits.Multiply(x, x)),
        ["x + Tanh(x)"] = static x => x + SixtyDigits.Tanh(x),
    };

    public static MatrixTheoryData<string, double> Claims => new([.. s_functions.Keys], [1e-2, 1e-5]);

    [Theory]
    [MemberData(nameof(Claims))]
    public void No_point_is_farther_than_the_certificate_says(string activation, double tolerance)
    {
        int reach = activation == "Pow 3" ? 4 : 30;
        using var scratch = new Scratch();
        byte[] bytes = new OnnxBuilder(0, 1).Append(activation).ToBytes(CurveGraphs.OpsetOf(activation));
        var (document, report) = ModelImporter.Import(scratch.Write("m.onnx", bytes),
            new ImportOptions { Tolerance = tolerance, Domain = [new InputRange(-reach, reach)] });
        var function =
            Assert.Single(Assert.Single(NetworkSimplifier.Simplify(document.ToNetwork(), TestContext.Current.CancellationToken).Layers)
            .Edges).Function;
        var network = document.ToNetwork();
        var bound = SixtyDigits.Of(Rational.FromDouble(report.CertifiedError));
        var most = BigInteger.Zero;
        foreach (var x in Points(function, reach, s_functions[activation]))
        {
            var distance = BigInteger.Abs(SixtyDigits.Of(network.Evaluate([x])[0]) - s_functions[activation](SixtyDigits.Of(x)));
            Assert.True(distance <= bound,
                $"{activation} at {x.ToDouble():R}: {SixtyDigits.ToRational(distance).ToDouble():R} is above {report.CertifiedError:R}");
            most = BigInteger.Max(most, distance);
        }

        // The claim is met, not only kept.
        Assert.InRange(SixtyDigits.ToRational(most).ToDouble(), 0.7 * report.CertifiedError, report.CertifiedError);
    }

    private static IEnumerable<Rational> Points(PiecewiseLinearFunction function, int reach, Func<BigInteger, BigInteger> curve)
    {
        const int Even = 400, Most = 150;
        for (int i = 0; i <= Even; i++) yield return Rational.Create((2 * i) - Even, Even) * reach;
        Rational[] knots = [-reach, .. function.Breakpoints.Where(knot => Rational.Abs(knot) < reach), reach];
        int step = Math.Max(1, knots.Length / Most);
        for (int k = 0; k + 1 < knots.Length; k += step)
        {
            yield return knots[k];
            yield return Farthest(function, curve, knots[k], knots[k + 1]);
        }
    }

    /// <summary>The point of a segment at which the curve is farthest from the line, by thirds.</summary>
    private static Rational Farthest(PiecewiseLinearFunction function, Func<BigInteger, BigInteger> curve, Rational low, Rational high)
    {
        var middle = (low + high) / 2;
        var side = Distance(middle).Sign;
        for (int i = 0; i < 12; i++)
        {
            Rational left = low + ((high - low) / 3), right = high - ((high - low) / 3);
            if (side * Distance(left) < side * Distance(right)) low = left;
            else high = right;
        }

        return (low + high) / 2;

        BigInteger Distance(Rational x) => curve(SixtyDigits.Of(x)) - SixtyDigits.Of(function.Evaluate(x));
    }
}
