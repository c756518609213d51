using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using Kan.Compiler;
using Kan.Experiments.Data;
using Kan.Experiments.Scaling;

namespace Kan.Experiments.Conversions;

/// <summary>A network to compare, in one of the two forms.</summary>
internal sealed class Subject
{
    private static readonly EquivalenceOptions s_unhurried = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    private readonly KanNetwork? _kan;
    private readonly ReluNetwork? _relu;

    public Subject(KanNetwork network) => _kan = network;

    public Subject(ReluNetwork network) => _relu = network;

    /// <summary>The exact outputs.</summary>
    public Rational[] Evaluate(IReadOnlyList<Rational> inputs) => _kan?.Evaluate(inputs) ?? _relu!.Evaluate(inputs);

    /// <summary>
    /// The outputs in float or double: of a KAN in the form of the compiler's choice and the order of compiled code, of a ReLU network in
    /// compressed rows.
    /// </summary>
    public Func<T[], T[]> In<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        if (_kan is not null)
        {
            var evaluator = Reference<T>(_kan);
            return inputs => evaluator.Evaluate(inputs);
        }

        var sparse = new SparseReluNetwork<T>(_relu!);
        return inputs =>
        {
            var outputs = new T[_relu!.OutputCount];
            sparse.Evaluate(inputs, outputs);
            return outputs;
        };
    }

    /// <summary>Whether both are the same function for all inputs.</summary>
    public EquivalenceResult DecideWhetherEqual(Subject other) => (_kan, _relu, other._kan, other._relu) switch
    {
        ({ } a, _, { } b, _) => Equivalence.Decide(a, b, options: s_unhurried),
        ({ } a, _, _, { } b) => Equivalence.Decide(a, b, options: s_unhurried),
        (_, { } a, { } b, _) => Equivalence.Decide(a, b, options: s_unhurried),
        (_, { } a, _, { } b) => Equivalence.Decide(a, b, options: s_unhurried),
        _ => throw new InvalidOperationException("A subject is a KAN or a ReLU network."),
    };

    /// <summary>A KAN as the compiler would have it computed.</summary>
    public static ReferenceEvaluator<T> Reference<T>(KanNetwork network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        new(NetworkCompiler.Plan(network.ToDocument("compared"), typeof(T) == typeof(float) ? Kan.Precision.Single : Kan.Precision.Double,
        Lowering.Auto).Form);
}
