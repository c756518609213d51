using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// Lays units out as layers: for each level an affine layer of the arguments and a layer of the functions, then an affine layer of
/// the outputs. A unit that a later level reads goes through the levels between on identity edges, exactly.
/// </summary>
internal sealed partial class LayerPlacement
{
    // Edge by edge costs about eight times what a number of a matrix does.
    private const int SparseFactor = 8;

    // Numbers that the tables of a compiled network may hold.
    private const int MostCompiledPairs = 1 << 23;

    private readonly ModelFile _file;
    private readonly UnitGraph _units;
    private readonly List<CurvedLayer> _layers = [];
    private readonly int[] _lastUse;
    private readonly int _depth;
    private readonly List<int>[] _byLevel;
    private readonly HashSet<UnitBlock> _blocks = new(ReferenceEqualityComparer.Instance);
    private long _nodes;
    private long _edges;

    private LayerPlacement(ModelFile file, UnitGraph units, IReadOnlyList<AffineCombination> outputs)
    {
        _file = file;
        _units = units;
        _lastUse = new int[units.Count];
        _depth = outputs.Max(units.LevelOf);
        if (_depth > ModelLimits.Layers) throw file.Unsupported($"The model needs {_depth} consecutive layers; at most "
            + $"{ModelLimits.Layers} are supported. Compiled networks are small: reduce the model.");
        foreach (var output in outputs) Use(output, _depth + 1);

        // Arguments have smaller numbers than the units that read them.
        for (int unit = units.Count - 1; unit >= 0; unit--)
        {
            if (_lastUse[unit] == 0) continue;
            if (units[unit].Argument is { } argument) Use(argument, units[unit].Level);
            if (units[unit].Block is not { } block || !_blocks.Add(block)) continue;
            foreach (var input in block.Arguments) Use(input, units[unit].Level);

            // The layer makes all of its outputs, read or not.
            for (int own = block.First; own < block.First + block.Layer.OutputCount; own++)
                _lastUse[own] = Math.Max(_lastUse[own], units[unit].Level);
        }

        _byLevel = new List<int>[_depth + 1];
        for (int level = 0; level <= _depth; level++) _byLevel[level] = [];
        for (int unit = 0; unit < units.Count; unit++)
        {
            if (_lastUse[unit] > 0) _byLevel[units[unit].Level].Add(unit);
        }
    }

    /// <summary>The layers that compute the outputs; none if the outputs are the inputs.</summary>
    /// <exception cref="ModelFileException">The layers would be too large.</exception>
    public static IReadOnlyList<CurvedLayer> Build(ModelFile file, UnitGraph units, IReadOnlyList<AffineCombination> outputs)
    {
        file.WorkingOn = "The network";
        var placement = new LayerPlacement(file, units, outputs);
        int[] state = [.. Enumerable.Range(0, units.InputCount)];
        for (int level = 1; level <= placement._depth; level++) state = placement.AddLevel(state, level);
        placement.AddAffine(state, outputs);
        return placement._layers;
    }

    private void Use(AffineCombination form, int level)
    {
        foreach (int unit in form.Units) _lastUse[unit] = Math.Max(_lastUse[unit], level);
    }

    private int[] AddLevel(int[] state, int level)
    {
        _file.WorkingOn = $"Level {level} of the network";
        if (_byLevel[level].Exists(unit => _units[unit].Block is not null)) return AddBlocks(state, level);
        ExactWork.Charge(state.Length);
        if (AddImageLevel(state, level) is { } image) return image;
        _image = null;
        var next = state.Where(unit => _lastUse[unit] > level).ToList();
        int carried = next.Count;
        next.AddRange(_blocks.Count == 0 ? _byLevel[level] : InOrderOf(state, _byLevel[level]));
        _nodes += next.Count;
        RequireNodes(next.Count);
        AddAffine(state, [.. next.Select((unit, i) => i < carried ? AffineCombination.OfUnit(unit) : _units[unit].Argument!)]);
        if (next.Exists(unit => _units[unit].Scalar is not null && _units[unit].Level == level))
            AddCurves(next, unit => _units[unit].Level < level);
        else AddFunctions([.. next.Select((unit, i) => i < carried ? PiecewiseLinearFunction.Identity : _units[unit].Function!)]);
        return [.. next];
    }

    private void RequireNodes(int count)
    {
        if (count > ModelLimits.Width || _nodes > ModelLimits.Edges)
            throw _file.Unsupported($"The model needs a layer of {count} nodes, {_nodes} nodes in all; at most {ModelLimits.Width} and "
                + $"{ModelLimits.Edges} are supported. Compiled networks are small: reduce or prune the model.");
    }

    /// <summary>
    /// Units that each bend one node, in the order of those nodes: what stands between layers over images keeps their order.
    /// </summary>
    private IEnumerable<int> InOrderOf(int[] state, List<int> units)
    {
        if (!units.TrueForAll(unit => _units[unit].Argument!.Units.Length == 1)) return units;
        var places = new Dictionary<int, int>();
        for (int i = 0; i < state.Length; i++) places.Add(state[i], i);
        return units.OrderBy(unit => places[_units[unit].Argument!.Units[0]]);
    }

