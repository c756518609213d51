using System.Collections.Immutable;
using System.Linq;
using Kan.Analysis;

namespace Kan.Tool;

/// <summary>The inputs that a statement is about.</summary>
internal static class StatementHull
{
    /// <summary>The least box around the boxes of all cases; empty if there is no case.</summary>
    public static ImmutableArray<InputRange> Of(OutputStatement statement) => statement.Cases.IsEmpty
        ? []
        : [.. Enumerable.Range(0, statement.Cases[0].Box.Length).Select(p =>
            new InputRange(statement.Cases.Select(forbidden => forbidden.Box[p].Low).Aggregate(Rational.Min),
                statement.Cases.Select(forbidden => forbidden.Box[p].High).Aggregate(Rational.Max)))];
}
