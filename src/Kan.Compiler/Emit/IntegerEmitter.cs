using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints what a network has that is computed with integers: its layers and their table, and the decision that floats would take.
/// </summary>
internal static class IntegerEmitter
{
    /// <summary>The method that computes a sample in floating-point numbers.</summary>
    public const string Floats = "EvaluateFloats";

    /// <summary>The method that decides a sample of plain numbers.</summary>
    public const string DecideNumbers = "DecideNumbers";

    /// <summary>The statement that computes one sample.</summary>
    public static string Evaluate(IntegerPlan integers) => Network(integers) + "Evaluate(inputs, outputs);";

    /// <summary>The statement that computes samples.</summary>
    public static string EvaluateBatch(IntegerPlan integers) => Network(integers) + "EvaluateBatch(inputs, outputs, rows);";

    /// <summary>Prints the layers.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="plan">The network.</param>
    /// <param name="integers">Its integer form.</param>
    /// <param name="target">The type that it is printed for.</param>
    public static void Emit(CodeWriter writer, NetworkPlan plan, IntegerPlan integers, TargetType target)
    {
        if (integers.HasImages)
        {
            ImageCodeEmitter.Emit(writer, integers, target);
            return;
        }

        if (integers.HasCurves)
        {
            if (integers.Form.IsWide) WideCurveEmitter.Emit(writer, integers, target);
            else IntegerCurveEmitter.Emit(writer, integers, target);
            return;
        }

        if (integers.Form.IsWide)
        {
            WideCodeEmitter.Emit(writer, integers, target);
            return;
        }

        string start = Literal.Integer(integers.DifferencesStart),
            bound = Literal.Number(integers.DifferencesStart < 0 ? 0 : integers.FloatBound, Precision.Double);
        writer.Line();
        writer.Line("/// <summary>The network in integers: each layer has inputs, outputs, the place of its numbers in the table, the "
            + "code of 0 behind it, whether pairs of products fit 16 bits, and the lowest code if it is not 0.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Integers"))
        {
            string table = Table(integers, target);
            if (integers.ActiveUnits is not null)
            {
                writer.Line($"public static readonly {KernelNames.Panels}AlignedTable<int> Table = {table};\n");
                table = "Table";
            }

            writer.Line($"public static readonly {KernelNames.Panels}IntegerNetwork Network = new(");
            using (writer.Indented())
            {
                writer.Line(table + ",");
                writer.List("[", [.. integers.Form.Layers.Select((layer, l) => Layer(layer, integers.Starts[l]))], "],");
                writer.Line($"inputRanges: {Literal.Integer(integers.InputRanges)},");
                writer.Line($"differences: {start},");
                writer.Line($"floatBound: {bound});");
            }

            if (integers.Form.LowestInput > 0) EmitLimited(writer, integers.Form);
        }

