using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Where a kernel is placed over the spatial axes of a value, for each element of the result.</summary>
internal sealed class KernelWindow
{
    private const int MaximumSize = ModelLimits.Width;

    private readonly int[] _input;
    private readonly int[] _kernel;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly int[] _begins;
    private readonly int[] _ends;

    private KernelWindow(int[] input, int[] kernel, int[] strides, int[] dilations, int[] begins, int[] ends, int[] output)
    {
        _input = input;
        _kernel = kernel;
        _strides = strides;
        _dilations = dilations;
        _begins = begins;
        _ends = ends;
        Output = output;
    }

    /// <summary>The sizes of the result along the spatial axes.</summary>
    public int[] Output { get; }

    public int OutputCount => (int)TensorShape.Count(Output);

    public int KernelCount => (int)TensorShape.Count(_kernel);

    public int InputCount => (int)TensorShape.Count(_input);

    /// <summary>The window that the attributes of a node describe.</summary>
    /// <param name="node">A convolution or a pool.</param>
    /// <param name="context">For the work; null where no forms are made of it.</param>
    /// <param name="input">The spatial sizes of the data.</param>
    /// <param name="kernel">Those of the kernel.</param>
    /// <param name="roundsUp">Whether a last window may reach past the padding.</param>
    public static KernelWindow Read(OnnxNode node, OnnxContext? context, int[] input, int[] kernel, bool roundsUp)
    {
        int rank = input.Length;
        int[] strides = Sizes("strides", 1), dilations = Sizes("dilations", 1);
        string automatic = node.Text("auto_pad", "NOTSET");
        int[] pads = node.Integers("pads") ?? new int[2 * rank];
        if (kernel.Length != rank || pads.Length != 2 * rank)
            throw node.Malformed($"has a kernel of {kernel.Length} axes and {pads.Length} pads for data of {rank} spatial axes");
        if (kernel.Any(static size => size is < 1 or > MaximumSize) || pads.Any(static pad => pad is < 0 or > MaximumSize))
            throw node.Malformed("has a kernel or pads out of range");
        int[] begins = pads[..rank], ends = pads[rank..], output = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            long extent = ((long)dilations[axis] * (kernel[axis] - 1)) + 1;
            if (automatic is "SAME_UPPER" or "SAME_LOWER")
            {
                output[axis] = (input[axis] + strides[axis] - 1) / strides[axis];
                long padding = Math.Max(0, ((output[axis] - 1L) * strides[axis]) + extent - input[axis]);
                int small = (int)Math.Min(padding / 2, MaximumSize), large = (int)Math.Min(padding - (padding / 2), MaximumSize);
                (begins[axis], ends[axis]) = automatic == "SAME_UPPER" ? (small, large) : (large, small);
                continue;
            }

            if (automatic == "VALID") (begins[axis], ends[axis]) = (0, 0);
            else if (automatic is not ("NOTSET" or "")) throw node.Malformed($"has auto_pad = '{automatic}'");
            long room = (long)input[axis] + begins[axis] + ends[axis] - extent;
            if (room < 0) throw node.Malformed($"has a kernel that spans {extent} values along an axis of {input[axis]} and pads "
                + $"{begins[axis]} and {ends[axis]}");
            output[axis] = (int)(room / strides[axis]) + 1;

            // A window that starts in the padding behind the data sees nothing.
            if (roundsUp && room % strides[axis] != 0 && (long)output[axis] * strides[axis] < input[axis] + begins[axis]) output[axis]++;
        }

        if (TensorShape.Count(output) > ModelLimits.Parameters || TensorShape.Count(kernel) > ModelLimits.Parameters)
            throw node.Unsupported("has a window or a result beyond the supported size",
                $"At most {ModelLimits.Parameters} values are supported.");
        context?.Spend(node, TensorShape.Count(output) * TensorShape.Count(kernel));
        return new KernelWindow(input, kernel, strides, dilations, begins, ends, output);

