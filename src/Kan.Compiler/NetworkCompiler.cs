using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Emit;
using Kan.Compiler.Lower;

namespace Kan.Compiler;

/// <summary>The way from a network to its C#: simplify, lower, emit.</summary>
public static class NetworkCompiler
{
    /// <summary>The source files of a network. Their text is the same on every machine and in every culture.</summary>
    /// <exception cref="ArgumentException">The layers of the document do not fit together.</exception>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NoIntegerFormException">The precision is one of integers, and the network has no such form.</exception>
    /// <exception cref="NetworkTooLargeException">
    /// The tables would be larger than the C# compiler can take in, or exact numbers grow too long.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NetworkSource Compile(KanDocument document, CompilerOptions options, CancellationToken cancellation = default) =>
        CompilerWork.Within(
        document, () => NetworkEmitter.Emit(PlanWithin(document, options.Precision, options.Lowering, cancellation), options, cancellation),
            cancellation);

    /// <summary>What the source files of a network compute, layer by layer.</summary>
    /// <exception cref="ArgumentException">The layers of the document do not fit together.</exception>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NoIntegerFormException">The precision is one of integers, and the network has no such form.</exception>
    /// <exception cref="NetworkTooLargeException">
    /// The tables would be larger than the C# compiler can take in, or exact numbers grow too long.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NetworkPlan Plan(KanDocument document, Precision precision, Lowering lowering,
        CancellationToken cancellation = default) =>
        CompilerWork.Within(document, () => PlanWithin(document, precision, lowering, cancellation), cancellation);

    private static NetworkPlan PlanWithin(KanDocument document, Precision precision, Lowering lowering, CancellationToken cancellation)
    {
        var declared = document.Compact(cancellation);
        var network = NetworkSimplifier.Simplify(declared, cancellation);
        var floats = precision == Precision.Int8 ? Precision.Single : precision;
        var layers = NetworkPlan.Lower(network, floats, lowering, cancellation);
        var plan = new NetworkPlan(document.Name, floats, layers, ContentHash.ComputeUnlessCancelled(declared, cancellation))
        {
            Notes = document.SourceNotes,
            Labels = NetworkLabels.Of(document),
            UnreadInputs = Others(network.InputCount, network.Layers[0], static edge => edge.Input),
            ConstantOutputs = Others(network.OutputCount, network.Layers[network.Layers.Length - 1], static edge => edge.Output),
        };
        var certificate = ErrorBound.Certify(network, plan.Form, document.InputRanges, cancellation);
        if (precision != Precision.Int8) return plan with { Certificate = certificate };
        var integers = document.Codes is { } codes
            ? IntegerPlan.Create(codes, document.Layers, document.InputRanges, cancellation)
            : IntegerPlan.Create(network, document.InputRanges, document.HiddenRanges, document.IntegerTolerance, certificate,
                cancellation);
        return plan with { Integers = integers, Certificate = integers.Certificate };
    }

    /// <summary>The nodes that no edge joins to one at its other end: a simplified network has no edge that leads nowhere.</summary>
    private static ImmutableArray<int> Others(int count, KanLayer layer, Func<KanEdge, int> node)
    {
        if (layer.Window is not null) return [];
        var joined = new bool[count];
        foreach (var edge in layer.Edges) joined[node(edge)] |= !edge.Function.IsConstant;
        return [.. Enumerable.Range(0, count).Where(i => !joined[i])];
    }

    /// <summary>The source file of one curve: the body of a partial method.</summary>
    /// <param name="function">The curve.</param>
    /// <param name="methodDeclaration">
    /// The method as it must be re-declared, without a body: <c>public static partial double Discount(double x)</c>.
    /// </param>
    /// <param name="parameterName">The name of its parameter.</param>
    /// <param name="options">The target type and the number type.</param>
    /// <param name="cancellation">Observed in the arithmetic.</param>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NetworkTooLargeException">Exact numbers grow too long.</exception>
    public static string CompileCurve(
        PiecewiseLinearFunction function, string methodDeclaration, string parameterName, CompilerOptions options,
        CancellationToken cancellation = default) =>
        CompilerWork.Within(
            function.Slopes.Length,
            () =>
            {
                var layer = new KanLayer(1, 1, ImmutableArray.Create(new KanEdge(0, 0, function)));
                var form = (RowsForm)FormBuilder.Build(layer, LayerLowering.Rows, options.Precision);
                return CurveEmitter.Emit(form, methodDeclaration, parameterName, options);
            },
            cancellation);
}
