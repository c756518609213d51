using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Experiments.Reports;

namespace Kan.Experiments.Minimal;

/// <summary>The smallest networks of either kind for given functions, as far as they are known.</summary>
internal sealed class MinimalFormsExperiment : IExperiment
{
    public string Name => "minimal-forms";

    public string Question => "What are the smallest KANs and ReLU networks of small functions?";

    public Page Run(Session session)
    {
        var page = new Page(Name, "Minimal forms, computed") { IsExact = true };
        page.Text("The first open question of the paper: what are the smallest KAN and the smallest ReLU network that compute a given "
            + "piecewise-linear function? Here are answers for functions of one variable and for small functions of two. Each upper "
            + "bound is a network that is proved equal to the function for all real inputs (`Equivalence`, exact rational arithmetic); "
            + "each lower bound is an argument given here, whose premises are computed. The experiment fails if one of them does not hold.");
        OneVariableSection.Write(page, session);
        var results = PlaneSection.Write(page, session);
        page.Heading("A conjecture");
        page.Text("A KAN of two layers in n variables is a single hidden layer on each box between the breakpoints of its inner edges: "
            + "there it bends equally along whole hyperplanes. **Conjecture: that is also sufficient. A continuous piecewise-linear "
            + "function of n variables is a KAN of two layers if there is a finite grid of hyperplanes x_i = b such that inside each "
            + "open box of the grid it bends equally along the whole part of each hyperplane.** For n = 1 it is trivial and for n = 2 it "
            + "is the theorem above, where such a grid always exists; for n = 3 max(x, y, z) shows that the condition excludes "
            + "functions. It has not been proved, or tested, for n > 2.");
        Conclude(page, results);
        return page;
    }

    private static void Conclude(Page page, IReadOnlyList<PlaneResult> results)
    {
        int count = results.Count, units = results.Count(static result => result.Units.IsExact);
        int nodes = results.Count(static result => result.Nodes.IsExact),
            bends = results.Count(static result => result.TwoLayerBends.IsExact);
        int excluded = results.Count(static result => result.HiddenLayerObstacle is not null);
        int deeper = results.Count(static result => result.HiddenLayer is { } layer && layer.Units.Count > result.Units.High);
        int relu = results.Count(static result =>
            result.Function.Units.NumberCount < ConversionReport.Of(result.Function.FewestNodes).Kan.ParameterCount);
        page.Result = string.Create(CultureInfo.InvariantCulture,
            $"of {count} functions of two variables the fewest units are known exactly for "
            + $"{units}, the fewest hidden nodes of a KAN of two layers for {nodes}, its fewest bends for {bends}; {excluded} have no "
            + $"single hidden layer of ReLU units, all are KANs of two layers");
        page.Claim = string.Create(CultureInfo.InvariantCulture,
            $"The question has one answer for both architectures when shape is free: the fewest "
            + $"units of a ReLU network with affine terms are the fewest breakpoints of a KAN. In numbers almost every function of one "
            + $"variable with k breakpoints needs at least 2 k + 2 in either, and 2 k + 2 are enough. "
            + $"At equal depth they differ: with one row of hidden nodes, which is two layers, a KAN "
            + $"computes every function of two variables, a ReLU network {count - excluded} of the {count} here; and {deeper} of these "
            + $"need fewer units when the network is deeper. Counted as 2 k + 2 numbers an edge, the KANs found take more numbers for "
            + $"{relu} of {count}.");
    }
}
