using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Linear maps that are written in other ways than as matrices.</summary>
internal static class LinearOperators
{
    /// <summary>Running sums along an axis.</summary>
    public static OnnxValue CumSum(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int axis = node.Axis(node.Integers(1, "axis") is [var given] ? given : throw node.Malformed("has an axis that is not one number"),
            value.Rank);
        if (axis == value.BatchAxis) throw node.Mixes("sums over the samples");
        bool isExclusive = node.Integer("exclusive", 0) != 0, isReversed = node.Integer("reverse", 0) != 0;
        int count = context.CountOf(node, value.Shape, value.IsConstant), stride = TensorShape.Strides(value.Shape)[axis],
            size = value.Shape[axis];
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            if (i / stride % size != 0) continue;
            for (int k = 0; k < size; k++)
            {
                int at = i + ((isReversed ? size - 1 - k : k) * stride), before = at + (isReversed ? stride : -stride);
                var sum = k == 0 ? AffineCombination.OfConstant(Rational.Zero) : forms[before];
                var added = isExclusive ? k == 0 ? null : value.Form(before) : value.Form(at);
                if (added is not null) sum += added;
                context.Spend(node, sum.Units.Length);
                forms[at] = sum;
            }
        }

        return Result(node, value, value.Shape, forms, value.BatchAxis);
    }

    public static OnnxValue Tile(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] repeats = node.Integers(1, "repeats");
        if (repeats.Length != value.Rank || repeats.Any(static repeat => repeat < 0))
            throw node.Malformed($"has the repeats [{string.Join(", ", repeats)}] for a value of shape {TensorShape.Text(value.Shape)}");
        if (value.BatchAxis >= 0 && repeats[value.BatchAxis] != 1) throw node.Mixes("repeats samples");
        if (repeats.Zip(value.Shape).Any(static pair => (long)pair.First * pair.Second > ModelLimits.Parameters))
            throw node.Unsupported("repeats a value too often", $"At most {ModelLimits.Parameters} values are supported.");
        int[] shape = [.. value.Shape.Select((size, axis) => size * repeats[axis])], strides = TensorShape.Strides(value.Shape);
        context.CountOf(node, shape, value.IsConstant);
        return value.Select(node.Result, shape,
            TensorShape.Map(shape, place => place.Select((index, axis) => index % value.Shape[axis] * strides[axis]).Sum()),
            value.BatchAxis);
    }

    /// <summary>The triangle of each matrix above or below a diagonal, zeros elsewhere.</summary>
    public static OnnxValue Trilu(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        bool isUpper = node.Integer("upper", 1) != 0;
        long diagonal = node.HasInput(1) && node.Integers(1, "diagonal") is [var k] ? k : 0;
        if (value.Rank < 2) throw node.Malformed($"takes a value of {value.Rank} axes");
        if (value.BatchAxis >= value.Rank - 2) throw node.Mixes("runs along the axis of the samples");
        int count = context.CountOf(node, value.Shape, value.IsConstant), rows = value.Shape[^2], columns = value.Shape[^1];
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            int row = i / columns % rows, column = i % columns;
            bool isKept = isUpper ? column - row >= diagonal : column - row <= diagonal;
            forms[i] = isKept ? value.Form(i) : AffineCombination.OfConstant(Rational.Zero);
        }

        return Result(node, value, value.Shape, forms, value.BatchAxis);
    }

    /// <summary>Between floating-point types, like Cast.</summary>
    public static OnnxValue CastLike(OnnxNode node, OnnxContext context)
    {
        node.Ignore("saturate", "round_mode");
        OnnxValue value = node.Input(0), like = node.Input(1, "target");
        if (value.IsFloat == like.IsFloat) return value;
        if (like.IsFloat) return value.As(node.Result, isFloat: true);
        return value.IsConstant
            ? OnnxValue.Constant(node.Result, value.Shape,
                Array.ConvertAll(value.Numbers,
                static number => (Rational)System.Numerics.BigInteger.Divide(number.Numerator, number.Denominator)), isFloat: false)
            : throw node.Unsupported("turns values into integers, which rounds and is not continuous",
                "Only casts between floating-point types are supported: remove it, or export the model without quantization.");
    }

    /// <summary>Weights that are stored as integers: (x - zero point) scale, rounded to float as every runtime does.</summary>
    public static OnnxValue DequantizeLinear(OnnxNode node, OnnxContext context)
    {
        node.Ignore("output_dtype");
        var value = node.Input(0);
        if (!value.IsConstant) throw OnnxOperators.RefuseIntegers(node);
        var scale = node.Constant(1, "scale");
        var zero = node.HasInput(2) ? node.Constant(2, "zero point") : null;
        if (node.Integer("block_size", 0) != 0)
            throw node.Unsupported("has blocks of scales", "One scale for all values, or one for each place along an axis, is supported.");
        int axis = scale.Count == 1 ? 0 : node.Axis(node.Integer("axis", 1), value.Rank);
        if (scale.Count == 1) node.Ignore("axis");
        else if (scale.Rank != 1 || scale.Count != value.Shape[axis])
            throw node.Malformed(
                $"has scales of shape {TensorShape.Text(scale.Shape)} for a value of shape {TensorShape.Text(value.Shape)}");
        if (zero is not null && zero.Count != scale.Count) throw node.Malformed($"has zero points of shape "
            + $"{TensorShape.Text(zero.Shape)}, but scales of shape {TensorShape.Text(scale.Shape)}");
        int count = context.CountOf(node, value.Shape, isConstant: true),
            inner = scale.Count == 1 ? Math.Max(1, count) : TensorShape.Strides(value.Shape)[axis];
        var numbers = new Rational[count];
        for (int i = 0; i < count; i++)
        {
            int place = i / inner % scale.Count;
            float number = ((value.Numbers[i] - (zero?.Numbers[place] ?? Rational.Zero)) * scale.Numbers[place]).ToSingle();
            if (float.IsInfinity(number)) throw node.Malformed($"gives value {i} a number beyond float32");
            numbers[i] = Rational.FromSingle(number);
        }

        return OnnxValue.Constant(node.Result, value.Shape, numbers);
    }

    /// <summary>Sums of products of elements by the letters of their axes, of which at most one operand depends on the inputs.</summary>
    public static OnnxValue Einsum(OnnxNode node, OnnxContext context)
    {
        string equation = string.Concat(node.Text("equation", "").Where(static c => c != ' '));
        equation = WithoutEllipsis(node, equation);
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        string result = sides.Length == 2
            ? sides[1]
            : string.Concat(sides[0].Where(char.IsLetter).GroupBy(static letter => letter).Where(static group => group.Count() == 1)
                .Select(static group => group.Key).Order());
        var values = node.Inputs.ToList();
        if (sides.Length > 2 || terms.Length != values.Count)
            throw node.Malformed($"has the equation '{equation}' for {values.Count} inputs");
        if (values.Count(static value => !value.IsConstant) > 1)
            throw node.Unsupported("multiplies two values that both depend on the model's inputs, which is not piecewise linear",
                "Remove attention, or approximate it.");

        var sizes = new Dictionary<char, int>();
        char? batch = null;
        for (int t = 0; t < terms.Length; t++)
        {
            if (terms[t].Length != values[t].Rank || !terms[t].All(char.IsLetter))
                throw node.Malformed($"has the term '{terms[t]}' for a value of shape {TensorShape.Text(values[t].Shape)}");
            for (int axis = 0; axis < terms[t].Length; axis++)
            {
                int size = values[t].Shape[axis];
                if (sizes.TryGetValue(terms[t][axis], out int known) && known != size)
                    throw values.Exists(static value => value.BatchAxis >= 0) && (known == 1 || size == 1)
                        ? node.Mixes("has separate weights for each sample")
                        : node.Malformed($"has different sizes for the axis '{terms[t][axis]}'");
                sizes[terms[t][axis]] = size;
                if (axis == values[t].BatchAxis) batch = terms[t][axis];
            }
        }

        if (result.Any(letter => !sizes.ContainsKey(letter)) || result.Distinct().Count() != result.Length)
            throw node.Malformed($"has the equation '{equation}'");
        if (batch is { } samples && !result.Contains(samples, StringComparison.Ordinal)) throw node.Mixes("sums over the samples");
        char[] letters = [.. result, .. sizes.Keys.Where(letter => !result.Contains(letter, StringComparison.Ordinal))];
        int[] shape = [.. result.Select(letter => sizes[letter])], all = [.. letters.Select(letter => sizes[letter])];
        bool isConstant = values.TrueForAll(static value => value.IsConstant);
        int count = context.CountOf(node, shape, isConstant);
        long products = TensorShape.Count(all);
        if (products == long.MaxValue) throw node.Unsupported("sums too many products", $"At most {ModelLimits.Parameters} are supported.");
        context.Spend(node, products * values.Count);
        var maps = values.Select((value, t) =>
        {
            var strides = TensorShape.Strides(value.Shape);
            return TensorShape.Map(all, place => Enumerable.Range(0, terms[t].Length)
                .Sum(axis => place[Array.IndexOf(letters, terms[t][axis])] * strides[axis]));
        }).ToList();
        int inner = count == 0 ? 0 : (int)(products / count), varying = values.FindIndex(static value => !value.IsConstant);
        if (varying >= 0 && values[varying].Count > 0) context.Spend(node, products * (values[varying].TermCount / values[varying].Count));
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            for (int k = i * inner; k < (i + 1) * inner; k++)
            {
                var factor = Rational.One;
                for (int t = 0; t < values.Count; t++)
                {
                    if (t != varying) factor *= values[t].Numbers[maps[t][k]];
                }

                if (varying >= 0) context.Sum.Add(values[varying].Form(maps[varying][k]), factor);
                else context.Sum.Add(factor);
            }

            forms[i] = context.Sum.Take();
        }

        return OnnxValue.Computed(node.Result, shape, forms,
            batch is { } letterOfSamples ? result.IndexOf(letterOfSamples, StringComparison.Ordinal) : -1);
    }

    /// <summary>The equation with separate letters for the axes that <c>...</c> stands for, which spread from the last on.</summary>
    private static string WithoutEllipsis(OnnxNode node, string equation)
    {
        const string Ellipsis = "...";
        if (!equation.Contains(Ellipsis, StringComparison.Ordinal)) return equation;
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        var values = node.Inputs.ToList();
        if (terms.Length != values.Count) throw node.Malformed($"has the equation '{equation}' for {values.Count} inputs");
        string free = string.Concat(Enumerable.Range('A', 26).Concat(Enumerable.Range('a', 26)).Select(static c => (char)c)
            .Where(letter => !equation.Contains(letter, StringComparison.Ordinal)));
        int most = 0;
        for (int t = 0; t < terms.Length; t++)
        {
            if (!terms[t].Contains(Ellipsis, StringComparison.Ordinal)) continue;
            int count = values[t].Rank - (terms[t].Length - Ellipsis.Length);
            if (count < 0 || count > free.Length) throw node.Malformed($"has the equation '{equation}'");
            terms[t] = terms[t].Replace(Ellipsis, free[(free.Length - count)..], StringComparison.Ordinal);
            most = Math.Max(most, count);
        }

        string all = free[(free.Length - most)..];
        string result = sides.Length == 2 ? sides[1].Replace(Ellipsis, all, StringComparison.Ordinal)
            : all + string.Concat(string.Concat(terms).Where(letter => char.IsLetter(letter)
                && !all.Contains(letter, StringComparison.Ordinal)).GroupBy(static letter => letter)
                .Where(static group => group.Count() == 1).Select(static group => group.Key).Order());
        return string.Join(',', terms) + "->" + result;
    }

    private static OnnxValue Result(OnnxNode node, OnnxValue value, int[] shape, AffineCombination[] forms, int batchAxis) =>
        value.IsConstant
        ? OnnxValue.Constant(node.Result, shape, Array.ConvertAll(forms, static form => form.Constant), value.IsFloat)
        : OnnxValue.Computed(node.Result, shape, forms, batchAxis);
}
