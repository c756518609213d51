using System;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Operators whose results are constants.</summary>
internal static class ConstantOperators
{
    public static OnnxValue Constant(OnnxNode node, OnnxContext context)
    {
        var tensor = node.Tensor("value");
        var floats = node.Attribute("value_floats", AttributeProto.Types.AttributeType.Floats)?.Floats;
        var single = node.Attribute("value_float", AttributeProto.Types.AttributeType.Float);
        var integers = node.Attribute("value_ints", AttributeProto.Types.AttributeType.Ints)?.Ints;
        var integer = node.Attribute("value_int", AttributeProto.Types.AttributeType.Int);
        string name = node.Result;
        OnnxTensor? constant = null;
        if (tensor is not null) constant = OnnxTensor.Read(tensor, name, context.File);
        else if (floats is not null)
            constant = new OnnxTensor(name, [floats.Count], [.. floats.Select(static value => (double)value)], IsFloat: true);
        else if (single is not null) constant = new OnnxTensor(name, [], [single.F], IsFloat: true);
        else if (integers is not null)
            constant = new OnnxTensor(name, [integers.Count], [.. integers.Select(static value => (double)value)], IsFloat: false);
        else if (integer is not null) constant = new OnnxTensor(name, [], [integer.I], IsFloat: false);
        if (constant is null) throw node.Malformed("has no value");
        context.Spend(node, constant.Values.Length);
        return new OnnxValue(constant, context.File);
    }

    public static OnnxValue ConstantOfShape(OnnxNode node, OnnxContext context)
    {
        var shape = node.Integers(0, "shape");
        if (shape.Any(static size => size < 0)) throw node.Malformed("has a negative dimension");
        int count = context.CountOf(node, shape, isConstant: true);
        var (fill, isFloat) = (Rational.Zero, true);
        if (node.Tensor("value") is { } tensor)
        {
            var value = new OnnxValue(OnnxTensor.Read(tensor, node.Result, context.File), context.File);
            if (value.Count != 1)
                throw node.Malformed($"has a value of shape {TensorShape.Text(value.Shape)} where one number is expected");
            (fill, isFloat) = (value.Numbers[0], value.IsFloat);
        }

        var numbers = new Rational[count];
        Array.Fill(numbers, fill);
        return OnnxValue.Constant(node.Result, shape, numbers, isFloat);
    }

    /// <summary>The number of elements of a value, of one sample of it where the number of samples is open.</summary>
    public static OnnxValue Size(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        long samples = value.BatchAxis >= 0 && context.DeclaredBatch > 0 ? context.DeclaredBatch : 1;
        return OnnxValue.Constant(node.Result, [], [(Rational)(System.Numerics.BigInteger)(value.Count * samples)], isFloat: false);
    }

    /// <summary>The shape of a value, one sample of it where the number of samples is open.</summary>
    public static OnnxValue Shape(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int start = Bound(node.Integer("start", 0)), end = Bound(node.Integer("end", value.Rank));
        var sizes = value.Shape.Select((size, axis) => axis == value.BatchAxis && context.DeclaredBatch > 0 ? context.DeclaredBatch : size);
        Rational[] numbers = [.. sizes.Take(end).Skip(start).Select(static size => (Rational)(System.Numerics.BigInteger)size)];
        return OnnxValue.Constant(node.Result, [numbers.Length], numbers, isFloat: false);

        int Bound(long axis) => (int)Math.Clamp(axis < 0 ? axis + value.Rank : axis, 0, value.Rank);
    }
}
