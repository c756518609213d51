using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;

namespace Kan.Benchmarks.Sections;

/// <summary>A part of the report that can be measured by itself.</summary>
internal abstract class Section(string name, string summary)
{
    /// <summary>What --only takes.</summary>
    public string Name { get; } = name;

    /// <summary>What it measures, in one line.</summary>
    public string Summary { get; } = summary;

    /// <summary>A part of the name of the networks to measure; all when null.</summary>
    public string? Network { get; set; }

    protected IEnumerable<Workload> Workloads =>
        Workload.All.Where(workload => Network is null || workload.Name.Contains(Network, StringComparison.OrdinalIgnoreCase));

    public abstract void Run(Effort effort, SectionResult result);
}
