using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>A network in words: what the generated file opens with and what its documentation says.</summary>
internal static class NetworkWords
{
    /// <summary>The layers, input first: <c>784 inputs -> 128 nodes -> 10 outputs</c>.</summary>
    public static string Shape(NetworkPlan plan)
    {
        var hidden = plan.Layers.Skip(1).Select(static layer => Literal.Count(layer.Form.InputCount, "node"));
        string[] widths = [Literal.Count(plan.InputCount, "input"), .. hidden, Literal.Count(plan.OutputCount, "output")];
        return string.Join(" -> ", widths);
    }

    /// <summary>What a note begins with that says why samples have no bound though one is wanted.</summary>
    public const string NoBound = "EvaluateWithBound is left out: ";

    /// <summary>What the computed numbers are to the exact ones.</summary>
    public static string Exactness(NetworkPlan plan) => Rounded(plan) + (plan.Labels.InputRanges.IsEmpty
        ? "No input ranges are declared, so no bound of the rounding error is certified."
        : double.IsInfinity(plan.ErrorBound)
            ? "On the declared input ranges no bound of the rounding error can be certified: " + plan.Certificate.Reason + "."
            : "For inputs in the declared ranges " + (plan.Integers is null ? "the rounding error" : "the error")
            + " is certified: |computed - exact| <= " + plan.ErrorBound.ToString("E2", CultureInfo.InvariantCulture) + ".");

    private static string Rounded(NetworkPlan plan) => plan.Integers is null ? "Each number is the exact one of the model, rounded once. "
        : plan.Integers.HasCurves
            ? $"Values of edges at their knots are integers of {Bits(plan)} bits with a scale for each output, values between layers are "
            + $"codes of {Bits(plan)} bits, and sums of 32 bits are exact; inputs beyond their ranges count as the nearest number that a "
            + "code stands for. "
        : $"Weights are integers of 8 bits with a scale for each {(plan.Integers.HasImages ? "filter or output" : "output")}, values "
            + "between layers are codes of "
            + $"{Bits(plan)} bits, and sums of 32 bits "
        + "are exact, as ONNX defines QuantizeLinear and "
            + "DequantizeLinear; inputs beyond their ranges count as the nearest number that a code stands for. ";

    private static string Bits(NetworkPlan plan) => plan.Integers!.Form.IsWide ? "16" : "8";

    /// <summary>The numbers that a network computes with.</summary>
    public static string Numbers(NetworkPlan plan) => plan.Integers is null ? KernelNames.Type(plan.Precision)
        : plan.Integers is { HasCurves: true, Form.IsWide: true } ? "integers of 16 bits, for the tolerance"
        : plan.Integers.Form.IsWide ? "integers of 8 bits, with codes of 16 for the tolerance" : "integers of 8 bits";

    /// <summary>Where a layer leads, what it has and how it is computed.</summary>
    public static string Layer(NetworkPlan plan, LayerPlan layer) => string.Format(
        CultureInfo.InvariantCulture,
        "{0} -> {1}: {2}, {3}, {4} ({5}), {6}",
        layer.Form.InputCount, layer.Form.OutputCount, Literal.Count(layer.EdgeCount, "edge"), Literal.Count(layer.SegmentCount, "segment"),
        layer.Form.Lowering, layer.Reason, Literal.Count(plan.BytesOf(layer), "byte"));

    /// <summary>What an input is: its name, its unit and its range, or empty.</summary>
    public static string Input(NetworkPlan plan, int index)
    {
        var labels = plan.Labels;
        string?[] parts =
        [
            labels.InputNames.IsEmpty ? null : labels.InputNames[index],
            labels.InputUnits.IsEmpty ? null : labels.InputUnits[index],
            labels.InputRanges.IsEmpty ? null : "in " + Range(labels.InputRanges[labels.InputRanges.Length == 1 ? 0 : index]),
        ];
        return string.Join(", ", parts.Where(static part => !string.IsNullOrEmpty(part)).Select(static part => MessageText.Name(part!)));
    }

    /// <summary>Sentences about the inputs and outputs as a whole.</summary>
    public static IEnumerable<string> Remarks(NetworkPlan plan)
    {
        if (plan.Labels.InputRanges.Length == 1 && plan.Labels.InputNames.IsEmpty)
            yield return "Every input lies in " + Range(plan.Labels.InputRanges[0]) + ".";
        if (!plan.UnreadInputs.IsEmpty) yield return "No output depends on " + Nodes("input", plan.UnreadInputs) + ".";
        foreach (string note in plan.Notes) yield return MessageText.Bound(note);
        if (plan.Labels.Head != NetworkHead.None)
            yield return $"The model ends in {plan.Labels.Head}, which is not part of the network: the outputs are the values before it"
                + Applied(plan) + ".";
        if (!plan.ConstantOutputs.IsEmpty) yield return "The same for every input: " + Nodes("output", plan.ConstantOutputs) + ".";
    }

    /// <summary>What applies the head, as a clause.</summary>
    private static string Applied(NetworkPlan plan)
    {
        string[] members = [.. NamedMembers.HeadMembers(plan.Labels.Head, plan.OutputCount)];
        return members.Length switch
        {
            0 => "",
            1 => $", to which {members[0]} applies it",
            _ => $", to which {string.Join(" and ", members)} apply it"
        };
    }

    /// <summary>Why a network has no local map.</summary>
    public static string NoLocalMap(NetworkPlan plan)
    {
        string outputs = Count(plan.OutputCount), inputs = Count(plan.InputCount);
        string numbers = Count((long)plan.InputCount * plan.OutputCount);
        return $"The local map of {outputs} outputs over {inputs} inputs has {numbers} numbers; "
            + $"Explain computes at most {Count(NetworkPlan.MostJacobian)}.";

        static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>The layers as an aligned table, its heading first.</summary>
    public static IEnumerable<string> Table(NetworkPlan plan)
    {
        string[] heading = ["layer", "shape", "edges", "segments", "bytes", "form", "why"];
        var rows = plan.Layers.Select(layer => new[]
        {
            Literal.Integer(layer.Index), Literal.Integer(layer.Form.InputCount) + " -> " + Literal.Integer(layer.Form.OutputCount),
                Literal.Integer(layer.EdgeCount),
            Literal.Integer(layer.SegmentCount), Literal.Integer(plan.BytesOf(layer)), layer.Form.Lowering.ToString(), layer.Reason,
        }).Prepend(heading).ToArray();
        int[] widths = [.. heading.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            // Numbers to the right, words to the left.
            var cells = row.Select((cell, column) => column is >= 2 and <= 4
                ? cell.PadLeft(widths[column])
                : cell.PadRight(widths[column]));
            yield return string.Join("  ", cells).TrimEnd();
        }
    }

    private static string Range(InputRange range) => "[" + Text(range.Low) + ", " + Text(range.High) + "]";

    private static string Text(Rational value) => value.ToDouble().ToString("R", CultureInfo.InvariantCulture);

    private static string Nodes(string noun, ImmutableArray<int> nodes)
    {
        const int Most = 8;
        string listed = string.Join(", ", nodes.Take(Most).Select(Literal.Integer));
        return nodes.Length == 1 ? noun + " " + listed
            : nodes.Length <= Most ? noun + "s " + listed
            : Literal.Integer(nodes.Length) + " " + noun + "s, the first " + listed;
    }
}
