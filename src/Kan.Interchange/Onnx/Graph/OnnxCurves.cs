using System;
using Kan.Interchange.Curves;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>
/// Values that are curves of one number, or that jump on the way to a continuous function: masks and comparisons that graphs write out.
/// What is a function of one number becomes one unit, whatever operators it was made of.
/// </summary>
/// <param name="context">What the operators share.</param>
internal sealed class OnnxCurves(OnnxContext context)
{
    private readonly ScalarForms _scalars = new(context.Units);

    /// <summary>function(form), where there are curves or jumps.</summary>
    public AffineCombination Apply(OnnxNode node, PiecewiseLinearFunction function, AffineCombination form) =>
        Compose(node, form, piece => piece.Then(function)) ?? context.Units.Apply(function, WithoutJumps(form));

    /// <summary>function(form), where the function is a curve.</summary>
    /// <exception cref="ModelFileException">Nothing may be approximated.</exception>
    public AffineCombination Apply(OnnxNode node, Func<RealFunction, RealFunction> function, AffineCombination form)
    {
        context.RequireUnits(node);
        RequireTolerance(node);
        return Compose(node, form, piece => piece.Then(function))
            ?? context.Units.Apply(ScalarFunction.Of(function(RealFunction.X)), WithoutJumps(form), node.Title);
    }

    /// <summary>The product of two values that both depend on the inputs: a function of one number, or refused.</summary>
    public AffineCombination Multiply(OnnxNode node, AffineCombination left, AffineCombination right)
    {
        context.RequireUnits(node);
        if (Combine(node, [left, right], static pieces => pieces[0] * pieces[1]) is { } product) return product;
        throw node.Unsupported("multiplies two values that both depend on the model's inputs, which is not piecewise linear",
            "Only functions of one number can be approximated, such as x * Sigmoid(x): remove gates and attention.");
    }

    /// <summary>The quotient of two values, the second of which depends on the inputs: a function of one number, or refused.</summary>
    public AffineCombination Divide(OnnxNode node, AffineCombination left, AffineCombination right)
    {
        context.RequireUnits(node);
        if (Combine(node, [left, right], static pieces => new ScalarPiece(null, pieces[0].Real / pieces[1].Real)) is { } quotient)
            return quotient;
        throw node.Unsupported("divides by a value that depends on the model's inputs, and so is not piecewise linear",
            "Only functions of one number can be approximated, such as x / (1 + Abs(x)): remove normalization by computed values.");
    }

    /// <summary>1 where the comparison of two values holds, 0 elsewhere.</summary>
    public AffineCombination Compare(OnnxNode node, Comparison comparison, AffineCombination left, AffineCombination right)
    {
        context.RequireUnits(node);
        var difference = left - right;
        if (difference.IsConstant)
            return AffineCombination.OfConstant(comparison.Holds(difference.Constant.Sign) ? Rational.One : Rational.Zero);
        if (_scalars.Common(difference) is { } common && common.Functions[0].Compare(comparison) is { } holds)
            return context.Units.Apply(holds, common.Argument, node.Title);
        throw node.Unsupported("compares a curve, whose sign is not known exactly", "Compare the value before the curve.");
    }

    /// <summary>One value where a condition holds, another elsewhere.</summary>
    public AffineCombination Select(OnnxNode node, AffineCombination condition, AffineCombination whenTrue, AffineCombination whenFalse)
    {
        if (condition.IsConstant) return condition.Constant.IsZero ? whenFalse : whenTrue;
        context.RequireUnits(node);
        if (Combine(node, [condition, whenTrue, whenFalse], static pieces => pieces[0].Exact!.IsZero ? pieces[2] : pieces[1])
            is { } selected) return selected;
        throw node.Unsupported("picks between two values by a comparison of another one, so it jumps", "Only a comparison of the number "
            + "that both values are functions of can make a continuous function, as in Where(x > 0, x, 0.1 x).");
    }

    /// <summary>The same sum as one curve where it is a function of one number, so that it becomes one table.</summary>
    public AffineCombination Collapse(OnnxNode node, AffineCombination sum)
    {
        if (!context.Units.HasScalars || sum.Units.Length < 2 || _scalars.OfFew(sum) is not { } single) return sum;
        context.RequireUnits(node);
        return Unit(node, single.Function.Settle(Gap), single.Argument, [sum]);
    }

    /// <summary>The complaint about a value that jumps and is needed; the value where it does not.</summary>
    public AffineCombination WithoutJumps(AffineCombination form) => _scalars.FirstJump(form) is { } jump
        ? throw Jumping(context.Units[jump].Title!)
        : form;

    /// <summary>The complaint about a comparison whose jump is left in what is computed from it.</summary>
    public ModelFileException Jumping(string title) => context.File.Unsupported($"{title} has an operator that jumps, and so does what "
        + $"is computed from it, so that the model is not a continuous function. Select an output before it (Outputs), and make the "
        + $"decision in your own code.");

    /// <exception cref="ModelFileException">Nothing may be approximated.</exception>
    public void RequireTolerance(OnnxNode node)
    {
        if (context.Options.Tolerance is not null) return;
        throw node.Unsupported("has an operator that is not piecewise linear",
            NetworkApproximator.Remedy + " Or train with ReLU, LeakyReLU, Clip or HardSigmoid.");
    }

    private double Gap => (context.Options.Tolerance ?? 0) / 64;

    private AffineCombination? Compose(OnnxNode node, AffineCombination form, Func<ScalarPiece, ScalarPiece> map)
    {
        if (_scalars.OfFew(form) is not { } few) return null;
        var composed = few.Function.Map(map).Settle(Gap);
        return composed.IsTooLarge ? null : Unit(node, composed, few.Argument, [form]);
    }

    private AffineCombination? Combine(OnnxNode node, ReadOnlySpan<AffineCombination> forms, Func<ScalarPiece[], ScalarPiece> combine)
    {
        if (_scalars.Common(forms) is not { } common) return null;
        var combined = ScalarFunction.Zip(common.Functions, combine).Settle(Gap);
        if (combined.IsTooLarge) throw node.Unsupported("makes a curve of too many parts", "Simplify the model.");
        if (combined.Curve is not null) RequireTolerance(node);
        return Unit(node, combined, common.Argument, forms);
    }

    /// <summary>A unit, which where it jumps is called after the comparison that the jump comes from.</summary>
    private AffineCombination Unit(OnnxNode node, ScalarFunction function, AffineCombination argument,
        ReadOnlySpan<AffineCombination> forms)
    {
        string title = node.Title;
        if (function.Jumps)
        {
            foreach (var form in forms)
            {
                if (_scalars.FirstJump(form) is not { } jump) continue;
                title = context.Units[jump].Title!;
                break;
            }
        }

        return context.Units.Apply(function, argument, title);
    }
}
