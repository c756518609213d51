using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Kan.Analysis;
using Kan.Experiments.Conversions;
using Kan.Experiments.Data;
using Kan.Experiments.Learning;
using Kan.Experiments.Reports;
using Kan.Experiments.Training;

namespace Kan.Experiments.Regions;

/// <summary>Linear regions as they are, against the bounds.</summary>
internal sealed class RegionsExperiment : IExperiment
{
    private const int CellLimit = 400_000;

    public string Name => "regions";

    public string Question => "How many linear regions do networks have, against the bounds and at equal numbers of parameters?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Linear regions, counted");
        page.Text($"Regions are counted exactly (`LinearRegions`, rational arithmetic): cells, on which every node stays on one segment, "
            + $"and regions, where neighbouring cells with the same affine map are merged. Theorem 4 bounds the regions of a KAN of k "
            + $"segments by k^(n_L + sum of n_l n_(l+1)), those of a ReLU network by 2^units. The product bound counts the distinct "
            + $"breakpoints of each node, the arrangement bound the cells that so many families of parallel lines can have "
            + $"(`RegionBounds`).");
        var plane = WritePlane(page, session);
        var slices = WriteSlices(page, session);
        Conclude(page, plane, slices);
        return page;
    }

    private static List<Count> WritePlane(Page page, Session session)
    {
        int seeds = session.Choose(5, 2), epochs = session.Choose(200, 5);
        int[] budgets = session.Choose<int[]>([60, 120, 240, 480], [40]);
        var counts = new List<Count>();
        foreach (int budget in budgets)
        {
            foreach (var family in Family.All)
            {
                session.Report($"{family.Name}, {budget} parameters");
                counts.Add(Measure(family, budget, seeds, epochs));
            }
        }

        page.Heading("Two inputs, equal numbers of parameters");
        page.Text($"The widest network of each family within a budget; KANs have {Family.BreakpointCount} breakpoints on each edge "
            + $"({Family.BreakpointCount + 1} segments) and count 2 k + 2 numbers an edge. Regions in the square [-1, 1]^2, mean and "
            + $"standard deviation over {seeds} seeds: of random networks (slopes and weights as for training, breakpoints and biases "
            + $"spread over [-1, 1]), and of the same networks after {epochs} epochs on exp(sin(pi x) + y^2) / 4, breakpoints trained too.");
        page.Table(["network", "parameters", "regions, random", "regions, trained", "regions a parameter, trained", "error of the fit",
            "Theorem 4", "product", "arrangement"], counts.Select(static count => (IReadOnlyList<string>)
        [
            $"{(count.Family.IsKan ? "KAN" : "ReLU")} {string.Join('-', count.Widths)}", Figures.Count(count.Parameters),
                Figures.Spread(count.Random), Figures.Spread(count.Trained),
            Figures.Short(count.Trained.Mean / count.Parameters), FormattableString.Invariant($"{count.Error:F3}"),
                Bound(count.Bounds.Theorem4), Bound(count.Bounds.Product), Bound(count.Bounds.Arrangement),
        ]));
        page.Chart("parameters", "Regions by parameters, random networks, trained ones and the arrangement bound", Charts.Lines(
            "Trained networks (solid) and their arrangement bounds (dashed)", new ChartAxis("parameters", IsLogarithmic: true),
            new ChartAxis("linear regions in the square", IsLogarithmic: true),
            [.. counts.GroupBy(static count => count.Family).SelectMany(static (group, i) => new[]
            {
                new Curve(group.Key.Name, [.. group.Select(static count => ((double)count.Parameters, count.Trained.Mean, 0.0))]) { Style =
                    i },
                new Curve(group.Key.Name + ", bound",
                    [.. group.Select(static count => ((double)count.Parameters, (double)count.Bounds.Arrangement, 0.0))]) { IsDashed = true,
                    Style = i },
            })]));
        return counts;
    }

    private static Count Measure(Family family, int budget, int seeds, int epochs)
    {
        int[] widths = family.WidthsFor(budget);
        var square = Square(-1, 1);
        double[] random = new double[seeds], trained = new double[seeds], errors = new double[seeds];
        var bounds = new RegionBounds[seeds];
        Parallel.For(0, seeds, seed =>
        {
            var network = family.Random(widths, seed + 1);
            random[seed] = CountRegions(LinearRegions.Of(network.ToKanNetwork(), square, CellLimit));
            errors[seed] = PlaneFit.Train(network, epochs, seed + 100);
            trained[seed] = CountRegions(LinearRegions.Of(network.ToKanNetwork(), square, CellLimit));
            bounds[seed] = family.IsKan ? RegionBounds.ForShape(widths, Family.BreakpointCount + 1)
                : RegionBounds.Of(network.ToReluNetwork());
        });
        return new Count(family, widths, family.ParameterCount(widths), Spread.Of(random), Spread.Of(trained), errors.Average(), bounds[0]);
    }

    /// <summary>Both networks of the sample on planes through three digits.</summary>
    private static List<SliceCount> WriteSlices(Page page, Session session)
    {
        int slices = session.Choose(6, 1);
        var digits = Digits.Load(Digits.TestRows);
        var mlp = TrainedModels.Mlp();
        var relu = mlp.ToReluNetwork();
        var kan = TrainedModels.Kan().ToNetwork();
        double reluAccuracy = (double)DigitComparison.Correct(digits, mlp.ToNetwork()) / digits.Count,
            kanAccuracy = (double)DigitComparison.Correct(digits, kan) / digits.Count;
        var triangle = new ConvexPolygon([new PlanePoint(0, 0), new PlanePoint(1, 0), new PlanePoint(0, 1)]);
        var counts = new List<SliceCount>();
        for (int i = 0; i < slices; i++)
        {
            session.Report($"slice {i + 1} of {slices}");
            var corners = Enumerable.Range(3 * i, 3).Select(row => digits.Image(row).ToArray().Select(Rational.FromSingle).ToArray())
                .ToList();
            var slice = Slice.Through(corners[0], corners[1], corners[2]);
            string name = string.Join(", ", Enumerable.Range(3 * i, 3).Select(row => digits.Labels[row]));
            var results = new LinearRegions[2];
            Parallel.Invoke(
                () => results[0] = LinearRegions.Of(relu, slice, triangle, CellLimit),
                () => results[1] = LinearRegions.Of(kan, slice, triangle, CellLimit));
            counts.Add(new SliceCount(name, results[0].Counts, results[1].Counts, reluAccuracy, kanAccuracy));
        }

        var reluBounds = RegionBounds.Of(relu);
        var kanBounds = RegionBounds.Of(kan);
        page.Heading("Planes through three digits");
        page.Text($"The trained networks of the sample, in the triangle between three test digits. The ReLU network 784-128-64-10 has "
            + $"{Figures.Count(relu.NonZeroCount)} parameters and reads {Figures.Short(100 * reluAccuracy)} % of the test digits, the "
            + $"KAN 784-32-10 of four segments has {Figures.Count(ConversionReport.Of(kan).Kan.SharedParameterCount)} and reads "
            + $"{Figures.Short(100 * kanAccuracy)} %. Over all inputs Theorem 4 allows {Bound(reluBounds.Theorem4)} regions of the ReLU "
            + $"network and {Bound(kanBounds.Theorem4)} of the KAN; the least of the bounds are {Bound(reluBounds.Least)} and "
            + $"{Bound(kanBounds.Least)}.");
        page.Table(["digits", "ReLU network: cells", "regions", "KAN: cells", "regions"],
            counts.Select(static count => (IReadOnlyList<string>)
            [count.Digits, Figures.Count(count.Relu.Cells), Figures.Count(count.Relu.Regions), Figures.Count(count.Kan.Cells),
            Figures.Count(count.Kan.Regions)]));
        return counts;
    }

    private static void Conclude(Page page, List<Count> plane, List<SliceCount> slices)
    {
        int budget = plane.Max(static count => count.Parameters);
        var last = plane.TakeLast(Family.All.Count).ToList();
        var kan = last.Where(static count => count.Family.IsKan).MaxBy(static count => count.Trained.Mean)!;
        var relu = last.Where(static count => !count.Family.IsKan).MaxBy(static count => count.Trained.Mean)!;
        double onSlices = slices.Average(static count => (double)count.Kan.Regions / count.Relu.Regions);
        double tightest = plane.Where(static count => count.Family.IsKan)
            .Max(static count => Magnitude(count.Trained.Mean) / Magnitude(count.Bounds.Theorem4));
        double reached = plane.Where(static count => count.Family.IsKan)
            .Max(static count => count.Trained.Mean / (double)count.Bounds.Arrangement);
        double best = last.Where(static count => count.Family.IsKan).Min(static count => count.Error),
            other = last.Where(static count => !count.Family.IsKan).Min(static count => count.Error);
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"within {budget} parameters the best trained KAN has {kan.Trained.Mean:N0} regions in "
            + $"the square, the best ReLU network {relu.Trained.Mean:N0}, where Theorem 4 allows {Bound(kan.Bounds.Theorem4)} and "
            + $"{Bound(relu.Bounds.Theorem4)}; on planes through digits the trained KAN has {onSlices:F1} times the regions of the ReLU "
            + $"network");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"Theorem 4 holds for every network counted, but says little: in powers of ten the "
            + $"trained KANs reach at most {100 * tightest:F0} % of it, of the sharper arrangement bound {100 * reached:G2} % at most. "
            + $"That KANs have more regions than ReLU networks of as many parameters "
            + $"{(kan.Trained.Mean > relu.Trained.Mean && onSlices > 1 ? "is confirmed" : "is not confirmed")}, in the square "
            + $"({kan.Trained.Mean:N0} against {relu.Trained.Mean:N0} within {budget} parameters) and for networks trained on digits "
            + $"({onSlices:F1} times as many), though more regions do not mean a better fit: in the square the best KAN is {best:F3} off "
            + $"on average, the best ReLU network {other:F3}, and the KAN trained on digits reads "
            + $"{(slices[0].KanAccuracy < slices[0].ReluAccuracy ? "fewer" : "more")} of them right.");
    }

    private static double Magnitude(BigInteger number) => BigInteger.Log10(number);

    private static double Magnitude(double number) => Math.Log10(number);

    private static double CountRegions(LinearRegions regions) =>
        regions.IsComplete ? regions.Counts.Regions : throw new InvalidOperationException(regions.Limit!.ToString());

    private static string Bound(BigInteger bound) =>
        bound < 1_000_000 ? Figures.Count((long)bound) : FormattableString.Invariant($"10^{BigInteger.Log10(bound):F1}");

    private static ConvexPolygon Square(int low, int high) =>
        new([new PlanePoint(low, low), new PlanePoint(high, low), new PlanePoint(high, high), new PlanePoint(low, high)]);

    private sealed record Count(Family Family, int[] Widths, int Parameters, Spread Random, Spread Trained, double Error,
        RegionBounds Bounds);

    private sealed record SliceCount(string Digits, RegionCounts Relu, RegionCounts Kan, double ReluAccuracy, double KanAccuracy);
}
