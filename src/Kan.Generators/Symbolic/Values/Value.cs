using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Symbolic.Exact;

namespace Kan.Generators.Symbolic.Values;

/// <summary>What an expression is, as a function of the parameters.</summary>
internal abstract record Value
{
    /// <summary>The value of an expression with a mistake that is reported already.</summary>
    public sealed record Unknown : Value
    {
        /// <summary>The only one.</summary>
        public static Unknown Instance { get; } = new();
    }
}

/// <summary>A number: the sum of one function for each parameter.</summary>
/// <param name="Parts">The function of each parameter.</param>
internal sealed record Number(ImmutableArray<Piecewise<Affine>> Parts) : Value
{
    // To copy a part, or to look whether it is constant.
    private const int PartSteps = 20;

    /// <summary>A constant.</summary>
    public static Number Constant(Affine value, int variables) => OneVariable(0, Piecewise<Affine>.Everywhere(value), variables);

    /// <summary>A function of one parameter.</summary>
    public static Number OneVariable(int variable, Piecewise<Affine> part, int variables)
    {
        ExactWork.Charge(PartSteps * variables);
        var parts = ImmutableArray.CreateBuilder<Piecewise<Affine>>(variables);
        for (int i = 0; i < variables; i++) parts.Add(i == variable ? part : PiecewiseMath.Zero);
        return new Number(parts.MoveToImmutable());
    }

    /// <summary>The parameters with which the number varies where it counts.</summary>
    public IReadOnlyList<int> Varying(Domain where)
    {
        ExactWork.Charge(PartSteps * Parts.Length);
        return [.. Enumerable.Range(0, Parts.Length).Where(i => !Parts[i].IsConstantOn(where.Regions[i], out _))];
    }

    /// <summary>The number as a function of one parameter: its part and the constants of the others.</summary>
    public Piecewise<Affine> As(int variable, Domain where)
    {
        ExactWork.Charge(PartSteps * Parts.Length);
        var part = Parts[variable];
        for (int i = 0; i < Parts.Length; i++)
        {
            if (i != variable && Parts[i].IsConstantOn(where.Regions[i], out var constant) && constant != default)
                part = part.Select(cell => PiecewiseMath.Add(cell, constant).Value);
        }

        return part;
    }
}

/// <summary>A condition on one parameter.</summary>
/// <param name="Variable">The parameter; any where the condition is constant.</param>
/// <param name="Region">Where it holds.</param>
internal sealed record Truth(int Variable, Piecewise<Flag> Region) : Value
{
    /// <summary>A constant.</summary>
    public static Truth Constant(bool value) => new(0, value ? Regions.All : Regions.None);

    /// <summary>The contrary.</summary>
    public Truth Not() => new(Variable, Region.Not());
}

/// <summary>An array, a span or a tuple.</summary>
internal sealed record Sequence(ImmutableArray<Value> Items) : Value;
