using System;
using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>A value of the graph for one sample: a constant, or an affine form in the units for each element.</summary>
internal sealed class OnnxValue
{
    private readonly OnnxTensor? _tensor;
    private readonly ModelFile? _file;
    private Rational[]? _numbers;

    private OnnxValue(string name, int[] shape, bool isFloat)
    {
        Name = name;
        Shape = shape;
        IsFloat = isFloat;
    }

    public OnnxValue(OnnxTensor tensor, ModelFile file)
        : this(tensor.Name, tensor.Dimensions, tensor.IsFloat)
    {
        _tensor = tensor;
        _file = file;
    }

    public string Name { get; }

    public int[] Shape { get; }

    public int Rank => Shape.Length;

    public bool IsFloat { get; }

    public int Count => (int)TensorShape.Count(Shape);

    /// <summary>The axis that counts samples, of which the value holds one; -1 for none.</summary>
    public int BatchAxis { get; init; } = -1;

    /// <summary>The Softmax or Sigmoid that was left out on the way here.</summary>
    public OnnxHead? Head { get; init; }

    public bool IsConstant => Forms is null;

    /// <summary>One form for each element of a value that depends on the inputs.</summary>
    public AffineCombination[]? Forms { get; private init; }

    /// <summary>The elements of a constant.</summary>
    /// <exception cref="ModelFileException">One is not finite.</exception>
    public Rational[] Numbers => _numbers ??= _tensor!.ToRationals(_file!);

    public static OnnxValue Constant(string name, int[] shape, Rational[] numbers, bool isFloat = true) =>
        new(name, shape, isFloat) { _numbers = numbers };

    /// <summary>A value of forms; a constant where none depends on the inputs.</summary>
    public static OnnxValue Computed(string name, int[] shape, AffineCombination[] forms, int batchAxis, OnnxHead? head = null,
        bool mayFold = true, bool isFloat = true) =>
        mayFold && Array.TrueForAll(forms, static form => form.IsConstant)
            ? Constant(name, shape, Array.ConvertAll(forms, static form => form.Constant), isFloat)
            : new(name, shape, isFloat) { Forms = forms, BatchAxis = batchAxis, Head = head };

    public AffineCombination Form(int index) => Forms is null ? AffineCombination.OfConstant(Numbers[index]) : Forms[index];

    /// <summary>The number at a place of a constant, infinities included.</summary>
    public double Raw(int index) => _tensor is null ? _numbers![index].ToDouble() : _tensor.Values[index];

    /// <summary>The elements at some places, in another shape.</summary>
    public OnnxValue Select(string name, int[] shape, int[] places, int batchAxis) => Forms is null
        ? Constant(name, shape, Array.ConvertAll(places, place => Numbers[place]), IsFloat)
        : Computed(name, shape, Array.ConvertAll(places, place => Forms[place]), batchAxis, Head, isFloat: IsFloat);

    /// <summary>All elements in order, in another shape of the same size.</summary>
    public OnnxValue Reshape(string name, int[] shape, int batchAxis) => Forms is null
        ? Constant(name, shape, Numbers, IsFloat)
        : new(name, shape, IsFloat) { Forms = Forms, BatchAxis = batchAxis, Head = Head };

    /// <summary>The same numbers as another type.</summary>
    public OnnxValue As(string name, bool isFloat) => Forms is null
        ? Constant(name, Shape, Numbers, isFloat)
        : new(name, Shape, isFloat) { Forms = Forms, BatchAxis = BatchAxis, Head = Head };

    /// <summary>The same value under another name.</summary>
    public OnnxValue Rename(string name) => Reshape(name, Shape, BatchAxis);

    /// <summary>The number of terms of all forms.</summary>
    public long TermCount => Forms is null ? 0 : Forms.Sum(static form => (long)form.Units.Length);
}
