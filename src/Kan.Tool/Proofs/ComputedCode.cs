using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Compiler;

namespace Kan.Tool;

/// <summary>A model as its generated code computes it: what rounding can change at most, and what it makes of inputs.</summary>
internal sealed class ComputedCode
{
    private readonly NetworkForm _form;
    private readonly Lowering _lowering;

    private ComputedCode(NetworkForm form, Lowering lowering, double bound) => (_form, _lowering, Bound) = (form, lowering, bound);

    /// <summary>The certified bound of |computed - exact| in the box; infinite if there is none.</summary>
    public double Bound { get; }

    public bool HasBound => double.IsFinite(Bound);

    public string Description =>
        $"{(_form.Precision == Precision.Single ? "single" : "double")} precision, rounding at most {NumberText.Short(Bound)}";

    public static ComputedCode Of(KanDocument document, ImmutableArray<InputRange> box, Precision precision, Lowering lowering,
        CancellationToken token)
    {
        var plan = NetworkCompiler.Plan(document with { InputRanges = box }, precision, lowering, token);
        return new ComputedCode(plan.Form, lowering, plan.Certificate.Bound);
    }

    /// <summary>The statement about exact outputs that implies this one about the computed ones.</summary>
    public OutputStatement WithMargin(OutputStatement statement) => statement.WithMargin(Rational.FromDouble(Bound));

    /// <summary>The outputs that the code computes for the nearest floats of some inputs; null if one is not finite.</summary>
    public (double[] Inputs, double[] Outputs)? Run(Violation violation)
    {
        double[] inputs = [.. violation.Inputs.Select(value => _form.Precision == Precision.Single ? value.ToSingle() : value.ToDouble())];
        double[] outputs = _form.Precision == Precision.Single
            ? Array.ConvertAll(new ReferenceEvaluator<float>(_form).Evaluate(Array.ConvertAll(inputs, static value => (float)value)),
                static value => (double)value)
            : new ReferenceEvaluator<double>(_form).Evaluate(inputs);
        return inputs.All(double.IsFinite) && outputs.All(double.IsFinite) ? (inputs, outputs) : null;
    }

    /// <summary>Whether the computed outputs break a statement at the nearest floats of some inputs, in its box.</summary>
    public bool Breaks(OutputStatement statement, Violation violation) => Run(violation) is var (inputs, outputs)
        && statement.IsViolated(new Violation([.. inputs.Select(Rational.FromDouble)], [.. outputs.Select(Rational.FromDouble)], [], []));
}
