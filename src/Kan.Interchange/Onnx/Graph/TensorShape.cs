using System;
using System.Linq;
using Kan.Interchange.Onnx;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>Arithmetic of shapes, row by row.</summary>
internal static class TensorShape
{
    public static string Text(int[] shape) => "[" + string.Join(", ", shape) + "]";

    /// <summary>The number of values; more than <see cref="ModelLimits.Parameters"/> for any shape too large.</summary>
    public static long Count(int[] shape)
    {
        if (shape.Contains(0)) return 0;
        long count = 1;
        foreach (int dimension in shape)
        {
            count *= dimension;
            if (count > ModelLimits.Parameters) return long.MaxValue;
        }

        return count;
    }

    /// <summary>How far apart neighbors along each axis are.</summary>
    public static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>The shape two operands spread to, or null if they do not fit.</summary>
    public static int[]? Broadcast(int[] left, int[] right)
    {
        var shape = new int[Math.Max(left.Length, right.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int a = i <= left.Length ? left[^i] : 1, b = i <= right.Length ? right[^i] : 1;
            if (a != b && a != 1 && b != 1) return null;
            shape[^i] = a == 1 ? b : a;
        }

        return shape;
    }

    /// <summary>For each value of the result of a broadcast, the index of the operand's value.</summary>
    public static int[] BroadcastMap(int[] operand, int[] result)
    {
        var strides = Strides(operand);
        return Map(result, place =>
        {
            int index = 0, skipped = place.Length - operand.Length;
            for (int axis = 0; axis < operand.Length; axis++)
            {
                if (operand[axis] != 1) index += place[axis + skipped] * strides[axis];
            }

            return index;
        });
    }

    /// <summary>A function of the place for each place of a shape, row by row.</summary>
    public static int[] Map(int[] shape, Func<int[], int> index)
    {
        var map = new int[Count(shape)];
        var place = new int[shape.Length];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = index(place);
            for (int axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis]; axis--) place[axis] = 0;
        }

        return map;
    }
}
