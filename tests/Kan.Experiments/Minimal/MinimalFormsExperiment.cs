using System;
using System.Collections.Generic;
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
        foreach (var f in PlaneFunction.All)
        {
            var r = PlaneResult.Of(f);
            Console.WriteLine($"{f.Name,-40} regions {r.Bends.RegionCount} lines {r.Bends.Lines.Count} hidden {(r.HiddenLayer is null ? "no" : r.HiddenLayer.Units.Count + "/" + r.PlainHiddenLayer!.UnitCount)} units {r.Units} nodes {r.Nodes} bends {r.TwoLayerBends} built {PlaneResult.HiddenNodes(r.Built)}/{TwoLayerKan.BendCount(r.Built)}");
        }
        throw new InvalidOperationException();
    }
}
