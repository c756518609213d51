using System;
using System.Collections.Generic;
using System.Threading;
using Kan.Compiler;

namespace Kan.Tool;

/// <summary>The largest difference of two networks at random points, in double arithmetic: found, not certified.</summary>
internal sealed record SampledDifference(int Samples, double Difference, double[] Inputs)
{
    private const int Seed = 1;

    public static SampledDifference Of(KanDocument left, KanDocument right, IReadOnlyList<InputRange> box, int samples,
        Action<double> report, CancellationToken token)
    {
        var first = new PanelEvaluator<double>(Form(left, token));
        var second = new PanelEvaluator<double>(Form(right, token));
        var random = new Random(Seed);
        double[] inputs = new double[first.InputCount], one = new double[first.OutputCount], other = new double[first.OutputCount];
        var found = new SampledDifference(samples, 0, inputs);
        for (int sample = 0; sample < samples; sample++)
        {
            token.ThrowIfCancellationRequested();
            for (int i = 0; i < inputs.Length; i++)
            {
                double low = box[i].Low.ToDouble(), high = box[i].High.ToDouble();
                inputs[i] = low + (random.NextDouble() * (high - low));
            }

            first.Evaluate(inputs, one);
            second.Evaluate(inputs, other);
            for (int q = 0; q < one.Length; q++)
            {
                if (Math.Abs(one[q] - other[q]) > found.Difference)
                    found = found with { Difference = Math.Abs(one[q] - other[q]), Inputs = [.. inputs] };
            }

            report((sample + 1.0) / samples);
        }

        return found;
    }

    private static NetworkForm Form(KanDocument document, CancellationToken token) =>
        NetworkCompiler.Plan(document, Precision.Double, Lowering.Auto, token).Form;
}
