using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.BackendSuite;

/// <summary>The kinds of refusals, by words of the messages.</summary>
internal static class BackendReasons
{
    private const string OfSeveral = "a function of several numbers that is not piecewise linear: attention, a Softmax between layers, "
        + "normalization by values computed from the sample, products and quotients";
    private const string Jumps = "jumps: rounding, ranks, comparisons, trees, branches";
    private const string Curve = "a curve that is vertical, unbounded or undefined somewhere in the interval of the data";
    private const string Empty = "no numbers: an axis of size 0";
    private const string Set = "another operator set: optimizers, trees of ai.onnx.ml";
    private const string NotFunction = "no function of the inputs: random numbers, training mode";

    private static readonly (string Words, string Reason)[] s_reasons =
    [
        ("computes a loss", "a loss, which only training computes"),
        ("is recurrent", "recurrent"),
        ("draws random numbers", NotFunction),
        ("is in training mode", NotFunction),
        ("works with sequences", "sequences and optional values inside the graph"),
        ("trees, which jump", Jumps),
        ("so it jumps", Jumps),
        ("operator that jumps", Jumps),
        ("chooses between graphs", Jumps),
        ("cannot be kept: it compares", "a Softmax or Hardmax over several groups of the outputs"),
        ("divides by a value", OfSeveral),
        ("both depend on", OfSeveral),
        ("It is no function of one number", OfSeveral),
        ("picks infinity", OfSeveral),
        ("not piecewise linear", OfSeveral),
        ("belongs to the operator set", Set),
        ("dimensions of size 0", Empty),
        ("has no values", Empty),
        ("no fixed number of features", Empty),
        ("holds numbers of type", "constants of 4 bits, or of 8 in floating point, and texts"),
        ("cannot be approximated on", Curve),
        ("The tolerance takes about", Curve),
        ("has an operator that is not supported",
            "an operator that is not supported; most are linear where their other inputs are constant"),
        ("takes its scale from", "the scale of constants as the only input"),
        ("a number for each of the", "a linear map too sparse and too large to be compiled"),
        ("that makes no whole size",
            "aligned corners with a scale that makes no whole size, where the definition and the recorded numbers differ"),
    ];

    public static string Of(string message) =>
        s_reasons.FirstOrDefault(reason => message.Contains(reason.Words, StringComparison.Ordinal)).Reason ?? "others";

    /// <summary>The operators that the messages of some outcomes name, the most frequent first.</summary>
    public static IEnumerable<(string Operator, int Count)> Operators(IEnumerable<BackendOutcome> outcomes) => outcomes
        .Select(static outcome => outcome.Message[(outcome.Message.IndexOf('(', StringComparison.Ordinal) + 1)..])
        .Select(static rest => rest[..Math.Max(0, rest.IndexOf(')', StringComparison.Ordinal))])
        .Where(static name => name.Length > 0 && name.All(char.IsAsciiLetterOrDigit) && char.IsAsciiLetterUpper(name[0]))
        .GroupBy(static name => name).Select(static group => (group.Key, group.Count())).OrderByDescending(static pair => pair.Item2)
        .ThenBy(static pair => pair.Key, StringComparer.Ordinal);
}
