using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the documentation of public members: what an editor shows where they are used.</summary>
internal static class DocumentationEmitter
{
    /// <summary>The documentation of one sample, which that of the other members refers to.</summary>
    public static void EmitSample(CodeWriter writer, NetworkPlan plan)
    {
        writer.Prose("/// ", $"<summary>Computes one sample in {NetworkWords.Numbers(plan)}: {Xml(NetworkWords.Shape(plan))}.</summary>");
        writer.Line("/// <remarks>");
        Paragraph(writer, NetworkWords.Exactness(plan));
        foreach (string remark in NetworkWords.Remarks(plan)) Paragraph(writer, remark);
        writer.Line("""
            /// <list type="table">
            /// <listheader><term>Layer</term><description>How it is computed</description></listheader>
            """);
        foreach (var layer in plan.Layers)
            writer.Prose("/// ", $"<item><term>{Literal.Integer(layer.Index)}</term>"
                + $"<description>{Xml(NetworkWords.Layer(plan, layer))}</description></item>");
        writer.Line("""
            /// </list>
            /// </remarks>
            """);
        writer.Prose("/// ", $"<param name=\"inputs\">{Literal.Count(plan.InputCount, "number")}{Labels(plan)}.</param>");
        writer.Prose("/// ", $"<param name=\"outputs\">Receives {Literal.Count(plan.OutputCount, "number")}{Xml(OutputNames(plan))}; may "
            + $"overlap the inputs.</param>");
        writer.Prose("/// ",
            "<exception cref=\"global::System.ArgumentException\">A span has the wrong length; nothing was written.</exception>");
    }

    /// <summary>The documentation of one sample of plain numbers.</summary>
    public static void EmitScalar(CodeWriter writer, NetworkPlan plan, string[] parameters)
    {
        writer.Line($"/// <inheritdoc cref=\"{Sample(plan)}\" path=\"/summary|/remarks\"/>");
        for (int i = 0; i < plan.InputCount; i++)
        {
            string label = NetworkWords.Input(plan, i), meaning = label.Length > 0 ? Xml(label) : "Input " + Literal.Integer(i);
            writer.Prose("/// ", $"<param name=\"{parameters[i].TrimStart('@')}\">{meaning}.</param>");
        }

        writer.Prose("/// ",
            $"<returns>{(plan.Labels.OutputNames.IsEmpty ? "The output" : Xml(MessageText.Name(plan.Labels.OutputNames[0])))}.</returns>");
    }

    /// <summary>The documentation of rows of samples.</summary>
    public static void EmitBatch(CodeWriter writer, NetworkPlan plan)
    {
        writer.Prose("/// ", "<summary>Computes rows of samples, bit for bit as one by one.</summary>");
        EmitRemarks(writer, plan);
        writer.Prose("/// ", $"<param name=\"inputs\">Rows of {Literal.Count(plan.InputCount, "number")}.</param>");
        writer.Prose("/// ", $"<param name=\"outputs\">Receives as many rows of {Literal.Count(plan.OutputCount, "number")}; must not "
            + $"overlap the inputs.</param>");
        writer.Prose("/// ", "<exception cref=\"global::System.ArgumentException\">A span has the wrong length, or they overlap; nothing "
            + "was written.</exception>");
    }

