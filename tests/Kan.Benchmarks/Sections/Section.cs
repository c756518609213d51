using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;

namespace Kan.Benchmarks.Sections;

/// <summary>A part of the report that can be measured by itself.</summary>
internal abstract class Section(string name, string summary)
{
    /// <summary>What --only takes.</summary>
    public string Name { get; } = name;

    /// <summary>What it measures, in one line.</summary>
    public string Summary { get; } = summary;

    public abstract void Run(Effort effort, SectionResult result);
}
