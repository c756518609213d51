using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// Replaces the curved edges of a network by piecewise-linear ones so that each output stays within a tolerance of the network's, on a box
/// of inputs. The error is shared out where a segment buys most, each edge is approximated with its own certificate, and the errors are
/// carried through the layers by the slopes of the piecewise-linear edges: |f(x) - g(x')| is at most the error of g plus its steepest slope
/// times
/// |x - x'|. What is reported is the sum of that, never a sample.
/// </summary>
internal static class NetworkApproximator
{
    /// <summary>How to ask for an approximation, for messages.</summary>
    public const string Remedy = "To approximate it with a certified error, specify the largest acceptable error of an output, such as "
        + "Tolerance = 1e-3, and the Domain or Range of the inputs.";

    private const int Rounds = 4;

    // A segment's place, value and slope, and where it ends, in float.
    private const int SegmentBytes = 16;

    // Segments past which another round would only make a large network a little smaller.
    private const long MostLaid = 1 << 16;

    // So many segments that people should know before they wait.
    private const double Many = 10_000;

    // Of the tolerance: what a round aims at, and what need not be improved.
    private const double Aim = 0.98, Near = 0.93;

    // Errors that come out far smaller than they were allowed to grow step by step.
    private const double MostGrowth = 4;

    /// <summary>The layers, exact where nothing is curved.</summary>
    /// <param name="file">For complaints.</param>
    /// <param name="layers">The network.</param>
    /// <param name="options">Tolerance, domain and range.</param>
    /// <param name="gridDomain">The ranges the network was trained on, where it says so; one for each input, or empty.</param>
    /// <exception cref="ModelFileException">There are curves and no tolerance, or the tolerance is out of reach.</exception>
    public static ImportedModel Approximate(ModelFile file, IReadOnlyList<CurvedLayer> layers, ImportOptions options,
        ImmutableArray<InputRange> gridDomain)
    {
        if (layers.All(static layer => layer.Exact is not null)) return new ImportedModel([.. layers.Select(static layer => layer.Exact!)]);
        var curved = layers.First(static layer => layer.Exact is null).Edges.First(static edge => edge.Curve is not null);
        if (options.Tolerance is not { } tolerance)
            throw file.Unsupported($"The model is not piecewise linear: {curved.Title} is curved. {Remedy}");
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
            throw file.Unsupported($"The tolerance {tolerance.ToString("R", CultureInfo.InvariantCulture)} is not a positive number. It "
                + $"is the largest acceptable error of an output, such as 1e-3.");

        using var work = ExactWork.Limit(ModelLimits.ApproximationWork);
        try
        {
            return Approximate(file, layers, tolerance, Box(file, layers[0].Inputs, options, gridDomain), options.Progress);
        }
        catch (ExactWorkException exception)
        {
            throw file.Unsupported($"{file.WorkingOn} cannot be approximated within the tolerance {Text(tolerance)}: "
                + $"{exception.Message}. Specify a larger Tolerance or a smaller Domain, or prune the model.");
        }
    }

    private static ImportedModel Approximate(ModelFile file, IReadOnlyList<CurvedLayer> layers, double tolerance,
        ImmutableArray<InputRange> box, IProgress<string>? progress)
    {
        file.WorkingOn = "The network";
        Interval[] domain = [.. box.Select(static range => Enclosing.Between(range.Low, range.High))];
        var plan = new ErrorBudget(file, layers, domain, tolerance * Aim);
        if (plan.Segments > Many)
            progress?.Report(string.Create(CultureInfo.InvariantCulture, $"The tolerance {Text(tolerance)} takes about "
            + $"{plan.Segments:N0} segments; laying them may take some seconds."));
        ApproximateLayers? best = null;
        long laid = 0;
        for (int round = 0; round < Rounds; round++)
        {
            ApproximateLayers attempt;
            try
            {
                attempt = ApproximateLayers.Build(file, layers, domain, plan);
            }
            catch (ExactWorkException) when (best is not null)
            {
                break;
            }

            if (!double.IsFinite(attempt.Error)) break;
            if (attempt.Error <= tolerance && (best is null || attempt.SegmentCount < best.SegmentCount)) best = attempt;
            if (attempt.Error <= tolerance && (attempt.Error >= Near * tolerance || attempt.IsWithoutCurves)) break;
            laid += attempt.SegmentCount;
            if (best is not null && laid > MostLaid) break;
            if (plan.Segments > Many)
                progress?.Report(string.Create(CultureInfo.InvariantCulture, $"Round {round + 1}: {attempt.SegmentCount:N0} "
                + $"segments, certified within {Text(attempt.Error)}."));
            plan.Scale(Math.Min(MostGrowth, tolerance * Aim / attempt.Error));
        }

        if (best is null) throw file.Unsupported($"The tolerance {Text(tolerance)} is finer than any certificate that this network can "
            + $"have. Specify a larger one, or a smaller Domain.");
        var (sampled, points) = SampledDistance.Of(layers, best.Layers, domain);
        return new ImportedModel(best.Layers)
        {
            CertifiedError = best.Error,
            SampledError = sampled,
            Domain = [.. box],
            Notes = [$"Curved edges are approximated by {best.SegmentCount} segments: each output is within {Text(best.Error)} of the "
                + $"model's (tolerance {Text(tolerance)}) for inputs in {Text(box)}; certified, in exact arithmetic.{Tables(best)} The "
                + $"largest error found at {points} points is {Text(sampled)}."],
        };
    }

    private static string Tables(ApproximateLayers layers) =>
        $" They take {(layers.TableCount == 1 ? "1 table" : FormattableString.Invariant($"{layers.TableCount} tables"))}, about "
        + $"{FormattableString.Invariant($"{layers.SegmentCount * SegmentBytes:N0}")} bytes in float.";

    private static ImmutableArray<InputRange> Box(ModelFile file, int inputs, ImportOptions options, ImmutableArray<InputRange> gridDomain)
    {
        var given = !options.Domain.IsDefaultOrEmpty ? options.Domain : options.GivenRanges.IsEmpty ? gridDomain : options.GivenRanges;
        if (given.Length == 1) given = [.. Enumerable.Repeat(given[0], inputs)];
        if (given.IsEmpty) throw file.Unsupported("A tolerance applies to a box of inputs, and the file does not declare one. Specify "
            + "the range of the inputs, such as Domain = -1,1.");
        if (given.Length != inputs) throw file.Unsupported($"The domain has {given.Length} ranges, but the model has {inputs} inputs. "
            + $"Specify one range for all inputs, or one for each.");
        foreach (var one in given)
        {
            if (one.Low > one.High)
                throw file.Unsupported($"The domain has the range {one.Low} to {one.High}, whose low end exceeds its high end.");
        }

        return given;
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Text(ImmutableArray<InputRange> box)
    {
        const int Most = 4;
        var ranges = box.Select(static range => $"[{range.Low.ToDouble().ToString("R", CultureInfo.InvariantCulture)}, "
            + $"{range.High.ToDouble().ToString("R", CultureInfo.InvariantCulture)}]").ToList();
        if (ranges.TrueForAll(range => range == ranges[0])) return ranges.Count == 1 ? ranges[0] : $"{ranges[0]} each";
        return string.Join(" x ", ranges.Take(Most)) + (ranges.Count > Most ? " x ..." : string.Empty);
    }
}
