using System;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;
using System.Threading.Tasks;
using Kan.Experiments.Data;

namespace Kan.Experiments.Conversions;

/// <summary>How two networks compare on digits.</summary>
/// <param name="Count">Digits compared.</param>
/// <param name="Identical">Digits where all outputs are the same numbers.</param>
/// <param name="SameClass">Digits that both read alike.</param>
/// <param name="LargestDifference">Of the outputs.</param>
internal readonly record struct Agreement(int Count, int Identical, int SameClass, double LargestDifference);

/// <summary>Compares networks on handwritten digits, exactly and in floating point.</summary>
internal static class DigitComparison
{
    /// <summary>The exact outputs for all digits.</summary>
    public static Rational[][] Exactly(Digits digits, Subject subject)
    {
        var outputs = new Rational[digits.Count][];
        Parallel.For(0, digits.Count, i => outputs[i] = subject.Evaluate([.. digits.Image(i).ToArray().Select(Rational.FromSingle)]));
        return outputs;
    }

    /// <summary>The outputs of both for all digits in float or double.</summary>
    public static Agreement InFloatingPoint<T>(Digits digits, Subject first, Subject second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int identical = 0, sameClass = 0;
        double largest = 0;
        Func<T[], T[]> one = first.In<T>(), other = second.In<T>();
        for (int i = 0; i < digits.Count; i++)
        {
            T[] inputs = Array.ConvertAll(digits.Image(i).ToArray(), T.CreateChecked);
            T[] a = one(inputs), b = other(inputs);
            if (a.AsSpan().SequenceEqual(b)) identical++;
            if (TensorPrimitives.IndexOfMax<T>(a) == TensorPrimitives.IndexOfMax<T>(b)) sameClass++;
            for (int q = 0; q < a.Length; q++) largest = Math.Max(largest, double.CreateChecked(T.Abs(a[q] - b[q])));
        }

        return new Agreement(digits.Count, identical, sameClass, largest);
    }

    /// <summary>Digits that a KAN reads as they are labelled, in float.</summary>
    public static int Correct(Digits digits, KanNetwork network)
    {
        var evaluate = new Subject(network).In<float>();
        return Enumerable.Range(0, digits.Count)
            .Count(i => TensorPrimitives.IndexOfMax(evaluate(digits.Image(i).ToArray())) == digits.Labels[i]);
    }
}
