using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// The certified bound of networks over images in integers is attacked: random samples, corners, and climbs from the worst of them, with
/// ranges of hidden values that are certified and with ones that are too narrow.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ImageCodeCertificateTests
{
    private const int Climbs = 3, Steps = 120;

    [Fact]
    public void Errors_stay_within_the_certified_bound() => Attack([.. ImageCodeNetworks.All, .. More(100, 24)], 0.001);

    [Fact]
    public void Errors_stay_within_the_bound_where_values_are_cut_off() =>
        Attack([.. ImageCodeNetworks.All.Concat(More(200, 24)).Select(Narrowed)], 0);

    /// <summary>Bounds are above what was found, and not without end.</summary>
    private static void Attack(KanDocument[] documents, double leastShare)
    {
        var shares = documents.AsParallel().AsOrdered()
            .Select(static (document, i) => (document.Name, Share: Share(document, i))).ToArray();
        Assert.All(shares, own => Assert.True(own.Share >= leastShare && own.Share <= 1, $"{own.Name}: {own.Share:E2} of the bound."));
    }

    /// <summary>The worst error found, as a share of the bound.</summary>
    private static double Share(KanDocument document, int seed)
    {
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto);
        double bound = plan.ErrorBound;
        Require.That(double.IsFinite(bound), $"{document.Name} has no bound.");
        var integers = new IntegerEvaluator(plan.Integers!.Form);
        var doubles = new ReferenceEvaluator<double>(NetworkCompiler.Plan(document, Precision.Double, Lowering.Auto).Form);
        var random = new Random(seed);
        double worst = -1;
        float[] where = [];
        for (int climb = 0; climb < Climbs; climb++)
        {
            float[] sample = [.. Enumerable.Range(0, plan.InputCount).Select(p => Anywhere(p, climb))];
            double error = Error(sample);
            for (int step = 0; step < Steps; step++)
            {
                // Some inputs at once, or one.
                float[] next = (float[])sample.Clone();
                for (int count = random.Next(2) == 0 ? 1 : 1 + random.Next(next.Length); count > 0; count--)
                {
                    int p = random.Next(next.Length);
                    next[p] = Anywhere(p, random.Next(2));
                }

                double changed = Error(next);
                if (changed > error) (sample, error) = (next, changed);
            }

            if (error > worst) (worst, where) = (error, sample);
        }

        // What was found in double holds of exact numbers.
        var exact = document.ToNetwork().Evaluate([.. where.Select(Rational.FromSingle)]);
        double proved = integers.Evaluate(where).Zip(exact, static (y, own) => Rational.Abs(Rational.FromSingle(y) - own)).Max().ToDouble();
        return Math.Max(worst, proved) / bound;

        float Anywhere(int p, int kind) =>
            IntegerNetworks.Inside(document, p, kind == 0 ? random.Next(2) : random.NextDouble());

        double Error(float[] inputs) => integers.Evaluate(inputs)
            .Zip(doubles.Evaluate(Array.ConvertAll(inputs, static x => (double)x)), static (a, b) => Math.Abs(a - b)).Max();
    }

    private static IEnumerable<KanDocument> More(int first, int count) => Enumerable.Range(first, count).Select(ImageCodeNetworks.Any);

    /// <summary>The same with ranges of hidden values that the network leaves.</summary>
    private static KanDocument Narrowed(KanDocument document, int seed)
    {
        var random = new Random(seed);
        int hidden = NetworkCompiler.Plan(document with { HiddenRanges = [] }, Precision.Int8, Lowering.Auto).Form.Layers.Length - 1;
        return document with
        {
            HiddenRanges = [.. Enumerable.Range(0, hidden).Select(_ =>
                new InputRange(Rational.FromDouble(-random.NextDouble()), Rational.FromDouble(random.NextDouble())))],
        };
    }
}
