using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Experiments.Data;

namespace Kan.Experiments.Precision;

/// <summary>Errors of a form against exact arithmetic, in units of u times the largest exact output.</summary>
/// <param name="Largest">The largest error.</param>
/// <param name="Median">The median of the errors.</param>
/// <param name="Certified">The bound that the compiler proves, in the same unit.</param>
internal readonly record struct FormErrors(double Largest, double Median, double Certified)
{
    /// <summary>The unit roundoff of float, 2^-24.</summary>
    public const double Roundoff = 1.0 / (1 << 24);

    /// <summary>Measures one form of a network.</summary>
    /// <param name="network">The network that is computed.</param>
    /// <param name="lowering">Its form.</param>
    /// <param name="range">The range all inputs lie in.</param>
    /// <param name="samples">Inputs in that range, and the exact outputs.</param>
    public static FormErrors Measure(KanNetwork network, Lowering lowering, InputRange range, IReadOnlyList<Sample> samples)
    {
        var plan = NetworkCompiler.Plan(network.ToDocument("measured", range), Kan.Precision.Single, lowering);
        var evaluator = new ReferenceEvaluator<float>(plan.Form);
        double largestOutput = samples.Max(static sample => sample.Outputs.Max(static output => Math.Abs(output.ToDouble())));
        var errors = new double[samples.Count];
        Parallel.For(0, samples.Count, i =>
        {
            float[] outputs = evaluator.Evaluate(samples[i].Inputs);
            errors[i] = outputs.Zip(samples[i].Outputs,
                static (computed, exact) => Rational.Abs(Rational.FromSingle(computed) - exact).ToDouble()).Max();
        });
        Array.Sort(errors);
        double unit = Roundoff * largestOutput;
        return new FormErrors(errors[^1] / unit, errors[errors.Length / 2] / unit, plan.ErrorBound / unit);
    }
}

/// <summary>Inputs and the exact outputs for them.</summary>
internal sealed record Sample(float[] Inputs, ImmutableArray<Rational> Outputs)
{
    /// <summary>Random inputs in a range.</summary>
    /// <param name="evaluate">The exact network.</param>
    public static IReadOnlyList<Sample> Draw(int count, int inputCount, float low, float high, int seed, Func<Rational[],
        Rational[]> evaluate)
    {
        var random = new Random(seed);
        float[][] inputs = [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, inputCount)
                .Select(_ => Math.Clamp((float)(low + ((high - (double)low) * random.NextDouble())), low, high)).ToArray())];
        var samples = new Sample[count];
        Parallel.For(0, count, i => samples[i] = new Sample(inputs[i], [.. evaluate([.. inputs[i].Select(Rational.FromSingle)])]));
        return samples;
    }
}
