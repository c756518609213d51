using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>What the operators share while a graph is read: the units made so far, and the work that may still be done.</summary>
internal sealed class OnnxContext(ModelFile file, ImportOptions options, long declaredBatch)
{
    // What one value costs compared with one multiplication.
    private const int ValueCost = 8;

    private const int MostNotes = 256;

    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    private readonly long _most = ModelLimits.MultiplicationsOf(file.TotalBytes);
    private long _spent;

    public ModelFile File => file;

    /// <summary>The version of the operators of ONNX that the file asks for.</summary>
    public long OperatorSet { get; init; } = OnnxOperatorSets.Newest;

    public ImportOptions Options => options;

    /// <summary>The number of samples that the file fixes; 0 where it is open.</summary>
    public long DeclaredBatch => declaredBatch;

    public UnitGraph Units { get; } = new();

    /// <summary>What is curved, or jumps on the way.</summary>
    public OnnxCurves Curves => field ??= new OnnxCurves(this);

    /// <summary>The names of values that are outputs but for operators that change nothing.</summary>
    public HashSet<string> FinalValues { get; init; } = [];

    /// <summary>Whether large layers over images are kept as such, not written out as edges.</summary>
    public bool KeepsImages { get; init; }

    public FormAccumulator Sum { get; } = new();

    /// <summary>Sentences about what the layers do not show, each once.</summary>
    public List<string> Notes { get; } = [];

    public void Note(string sentence)
    {
        if (Notes.Count > MostNotes || !_noted.Add(sentence)) return;
        Notes.Add(Notes.Count < MostNotes ? sentence : "Further notes of this kind were omitted.");
    }

    /// <summary>Takes work off what may still be done.</summary>
    /// <exception cref="ModelFileException">None is left.</exception>
    public void Spend(OnnxNode node, long work)
    {
        if (work < 0 || work > _most - _spent)
            throw node.Unsupported("brings the model beyond the supported size", $"At most {_most} multiplications are done, or "
                + $"{_most / ValueCost} values computed, while reading a file of this size. Compiled networks are small: reduce or prune "
                + $"the model.");
        _spent += work;
    }

    /// <summary>Requires that a result has a size worth computing, and gives it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shape">The shape of its result.</param>
    /// <param name="isConstant">Whether the result is a constant; others may have as many values as a layer has nodes.</param>
    public int CountOf(OnnxNode node, int[] shape, bool isConstant = false)
    {
        long count = TensorShape.Count(shape);
        int most = isConstant ? ModelLimits.Parameters : ModelLimits.Width;
        if (count > most) throw node.Unsupported($"has a result of shape {TensorShape.Text(shape)}", $"At most {most} values are "
            + $"supported. Compiled networks are small: reduce or prune the model.");
        Spend(node, count * ValueCost);
        return (int)count;
    }

    /// <summary>Requires that a map whose layer is written edge by edge has a number of edges worth writing.</summary>
    /// <param name="node">The node.</param>
    /// <param name="edges">The most edges it may have.</param>
    public static void RequireEdges(OnnxNode node, long edges)
    {
        if (edges <= ModelLimits.Edges) return;
        throw node.Unsupported(
            FormattableString.Invariant(
                $"makes a layer of up to {edges:N0} edges, about {edges * ModelLimits.EdgeBytes / 1_000_000:N0} MB of .kan.json"),
            FormattableString.Invariant(
                $"At most {ModelLimits.Edges:N0} edges are supported. Compiled networks are small: reduce or prune the model."));
    }

    /// <summary>function(form), as a unit where it bends.</summary>
    public AffineCombination Apply(OnnxNode node, PiecewiseLinearFunction function, AffineCombination form)
    {
        RequireUnits(node);
        return !Units.HasScalars || function.IsAffine || form.IsConstant ? Units.Apply(function, form) : Curves.Apply(node, function, form);
    }

    public AffineCombination Materialise(OnnxNode node, AffineCombination form)
    {
        RequireUnits(node);
        return Units.Materialise(form);
    }

    /// <summary>
    /// The operand of a linear map: as it is where multiplying the two maps out gives fewer terms than keeping them apart, and else
    /// with a separate node for each value.
    /// </summary>
    /// <param name="node">The node that maps.</param>
    /// <param name="value">The operand.</param>
    /// <param name="products">The number of products of the map.</param>
    /// <param name="outputs">The number of its outputs.</param>
    public OnnxValue Fold(OnnxNode node, OnnxValue value, long products, long outputs)
    {
        if (value.Forms is not { Length: > 0 } forms) return value;
        long terms = value.TermCount;
        if (terms <= forms.Length) return value;
        long distinct = Distinct(node, forms);
        long folded = Math.Min(outputs * distinct, products * ((terms + forms.Length - 1) / forms.Length));
        return folded <= terms + products ? value : Materialise(node, value);
    }

    public OnnxValue Materialise(OnnxNode node, OnnxValue value) =>
        OnnxValue.Computed(value.Name, value.Shape, Array.ConvertAll(value.Forms!, form => Materialise(node, form)), value.BatchAxis,
            value.Head);

    /// <summary>
    /// The operand of a sum with a value of a later level: with a separate node for each value if this passes no more nodes through
    /// the levels between than the units it is made of.
    /// </summary>
    public OnnxValue Carry(OnnxNode node, OnnxValue value, OnnxValue other)
    {
        if (value.Forms is not { } forms || other.Forms is not { } others || value.TermCount <= forms.Length) return value;
        if (forms.Max(Units.LevelOf) >= others.Max(Units.LevelOf)) return value;
        return forms.Length <= Distinct(node, forms) ? Materialise(node, value) : value;
    }

    private long Distinct(OnnxNode node, AffineCombination[] forms)
    {
        Spend(node, forms.Sum(static form => (long)form.Units.Length) / 8);
        return forms.SelectMany(static form => form.Units).Distinct().Count();
    }

    public void RequireUnits(OnnxNode node)
    {
        if (Units.Count >= ModelLimits.Width)
            throw node.Unsupported($"brings the model past {ModelLimits.Width} nodes",
                "Compiled networks are small: reduce or prune the model.");
    }
}
