using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Symbolic.Exact;

namespace Kan.Generators.Symbolic.Values;

/// <summary>The inputs that reach a piece of code: a set of numbers for each parameter, all combinations of them.</summary>
internal sealed class Domain(ImmutableArray<Piecewise<Flag>> regions)
{
    /// <summary>The set of each parameter.</summary>
    public ImmutableArray<Piecewise<Flag>> Regions { get; } = regions;

    /// <summary>Whether nothing reaches.</summary>
    public bool IsEmpty
    {
        get
        {
            ExactWork.Charge(Regions.Length);
            return Regions.Any(static region => region.IsNone());
        }
    }

    /// <summary>All inputs.</summary>
    public static Domain All(int variables) => new([.. Enumerable.Repeat(Exact.Regions.All, variables)]);

    /// <summary>No input.</summary>
    public Domain None() => With(0, Exact.Regions.None);

    /// <summary>The inputs for which a condition holds as well.</summary>
    public Domain And(Truth condition) => With(condition.Variable, Regions[condition.Variable].And(condition.Region));

    /// <summary>The inputs in this and another set.</summary>
    public Domain And(Domain other) =>
        new([.. Regions.Zip(other.Regions, static (left, right) => right.IsAll() ? left : left.And(right))]);

    /// <summary>The inputs in this or another set; null if that is not a product of sets.</summary>
    public Domain? Or(Domain other)
    {
        if (IsEmpty) return other;
        if (other.IsEmpty) return this;
        int different = -1;
        for (int i = 0; i < Regions.Length; i++)
        {
            if (Regions[i].IsSame(other.Regions[i])) continue;
            if (different >= 0) return null;
            different = i;
        }

        return different < 0 ? this : With(different, Regions[different].Or(other.Regions[different]));
    }

    /// <summary>The same inputs, but any number for one parameter.</summary>
    public Domain Open(int variable) => With(variable, Exact.Regions.All);

    private Domain With(int variable, Piecewise<Flag> region)
    {
        ExactWork.Charge(Regions.Length);
        return new(Regions.SetItem(variable, region));
    }
}
