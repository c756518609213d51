using System;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>
/// The reference evaluator of a network, whose bits are those of generated code, beside the exact network and the bound that is certified.
/// </summary>
internal sealed class CertifiedEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly NetworkPlan _plan;
    private readonly ReferenceEvaluator<T> _evaluator;
    private readonly string _subject;

    public CertifiedEvaluation(KanDocument document, Lowering lowering)
    {
        var precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double;
        _plan = NetworkCompiler.Plan(document, precision, lowering, TestContext.Current.CancellationToken);
        _evaluator = new ReferenceEvaluator<T>(_plan.Form);
        _subject = $"{document.Name}, {lowering}, {precision}";
        Network = document.ToNetwork();
    }

    public KanNetwork Network { get; }

    public double Bound => _plan.Certificate.Bound;

    public string Reason => _plan.Certificate.Reason;

    /// <summary>The largest error of an output, which is not to exceed the bound; infinite where an output is not finite.</summary>
    public double Error(T[] inputs)
    {
        T[] outputs = _evaluator.Evaluate(inputs);
        Rational[] exact = Network.Evaluate([.. inputs.Select(static x => Rational.FromDouble(double.CreateChecked(x)))]);
        double largest = 0;
        for (int q = 0; q < outputs.Length; q++)
        {
            double error = T.IsFinite(outputs[q])
                ? Rational.Abs(Rational.FromDouble(double.CreateChecked(outputs[q])) - exact[q]).ToDouble()
                : double.PositiveInfinity;
            Require.That(error <= _plan.ErrorBound,
                $"{_subject}: output {q} is off by {error:E3} at ({string.Join(", ", inputs)}), certified were {_plan.ErrorBound:E3}.");
            largest = Math.Max(largest, error);
        }

        return largest;
    }
}
