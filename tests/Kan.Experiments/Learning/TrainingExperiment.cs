using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Kan.Experiments.Data;
using Kan.Experiments.Reports;
using Kan.Experiments.Training;

namespace Kan.Experiments.Learning;

/// <summary>A ReLU network and the KANs that it converts to, trained on from the same function.</summary>
internal sealed class TrainingExperiment : IExperiment
{
    private static readonly TrainingPlan s_plan = new(BatchSize: 32, LearningRate: 1e-3);

    public string Name => "training";

    public string Question => "Does a KAN that starts as a converted ReLU network train to the same accuracy, and at what cost?";

    public Page Run(Session session)
    {
        var setting = new Setting(session);
        var page = new Page(Name, "Training on from the same function");
        Describe(page, setting);

        var results = new List<Result>();
        foreach (int size in setting.Sizes)
        {
            foreach (int pretraining in (int[])[0, setting.PretrainingEpochs(size)])
            {
                session.Report($"{size} digits after {pretraining} epochs as a ReLU network");
                results.AddRange(Measure(setting.TrainingOn(size, s_plan), setting, size, pretraining, setting.Epochs(size)));
            }
        }

        WriteStart(page, setting);
        foreach (var group in results.GroupBy(static result => (result.Size, result.Pretraining))) WriteGroup(page, [.. group]);
        WriteRates(page, setting, session);
        double[] costs = WriteCost(page, setting, session);
        Conclude(page, results, costs);
        return page;
    }

    private static void Describe(Page page, Setting setting)
    {
        page.Text($"A ReLU network {string.Join('-', setting.Widths)} on handwritten digits becomes a KAN by Theorem 1. Both are then "
            + $"trained by the same code: cross-entropy, Adam at rate {s_plan.LearningRate}, batches of {s_plan.BatchSize}, float, the "
            + $"same digits in the same order, {setting.Seeds} seeds (each draws its own first weights and order). Validation digits "
            + $"choose the epoch; test digits are never trained on. Accuracies are mean ± standard deviation over the seeds.");
        page.Text("What is trained: of the ReLU network weights and biases; of a KAN the slopes of all segments of its edges and the "
            + "biases, so that the left side of each bend, which a ReLU holds at 0, is free. \"Separate\" is Theorem 1 as printed, "
            + "linear edges and one bent edge for each unit; \"fused\" puts a separate bend on each edge that leaves a hidden node. "
            + "Breakpoints stay where the conversion put them, except where said. \"Refined\" adds places where an edge may bend, at -2, "
            + "-1, 1 and 2, and starts straight there. Edges from the pixels stay linear, as converted, except in the last network: "
            + "there each may bend at 1/2 too.");
    }

    /// <summary>All contenders over all seeds, from one kind of start.</summary>
    private static IEnumerable<Result> Measure(DigitTraining training, Setting setting, int size, int pretraining, int epochs)
    {
        var curves = new LearningCurve[Contender.All.Count, setting.Seeds];
        Parallel.For(0, setting.Seeds, seed =>
        {
            var start = TrainableNetworks.Relu<float>(setting.Widths, seed);
            if (pretraining > 0) training.Run(start, pretraining, seed + 1000);
            var exact = start.ToReluNetwork();
            for (int c = 0; c < Contender.All.Count; c++)
                curves[c, seed] = training.Run(Contender.All[c].ToTrain(exact), epochs, seed + 2000);
        });
        for (int c = 0; c < Contender.All.Count; c++)
            yield return new Result(size, pretraining, Contender.All[c].Name,
                [.. Enumerable.Range(0, setting.Seeds).Select(seed => curves[c, seed])]);
    }

    private static void WriteStart(Page page, Setting setting)
    {
        page.Heading("The start");
        var training = setting.TrainingOn(setting.Sizes[0], s_plan);
        var start = TrainableNetworks.Relu<float>(setting.Widths, 0);
        training.Run(start, setting.PretrainingEpochs(setting.Sizes[0]), 1000);
        var exact = start.ToReluNetwork();
        var relu = TrainableNetworks.From<float>(exact);
        page.Table(
            ["network", "trained numbers", "largest difference on the test digits, in float", "exactly the converted network"],
            Contender.All.Select(contender =>
            {
                var network = contender.ToTrain(exact);
                return (IReadOnlyList<string>)
                [
                    contender.Name, Figures.Count(network.ParameterCount), Figures.Scientific(training.LargestDifference(relu, network)),
                    contender.IsExactly(exact, network) ? "yes" : "no",
                ];
            }));
        page.Text("A refined edge adds up its segments one by one, which rounds; exactly it is the same function.");
    }

    private static void WriteGroup(Page page, IReadOnlyList<Result> group)
    {
        var (size, pretraining) = (group[0].Size, group[0].Pretraining);
        string start = pretraining == 0 ? "from the first weights" : $"after {pretraining} epochs as a ReLU network";
        page.Heading($"{Figures.Count(size)} digits, {start}");
        page.Table(
            ["network", "test accuracy, last epoch", "test accuracy, best validation", "against the ReLU network, paired",
                "last training loss"],
            group.Select(result => (IReadOnlyList<string>)
            [
                result.Name, Figures.Percent(result.LastTest), Figures.Percent(result.BestTest),
                result == group[0] ? "" : Figures.Points(result.DifferenceTo(group[0])), Figures.Scientific(result.LastLoss.Mean),
            ]));
        int epochs = group[0].Curves[0].Test.Length;
        string part = FormattableString.Invariant($"{size}-{(pretraining == 0 ? "first" : "trained")}");
        page.Chart(part, $"Test accuracy by epoch on {size} training digits, {start}, mean and standard deviation", Charts.Lines(
            $"{Figures.Count(size)} training digits, {start}", new ChartAxis("epoch"), new ChartAxis("test accuracy, %"),
            [.. group.Select(result => new Curve(result.Name,
                [.. Enumerable.Range(pretraining == 0 ? 1 : 0, pretraining == 0 ? epochs - 1 : epochs).Select(epoch =>
            {
                var spread = Spread.Of([.. result.Curves.Select(curve => 100 * curve.Test[epoch])]);
                return ((double)epoch, spread.Mean, spread.Deviation);
            })]))]));
    }

