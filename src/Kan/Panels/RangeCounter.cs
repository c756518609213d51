using System.ComponentModel;
using System.Diagnostics.Metrics;

namespace Kan.Panels;

/// <summary>The counter of inputs outside their declared ranges. There is one in a process, made when it is first looked at.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RangeCounter
{
    private static readonly Counter<long> s_outside = Measurements.Meter.CreateCounter<long>(
        "kan.inputs.outside_range", "{sample}", "Samples in which an input lies outside its declared range, by model and input.");

    /// <summary>Whether something listens: generated code looks here before it counts, which costs a load and a comparison.</summary>
    public static bool IsWatched => s_outside.Enabled;

    internal static void Add(long samples, string model, string input) =>
        s_outside.Add(samples, new("kan.model", model), new("kan.input", input));
}
