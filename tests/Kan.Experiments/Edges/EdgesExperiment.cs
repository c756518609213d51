using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Analysis;
using Kan.Experiments.Conversions;
using Kan.Experiments.Data;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Edges;

/// <summary>What there is to see when the edges of trained networks are plotted.</summary>
internal sealed class EdgesExperiment : IExperiment
{
    private static readonly double[] s_parts = [1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01];

    public string Name => "edges";

    public string Question =>
        "What do the edges of a converted ReLU network look like beside those of a trained KAN, and how many of them matter?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Edges of trained networks, plotted");
        var seen = Digits.Load(Digits.ValidationRows).Take(session.Choose(500, 20));
        var test = Digits.Load(Digits.TestRows).Take(session.Choose(1500, 50));
        double[][] samples = [.. Enumerable.Range(0, seen.Count)
            .Select(row => Array.ConvertAll(seen.Image(row).ToArray(), static pixel => (double)pixel))];
        page.Text($"The KAN that the ReLU network 784-128-64-10 of the sample converts to (Theorem 1, fused), and the KAN 784-32-10 that "
            + $"was trained as one. As in pykan's plots, each edge is drawn over the values that reach it, here on "
            + $"{Figures.Count(seen.Count)} of the digits they were trained on; the strength of an edge is how much its value varies "
            + $"there. Inputs are pixels, row by row from the top left; outputs are the ten digits. Dots are breakpoints.");
        List<Study> studies =
        [
            new(session, "mlp", "The converted ReLU network", TrainedModels.Mlp().ToReluNetwork().ToKan(), samples, test),
            new(session, "kan", "The trained KAN", TrainedModels.Kan().ToNetwork(), samples, test),
        ];
        foreach (var study in studies) study.Draw(page);
        WriteShapes(page, studies);
        WriteParts(page, studies);
        Conclude(page, studies);
        return page;
    }

    private static void WriteShapes(Page page, List<Study> studies)
    {
        page.Heading("Shapes");
        page.Text("Edges by layer: lines, edges of one breakpoint and of more, those that have a breakpoint among the values met, and "
            + "different shapes. Two edges have the same shape when one is a multiple of the other plus a constant.");
        page.Table(["network", "layer", "edges", "lines", "one breakpoint", "more", "bend where digits are", "shapes"],
            studies.SelectMany(static study => study.Network.Layers.Select((layer, l) => (IReadOnlyList<string>)
        [
            study.Title, Figures.Count(l), Figures.Count(layer.Edges.Length),
                Figures.Count(layer.Edges.Count(static edge => edge.Function.IsAffine)),
            Figures.Count(layer.Edges.Count(static edge => edge.Function.Breakpoints.Length == 1)),
                Figures.Count(layer.Edges.Count(static edge => edge.Function.Breakpoints.Length > 1)),
            Figures.Count(study.Strengths.BendingCount(l)), Figures.Count(ShapeCount(layer.Edges)),
        ])));
    }

    private static void WriteParts(Page page, List<Study> studies)
    {
        page.Heading("How many edges matter");
        page.Text($"Test accuracy on {Figures.Count(studies[0].Test.Count)} digits where only the strongest edges of each layer are kept "
            + $"and each of the others is replaced by its mean. Nothing is trained again.");
        page.Table(["edges kept", .. studies.Select(static study => study.Title)], s_parts.Select((part, i) => (IReadOnlyList<string>)
            [Figures.Short(100 * part) + " %", .. studies.Select(study => $"{Figures.Short(100 * study.Accuracies[i])} %")]));
        page.Chart("kept", "Test accuracy by the part of the edges that is kept", Charts.Lines(
            "Test accuracy where only the strongest edges stay", new ChartAxis("edges kept, percent", IsLogarithmic: true),
            new ChartAxis("test accuracy, percent") { Minimum = 0, Maximum = 100 },
            [.. studies.Select(static study =>
                new Curve(study.Title, [.. s_parts.Select((part, i) => (100 * part, 100 * study.Accuracies[i], 0.0))]))]));
    }

    private static void Conclude(Page page, List<Study> studies)
    {
        Study mlp = studies[0], kan = studies[1];
        List<KanEdge> bent = [.. EdgesOf(mlp).Where(static edge => !edge.Function.IsAffine)], own = [.. EdgesOf(kan)];
        int shapes = ShapeCount(bent), ownShapes = ShapeCount(own);
        page.Result = string.Create(CultureInfo.InvariantCulture, $"the {bent.Count:N0} bent edges of the converted ReLU network have "
            + $"{(shapes == 1 ? "one shape" : $"{shapes} shapes")}, the {own.Count:N0} of the trained KAN {ownShapes:N0}; to stay within "
            + $"2 points of accuracy the converted network needs {Needed(mlp)} of its edges, the trained KAN {Needed(kan)}");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"Conversion makes the edges of a ReLU network visible, but not more telling: each of "
            + $"the {bent.Count:N0} that bend is a multiple of max(x, 0), so the pictures show weights, while the {own.Count:N0} edges "
            + $"of a network trained as a KAN have {ownShapes:N0} shapes. "
            + $"That a KAN can be understood because its edges can be plotted holds for small networks at "
            + $"best: to stay within 2 points of accuracy {Figures.Count(NeededEdges(mlp))} and {Figures.Count(NeededEdges(kan))} plots "
            + $"are needed here.");
    }

    private static IEnumerable<KanEdge> EdgesOf(Study study) => study.Network.Layers.SelectMany(static layer => layer.Edges);

    private static double NeededPart(Study study) => s_parts.Where((_, i) => study.Accuracies[i] >= study.Accuracies[0] - 0.02).Min();

    private static string Needed(Study study) => Figures.Short(100 * NeededPart(study)) + " %";

    private static long NeededEdges(Study study) =>
        study.Network.Layers.Sum(layer => (long)Math.Ceiling(NeededPart(study) * layer.Edges.Length));

    private static int ShapeCount(IEnumerable<KanEdge> edges) => edges.Where(static edge => !edge.Function.IsConstant).Select(static edge =>
    {
        var scaled = (1 / edge.Function.Slopes.First(static slope => !slope.IsZero)) * edge.Function;
        return scaled.Shift(-scaled.AnchorValue);
    }).Distinct().Count();

    /// <summary>One network, drawn and thinned out.</summary>
    private sealed class Study
    {
        private readonly string _part;

        public Study(Session session, string part, string title, KanNetwork network, IReadOnlyList<double[]> samples, Digits test)
        {
            _part = part;
            (Title, Network, Test) = (title, network, test);
            Strengths = new EdgeStrengths(network, samples);
            Accuracies = [.. s_parts.Select(kept =>
            {
                session.Report($"{title}, {100 * kept} % of the edges");
                return (double)DigitComparison.Correct(test, Strengths.Strongest(kept)) / test.Count;
            })];
        }

        public string Title { get; }

        public KanNetwork Network { get; }

        public Digits Test { get; }

        public EdgeStrengths Strengths { get; }

        /// <summary>The test accuracy for each part of the edges.</summary>
        public double[] Accuracies { get; }

        public void Draw(Page page)
        {
            page.Heading(Title);
            page.Image($"{_part}-network", $"{Title}: the strongest edges of each layer",
                Network.ToSvg(new NetworkPictureOptions
                {
                    NodeRanges = Strengths.Ranges,
                    EdgesPerLayer = 14,
                    OutputNames = [.. Enumerable.Range(0, 10).Select(static digit => $"\u201C{digit}\u201D")]
                }));
            int perLayer = 12 / Network.Layers.Length;
            page.Text($"The {perLayer} strongest edges of each layer:");
            page.Image($"{_part}-edges", $"{Title}: the {perLayer} strongest edges of each layer",
                EdgeSheet.ToSvg(Network, EdgeSheet.Strongest(Network, perLayer, Strengths.Ranges),
                new EdgeSheetOptions
                {
                    NodeRanges = Strengths.Ranges,
                    Columns = perLayer >= 6 ? 3 : 4,
                    PlotWidth = perLayer >= 6 ? 280 : 230
                }));
        }
    }
}
