using System;
using System.Collections.Generic;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Decides whether two networks are the same function, in exact arithmetic: everywhere, or on a box. Networks of either kind, of any
/// form and depth, may be compared with each other.
/// </summary>
/// <remarks>
/// Three answers are possible. Proved and refuted are certain, and do not depend on the clock. First both networks are converted to a
/// normal form, in which activations, repeated and dead nodes, the place of biases and the order and scale of hidden nodes no longer show:
/// equal forms are equal functions. Single layers are decided by their edges, for edges are unique up to constants. One input is decided by
/// composing all functions exactly; a few inputs by visiting every cell of both networks. Different functions are shown by a point, which
/// is evaluated in both networks before it is returned.
/// </remarks>
public static class Equivalence
{
    /// <summary>Decides whether two KANs are the same function.</summary>
    /// <param name="left">One network.</param>
    /// <param name="right">The other network, with the same number of inputs and outputs.</param>
    /// <param name="box">The box on which to compare them, one closed interval per input; null for everywhere.</param>
    /// <param name="options">Limits on the work and the time before giving up.</param>
    /// <param name="cancellation">Cancels the operation; observed within a few milliseconds.</param>
    /// <exception cref="ArgumentException">
    /// The networks differ in inputs or outputs, the box does not fit them, or the time limit is negative.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The decision was cancelled; running out of time is an answer, not an exception.
    /// </exception>
    public static EquivalenceResult Decide(KanNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box = null,
        EquivalenceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Decide(new Comparand(left, left.Evaluate), new Comparand(right, right.Evaluate), box, options, cancellation);
    }

    /// <summary>Decides whether a KAN and a ReLU network are the same function.</summary>
    /// <inheritdoc cref="Decide(KanNetwork, KanNetwork, IReadOnlyList{InputRange}, EquivalenceOptions, CancellationToken)"/>
    public static EquivalenceResult Decide(KanNetwork left, ReluNetwork right, IReadOnlyList<InputRange>? box = null,
        EquivalenceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Decide(new Comparand(left, left.Evaluate), new Comparand(right.ToKan(), right.Evaluate), box, options, cancellation);
    }

    /// <summary>Decides whether a ReLU network and a KAN are the same function.</summary>
    /// <inheritdoc cref="Decide(KanNetwork, KanNetwork, IReadOnlyList{InputRange}, EquivalenceOptions, CancellationToken)"/>
    public static EquivalenceResult Decide(ReluNetwork left, KanNetwork right, IReadOnlyList<InputRange>? box = null,
        EquivalenceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Decide(new Comparand(left.ToKan(), left.Evaluate), new Comparand(right, right.Evaluate), box, options, cancellation);
    }

    /// <summary>Decides whether two ReLU networks are the same function.</summary>
    /// <inheritdoc cref="Decide(KanNetwork, KanNetwork, IReadOnlyList{InputRange}, EquivalenceOptions, CancellationToken)"/>
    public static EquivalenceResult Decide(ReluNetwork left, ReluNetwork right, IReadOnlyList<InputRange>? box = null,
        EquivalenceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Decide(new Comparand(left.ToKan(), left.Evaluate), new Comparand(right.ToKan(), right.Evaluate), box, options, cancellation);
    }

    private static EquivalenceResult Decide(Comparand left, Comparand right, IReadOnlyList<InputRange>? box, EquivalenceOptions? options,
        CancellationToken cancellation)
    {
        int inputs = left.Network.InputCount, outputs = left.Network.OutputCount;
        if (inputs != right.Network.InputCount || outputs != right.Network.OutputCount)
        {
            throw new ArgumentException(
                $"The left network has {inputs} inputs and {outputs} outputs, the right one {right.Network.InputCount} and "
                + $"{right.Network.OutputCount}; only networks of the same shape can be compared.",
                nameof(right));
        }

        if (box is not null) InputBox.Validate(box, inputs);
        return DecideInTime(left, right, box, options ?? new EquivalenceOptions(), cancellation);
    }

    private static EquivalenceResult DecideInTime(Comparand left, Comparand right, IReadOnlyList<InputRange>? box,
        EquivalenceOptions options, CancellationToken cancellation)
    {
        using var time = TimeLimit(options);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);

        // Every operation on rationals looks at the token now and then, however deep in a computation it is.
        using var work = ExactWork.Limit(long.MaxValue, cancellation: either.Token);
        var decision = new EquivalenceDecision(left, right, box, options, either.Token);
        try
        {
            return decision.Decide();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return decision.OutOfTime();
        }
    }

    private static CancellationTokenSource TimeLimit(EquivalenceOptions options)
    {
        // Timers count milliseconds in 32 bits; seven weeks are as good as no limit.
        bool isLimited = options.TimeLimit != Timeout.InfiniteTimeSpan && options.TimeLimit.TotalMilliseconds < uint.MaxValue - 1;
        if (isLimited && options.TimeLimit < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), options.TimeLimit,
                "The time limit must not be negative; Timeout.InfiniteTimeSpan means no limit.");
        return isLimited ? new CancellationTokenSource(options.TimeLimit, options.TimeProvider) : new CancellationTokenSource();
    }
}
