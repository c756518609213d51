using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Spends an error over groups of edges: each group's choices form a staircase of numbers over weighted error, and the steps of their
/// lower hulls that save most for their error are taken first.
/// </summary>
internal sealed class ErrorAllotment
{
    private readonly IReadOnlyList<EdgeGroup> _groups;
    private readonly List<(int Group, int Choice, double Error, double Rate)> _steps = [];

    /// <summary>Orders the steps.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="cost">By group, edge and its error, what this takes of the total.</param>
    public ErrorAllotment(IReadOnlyList<EdgeGroup> groups, Func<EdgeGroup, int, double, double> cost)
    {
        _groups = groups;
        for (int g = 0; g < groups.Count; g++)
        {
            var group = groups[g];
            double[] errors = [.. group.Choices.Select(choice => choice.Errors.Select((error, i) => cost(group, i, error)).Sum())];
            int at = 0;
            while (true)
            {
                int best = -1;
                double rate = 0;
                for (int c = 0; c < errors.Length; c++)
                {
                    double saved = group.Choices[at].Numbers - group.Choices[c].Numbers,
                        own = saved / Math.Max(errors[c] - errors[at], double.Epsilon);
                    if (!(saved > 0) || own < rate || (own == rate && best >= 0 && errors[c] <= errors[best])) continue;
                    (best, rate) = (c, own);
                }

                if (best < 0) break;
                _steps.Add((g, best, Math.Max(0, errors[best] - errors[at]), rate));
                at = best;
            }
        }

        _steps = [.. _steps.OrderByDescending(static step => step.Rate).ThenBy(static step => step.Group)
            .ThenBy(static step => step.Choice)];
    }

    /// <summary>What all steps together take.</summary>
    public double Total => _steps.Sum(static step => step.Error);

    /// <summary>
    /// The choice of each group for a total weighted error; steps that no longer fit are left out, smaller ones may still.
    /// </summary>
    public int[] Spend(double total)
    {
        var choices = new int[_groups.Count];
        var isClosed = new bool[_groups.Count];
        foreach (var (group, choice, error, _) in _steps)
        {
            if (isClosed[group]) continue;
            if (error > total)
            {
                // Later steps of the group build on this one.
                isClosed[group] = true;
                continue;
            }

            total -= error;
            choices[group] = choice;
        }

        return choices;
    }
}
