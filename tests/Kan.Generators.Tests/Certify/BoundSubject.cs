using System;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Generators.Tests.Engines;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>What an attack on bounds has seen.</summary>
internal sealed class BoundTally
{
    public int Samples { get; set; }

    public int Finite { get; set; }

    public int Overflows { get; set; }

    public double Sharpest { get; set; }
}

/// <summary>A network whose bounds for samples are attacked: each sample that is looked at is a test.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal sealed class BoundSubject<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly ReferenceEvaluator<T> _evaluator;
    private readonly RunningBound<T> _bound;
    private readonly string _name;

    private BoundSubject(KanDocument document, NetworkPlan plan, Lowering lowering)
    {
        _evaluator = new ReferenceEvaluator<T>(plan.Form);
        _bound = new RunningBound<T>(plan.Form);
        _name = $"{document.Name}, {lowering}, {plan.Precision}";
        Network = document.ToNetwork();
    }

    public KanNetwork Network { get; }

    /// <summary>The network, or null where its numbers do not fit the type, or where no layer of it is made of the units.</summary>
    public static BoundSubject<T>? Of(KanDocument document, Lowering lowering)
    {
        var precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double;
        try
        {
            var plan = NetworkCompiler.Plan(document, precision, lowering, TestContext.Current.CancellationToken);
            bool isOwn = lowering is Lowering.Auto or Lowering.Rows || plan.Layers.Any(static layer => layer.Form is UnitsForm);
            return isOwn ? new BoundSubject<T>(document, plan, lowering) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public double[] Bound(T[] x) => [.. _bound.Evaluate(x).Select(double.CreateChecked)];

    /// <summary>
    /// Makes the error, as a share of its bound, larger and larger; each step is a test. Networks of many edges, whose exact values take
    /// long, are climbed from fewer starts.
    /// </summary>
    public static void Climb(KanDocument document, int seed, BoundTally tally)
    {
        foreach (var lowering in CompiledNetworks.Lowerings)
        {
            if (Of(document, lowering) is not { } subject) continue;
            var random = new Random(seed);
            int every = 1 + (subject.Network.Layers.Sum(static layer => layer.Edges.Length) / 500);
            foreach (T[] start in AdversarialInputs.For<T>(subject.Network, seed).Where((_, i) => i % every == 0))
            {
                T[] x = start;
                double worst = subject.Share(x, tally);
                for (int step = 0; step < 3; step++)
                {
                    T[] changed = [.. x];
                    int at = random.Next(x.Length);
                    changed[at] = random.Next(3) switch
                    {
                        0 => T.CreateChecked((random.NextDouble() * 8) - 4),
                        1 => T.BitIncrement(changed[at]),
                        _ => changed[at] * T.CreateChecked(random.NextDouble()),
                    };
                    double share = subject.Share(changed, tally);
                    if (share > worst) (x, worst) = (changed, share);
                }
            }
        }
    }

    /// <summary>The largest error as a share of its bound, which is at most 1.</summary>
    public double Share(T[] x, BoundTally tally)
    {
        T[] bounds = _bound.Evaluate(x);
        tally.Samples++;
        if (!x.All(T.IsFinite))
        {
            Assert.All(bounds, static bound => Assert.True(T.IsPositiveInfinity(bound)));
            return 0;
        }

        T[] outputs = _evaluator.Evaluate(x);
        if (!outputs.All(T.IsFinite)) tally.Overflows++;
        if (T.IsPositiveInfinity(bounds[0])) return 0;
        tally.Finite++;
        Rational[] exact = Network.Evaluate([.. x.Select(static value => Rational.FromDouble(double.CreateChecked(value)))]);
        double largest = 0;
        for (int q = 0; q < outputs.Length; q++)
        {
            Require.That(T.IsFinite(outputs[q]) && T.IsFinite(bounds[q]),
                $"{_name}: output {q} is {outputs[q]} at ({string.Join(", ", x)}), bound {bounds[q]}.");
            var error = Rational.Abs(Rational.FromDouble(double.CreateChecked(outputs[q])) - exact[q]);
            Require.That(error <= Rational.FromDouble(double.CreateChecked(bounds[q])),
                $"{_name}: output {q} is {outputs[q]} at ({string.Join(", ", x)}), bound {bounds[q]}, exactly "
                + $"{exact[q].ToDouble():R}.");
            if (!error.IsZero) largest = Math.Max(largest, error.ToDouble() / double.CreateChecked(bounds[q]));
        }

        tally.Sharpest = Math.Max(tally.Sharpest, largest);
        return largest;
    }
}
