using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx;

/// <summary>What the operators share while a graph is read: the units made so far, and the work that may still be done.</summary>
internal sealed class OnnxContext(ModelFile file, ImportOptions options, long declaredBatch)
{
    // What one value costs beside one multiplication.
    private const int ValueCost = 8;

    // Small files can ask for large models: weights, shapes and forms may be used by many nodes.
    private long _work = 2L * ModelLimits.Parameters;

    public ModelFile File => file;

    public ImportOptions Options => options;

    /// <summary>The number of samples that the file fixes; 0 where it is open.</summary>
    public long DeclaredBatch => declaredBatch;

    public UnitTable Units { get; } = new();

    public FormAccumulator Sum { get; } = new();

    /// <summary>Sentences about what the layers do not show, each once.</summary>
    public List<string> Notes { get; } = [];

    public void Note(string sentence)
    {
        if (!Notes.Contains(sentence)) Notes.Add(sentence);
    }

    /// <summary>Takes work off what may still be done.</summary>
    /// <exception cref="ModelFileException">None is left.</exception>
    public void Spend(OnnxNode node, long work)
    {
        if (work < 0 || work > _work)
            throw node.Unsupported("brings the model past the size that is read", $"At most {2L * ModelLimits.Parameters} multiplications are carried out, or {2L * ModelLimits.Parameters / ValueCost} values computed, while reading. Compiled networks are small: reduce or prune the model.");
        _work -= work;
    }

    /// <summary>Requires that a result has a size worth computing, and gives it.</summary>
    public int CountOf(OnnxNode node, int[] shape)
    {
        long count = TensorShape.Count(shape);
        if (count > ModelLimits.Parameters) throw node.Unsupported($"has a result of shape {TensorShape.Text(shape)}", $"At most {ModelLimits.Parameters} values are supported.");
        Spend(node, count * ValueCost);
        return (int)count;
    }

    /// <summary>function(form), as a unit where it bends.</summary>
    public AffineForm Apply(OnnxNode node, PiecewiseLinearFunction function, AffineForm form)
    {
        RequireUnits(node);
        return Units.Apply(function, form);
    }

    public AffineForm Materialise(OnnxNode node, AffineForm form)
    {
        RequireUnits(node);
        return Units.Materialise(form);
    }

    /// <summary>
    /// The operand of a linear map: as it is where multiplying the two maps out gives fewer terms than keeping them apart, and else
    /// with a node of its own for each value.
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
        OnnxValue.Computed(value.Name, value.Shape, Array.ConvertAll(value.Forms!, form => Materialise(node, form)), value.BatchAxis, value.DroppedHead);

    /// <summary>
    /// The operand of a sum with a value of a later level: with a node of its own for each value where this passes no more nodes through
    /// the levels between than the units it is made of.
    /// </summary>
    public OnnxValue Carry(OnnxNode node, OnnxValue value, OnnxValue other)
    {
        if (value.Forms is not { } forms || other.Forms is not { } others || value.TermCount <= forms.Length) return value;
        if (forms.Max(Units.LevelOf) >= others.Max(Units.LevelOf)) return value;
        return forms.Length <= Distinct(node, forms) ? Materialise(node, value) : value;
    }

    private long Distinct(OnnxNode node, AffineForm[] forms)
    {
        Spend(node, forms.Sum(static form => (long)form.Units.Length) / 8);
        return forms.SelectMany(static form => form.Units).Distinct().Count();
    }

    private void RequireUnits(OnnxNode node)
    {
        if (Units.Count >= ModelLimits.Width) throw node.Unsupported($"brings the model past {ModelLimits.Width} nodes", "Compiled networks are small: reduce or prune the model.");
    }
}