    /// <summary>Whether the outcome hangs on the learning rate, on the smaller set and from the first weights.</summary>
    private static void WriteRates(Page page, Setting setting, Session session)
    {
        int size = setting.Sizes[0];
        var rows = Contender.All.Select(static contender => new List<string> { contender.Name }).ToList();
        double[] rates = [3e-4, 1e-3, 3e-3];
        foreach (double rate in rates)
        {
            session.Report($"learning rate {rate}");
            var results = Measure(setting.TrainingOn(size, s_plan with { LearningRate = rate }), setting, size, 0, setting.Epochs(size))
                .ToList();
            for (int c = 0; c < results.Count; c++) rows[c].Add(Figures.Percent(results[c].BestTest));
        }

        page.Heading("Other learning rates");
        page.Text($"{Figures.Count(size)} digits, from the first weights: test accuracy at the best validation.");
        page.Table(["network", .. rates.Select(static rate => Figures.Scientific(rate))], rows);
    }

    private static double[] WriteCost(Page page, Setting setting, Session session)
    {
        session.Report($"time of an epoch");
        var training = setting.TrainingOn(setting.Sizes[^1], s_plan);
        var exact = TrainableNetworks.Relu<float>(setting.Widths, 0).ToReluNetwork();
        double[] seconds = training.SecondsPerEpoch([.. Contender.All.Select(contender => contender.ToTrain(exact))], session.Choose(5, 1));
        page.Heading("The cost of an epoch");
        page.Text($"One thread, {Figures.Count(setting.Sizes[^1])} digits; medians of epochs that the networks take in turns.");
        page.Table(
            ["network", "ms an epoch", "against the ReLU network"],
            Contender.All.Select((contender, i) => (IReadOnlyList<string>)
                [contender.Name, FormattableString.Invariant($"{1000 * seconds[i]:F0}"),
                FormattableString.Invariant($"{seconds[i] / seconds[0]:F2} x")]));
        return [.. seconds.Select(time => time / seconds[0])];
    }

    private static void Conclude(Page page, List<Result> results, double[] costs)
    {
        var differences = results.GroupBy(static result => (result.Size, result.Pretraining))
            .SelectMany(static group => group.Skip(1).Select(result => result.DifferenceTo(group.First()))).ToList();
        int seeds = results[0].Curves.Count;
        double worst = 100 * differences.Min(static d => d.Mean), best = 100 * differences.Max(static d => d.Mean);
        int above = differences.Count(d => d.Mean > 0 && d.IsClear(seeds)), below = differences.Count(d => d.Mean < 0 && d.IsClear(seeds));
        double fused = costs[Contender.All.ToList().IndexOf(Contender.Fused)], full = costs[^1];
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"from the same function, converted KANs end {worst:+0.00;-0.00} to {best:+0.00;-0.00} "
            + $"points from the ReLU network on test digits (of {differences.Count} comparisons {above} clearly above, {below} clearly "
            + $"below); an epoch takes {fused:F1} times as long, {full:F1} times where pixels bend too");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"The conversion is a lossless start, as the paper says: every KAN begins as the very "
            + $"function of the ReLU network and trains on from there, to {worst:+0.00;-0.00} to {best:+0.00;-0.00} points of test "
            + $"accuracy from it, {above} of {differences.Count} comparisons more than two standard errors above and {below} below. "
            + $"That ReLU networks are ten times faster to train holds for KANs whose every edge bends "
            + $"({full:F1} times here, in the same code), not for converted ones, whose edges from the inputs stay linear ({fused:F1} "
            + $"times).");
    }

    /// <summary>All seeds of one network from one kind of start.</summary>
    private sealed record Result(int Size, int Pretraining, string Name, IReadOnlyList<LearningCurve> Curves)
    {
        public Spread LastTest => Spread.Of([.. Curves.Select(static curve => curve.Test[^1])]);

        public Spread BestTest => Spread.Of([.. Curves.Select(static curve => curve.TestAtBest)]);

        public Spread LastLoss => Spread.Of([.. Curves.Select(static curve => curve.Loss[^1])]);

        /// <summary>The difference of test accuracies at the chosen epochs, seed by seed.</summary>
        public Spread DifferenceTo(Result other) =>
            Spread.Of([.. Curves.Zip(other.Curves, static (mine, theirs) => mine.TestAtBest - theirs.TestAtBest)]);
    }

    /// <summary>The sizes of a full run or a quick one.</summary>
    private sealed class Setting(Session session)
    {
        private readonly Digits _training = Digits.Load(Digits.TrainingRows);
        private readonly Digits _validation = Digits.Load(Digits.ValidationRows);
        private readonly Digits _test = Digits.Load(Digits.TestRows);

        public int[] Widths { get; } = [Digits.PixelCount, 32, 32, Digits.ClassCount];

        public int Seeds { get; } = session.Choose(8, 2);

        public int[] Sizes { get; } = session.Choose<int[]>([1000, 7000], [200]);

        public int Epochs(int size) => session.Choose(size < 5000 ? 30 : 15, 3);

        public int PretrainingEpochs(int size) => session.Choose(size < 5000 ? 10 : 5, 2);

        public DigitTraining TrainingOn(int size, TrainingPlan plan) => new(_training.Take(size), _validation, _test, plan);
    }
}
