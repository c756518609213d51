using System.ComponentModel;
using System.Diagnostics.Metrics;

namespace Kan.Panels;

/// <summary>
/// The counter of decisions of integer networks: how many the integers took, and how many were left to floating-point numbers. There is one
/// in a process.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DecisionCounter
{
    private static readonly Counter<long> s_decisions = Measurements.Meter.CreateCounter<long>(
        "kan.decisions", "{sample}", "Decisions of integer networks, by model and by what took them: integers or floats.");

    /// <summary>Whether something listens: generated code looks here before it counts, which costs a load and a comparison.</summary>
    public static bool IsWatched => s_decisions.Enabled;

    /// <summary>Counts a decision.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="byIntegers">Whether integers took it.</param>
    public static void Add(string model, bool byIntegers) =>
        s_decisions.Add(1, new("kan.model", model), new("kan.by", byIntegers ? "integers" : "floats"));
}
