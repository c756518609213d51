using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>
/// What the first layer's sums are off for one sample, against exact rationals: codes that are the worst in some direction, and inputs
/// beside their codes.
/// </summary>
public sealed class CodedCurvesTests
{
    [Theory]
    [InlineData(1, 30, 6, 4, true)]
    [InlineData(2, 7, 3, 1, true)]
    [InlineData(3, 25, 8, 3, false)]
    [InlineData(4, 12, 1, 9, true)]
    [InlineData(5, 5, 20, 60, false)]
    public void No_sample_is_further_off(int seed, int inputs, int outputs, int segments, bool areShared)
    {
        var random = new Random(seed);
        var description = Random(random, inputs, outputs, segments, areShared);
        var form = Plans.Document(Precision.Int8, Lowering.Auto, [description, Random(random, outputs, 2, 2, true)],
            new InputRange(-1, 2)).Integers!.Form;
        var network = new KanNetwork([description.ToLayer()]);
        var coded = Of(network, form);
        Rational[][] errors = [.. Enumerable.Range(0, inputs * 256).Select(i => Errors(network.Layers[0], form, i / 256, i % 256))];
        double[][] near = Array.ConvertAll(errors, static own => Array.ConvertAll(own, static error => error.ToDouble()));
        double largest = 0;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            // For each input the code that is furthest in a direction, or none of interest.
            double[] direction = [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble() - 0.5)];
            bool isSparse = attempt % 2 == 0;
            int[] codes = new int[inputs];
            double length = 0;
            for (int turn = 0; turn < 5; turn++)
            {
                for (int p = 0; p < inputs; p++)
                {
                    int at = p * 256;
                    codes[p] = isSparse && p % 3 == 0 ? form.Input(p).Zero
                        : Enumerable.Range(0, 256).MaxBy(c => near[at + c].Select((e, q) => e * direction[q]).Sum());
                }

                double[] off = [.. Enumerable.Range(0, outputs).Select(q =>
                    (Sum(q) - Rational.FromDouble(coded.Known[q])).ToDouble())];
                length = Math.Sqrt(off.Sum(static x => x * x));
                direction = off;
            }

            double bound = Math.Sqrt(codes.Where((code, p) => code != form.Input(p).Zero).Sum(code => coded.Squares[code])) + coded.Own;
            Require.That(length <= bound, $"{length} is above {bound}.");
            largest = Math.Max(largest, length / bound);

            Rational Sum(int q) => codes.Select((code, p) => errors[(p * 256) + code][q])
                .Aggregate(Bias(form, network, q), static (sum, error) => sum + error);
        }

        Assert.True(largest > 0.15, $"The bound is {1 / largest} times the worst found.");
    }

    /// <summary>An edge of one slope is nowhere steeper, and at a code in the middle is off by what rounding its weights adds.</summary>
    [Fact]
    public void One_straight_edge_is_off_by_its_weights()
    {
        var description = new ActivationDescription(1, [PiecewiseLinearFunction.FromKnots([-1, 1], [-3, 3])]);
        var codes = new CodeRange(1f / 128, 128);
        var form = new IntegerForm([codes], [new IntegerLayerForm(1, 1, [], [0], [3f / 12800], default)
        {
            Curves = new IntegerCurves([[0, 255]], 100, [-128, 127]),
        }]);
        var coded = Of(new KanNetwork([description.ToLayer()]), form);
        Assert.InRange(coded.Steepness, 3, 3 * (1 + 1e-9));

        // 128 is 0: the weight of its second knot is 50, so that the sum is -50 of 3 / 12,800, and exact is 0.
        Assert.Equal(-50 * (3.0 / 12800), coded.Known[0], 1e-9);
        Assert.Equal(0, coded.Squares[128]);
        for (int code = 0; code < 256; code++)
        {
            int second = ((2 * code * 100) + 255) / 510;
            double off = (3f / 12800 * (((100 - second) * -128) + (second * 127))) - (3 * (code - 128) / 128.0) - coded.Known[0];
            Require.That(Math.Abs(off) <= Math.Sqrt(coded.Squares[code]) + coded.Own, $"code {code}");
        }
    }

    [Fact]
    public void A_large_layer_is_not_bounded()
    {
        var layer = new CurveLayer(1 << 12, 1 << 10, [], new double[1 << 10]);
        var form = new IntegerForm([new CodeRange(1, 0)], [new IntegerLayerForm(1 << 12, 1 << 10, [], [], [], default)
        {
            Curves = new IntegerCurves([[0, 255]], 255, []),
        }]);
        Assert.Null(CodedCurves.Of(layer, form, TestContext.Current.CancellationToken));
    }

    private static CodedCurves Of(KanNetwork network, IntegerForm form) =>
        CodedCurves.Of(CurveLayer.Of(network, TestContext.Current.CancellationToken)[0], form, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("The layer is too large.");

    private static Rational Bias(IntegerForm form, KanNetwork network, int q)
    {
        var constants = network.Layers[0].Edges.Where(edge => edge.Output == q && edge.Function.IsConstant)
            .Aggregate(network.Layers[0].Biases[q], static (sum, edge) => sum + edge.Function.AnchorValue);
        return (Rational.FromSingle(form.Layers[0].Units[q]) * form.Layers[0].Biases[q]) - constants;
    }

    /// <summary>What the integers of an input's edges are above the exact ones at a code.</summary>
    private static Rational[] Errors(KanLayer layer, IntegerForm form, int p, int code)
    {
        var curves = form.Layers[0].Curves!;
        int m = layer.OutputCount, start = Enumerable.Range(0, p).Sum(i => curves.KnotsOf(i).Length) * m;
        var (segment, weight) = curves.Place(p, code);
        var point = Rational.FromSingle(form.Input(p).Scale) * (code - form.Input(p).Zero);
        var errors = new Rational[m];
        for (int q = 0; q < m; q++)
        {
            int at = start + (segment * m) + q;
            errors[q] = Rational.FromSingle(form.Layers[0].Units[q])
                * (((curves.Whole - weight) * curves.Values[at]) + (weight * curves.Values[at + m]));
        }

        foreach (var edge in layer.Edges.Where(edge => edge.Input == p && !edge.Function.IsConstant))
            errors[edge.Output] -= edge.Function.Evaluate(point);
        return errors;
    }

    private static GridDescription Random(Random random, int n, int m, int segments, bool areShared)
    {
        ImmutableArray<Rational> shared = Knots();
        ImmutableArray<ImmutableArray<Rational>> knots = [.. Enumerable.Range(0, n).Select(_ => areShared ? shared : Knots())];
        return new GridDescription(m, knots,
            [.. Enumerable.Range(0, knots.Sum(static own => own.Length) * m).Select(_ => Rational.FromSingle(random.NextSingle() - 0.5f))],
            [.. Enumerable.Range(0, m).Select(_ => Rational.FromSingle(random.NextSingle()))]);

        ImmutableArray<Rational> Knots() => [.. Enumerable.Range(0, segments + 1)
            .Select(i => Rational.FromSingle((float)((3 * (i + (0.9 * random.NextDouble())) / (segments + 1)) - 1)))];
    }
}
