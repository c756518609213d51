using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.CodeFixes.Smooth;

/// <summary>Where a function is approximated, and how closely.</summary>
/// <param name="Domain">Where; <see cref="Interval.All"/> for the whole axis.</param>
/// <param name="Error">The largest error allowed.</param>
internal readonly record struct ApproximationGoal(Interval Domain, double Error)
{
    private const string Number = @"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?";

    private static readonly Regex s_marker = new(
        @"^//\s*kan:\s*domain\s+(?:(?<all>all)|\[\s*(?<low>" + Number + @")\s*,\s*(?<high>" + Number + @")\s*\])\s*,\s*error\s+(?<error>" + Number + @")\s*$",
        RegexOptions.CultureInvariant);

    /// <summary>What is offered for any function; the coarse error comes first in each domain.</summary>
    public static ImmutableArray<Interval> Domains { get; } = [Interval.All, new(-1, 1), new(-8, 8), new(0, 1), new(0, 100), new(1, 100)];

    /// <summary>The errors that are offered, from coarse to fine.</summary>
    public static ImmutableArray<double> Errors { get; } = [1e-2, 1e-3, 1e-4];

    /// <summary>The goal for people: <c>on [-8, 8] within 0.001</c>.</summary>
    public override string ToString() => Where + " within " + Text(Error);

    /// <summary>The domain for people: <c>on [-8, 8]</c>.</summary>
    public string Where => Domain == Interval.All ? "for all x" : "on " + Domain;

    /// <summary>
    /// The goal of a comment such as <c>// kan: domain [-2, 2], error 1e-3</c> in front of a method; null if there is none.
    /// </summary>
    public static ApproximationGoal? Read(SyntaxTriviaList leading)
    {
        foreach (var comment in leading.Where(static trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
        {
            var match = s_marker.Match(comment.ToString());
            if (!match.Success || Parse(match.Groups["error"]) is not (> 0 and < double.PositiveInfinity and var error)) continue;
            if (match.Groups["all"].Success) return new ApproximationGoal(Interval.All, error);
            if (Parse(match.Groups["low"]) is { } low && Parse(match.Groups["high"]) is { } high && low < high
                && new Interval(low, high).IsBounded)
                return new ApproximationGoal(new Interval(low, high), error);
        }

        return null;
    }

    private static double? Parse(Group group) =>
        double.TryParse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static string Text(double value) =>
        value.ToString("0.##########", CultureInfo.InvariantCulture) is var text && text != "0" ? text : Interval.Text(value);
}
