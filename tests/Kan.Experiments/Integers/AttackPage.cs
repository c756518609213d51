using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Integers;

/// <summary>What an attack on a network has found.</summary>
/// <param name="Name">The network.</param>
/// <param name="Kind">Its integers.</param>
/// <param name="IsTrained">Whether it was trained, rather than drawn at random.</param>
/// <param name="Inputs">The number of its inputs.</param>
/// <param name="Tried">Inputs tried.</param>
/// <param name="Worst">The largest distance from the exact network that was found.</param>
/// <param name="Bound">What the certificate allows.</param>
internal sealed record Outcome(string Name, string Kind, bool IsTrained, int Inputs, long Tried, double Worst, double Bound)
{
    public double Ratio => Bound / Worst;

    public override string ToString() => FormattableString.Invariant(
        $"{Name}, {Kind}: {Tried:N0} inputs, worst {Worst:G4}, bound {Bound:G4}, ratio {Ratio:F2}{(Worst > Bound ? " BROKEN" : "")}");
}

/// <summary>The page about attacks on certificates of integers.</summary>
internal static class AttackPage
{
    public const string Name = "integer-attack";

    public static void Write(string folder, IReadOnlyList<Outcome> outcomes)
    {
        var text = new StringBuilder("# Certificates of integers, attacked\n\n");
        var ratios = outcomes.Where(static outcome => outcome.IsTrained).Select(static outcome => outcome.Ratio).ToList();
        text.Append(Page.ResultMark)
            .Append(FormattableString.Invariant($"{outcomes.Sum(static outcome => outcome.Tried):N0} inputs of {outcomes.Count} networks "))
            .Append(FormattableString.Invariant($"broke {outcomes.Count(static outcome => outcome.Worst > outcome.Bound)} bounds; "))
            .Append(FormattableString.Invariant($"those of trained networks are {ratios.Min():F1} to {ratios.Max():F1} times the worst "))
            .Append("error found\n\n");
        text.Append(FormattableString.Invariant($"""
            Produced by `dotnet run -c Release --project tests/Kan.Experiments -- {Name}`; {Machine.Description}.

            `Info.ErrorBound` says how far integers may be from the exact network for inputs in the declared ranges. An attack looks for the worst such inputs: corners
            of the ranges, random points, points half-way between two codes and one float next to them. From the worst of these it climbs: for each input it tries both
            ends, the half-way points near them and near where it is, and points where its functions bend, then takes all changes that help at once, or half of them, and so
            on, whichever is furthest off. Half of the starts drive the sums of the first layer, or their errors, as far as they go in a random direction: there codes are
            saturated, and errors of weights add up.
            Integers are those of the generated kernels in batches, compared with generated code in `double`; the error of the worst input is computed again, by the
            reference evaluator and in rational numbers.

            What bounds have more than that: no input is the worst one for all nodes. The shares of their errors that ReLUs pass are independent in the bound, but for
            their middle, with which errors of a layer cancel, and for the length of the vector of all errors. In deep networks with codes of 16 bits this is nearly all
            that is left. Curves are not followed back with signs.


            """));
        foreach (bool isTrained in new[] { true, false })
        {
            text.Append(isTrained ? "## Trained networks\n\n" : "## Random networks\n\n")
                .Append("| network | integers | inputs tried | worst error | bound | ratio |\n|---|---|---:|---:|---:|---:|\n");
            foreach (var outcome in outcomes.Where(outcome => outcome.IsTrained == isTrained))
            {
                text.Append(FormattableString.Invariant($"| {outcome.Name} | {outcome.Kind} | {outcome.Tried:N0} | "))
                    .Append(FormattableString.Invariant(
                        $"{Figures.Short(outcome.Worst)} | {Figures.Short(outcome.Bound)} | {outcome.Ratio:F2} |\n"));
            }

            text.Append('\n');
        }

        System.IO.Directory.CreateDirectory(folder);
        new ReportFolder(folder).Write(Name, text.ToString().TrimEnd('\n') + "\n");
    }
}