    private void AddCurves(IReadOnlyList<int> nodes, Predicate<int> isCarried)
    {
        var edges = new List<CurvedEdge>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            var unit = _units[nodes[i]];
            if (isCarried(nodes[i]))
                edges.Add(new CurvedEdge(i, i, Rational.One, PiecewiseLinearFunction.Identity, null, "a value that passes"));
            else if (unit.Scalar is null) edges.Add(new CurvedEdge(i, i, Rational.One, unit.Function, null, "a function"));
            else edges.Add(new CurvedEdge(i, i, Rational.One, null, unit.Scalar.Curve, CurveTitle(unit.Title!)));
        }

        _layers.Add(new CurvedLayer(nodes.Count, nodes.Count, edges, []));
    }

    // In the middle of a sentence.
    private static string CurveTitle(string title) => char.ToLowerInvariant(title[0]) + title[1..];

    private void AddFunctions(ImmutableArray<PiecewiseLinearFunction> functions)
    {
        if (functions.All(static function => function.Equals(PiecewiseLinearFunction.Identity))) return;
        bool isUniform = functions.All(function => function.Equals(functions[0]));
        _layers.Add(new CurvedLayer(new ActivationDescription(functions.Length, isUniform ? [functions[0]] : functions)));
    }

    private void AddAffine(int[] state, IReadOnlyList<AffineCombination> forms, ImageState? image = null)
    {
        bool isSquare = forms.Count == state.Length;
        if (isSquare && forms.Select((form, i) => form.IsUnit && form.Units[0] == state[i]).All(static same => same)) return;
        if (isSquare && forms.Select((form, i) => form.IsConstant || (form.Units.Length == 1 && form.Units[0] == state[i]))
            .All(static diagonal => diagonal))
        {
            if (FoldIntoConvolution(forms) || FoldIntoCurves(forms)) return;
            AddFunctions(
                [.. forms.Select(static form =>
                    PiecewiseLinearFunction.Linear(form.IsConstant ? Rational.Zero : form.Factors[0], form.Constant))]);
            return;
        }

        if (image is not null && AddChannelMap(forms, image)) return;
        if (AddTransposition(state, forms)) return;
        var places = new Dictionary<int, int>();
        for (int i = 0; i < state.Length; i++) places.Add(state[i], i);
        var biases = forms.All(static form => form.Constant.IsZero) ? [] : forms.Select(static form => form.Constant).ToImmutableArray();
        long terms = forms.Sum(static form => (long)form.Units.Length), size = (long)state.Length * forms.Count;

        // As where an image is the result: the compiler holds a number for each pair of nodes.
        if (_blocks.Count > 0 && size > MostCompiledPairs) throw new BranchException();
        bool isSparse = size > ModelLimits.Parameters || terms * SparseFactor < size;
        if (isSparse) RequireEdges(terms);
        if (isSparse && size > MostCompiledPairs)
            throw _file.Unsupported($"Layer {_layers.Count} has {terms:N0} edges between {state.Length:N0} and {forms.Count:N0} nodes, and "
                + $"compiled networks hold a number for each of the {size:N0} pairs; at most {MostCompiledPairs:N0} are supported. Make "
                + $"convolutions and pools of it, over one or two axes, which are held as such, or reduce the model.");
        _layers.Add(new CurvedLayer(isSparse
            ? new EdgesDescription(state.Length, forms.Count, Edges(forms, places), biases)
            : new AffineDescription(state.Length, forms.Count, Weights(state.Length, forms, places), biases)));
    }

    private void RequireEdges(long added)
    {
        _edges += added;
        if (_edges <= ModelLimits.Edges) return;
        throw _file.Unsupported($"Layer {_layers.Count} has {added:N0} edges, {_edges:N0} including those before it, which take about "
            + $"{_edges * ModelLimits.EdgeBytes / 1_000_000:N0} MB of .kan.json; at most {ModelLimits.Edges:N0} are supported. Compiled "
            + $"networks are small: reduce or prune the model.");
    }

    private static ImmutableArray<KanEdge> Edges(IReadOnlyList<AffineCombination> forms, Dictionary<int, int> places)
    {
        var edges = ImmutableArray.CreateBuilder<KanEdge>();
        for (int output = 0; output < forms.Count; output++)
        {
            var form = forms[output];
            for (int i = 0; i < form.Units.Length; i++)
                edges.Add(new KanEdge(places[form.Units[i]], output, PiecewiseLinearFunction.Linear(form.Factors[i], Rational.Zero)));
        }

        return edges.ToImmutable();
    }

    private static ImmutableArray<Rational> Weights(int inputs, IReadOnlyList<AffineCombination> forms, Dictionary<int, int> places)
    {
        var weights = new Rational[inputs * forms.Count];
        for (int output = 0; output < forms.Count; output++)
        {
            var form = forms[output];
            for (int i = 0; i < form.Units.Length; i++) weights[(output * inputs) + places[form.Units[i]]] = form.Factors[i];
        }

        return ImmutableArray.Create(weights);
    }
}

/// <summary>Values pass a layer over an image, which then has to be written out as edges.</summary>
internal sealed class BranchException : Exception
{
    public BranchException()
        : base("Values pass a layer over an image.")
    {
    }

    public BranchException(string message)
        : base(message)
    {
    }

    public BranchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
