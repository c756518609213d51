using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Analysis;
using Kan.Experiments.Reports;

namespace Kan.Experiments.CriticalPath;

/// <summary>Trained ReLU networks become KANs, are simplified, pruned and compiled, and what is known at each step is written down.</summary>
internal sealed class CriticalPathExperiment : IExperiment
{
    // What pykan's tutorial prints; the sources are named on the page.
    private const string PykanTutorial = "https://github.com/KindXiaoming/pykan/blob/ecde4ec3274d3bef1ad737479cf126aed38ab530/hellokan.ipynb";

    public string Name => "critical-path";

    public string Question => "How small and how readable does a trained ReLU network become that is converted to a KAN, simplified and pruned?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "From a ReLU network to a KAN that can be read");
        page.Text("The path that the paper proposes: train a ReLU network, convert it to a KAN, look at its edges, prune. Each step is taken on "
            + "four tasks with the types that [the guide](../critical-path.md) uses, and each says how it is known to be right:");
        page.Text("- *proved*: `Equivalence.Decide`, in exact arithmetic, for all inputs or for all in their ranges;\n"
            + "- *certified*: a bound for all inputs in the ranges, from exact differences and outward rounding (`RangeCompressor`);\n"
            + "- *an estimate*: what was found on the rows that the network was trained on (`SampledCompressor`), next to the certified bound.");
        page.Text("Scores are of rows that neither training nor compression saw. \"Bent\" edges have a breakpoint where rows are; \"strong\" ones are the "
            + "fewest of each layer that make up nine tenths of the variation of all its edges. Bytes are those of compiled float tables, and times "
            + "those of one call of the compiled network, medians of rounds that the networks of a table take in turn.");

