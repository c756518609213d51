using System;
using System.Linq;

namespace Kan.Experiments.Minimal;

/// <summary>What is known of a number: it is between two others, which agree where it is exact.</summary>
internal readonly record struct Enclosure(int Low, int High)
{
    public bool IsExact => Low == High;

    public override string ToString() => IsExact ? $"{Low}" : $"{Low} to {High}";
}

/// <summary>What is proved of a function of two inputs.</summary>
internal sealed record PlaneResult
{
    public required PlaneFunction Function { get; init; }

    public required PlaneBends Bends { get; init; }

    /// <summary>Why no ReLU network of one hidden layer computes the function; null if one does.</summary>
    public required JumpObstacle? HiddenLayerObstacle { get; init; }

    /// <summary>The network of one hidden layer and an affine term.</summary>
    public required UnitNetwork? HiddenLayer { get; init; }

    /// <summary>The one without an affine term.</summary>
    public required ReluNetwork? PlainHiddenLayer { get; init; }

    /// <summary>Why no KAN of two layers with one hidden node computes the function; null if nothing was found.</summary>
    public required NodeObstacle? NodeObstacle { get; init; }

    /// <summary>The KAN of two layers that is built from the bends.</summary>
    public required KanNetwork Built { get; init; }

    /// <summary>The units of a ReLU network of any depth, and as well the bends of a KAN of any depth.</summary>
    public Enclosure Units => new(BendBounds.Units(Bends), Function.Units.Units.Count);

    /// <summary>The hidden nodes of a KAN of at most two layers; none if one layer is enough.</summary>
    public Enclosure Nodes => new(IsAdditive ? 0 : NodeObstacle is null ? 1 : 2, HiddenNodes(Function.FewestNodes));

    /// <summary>The bends of a KAN of at most two layers.</summary>
    public Enclosure TwoLayerBends => new(BendBounds.TwoLayers(Bends), TwoLayerKan.BendCount(Function.FewestBends));

    /// <summary>Whether the function is a function of x plus one of y: all bends are along the axes.</summary>
    public bool IsAdditive => Bends.Lines.All(static line => !line.Line.IsOblique);

    /// <summary>Examines a function and proves all of its networks equal, for all inputs.</summary>
    /// <exception cref="InvalidOperationException">Two networks differ, or are not proved equal.</exception>
    public static PlaneResult Of(PlaneFunction function)
    {
        var definition = function.Definition.ToKan();
        var bends = PlaneBends.Of(definition, PlaneFunction.Reach);
        var obstacle = Minimal.HiddenLayer.FindObstacle(bends);
        var layer = obstacle is null ? Minimal.HiddenLayer.Of(definition, bends) : null;
        var result = new PlaneResult
        {
            Function = function,
            Bends = bends,
            HiddenLayerObstacle = obstacle,
            HiddenLayer = layer?.WithAffineTerm(),
            PlainHiddenLayer = layer?.WithoutAffineTerm(),
            NodeObstacle = NodeObstacle.Find(bends),
            Built = TwoLayerKan.Of(definition, bends),
        };
        EqualFunctions.Require(function.Name, definition, function.Units.ToKan());
        EqualFunctions.Require(function.Name, definition, function.FewestNodes);
        EqualFunctions.Require(function.Name, definition, function.FewestBends);
        EqualFunctions.Require(function.Name, definition, result.Built);
        if (result.HiddenLayer is { } withTerm) EqualFunctions.Require(function.Name, definition, withTerm.ToKan());
        if (result.PlainHiddenLayer is { } plain) EqualFunctions.Require(function.Name, definition, plain.ToKan());
        return result;
    }

    public static int HiddenNodes(KanNetwork network) => network.Layers.SkipLast(1).Sum(static layer => layer.OutputCount);
}
