using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Testing;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>
/// Random networks of weights and ReLUs whose inputs climb to where integers are furthest from exact rationals: never beyond the bound,
/// which is no more than some multiple of the worst found.
/// </summary>
public sealed class IntegerAttackTests
{
    /// <summary>Widths, whether ReLUs are between layers, ranges that codes saturate at, and codes of 16 bits.</summary>
    [Theory]
    [InlineData(1, new[] { 3, 4, 2 }, true, false, false)]
    [InlineData(2, new[] { 3, 4, 2 }, true, true, false)]
    [InlineData(3, new[] { 2, 5, 4, 2 }, true, false, false)]
    [InlineData(4, new[] { 2, 5, 4, 2 }, true, true, false)]
    [InlineData(5, new[] { 2, 5, 4, 2 }, true, true, true)]
    [InlineData(6, new[] { 4, 8, 6, 4, 1 }, true, false, true)]
    [InlineData(7, new[] { 4, 8, 1 }, true, true, false)]
    [InlineData(8, new[] { 12, 3, 12 }, false, true, false)]
    [InlineData(9, new[] { 6, 20, 3 }, true, true, true)]
    public void No_sample_is_further_off_than_the_bound(int seed, int[] widths, bool bends, bool isCalibrated, bool isWide)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            if (l > 0 && bends) layers.Add(new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(widths[l], widths[l + 1],
                [.. Enumerable.Range(0, widths[l] * widths[l + 1]).Select(_ => Rational.FromSingle(random.NextSingle() - 0.5f))],
                [.. Enumerable.Range(0, widths[l + 1]).Select(_ => Rational.FromSingle(random.NextSingle() - 0.5f))]));
        }

        var document = new KanDocument
        {
            Name = "attacked",
            Layers = layers.ToImmutable(),
            InputRanges = [.. Enumerable.Range(0, widths[0]).Select(static p => new InputRange(p % 2 == 0 ? -1 : 0, 1 + (p % 3)))],
        };
        if (isCalibrated)
        {
            int hidden = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, Token).Integers!.Form.Layers.Length - 1;
            document = document with { HiddenRanges = [.. Enumerable.Repeat(new InputRange(-1, Rational.Create(1, 2)), hidden)] };
        }

        if (isWide) document = document with { IntegerTolerance = 1e-9 };
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, Token);
        var form = plan.Integers!.Form;
        Assert.Equal(isWide, form.IsWide);
        var network = document.ToNetwork();
        var evaluator = new IntegerEvaluator(form);
        double worst = 0;
        float[] worstSample = [];
        for (int start = 0; start < 40; start++)
        {
            float[] sample = [.. Enumerable.Range(0, widths[0]).Select(p => Candidate(p, start % 3))];
            double error = Error(sample);
            for (int step = 0; step < 100; step++)
            {
                float[] next = (float[])sample.Clone();
                int p = random.Next(next.Length);
                next[p] = Candidate(p, random.Next(3));
                double changed = Error(next);
                if (changed >= error) (sample, error) = (next, changed);
            }

            if (error > worst) (worst, worstSample) = (error, sample);
        }

        var exact = network.Evaluate([.. worstSample.Select(Rational.FromSingle)]);
        var off = evaluator.Evaluate(worstSample).Zip(exact, static (found, own) => Rational.Abs(Rational.FromSingle(found) - own)).Max();
        Require.That(off <= Rational.FromDouble(plan.ErrorBound), $"An output is off by {off.ToDouble()}, the bound is {plan.ErrorBound}.");
        Require.That(plan.ErrorBound < 12 * worst, $"The bound is {plan.ErrorBound}, the worst error {worst}.");

        // An end of the range, a point of it, or one half-way between two codes.
        float Candidate(int p, int kind)
        {
            double low = document.InputRanges[p].Low.ToDouble(), high = document.InputRanges[p].High.ToDouble(),
                x = low + (random.NextDouble() * (high - low));
            if (kind == 0) x = random.Next(2) == 0 ? low : high;
            if (kind == 1) x = (Math.Floor(x / form.Input(p).Scale) + 0.5) * form.Input(p).Scale;
            return (float)Math.Clamp(x, low, high);
        }

        double Error(float[] inputs) => evaluator.Evaluate(inputs)
            .Zip(network.Evaluate([.. inputs.Select(static x => (double)x)]), static (found, own) => Math.Abs(found - own)).Max();
    }

    /// <summary>Exact ranges that are followed back hold each sum, and are narrower than what intervals say.</summary>
    [Fact]
    public void Followed_ranges_hold_all_sums()
    {
        var random = new Random(1);
        LinearLayer[] layers = [Layer(3, 8, false), Layer(8, 6, true), Layer(6, 4, true)];
        ImmutableArray<InputRange> inputs = [new InputRange(-1, 1)];
        var intervals = IntegerBound.Ranges(layers, inputs);
        double[] off = [0, 0, 0];
        var bound = new IntegerBound(layers, Form(layers));
        bound.Certify(intervals, inputs, Token);
        var followed = new FollowedErrors(bound, layers, Form(layers), off, [.. off.Select(static _ => new CodedRange(-1, 1))], Token);
        followed.Add([.. intervals[0].Select(static range => new CodedError(0, 0, 1, 0, 0, 0, range))], new double[8]);
        CodedRange[] second = [.. Enumerable.Range(0, 6).Select(q => followed.Range(1, q))];
        followed.Add([.. second.Select(static range => new CodedError(0, 0, 1, 0, 0, 0, range))], new double[6]);
        CodedRange[] third = [.. Enumerable.Range(0, 4).Select(q => followed.Range(2, q))];
        for (int i = 0; i < 3000; i++)
        {
            double[] values = [.. off.Select(_ => i % 2 == 0 ? (random.NextDouble() * 2) - 1 : (random.Next(3) - 1.0))];
            for (int l = 0; l < 3; l++)
            {
                values = [.. Enumerable.Range(0, layers[l].Outputs).Select(q => layers[l].Biases[q] + values
                    .Select((x, p) => layers[l].Weights[(p * layers[l].Outputs) + q] * (layers[l].IsRelu ? Math.Max(x, 0) : x)).Sum())];
                for (int q = 0; q < values.Length && l > 0; q++)
                    Assert.InRange(values[q], (l == 1 ? second : third)[q].Low, (l == 1 ? second : third)[q].High);
            }
        }

        for (int q = 0; q < 4; q++) Assert.True(third[q].High - third[q].Low < intervals[2][q].High - intervals[2][q].Low);

        LinearLayer Layer(int n, int m, bool isRelu) => new(n, m, [.. Enumerable.Range(0, n * m).Select(_ => random.NextDouble() - 0.5)],
            [.. Enumerable.Range(0, m).Select(_ => random.NextDouble() - 0.5)], isRelu);
    }

    /// <summary>Integers without meaning: ranges are exact ones, and have nothing to do with them.</summary>
    private static IntegerForm Form(LinearLayer[] layers) => new([new CodeRange(1f / 64, 128)],
        [.. layers.Select(static layer => new IntegerLayerForm(layer.Inputs, layer.Outputs, [.. new sbyte[layer.Weights.Length]],
            [.. new int[layer.Outputs]], [.. Enumerable.Repeat(1f / 1024, layer.Outputs)], new CodeRange(1f / 64, 0)))]);

    private static System.Threading.CancellationToken Token => TestContext.Current.CancellationToken;
}