        var cancer = Both(page, session, "Breast cancer", "Is a tumor benign? 569 tumors, 30 measurements of cell nuclei, 398 rows to train on and 171 to test "
            + "(Wisconsin Diagnostic Breast Cancer). A network 30-16-8-1; its output above 0 means benign.", PathTasks.BreastCancer, 0.03);
        var diabetes = Both(page, session, "Diabetes", "The progression of the disease a year later, in standard deviations: 442 patients, 10 measurements, "
            + "309 rows to train on and 133 to test (Efron and others, 2004). A network 10-16-8-1.", PathTasks.Diabetes, 0.03);
        var (dense, formula, alone) = Formula(page, session);
        var mnist = Mnist(page, session);
        Compare(page, formula, alone, session);
        Conclude(page, [cancer, diabetes], dense, formula, mnist);
        return page;
    }

    /// <summary>A task with a network that is trained plainly, and one that is trained with a penalty.</summary>
    private static (PathWalk Plain, PathWalk Sparse) Both(
        Page page, Session session, string title, string text, Func<Session, double, PathTask> task, double penalty)
    {
        page.Heading(title);
        page.Text(text);
        PathWalk plain = PathWalk.Of(task(session, 0), session), sparse = PathWalk.Of(task(session, penalty), session);
        Write(page, plain);
        Write(page, sparse);
        Draw(page, sparse, $"{title}: the KAN at the end of the path");
        return (plain, sparse);
    }

    private static (PathWalk Dense, PathWalk InForm, int Alone) Formula(Page page, Session session)
    {
        page.Heading("A formula");
        page.Text("exp(sin(πx) + y²) on the square [-1, 1]², from 1,000 points: the function of pykan's first tutorial. A network 2-32-32-1 first:");
        var dense = PathWalk.Of(PathTasks.Formula(session, inFormOfKan: false, 0, seed: 4), session);
        Write(page, dense);
        int seeds = session.Choose(8, 1);
        page.Text($"Then a ReLU network in the form that Theorem 2 gives a KAN [2,5,1]: 16 units for each node, each of which reads that node alone. Of {seeds} first weights that are trained with a penalty the one is taken that needs the fewest edges, and of those the one with the least error on the training rows:");
        var tasks = Enumerable.Range(1, seeds).Select(seed =>
        {
            session.Report($"formula, first weights {seed}");
            var task = PathTasks.Formula(session, inFormOfKan: true, 3e-4, seed);
            var simplified = RangeSimplifier.Simplify(task.Network.ToKan(), task.Box, new SimplificationOptions { Goal = SimplificationGoal.Segments });
            return (Task: task, simplified.After.Edges, simplified.After.Units, Error: task.TrainingScore!.Of(simplified.Network));
        }).ToList();
        var walk = PathWalk.Of(tasks.OrderBy(static found => found.Edges).ThenBy(static found => found.Error).First().Task, session);
        Write(page, walk);
        page.Text($"Hidden nodes after the exact simplification, by first weights: {string.Join(", ", tasks.Select(static found => Figures.Count(found.Units)))}.");
        Draw(page, walk, "exp(sin(πx) + y²): the KAN at the end of the path");
        WriteFormula(page, walk);
        return (dense, walk, tasks.Count(static found => found.Units == 1));
    }

    private static PathWalk Mnist(Page page, Session session)
    {
        page.Heading("MNIST");
        page.Text("Handwritten digits: the network 784-128-64-10 of the sample, trained with PyTorch on 8,500 of 10,000 digits; 3,000 of them are the samples here, and the other 1,500 the test.");
        var walk = PathWalk.Of(PathTasks.Mnist(session), session);
        Write(page, walk);
        page.Text($"{Figures.Count(walk.Last.Size.Edges)} edges are nothing to read. What can be seen is which pixels are left: {Figures.Count(walk.Last.Network.Layers[0].Edges.Select(static edge => edge.Input).Distinct().Count())} of 784. [Edges](edges.md) has pictures of this network.");
        return walk;
    }

    private static void Write(Page page, PathWalk walk)
    {
        var task = walk.Task;
        page.Text($"Trained {task.Training}, {Figures.Count(task.Network.NonZeroCount)} numbers that are not 0:");
        page.Table(["step", "hidden nodes", "edges", "bent", "strong", "segments", "bytes", "ns", task.Score.Name], walk.Steps.Select(step => (IReadOnlyList<string>)
        [
            step.Name, Figures.Count(step.Size.Units), Figures.Count(step.Size.Edges), Figures.Count(step.Bent), Figures.Count(step.Strong),
            Figures.Count(step.Size.Segments), Figures.Count(step.Bytes), Figures.Short(step.Nanoseconds), task.Score.Words(step.Score),
        ]));
        page.Text(string.Join("\n", walk.Steps.Select(static step => FormattableString.Invariant($"- {step.Name}: {step.Known} ({step.Seconds:F1} s)"))));
    }

    private static void Draw(Page page, PathWalk walk, string description)
    {
        var network = walk.Last.Network;
        var ranges = NodeRanges.Observed(network, walk.Task.Samples);
        page.Image(walk.Task.Part, description, network.ToSvg(new NetworkPictureOptions
        {
            NodeRanges = ranges,
            InputNames = [.. walk.Task.InputNames],
            OutputNames = [.. walk.Task.OutputNames],
            EdgesPerLayer = 40,
        }));
    }

    private static void WriteFormula(Page page, PathWalk walk)
    {
        var network = walk.Last.Network;
        var ranges = NodeRanges.Observed(network, walk.Task.Samples);
        var rows = network.Layers.SelectMany((layer, l) => layer.Edges.Select(edge =>
        {
            string name = l == 0 ? walk.Task.InputNames[edge.Input] : $"h{edge.Input}";
            string to = l + 1 == network.Layers.Length ? "f" : $"h{edge.Output}";
            return (Edge: $"{name} to {to}", edge.Function.Slopes.Length, Formula: EdgeFormula.Of(edge.Function, ranges[l][edge.Input], name));
        }));
        page.Text("The elementary function that each edge is nearest to, by least squares over the values that reach it; R² is the share of its variation that this explains:");
        page.Table(["edge", "segments", "nearest function", "R²"], rows.Select(static row => (IReadOnlyList<string>)
            [row.Edge, Figures.Count(row.Length), row.Formula.Text, FormattableString.Invariant($"{row.Formula.Fit:F4}")]));
    }

    private static void Compare(Page page, PathWalk walk, int alone, Session session)
    {
        PathStep first = walk.Steps[1], last = walk.Last;
        page.Heading("Against pykan's prune");
        page.Text($"pykan publishes figures of this kind for the formula, in [its tutorial]({PykanTutorial}); for MNIST, breast cancer and diabetes neither its documentation nor its examples have any. Its KAN has splines of degree 3, so that its errors and ours are of different kinds of curves; the number of edges is comparable.");
        page.Table(["", "edges before", "edges after", "root mean square on test points", "what is known of the step"],
        [
            ["pykan, `prune()` of [2,5,1], 3 grid intervals, after 50 more steps", "15", "3", "0.0172", "measured on points"],
            ["the same, refined to 10 grid intervals, after 50 more steps", "15", "3", "0.00047", "measured on points"],
            ["here, simplified exactly", "15", Figures.Count(first.Size.Edges), walk.Task.Score.Words(first.Score), first.Known],
            ["here, compressed for samples", "15", Figures.Count(last.Size.Edges), walk.Task.Score.Words(last.Score), last.Known],
        ]);
        page.Text($"The penalty leaves a single node for {alone} of {session.Choose(8, 1)} first weights here. pykan's tutorial shows one seed.");
    }

    private static void Conclude(Page page, List<(PathWalk Plain, PathWalk Sparse)> tables, PathWalk dense, PathWalk formula, PathWalk mnist)
    {
        var all = tables.SelectMany(static pair => new[] { pair.Plain, pair.Sparse }).Concat([dense, formula, mnist]).ToList();
        int proved = all.Count(static walk => walk.IsProved);
        string Edges(PathWalk walk) => FormattableString.Invariant($"{walk.Steps[0].Size.Edges:N0} to {walk.Last.Size.Edges:N0}");
        page.Result = FormattableString.Invariant($"{proved} of {all.Count} conversions and exact simplifications are proved; trained with a penalty, breast cancer goes from {tables[0].Plain.Steps[0].Size.Edges:N0} edges to {tables[0].Sparse.Last.Size.Edges:N0} ({Scores(tables[0])}), diabetes from {tables[1].Plain.Steps[0].Size.Edges:N0} to {tables[1].Sparse.Last.Size.Edges:N0} ({Scores(tables[1])}), a formula to {formula.Last.Size.Edges:N0}; trained plainly, they stay at {tables[0].Plain.Last.Size.Edges:N0}, {tables[1].Plain.Last.Size.Edges:N0} and {dense.Last.Size.Edges:N0}, and MNIST goes from {Edges(mnist)}");
        page.Claim = "The path ends at a KAN that a person can read where training already aims at one: with a penalty on weights, a few edges are left after exact simplification, and pruning adds little. A network that was trained plainly is pruned much further than it is simplified, but keeps many times as many edges, which are lines and multiples of max(x, 0). "
            + "Conversion itself is lossless, as the paper says, and every step can be proved or certified; what a certificate for all inputs allows is little, and what samples allow is much, but an estimate.";

        static string Scores((PathWalk Plain, PathWalk Sparse) pair) => $"{pair.Plain.Task.Score.Words(pair.Plain.Steps[0].Score)} to {pair.Sparse.Task.Score.Words(pair.Sparse.Last.Score)}";
    }
}
