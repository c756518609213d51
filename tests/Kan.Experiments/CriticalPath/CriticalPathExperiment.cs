using System;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.CriticalPath;

internal sealed class CriticalPathExperiment : IExperiment
{
    public string Name => "critical-path";

    public string Question => "How small and how readable does a trained ReLU network become that is converted to a KAN, simplified and pruned?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "From a ReLU network to a KAN that can be read") { Result = "x", Claim = "y" };
        string only = Environment.GetEnvironmentVariable("ONLY") ?? "bdf";
        if (only.Contains('b'))
        foreach (double penalty in new[] { 0, 3e-3, 1e-2, 3e-2 }) PathWalk.Of(PathTasks.BreastCancer(session, penalty), session);
        if (only.Contains('d'))
        foreach (double penalty in new[] { 0, 3e-3, 1e-2, 3e-2 }) PathWalk.Of(PathTasks.Diabetes(session, penalty), session);
        if (only.Contains('f'))
        {
        PathWalk.Of(PathTasks.Formula(session, false, 0), session);
        foreach (double penalty in new[] { 0, 1e-4, 1e-3, 3e-3 }) PathWalk.Of(PathTasks.Formula(session, true, penalty), session);
        }
        if (only.Contains('s'))
        foreach (int seed in new[] { 1, 2, 3, 4, 5, 6, 7, 8 })
        foreach (double penalty in new[] { 3e-4, 1e-3 })
        {
            var t = PathTasks.Formula(session, true, penalty, seed);
            var kan = t.Network.ToKan();
            var e = RangeSimplifier.Simplify(kan, t.Box, new SimplificationOptions { Goal = SimplificationGoal.Segments });
            Console.WriteLine($"seed {seed} {penalty}: {e.After} {t.Score.Of(e.Network)}");
        }
        if (only.Contains('m')) PathWalk.Of(PathTasks.Mnist(session), session);
        return page;
    }
}