        if (integers.ActiveUnits is { } units) ActiveUnitsEmitter.Emit(writer, integers, units);
    }

    /// <summary>Prints the method that decides a sample as floating-point numbers would.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="plan">The network.</param>
    /// <param name="decision">The type of a decision.</param>
    /// <param name="decided">The decision that <c>outputs</c> give.</param>
    public static void EmitDecision(CodeWriter writer, NetworkPlan plan, string decision, string decided)
    {
        if (plan.Integers is { HasKernels: true, CurveDecision: null })
        {
            EmitDecisionOfFloats(writer, plan, decision, decided);
            return;
        }

        string type = KernelNames.Type(plan.Precision);
        writer.Line();
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"private static {decision} {DecideNumbers}(global::System.ReadOnlySpan<{type}> inputs)"))
        {
            writer.Line($"{KernelNames.Panels}Guard.Length(inputs.Length, {Literal.Integer(plan.InputCount)}, nameof(inputs));");
            string decides = plan.Integers is { ActiveUnits: not null } ? ActiveUnitsEmitter.Name
                : plan.Integers is { CurveDecision: not null } ? CurveDecisionEmitter.Name : "Integers.Network";
            writer.Line($"int decided = {decides}.Decide(inputs);");
            writer.Line(
                $"if ({KernelNames.Panels}DecisionCounter.IsWatched) {KernelNames.Panels}DecisionCounter.Add(Info.Name, decided >= 0);");
            writer.Line($"if (decided >= 0) return "
                + $"{(decision == "bool" ? "decided > 0" : decision == "int" ? "decided" : $"({decision})decided")};");
            writer.Line();
            writer.Line("// Too close to tell, or outside the ranges: floating-point numbers decide.");
            writer.Line($"global::System.Span<{type}> outputs = stackalloc {type}[{Literal.Integer(plan.OutputCount)}];");
            writer.Line($"{Floats}(inputs, outputs);");
            writer.Line($"return {decided};");
        }
    }

    /// <summary>What reads the table of a network from its text.</summary>
    public static string Table(IntegerPlan integers, TargetType target) => $"{KernelNames.Panels}AlignedTable<int>.Decode("
        + $"global::{TableEmitter.DataNamespace}.{target.CompanionName}.Integers, {Literal.Integer(integers.Table.Length)})";

    /// <summary>Prints the method that decides a sample: floating-point numbers do.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="plan">The network.</param>
    /// <param name="decision">The type of a decision.</param>
    /// <param name="decided">The decision that <c>outputs</c> give.</param>
    private static void EmitDecisionOfFloats(CodeWriter writer, NetworkPlan plan, string decision, string decided)
    {
        writer.Line();
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"private static {decision} {DecideNumbers}(global::System.ReadOnlySpan<float> inputs)"))
        {
            writer.Line($"{KernelNames.Panels}Guard.Length(inputs.Length, {Literal.Integer(plan.InputCount)}, nameof(inputs));");
            writer.Line(plan.Integers is { HasCurves: true }
                ? "// No bound for one sample is known or worth its time: floating-point numbers decide."
                : plan.Integers is { HasImages: true } ? "// Integers over images are for their numbers: floating-point numbers decide."
                : "// Codes of 16 bits are for their numbers: floating-point numbers decide.");
            writer.Line($"if ({KernelNames.Panels}DecisionCounter.IsWatched) {KernelNames.Panels}DecisionCounter.Add(Info.Name, false);");
            writer.Line($"global::System.Span<float> outputs = stackalloc float[{Literal.Integer(plan.OutputCount)}];");
            writer.Line($"{Floats}(inputs, outputs);");
            writer.Line($"return {decided};");
        }
    }

    /// <summary>
    /// Prints the methods that cut inputs off below: the codes of the inputs do not reach down to 0, where the library cuts off.
    /// </summary>
    private static void EmitLimited(CodeWriter writer, IntegerForm form)
    {
        string n = Literal.Integer(form.InputCount);
        writer.Line("\n/// <summary>Computes one sample, whose inputs count as no less than the number of their lowest code.</summary>");
        using (writer.Braces("public static void Evaluate(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs)"))
        {
            writer.Line($"global::System.Span<float> limited = {KernelNames.Panels}Scratch<float>.Get({n}).Slice(0, {n});");
            writer.Line("for (int i = 0; i < limited.Length; i++) limited[i] = global::System.Math.Max(inputs[i], "
                + $"{Literal.Number((float)form.Inputs[0].Number(form.LowestInput), Precision.Single)});");
            writer.Line("Network.Evaluate(limited, outputs);");
        }

        EmitBatch(writer, form);
    }

    /// <summary>Prints a method that computes samples by the one that computes a sample.</summary>
    internal static void EmitBatch(CodeWriter writer, IntegerForm form)
    {
        string n = Literal.Integer(form.InputCount), m = Literal.Integer(form.OutputCount);
        writer.Line("\n/// <summary>Computes samples one by one.</summary>");
        using (writer.Braces("public static void EvaluateBatch(global::System.ReadOnlySpan<float> inputs, "
            + "global::System.Span<float> outputs, int rows)"))
        {
            writer.Line("for (int row = 0; row < rows; row++)\n"
                + $"    Evaluate(inputs.Slice(row * {n}, {n}), outputs.Slice(row * {m}, {m}));");
        }
    }

    private static string Network(IntegerPlan integers) =>
        integers.HasKernels || integers.Form.LowestInput > 0 ? "Integers." : "Integers.Network.";

    private static string Layer(IntegerLayerForm layer, int start) =>
        $"new({Literal.Integer(layer.InputCount)}, {Literal.Integer(layer.OutputCount)}, {Literal.Integer(start)}, "
        + $"{Literal.Integer(layer.Codes.Zero)}, "
        + $"{(layer.FitsPairs ? "true" : "false")}{(layer.Lowest == 0 ? "" : ", " + Literal.Integer(layer.Lowest))})";
}
