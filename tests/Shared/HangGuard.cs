using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Testing;

/// <summary>
/// The one time limit that tests have. It tells a hang from work, so that a run ends and says where it hung; it measures nothing. A minute
/// on an idle machine may be ten on a busy one, so the limit is far above both, and no test has a shorter one of its own.
/// </summary>
internal static class HangGuard
{
    /// <summary>How long a process or an answer may take before it counts as hung.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Waits for a process, and kills it with its children where it hangs or the test is stopped.</summary>
    /// <exception cref="TimeoutException">The process hangs.</exception>
    public static async Task WaitForExitAsync(Process process, string what, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"{what} has not ended after {Limit.TotalMinutes} minutes.");
        }
    }

    /// <summary>Waits until something holds that other threads or processes bring about.</summary>
    /// <exception cref="TimeoutException">It does not come to hold.</exception>
    public static async Task UntilAsync(Func<bool> holds, string what, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit) throw Late(what);
            await Task.Delay(10, cancellation);
        }
    }

    /// <summary>Waits on this thread, also where tasks would not get one.</summary>
    /// <exception cref="TimeoutException">It does not come to hold.</exception>
    public static void Until(Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit) throw Late(what);
            Thread.Sleep(5);
        }
    }

    private static TimeoutException Late(string what) => new($"After {Limit.TotalMinutes} minutes it does not hold that {what}.");
}
