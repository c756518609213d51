using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Symbolic.Evaluation;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic;

/// <summary>Compiles a method into exact piecewise-linear functions, one for each parameter, whose sum it is.</summary>
internal static class FunctionCompiler
{
    /// <summary>The functions of a method, or what keeps it from having any.</summary>
    /// <param name="method">A static method from numbers to a number.</param>
    /// <param name="compilation">Where its code is, and that of the methods it calls.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CompiledMethod Compile(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (method.Parameters.Length > Limits.Parameters)
            return new CompiledMethod(default,
                [new Problem(Descriptors.FunctionIsTooLarge, new Place.Identifier(method), method.Name,
                Numbers.Text(Limits.Parameters) + " parameters")]);
        using var work = ExactWork.Limit(Limits.Work, Limits.Bits, cancellation);
        try
        {
            return CompileWithin(method, compilation, cancellation);
        }
        catch (ExactWorkException exception)
        {
            // The functions are known, but not what can be said of them.
            return new CompiledMethod(default,
                [new Problem(Descriptors.FunctionIsTooLarge, new Place.Identifier(method), method.Name, Limits.Describe(exception))]);
        }
    }

    private static CompiledMethod CompileWithin(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var bodies = new MethodBodies(compilation, cancellation);
        var binary = new Evaluator(bodies, method, LiteralReading.Binary, cancellation);
        if (binary.Run(method) is not { } number) return new CompiledMethod(default, [.. binary.Problems]);
        var jumps = JumpsOf(number, method);
        if (jumps.IsEmpty) return new CompiledMethod(Functions(number), [.. binary.Problems]);

        // Pieces that meet as decimal numbers may miss each other as binary ones, by the rounding of their constants.
        var evaluator = new Evaluator(bodies, method, LiteralReading.Decimal, cancellation);
        var decimals = evaluator.Run(method);
        if (evaluator.Problems.FirstOrDefault(static problem => problem.Descriptor == Descriptors.FunctionIsTooLarge) is { } tooLarge)
            return new CompiledMethod(default, [.. binary.Problems, tooLarge]);
        var remaining = decimals is null ? jumps : JumpsOf(decimals, method);
        bool closes = remaining.IsEmpty;
        var reports = closes ? Report(jumps, Descriptors.PiecesMeetAsDecimals) : Report(remaining, Descriptors.FunctionJumps);
        return new CompiledMethod(closes ? Functions(decimals!) : default, [.. binary.Problems, .. reports]);

        IEnumerable<Problem> Report(ImmutableArray<Jump> found, DiagnosticDescriptor descriptor) =>
            found.Select(jump => jump.ToProblem(descriptor, method.Name));
    }

    private static ImmutableArray<Jump> JumpsOf(Number number, IMethodSymbol method)
    {
        var jumps = ImmutableArray.CreateBuilder<Jump>();
        var reported = new HashSet<SyntaxNode>();
        for (int variable = 0; variable < number.Parts.Length; variable++)
        {
            var part = number.Parts[variable];
            for (int i = 0; i < part.Breakpoints.Length; i++)
            {
                if (!part.JumpsAt(i)) continue;
                var (point, origin) = part.Breakpoints[i];
                var node = origin ?? method.DeclaringSyntaxReferences[0].GetSyntax();
                if (!reported.Add(node)) continue;
                jumps.Add(new Jump(node, method.Parameters[variable].Name, point,
                    part.Cells[2 * i].At(point).Intercept, part.Cells[(2 * i) + 1].Intercept, part.Cells[(2 * i) + 2].At(point).Intercept));
            }
        }

        return jumps.ToImmutable();
    }

    private static ImmutableArray<PiecewiseLinearFunction> Functions(Number number) => [.. number.Parts.Select(Function)];

    private static PiecewiseLinearFunction Function(Piecewise<Affine> part)
    {
        var slopes = Enumerable.Range(0, part.Breakpoints.Length + 1).Select(i => part.Cells[2 * i].Slope).ToArray();
        var point = part.Breakpoints.IsEmpty ? Rational.Zero : part.Breakpoints[0].Point;
        return PiecewiseLinearFunction.FromSlopes(part.Points, slopes, point, part.CellAt(point).Intercept);
    }

    /// <summary>A point where a function is not continuous.</summary>
    private sealed record Jump(SyntaxNode Node, string Parameter, Rational Point, Rational Left, Rational Value, Rational Right)
    {
        public Problem ToProblem(DiagnosticDescriptor descriptor, string function) =>
            new(descriptor, new Place.Node(Node), Excerpt.Of(Node), function, Parameter + " = " + Numbers.Text(Point), Fact);

        private string Fact => Left != Right
            ? "from " + Numbers.Text(Left) + " to " + Numbers.Text(Right)
            : "where it is " + Numbers.Text(Value) + " between " + Numbers.Text(Left) + " on both sides";
    }
}

/// <summary>What became of a method.</summary>
/// <param name="Functions">One function for each parameter; default where there are mistakes.</param>
/// <param name="Problems">The mistakes, and what else is worth saying.</param>
internal sealed record CompiledMethod(ImmutableArray<PiecewiseLinearFunction> Functions, ImmutableArray<Problem> Problems);
