using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Precision;

/// <summary>What rounding to float does to each form of the same function.</summary>
internal sealed class PrecisionExperiment : IExperiment
{
    private static readonly Lowering[] s_forms = [Lowering.Rows, Lowering.Clamp, Lowering.Relu];

    public string Name => "precision";

    public string Question => "How far is each form from the exact function when it is computed in float?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Rounding errors of the forms");
        page.Text("The rows, clamp and ReLU forms compute the same function, exactly. Here they compute in float, number by number and "
            + "in the order of the compiled code (`ReferenceEvaluator<float>`), and are compared with exact rationals. Knots and values "
            + "are floats; each coefficient of a form is computed exactly and rounded once. Errors are in units of u = 2^-24 times the "
            + "largest output, so 1 is about the rounding of the result alone.");
        var edges = WriteEdges(page, session);
        var (network, networkErrors) = WriteNetworks(page, session);
        double relu = edges.Max(static row => row[Lowering.Relu].Largest), rows = edges.Max(static row => row[Lowering.Rows].Largest),
            clamp = edges.Max(static row => row[Lowering.Clamp].Largest);
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"for one edge in float the ReLU form of Lemma 1 is up to {Figures.Short(relu)} units "
            + $"(u times the largest value) off, the clamp form {Figures.Short(clamp)}, rows {Figures.Short(rows)}");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"Theorem 2 is exact over the reals, but not in float: telescoping sums of ReLUs grow "
            + $"and cancel, and one edge loses up to {Figures.Short(relu * FormErrors.Roundoff * 100)} % of its largest value, the "
            + $"network of {network} up to {Figures.Short(networkErrors[2].Largest * FormErrors.Roundoff * 100)} %. "
            + $"The same units taken as differences of neighbouring ReLUs (clamp) or as rows of values and "
            + $"slopes stay within {Figures.Short(clamp)} and {Figures.Short(rows)} units (on that network "
            + $"{Figures.Short(networkErrors[1].Largest * FormErrors.Roundoff * 100)} % and "
            + $"{Figures.Short(networkErrors[0].Largest * FormErrors.Roundoff * 100)} %), so a KAN should be converted to ReLUs for "
            + $"analysis and exchange, and computed in another form.");
        return page;
    }

    private static List<Dictionary<Lowering, FormErrors>> WriteEdges(Page page, Session session)
    {
        int[] counts = session.Choose<int[]>([8, 16, 32, 64, 128, 256, 512], [8, 32]);
        int points = session.Choose(20_000, 1_000);
        var table = new List<IReadOnlyList<string>>();
        var all = new List<Dictionary<Lowering, FormErrors>>();
        var curves = new List<Curve>();
        foreach (var test in TestFunction.All)
        {
            session.Report($"{test.Name}");
            var measured = counts.Select(knots => Measure(test, knots, points)).ToList();
            all.AddRange(measured);
            for (int i = 0; i < counts.Length; i++)
            {
                if (counts[i] is 16 or 64 or 256) continue;
                table.Add([$"{test.Name}, {counts[i]} knots",
                    .. s_forms.SelectMany(form =>
                        new[] { Figures.Short(measured[i][form].Largest), Figures.Short(measured[i][form].Certified) })]);
            }

            if (test != TestFunction.Zigzag && test != TestFunction.RandomValues) continue;
            curves.AddRange(s_forms.Select(form =>
                new Curve($"{form}, {test.Name}",
                    [.. counts.Select((knots, i) => ((double)knots, measured[i][form].Largest, 0.0))])
                {
                    IsDashed =
                    test != TestFunction.Zigzag
                }));
        }

        page.Heading("One edge");
        page.Text($"The largest error over {Figures.Count(points)} random inputs between the first knot and the last; after it, the "
            + $"bound that the compiler certifies for that range.");
        page.Table(["function", "Rows", "certified", "Clamp", "certified", "Relu", "certified"], table);
        page.Chart("knots", "Largest error of each form by the number of knots", Charts.Lines(
            "Largest error of one edge in float", new ChartAxis("knots", IsLogarithmic: true),
            new ChartAxis("error / (u max|phi|)", IsLogarithmic: true), curves));
        return all;
    }

    private static Dictionary<Lowering, FormErrors> Measure(TestFunction test, int knots, int points)
    {
        var function = test.Create(knots, seed: knots);
        var network = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, function)])]);
        Rational[] values = [.. function.Breakpoints.Select(function.Evaluate)];
        var samples = Sample.Draw(points, 1, test.Low, test.High, seed: 1, inputs => [Evaluate(function, values, inputs[0])]);
        var range = new InputRange(Rational.FromSingle(test.Low), Rational.FromSingle(test.High));
        return s_forms.ToDictionary(static form => form, form => FormErrors.Measure(network, form, range, samples));
    }

    /// <summary>The exact value, from the values at the breakpoints, so that many points of many knots are quick.</summary>
    private static Rational Evaluate(PiecewiseLinearFunction function, Rational[] values, Rational x)
    {
        int segment = function.SegmentOf(x);
        return segment == 0 ? function.Evaluate(x)
            : values[segment - 1] + (function.Slopes[segment] * (x - function.Breakpoints[segment - 1]));
    }

    private static (string Network, List<FormErrors> Errors) WriteNetworks(Page page, Session session)
    {
        (int[] Widths, int Knots, bool IsUniform)[] cases = session.Choose<(int[], int, bool)[]>(
            [([2, 8, 1], 8, true), ([4, 8, 8, 1], 32, true), ([4, 8, 8, 1], 32, false)], [([2, 4, 1], 4, true)]);
        int points = session.Choose(300, 20);
        var range = new InputRange(-2, 2);
        var rows = new List<IReadOnlyList<string>>();
        (string Network, List<FormErrors> Errors) last = default;
        foreach (var (widths, knots, isUniform) in cases)
        {
            session.Report($"network {string.Join('-', widths)}, {knots} knots");
            var network = TestNetworks.Create(widths, knots, isUniform, seed: 3);
            var samples = Sample.Draw(points, widths[0], -2, 2, seed: 2, network.Evaluate);
            var errors = s_forms.Select(form => FormErrors.Measure(network, form, range, samples)).ToList();

            // Theorem 3's standard form: the sums of one layer multiplied into the units of the next.
            errors.Add(FormErrors.Measure(network.ToRelu().Fuse().ToKan(), Lowering.Auto, range, samples));
            last = ($"{string.Join('-', widths)}, {knots} {(isUniform ? "shared even" : "own random")} knots", errors);
            rows.Add([last.Network, .. errors.Select(static error => $"{Figures.Short(error.Largest)} ({Figures.Short(error.Median)})")]);
        }

        page.Heading("Networks");
        page.Text($"The largest error over {Figures.Count(points)} random inputs in [-2, 2] and, in brackets, the median, in the same "
            + $"units. Errors of early layers are multiplied by the slopes of later ones, whatever the form. \"Relu, fused\" is the "
            + $"standard feed-forward network of Theorem 3, with affine maps multiplied out.");
        page.Table(["network", "Rows", "Clamp", "Relu", "Relu, fused"], rows);
        return last;
    }
}
