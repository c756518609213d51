using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Fuzzing.Cases;

/// <summary>What a case is made of: a valid input and the steps that change it. The same genome gives the same bytes everywhere.</summary>
/// <param name="Seed">The number of the valid input.</param>
/// <param name="Variant">Chooses the options that the input is read with.</param>
/// <param name="Steps">The random seed of each change, in order.</param>
internal sealed record Genome(int Seed, int Variant, ImmutableArray<int> Steps)
{
    /// <summary>A genome that was written by <see cref="ToString"/>.</summary>
    public static Genome Parse(string text)
    {
        int[] numbers = [.. text.Split('.').Select(static part => int.Parse(part, CultureInfo.InvariantCulture))];
        return new Genome(numbers[0], numbers[1], [.. numbers[2..]]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join('.', new[] { Seed, Variant }.Concat(Steps).Select(static number => number.ToString(CultureInfo.InvariantCulture)));
}
