using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Evaluation;
using Kan.Experiments.Data;
using Kan.Experiments.Scaling;

namespace Kan.Experiments.Conversions;

/// <summary>How two networks compare on digits.</summary>
/// <param name="Count">Digits compared.</param>
/// <param name="Identical">Digits where all outputs are the same, to the last bit.</param>
/// <param name="SameClass">Digits that both read alike.</param>
/// <param name="LargestDifference">Of the outputs.</param>
internal readonly record struct Agreement(int Count, int Identical, int SameClass, double LargestDifference);

/// <summary>Compares networks on handwritten digits, exactly and in floating point.</summary>
internal static class DigitComparison
{
    /// <summary>Exact outputs of both for some digits.</summary>
    public static Agreement Exactly(Digits digits, int count, Func<IReadOnlyList<Rational>, Rational[]> first, Func<IReadOnlyList<Rational>, Rational[]> second)
    {
        var same = new bool[count];
        Parallel.For(0, count, i =>
        {
            Rational[] inputs = [.. digits.Image(i).ToArray().Select(Rational.FromSingle)];
            same[i] = first(inputs).SequenceEqual(second(inputs));
        });
        int identical = same.Count(static equal => equal);
        return new Agreement(count, identical, identical, identical == count ? 0 : double.NaN);
    }

    /// <summary>Outputs of both for all digits in float or double: of a ReLU network in compressed rows, and of a KAN in the form of the compiler's choice.</summary>
    public static Agreement InFloatingPoint<T>(Digits digits, ReluNetwork relu, KanNetwork kan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var sparse = new SparseReluNetwork<T>(relu);
        var first = new T[relu.OutputCount];
        return Compare(digits, Reference<T>(kan), inputs =>
        {
            sparse.Evaluate(inputs, first);
            return first;
        });
    }

    /// <summary>Outputs of both for all digits, each in the form of the compiler's choice, in the order of compiled code.</summary>
    public static Agreement Compiled<T>(Digits digits, KanNetwork first, KanNetwork second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var evaluator = Reference<T>(second);
        return Compare(digits, Reference<T>(first), inputs => evaluator.Evaluate(inputs));
    }

    /// <summary>Digits that a KAN reads as they are labelled, in float.</summary>
    public static int Correct(Digits digits, KanNetwork network)
    {
        var evaluator = Reference<float>(network);
        return Enumerable.Range(0, digits.Count).Count(i => TensorPrimitives.IndexOfMax(evaluator.Evaluate(digits.Image(i))) == digits.Labels[i]);
    }

    private static ReferenceEvaluator<T> Reference<T>(KanNetwork network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        new(NetworkCompiler.Plan(network.ToDocument("compared"), typeof(T) == typeof(float) ? Kan.Precision.Single : Kan.Precision.Double, Lowering.Auto).Form);

    private static Agreement Compare<T>(Digits digits, ReferenceEvaluator<T> first, Func<T[], T[]> second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int identical = 0, sameClass = 0;
        double largest = 0;
        for (int i = 0; i < digits.Count; i++)
        {
            T[] inputs = Array.ConvertAll(digits.Image(i).ToArray(), T.CreateChecked);
            T[] a = first.Evaluate(inputs), b = second(inputs);
            if (a.AsSpan().SequenceEqual(b)) identical++;
            if (TensorPrimitives.IndexOfMax<T>(a) == TensorPrimitives.IndexOfMax<T>(b)) sameClass++;
            for (int q = 0; q < a.Length; q++) largest = Math.Max(largest, double.CreateChecked(T.Abs(a[q] - b[q])));
        }

        return new Agreement(digits.Count, identical, sameClass, largest);
    }
}
