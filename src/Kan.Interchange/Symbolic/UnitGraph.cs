using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Interchange.Symbolic;

/// <summary>
/// The units of a graph: the inputs, and functions of one variable applied to affine forms of earlier units. The level of a unit is
/// the number of functions on the longest way from an input to it; units of a level become one layer.
/// </summary>
internal sealed class UnitGraph
{
    private readonly List<Unit> _units = [];

    /// <summary>One unit; an input has no function and no argument.</summary>
    /// <param name="Function">The function, where it is piecewise linear.</param>
    /// <param name="Argument">What it is applied to.</param>
    /// <param name="Level">The number of functions before it and its own.</param>
    public readonly record struct Unit(PiecewiseLinearFunction? Function, AffineCombination? Argument, int Level)
    {
        /// <summary>The function, where it is a curve or jumps.</summary>
        public ScalarFunction? Scalar { get; init; }

        /// <summary>The node it comes from, where it is a curve or jumps.</summary>
        public string? Title { get; init; }

        /// <summary>The layer over an image that makes it; it then has no function.</summary>
        public UnitBlock? Block { get; init; }
    }

    /// <summary>Whether a layer over an image is kept as one.</summary>
    public bool HasBlocks { get; private set; }

    public int Count => _units.Count;

    public int InputCount { get; private set; }

    /// <summary>Whether any unit is a curve or jumps.</summary>
    public bool HasScalars { get; private set; }

    public Unit this[int index] => _units[index];

    /// <summary>Adds an input; all inputs come first.</summary>
    public AffineCombination AddInput()
    {
        if (_units.Count != InputCount) throw new InvalidOperationException("Inputs must come before all other units.");
        InputCount++;
        _units.Add(new Unit(null, null, 0));
        return AffineCombination.OfUnit(_units.Count - 1);
    }

    /// <summary>function(form): a new unit unless it is affine in those there are.</summary>
    public AffineCombination Apply(PiecewiseLinearFunction function, AffineCombination form)
    {
        if (form.IsConstant) return AffineCombination.OfConstant(function.Evaluate(form.Constant));
        return function.IsAffine ? form.Scale(function.Slopes[0]).Shift(function.AnchorValue) : Add(new Unit { Function = function }, form);
    }

    /// <summary>function(argument), where the function is a curve or jumps.</summary>
    public AffineCombination Apply(ScalarFunction function, AffineCombination argument, string title)
    {
        if (function.Exact is { } exact) return Apply(exact, argument);
        HasScalars = true;
        return Add(new Unit { Scalar = function, Title = title }, argument);
    }

    /// <summary>A layer over an image: a unit for each of its outputs, in their order.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="arguments">Its inputs, in the order of the layer.</param>
    /// <returns>The first unit.</returns>
    public int Add(WindowDescription layer, ImmutableArray<AffineCombination> arguments)
    {
        HasBlocks = true;
        var block = new UnitBlock(layer, arguments, _units.Count);
        int level = 1;
        foreach (var argument in arguments) level = Math.Max(level, LevelOf(argument) + 1);
        for (int i = 0; i < layer.OutputCount; i++) _units.Add(new Unit(null, null, level) { Block = block });
        return block.First;
    }

    /// <summary>A unit that holds the form, where the form is more than a multiple of one unit plus a constant.</summary>
    public AffineCombination Materialise(AffineCombination form) =>
        form.Units.Length <= 1 ? form : Add(new Unit { Function = PiecewiseLinearFunction.Identity }, form);

    public int LevelOf(AffineCombination form)
    {
        ExactWork.Charge(form.Units.Length);
        int level = 0;
        foreach (int unit in form.Units) level = Math.Max(level, _units[unit].Level);
        return level;
    }

    private AffineCombination Add(Unit unit, AffineCombination argument)
    {
        _units.Add(unit with { Argument = argument, Level = LevelOf(argument) + 1 });
        return AffineCombination.OfUnit(_units.Count - 1);
    }
}

/// <summary>A layer over an image that is kept as one.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Arguments">Its inputs, in the order of the layer.</param>
/// <param name="First">The first of its units.</param>
internal sealed record UnitBlock(WindowDescription Layer, ImmutableArray<AffineCombination> Arguments, int First);