    /// <summary>The documentation of a sample with its bounds.</summary>
    public static void EmitBound(CodeWriter writer, NetworkPlan plan)
    {
        writer.Prose("/// ", "<summary>Computes one sample, bit for bit as <c>Evaluate</c> does, and for each output a certified bound of "
            + "|computed - exact| for this sample.</summary>");
        writer.Line("/// <remarks>");
        Paragraph(writer, "The bound holds for every finite input, in the declared ranges or not. It is infinite for all outputs where an "
            + "input is infinite or NaN, and where a number on the way may leave the number type.");
        writer.Line("/// </remarks>");
        writer.Prose("/// ", $"<param name=\"inputs\">{Literal.Count(plan.InputCount, "number")}.</param>");
        writer.Prose("/// ", $"<param name=\"outputs\">Receives {Literal.Count(plan.OutputCount, "number")}; may overlap the "
            + $"inputs.</param>");
        writer.Prose("/// ", $"<param name=\"bounds\">Receives {Literal.Count(plan.OutputCount, "number")}, not negative; must not overlap "
            + $"the inputs or the outputs.</param>");
        writer.Prose("/// ", "<exception cref=\"global::System.ArgumentException\">A span has the wrong length, or the bounds overlap "
            + "another; nothing was written.</exception>");
    }

    /// <summary>The documentation of the local affine map.</summary>
    public static void EmitExplain(CodeWriter writer, NetworkPlan plan)
    {
        writer.Prose("/// ", "<summary>Computes the affine map y = J x + c that the network equals on a linear region that contains the "
            + "sample, accumulated in double.</summary>");
        writer.Line("/// <remarks>");
        Paragraph(writer, "On a border, the region is the one that the sample enters when it moves by (e, e^2, e^3, ...) for a tiny e > "
            + "0. A NaN input gives NaN in J and c.");
        if (!plan.HasLocalMap) Paragraph(writer, Xml(NetworkWords.NoLocalMap(plan)));
        writer.Line("/// </remarks>");
        writer.Prose("/// ", $"<param name=\"inputs\">{Literal.Count(plan.InputCount, "number")}.</param>");
        writer.Prose("/// ", $"<param name=\"jacobian\">Receives {Literal.Count(plan.OutputCount, "row")} of "
            + $"{Literal.Count(plan.InputCount, "number")}, J.</param>");
        writer.Prose("/// ", $"<param name=\"offset\">Receives {Literal.Count(plan.OutputCount, "number")}, c.</param>");
        writer.Prose("/// ", "<returns>Whether the sample lies on a border between linear regions: the value of a node equals a "
            + "breakpoint and changes with the inputs.</returns>");
        writer.Prose("/// ", "<exception cref=\"global::System.ArgumentException\">A span has the wrong length, or spans overlap; "
            + "nothing was written.</exception>");
        if (!plan.HasLocalMap)
            writer.Prose("/// ", "<exception cref=\"global::System.NotSupportedException\">Always: the map is too large.</exception>");
    }

    /// <summary>The documentation of the description.</summary>
    public static void EmitInfo(CodeWriter writer, NetworkPlan plan)
    {
        writer.Prose("/// ", "<summary>What the network is, and how it was compiled.</summary>");
        EmitRemarks(writer, plan);
    }

    /// <summary>A text in documentation.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static void EmitRemarks(CodeWriter writer, NetworkPlan plan) =>
        writer.Line($"/// <inheritdoc cref=\"{Sample(plan)}\" path=\"/remarks\"/>");

    private static string Sample(NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        return $"Evaluate(global::System.ReadOnlySpan{{{type}}}, global::System.Span{{{type}}})";
    }

    private static void Paragraph(CodeWriter writer, string text) => writer.Prose("/// ", "<para>" + Xml(text) + "</para>");

    /// <summary>What the inputs are, while they are few enough to read.</summary>
    private static string Labels(NetworkPlan plan)
    {
        if (plan.InputCount > RunPlan.MostScalarInputs) return "";
        string[] labels = [.. Enumerable.Range(0, plan.InputCount).Select(i => NetworkWords.Input(plan, i))];
        return labels.All(static label => label.Length == 0) ? "" : ": " + Xml(string.Join("; ", labels));
    }

    private static string OutputNames(NetworkPlan plan) =>
        plan.Labels.OutputNames.IsEmpty || plan.OutputCount > 2 * RunPlan.MostScalarInputs
            ? ""
            : ": " + string.Join(", ", plan.Labels.OutputNames.Select(MessageText.Name));
}
