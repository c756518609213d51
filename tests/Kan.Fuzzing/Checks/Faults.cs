using System;
using System.Diagnostics;
using System.Linq;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Checks;

/// <summary>Broken promises as faults.</summary>
internal static class Faults
{
    /// <summary>An exception that is none of those promised.</summary>
    /// <param name="stage">What was done.</param>
    /// <param name="exception">What was thrown.</param>
    public static Verdict Thrown(string stage, Exception exception)
    {
        // The first method of this repository, or of what it calls.
        var frames = new StackTrace(exception).GetFrames().Select(static frame => frame.GetMethod())
            .Where(static method => method?.DeclaringType is not null).ToList();
        var place = frames.Find(static method => method!.DeclaringType!.FullName!.StartsWith("Kan.", StringComparison.Ordinal))
            ?? frames.FirstOrDefault();
        string key = $"{stage}: {exception.GetType().Name} in {place?.DeclaringType?.FullName}.{place?.Name}";
        return new Verdict("fault", key, new Fault(key, exception.ToString()));
    }

    /// <summary>A promise about a result that was not kept.</summary>
    public static Verdict Broken(string promise, string details) => new("fault", promise, new Fault(promise, details));
}