        int[] Sizes(string name, int silent)
        {
            var sizes = node.Integers(name) ?? [.. Enumerable.Repeat(silent, rank)];
            return sizes.Length == rank && sizes.All(static size => size is >= 1 and <= MaximumSize)
                ? sizes
                : throw node.Malformed($"has {name} out of range");
        }
    }

    /// <summary>The number of spatial axes.</summary>
    public int Rank => _input.Length;

    /// <summary>The window over some of the axes.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="beside">The size of one more axis, along which the kernel has one place; none for 0.</param>
    public KernelWindow Over(Range axes, int beside = 0)
    {
        int[] more = beside == 0 ? [] : [1], none = beside == 0 ? [] : [0], size = beside == 0 ? [] : [beside];
        return new KernelWindow([.. _input[axes], .. size], [.. _kernel[axes], .. more], [.. _strides[axes], .. more],
            [.. _dilations[axes], .. more], [.. _begins[axes], .. none], [.. _ends[axes], .. none], [.. Output[axes], .. size]);
    }

    /// <summary>The window as a layer over an image has it; null for more than two axes, or where no layer is like that.</summary>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="filters">Channels of the outputs.</param>
    public WindowGeometry? Geometry(int channels, int filters)
    {
        if (_input.Length > 2) return null;
        int y = _input.Length - 2, x = _input.Length - 1;
        var geometry = new WindowGeometry
        {
            Channels = channels,
            Height = y < 0 ? 1 : _input[y],
            Width = _input[x],
            KernelHeight = y < 0 ? 1 : _kernel[y],
            KernelWidth = _kernel[x],
            StrideY = y < 0 ? 1 : _strides[y],
            StrideX = _strides[x],
            DilationY = y < 0 ? 1 : _dilations[y],
            DilationX = _dilations[x],
            PadTop = y < 0 ? 0 : _begins[y],
            PadLeft = _begins[x],
            PadBottom = y < 0 ? 0 : End(y),
            PadRight = End(x),
        };
        return geometry.Problem(filters) is null && geometry.PlaceCount == OutputCount ? geometry : null;

        // A last window may reach past the padding.
        int End(int axis) =>
            (int)Math.Max(_ends[axis], ((Output[axis] - 1L) * _strides[axis]) + ((long)_dilations[axis] * (_kernel[axis] - 1)) + 1
                - _input[axis] - _begins[axis]);
    }

    /// <summary>Refuses pads as large as the kernel, as every runtime does: a pool would see nothing but padding.</summary>
    public void RequirePadsWithinKernel(OnnxNode node)
    {
        for (int axis = 0; axis < _input.Length; axis++)
        {
            long extent = ((long)_dilations[axis] * (_kernel[axis] - 1)) + 1;
            if (_begins[axis] >= extent || _ends[axis] >= extent)
                throw node.Malformed($"has the pads {_begins[axis]} and {_ends[axis]} for a kernel that spans {extent} values; pads of a "
                    + $"pool are smaller than its kernel");
        }
    }

    /// <summary>
    /// The places under the kernel at a place of the result: the index in the kernel and the index in the data, -1 in the padding. Places
    /// past the padding are left out.
    /// </summary>
    public List<(int Kernel, int Data)> At(int output)
    {
        var places = new List<(int, int)>();
        var origin = Place(output, Output);
        for (int k = 0; k < KernelCount; k++)
        {
            var offset = Place(k, _kernel);
            int index = 0;
            bool isInside = true, isKnown = true;
            for (int axis = 0; axis < _input.Length; axis++)
            {
                long place = ((long)origin[axis] * _strides[axis]) - _begins[axis] + ((long)offset[axis] * _dilations[axis]);
                isKnown &= place < _input[axis] + _ends[axis];
                isInside &= place >= 0 && place < _input[axis];
                if (isInside) index = (index * _input[axis]) + (int)place;
            }

            if (isKnown) places.Add((k, isInside ? index : -1));
        }

        return places;
    }

    private static int[] Place(int index, int[] shape)
    {
        var place = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            place[axis] = index % shape[axis];
            index /= shape[axis];
        }

        return place;
    }
}
