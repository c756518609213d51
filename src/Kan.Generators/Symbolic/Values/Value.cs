using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Symbolic.Exact;
using Microsoft.CodeAnalysis;

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

/// <summary>A list that nobody changes, or a tuple.</summary>
internal sealed record Sequence(ImmutableArray<Value> Items) : Value;

/// <summary>A number rounded to an integer for which infinitely many steps are possible: expanded into steps where its bounds are
/// known.</summary>
/// <param name="Inner">The number before it is rounded.</param>
/// <param name="Kind">How it is rounded.</param>
/// <param name="Node">The code that rounds.</param>
internal sealed record Stepped(Number Inner, RoundingKind Kind, SyntaxNode Node) : Value;

/// <summary>A value of a struct or record: its fields and automatic properties, and the parameters of its primary constructor.</summary>
/// <param name="Type">The type.</param>
/// <param name="Members">The values by name; see <see cref="ParameterKey"/> for parameters.</param>
internal sealed record Structure(INamedTypeSymbol Type, ImmutableArray<(string Key, Value Value)> Members) : Value
{
    private const string ParameterMark = "(";

    /// <summary>The key of a parameter of the constructor, which no member can have.</summary>
    public static string ParameterKey(string name) => ParameterMark + name;

    /// <summary>The values of the parameters of the constructor.</summary>
    public IEnumerable<Value> Parameters =>
        Members.Where(static member => member.Key.StartsWith(ParameterMark, System.StringComparison.Ordinal)).Select(static member =>
        member.Value);

    /// <summary>The value of a member; null if it has none.</summary>
    public Value? Find(string key) => Members.FirstOrDefault(member => member.Key == key).Value;

    /// <summary>The same with another value of a member.</summary>
    public Structure With(string key, Value value)
    {
        for (int i = 0; i < Members.Length; i++)
        {
            if (Members[i].Key == key) return this with { Members = Members.SetItem(i, (key, value)) };
        }

        return this with { Members = Members.Add((key, value)) };
    }
}

/// <summary>The elements of an array that the function made.</summary>
internal sealed class ArrayElements(Value[] items)
{
    /// <summary>The elements, as they are now.</summary>
    public Value[] Items { get; } = items;

    /// <summary>Whether copies of the elements are about, so that they must not change any more.</summary>
    public bool IsFixed { get; set; }
}

/// <summary>An array that the function made, or a span of it: a write is seen through all of them.</summary>
/// <param name="Elements">The elements of the array.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Length">The number of elements.</param>
internal sealed record View(ArrayElements Elements, int Offset, int Length) : Value;

/// <summary>An element of a query: a value, and the inputs for which it is among the elements.</summary>
/// <param name="Condition">Null if it is always among them.</param>
/// <param name="Value">The value.</param>
internal readonly record struct QueryEntry(Truth? Condition, Value Value);

/// <summary>A query of LINQ, which runs when its elements are asked for.</summary>
/// <param name="Run">The elements; null if a mistake has been noted.</param>
internal sealed record Query(System.Func<IReadOnlyList<QueryEntry>?> Run) : Value;
