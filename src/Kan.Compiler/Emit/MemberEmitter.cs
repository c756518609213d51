using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the public members of a compiled network.</summary>
internal static class MemberEmitter
{
    public static void Emit(CodeWriter writer, NetworkPlan plan, CompilerOptions options)
    {
        string type = KernelNames.Type(plan.Precision), readOnly = $"global::System.ReadOnlySpan<{type}>",
            span = $"global::System.Span<{type}>";
        var run = plan.Run;
        var scratch = run.Scratch;
        bool isSmall = run.IsWrittenOut;
        string n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount);
        writer.Line("/// <summary>The number of inputs.</summary>");
        writer.Line($"public const int InputCount = {n};\n");
        writer.Line("/// <summary>The number of outputs.</summary>");
        writer.Line($"public const int OutputCount = {m};\n");

        DocumentationEmitter.EmitSample(writer, plan);
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"public static void Evaluate({readOnly} inputs, {span} outputs)"))
        {
            writer.Line($"{KernelNames.Panels}Guard.Length(inputs.Length, {n}, nameof(inputs));");
            writer.Line($"{KernelNames.Panels}Guard.Length(outputs.Length, {m}, nameof(outputs));");
            if (plan.Integers is { } one) writer.Line(IntegerEmitter.Evaluate(one));
            else if (isSmall) SmallEmitter.EmitCall(writer, plan, "inputs", "outputs", "");
            else writer.Line("EvaluateOne(inputs, outputs);");
        }

        writer.Line();
        if (run.TakesNumbers) EmitScalar(writer, plan, type, isSmall);

        DocumentationEmitter.EmitBatch(writer, plan);
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"public static void EvaluateBatch({readOnly} inputs, {span} outputs)"))
        {
            writer.Line($"int rows = {KernelNames.Panels}Guard.Rows<{type}>(inputs, {n}, outputs, {m});");
            foreach (var samples in plan.Integers is null ? run.Samples : [])
            {
                string kernels = SampleEmitter.TypeName(samples.Vectors);
                using (writer.Braces($"if ({VectorText.HasLookup(samples.Vectors.Bits)} && rows >= {kernels}.BlockRows)"))
                {
                    EmitAligned(writer, plan, "block", "lanes", samples.ScratchLength);
                    writer.Line($"{kernels}.Run(ref Interop::MemoryMarshal.GetReference(inputs), ref "
                        + $"Interop::MemoryMarshal.GetReference(outputs), rows, ref lanes, {TableEmitter.Start(plan)});");
                    writer.Line("return;");
                }

                writer.Line();
            }

            if (plan.Integers is { } integers)
            {
                writer.Line(IntegerEmitter.EvaluateBatch(integers));
            }
            else if (isSmall)
            {
                using (writer.Braces("for (int row = 0; row < rows; row++)"))
                    SmallEmitter.EmitCall(writer, plan, "inputs", "outputs", "row");
            }
            else
            {
                using (writer.Braces(run.HasLoops ? $"if (rows == 1 || {KernelNames.Panels}Loops.AreFaster)" : "if (rows == 1)"))
                {
                    if (run.HasLoops)
                        writer.Line("for (int row = 0; row < rows; row++)\n    "
                            + $"EvaluateOne(inputs.Slice(row * {n}, {n}), outputs.Slice(row * {m}, {m}));");
                    else writer.Line("EvaluateOne(inputs, outputs);");
                    writer.Line("return;");
                }

                writer.Line();
                EmitAligned(writer, plan, "memory", "scratch", run.BlockRows * scratch.Length);
                writer.Line($"Kernels.RunBatch(ref Interop::MemoryMarshal.GetReference(inputs), ref "
                    + $"Interop::MemoryMarshal.GetReference(outputs), rows, ref scratch, {TableEmitter.Start(plan)});");
            }
        }

        writer.Line();
        EmitExplain(writer, plan, options, scratch, type, readOnly, span, n, m);
        writer.Line();
        if (options.EvaluateWithBound && BoundEmitter.Unsupported(plan) is null)
        {
            BoundEmitter.EmitMember(writer, plan, options, () => EmitScratch(writer, plan, scratch, type));
            writer.Line();
        }

        EmitInfo(writer, plan, options);
        NamedEmitter.Emit(writer, plan);
        HeadEmitter.Emit(writer, plan);
        if (plan.Integers is null ? !isSmall : plan.DecidesInFloats && plan.Named.Decision is not null)
        {
            writer.Line();
            EmitOne(writer, plan, options, scratch, type, readOnly, span, m);
        }

        if (!options.Target.IsStatic)
        {
            writer.Line();
            writer.Line($"static int global::Kan.IKanModel<{type}>.InputCount => {n};\n");
            writer.Line($"static int global::Kan.IKanModel<{type}>.OutputCount => {m};");
        }
    }

    private static void EmitScalar(CodeWriter writer, NetworkPlan plan, string type, bool isSmall)
    {
        string[] parameters = ScalarParameters(plan);
        string names = string.Join(", ", parameters);
        DocumentationEmitter.EmitScalar(writer, plan, parameters);
        writer.Line(KernelNames.GeneratedCode);
        string header = $"public static {type} Evaluate({string.Join(", ", parameters.Select(name => $"{type} {name}"))})";
        if (isSmall && plan.Integers is null)
        {
            writer.Line($"{header} => Kernels.Run({names}{SmallEmitter.TableArgument(plan)});\n");
            return;
        }

        // No parameter ends in an underscore.
        string end = plan.Labels.InputNames.IsEmpty ? "" : "_";
        using (writer.Braces(header))
        {
            writer.Line($"global::System.ReadOnlySpan<{type}> inputs{end} = [{names}];");
            writer.Line($"{type} output{end} = 0;");
            writer.Line(
                $"{(plan.Integers is null ? "EvaluateOne" : "Evaluate")}(inputs{end}, new global::System.Span<{type}>(ref output{end}));");
            writer.Line($"return output{end};");
        }

        writer.Line();
    }

    private static string[] ScalarParameters(NetworkPlan plan) =>
        plan.Labels.InputNames.IsEmpty ? [.. Enumerable.Range(0, plan.InputCount).Select(static i => $"x{i}")] : [.. plan.Named.Parameters];

    private static void EmitOne(CodeWriter writer, NetworkPlan plan, CompilerOptions options, ScratchLayout scratch, string type,
        string readOnly, string span, string m)
    {
        if (options.AllowUnsafe) writer.Line("[Runtime::SkipLocalsInit]");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces(
            $"private static void {(plan.Integers is null ? "EvaluateOne" : IntegerEmitter.Floats)}({readOnly} inputs, {span} outputs)"))
        {
            if (plan.Run.IsWrittenOut)
            {
                SmallEmitter.EmitCall(writer, plan, "inputs", "outputs", "");
                return;
            }

            EmitScratch(writer, plan, scratch, type);
            writer.Line($"Kernels.Run(ref Interop::MemoryMarshal.GetReference(inputs), ref scratch, {TableEmitter.Start(plan)});");
            int outputs = scratch[plan.Layers[plan.Layers.Length - 1]].Outputs;
            string result = outputs == 0 ? "ref scratch" : $"ref Runtime::Unsafe.Add(ref scratch, {Literal.Integer(outputs)})";
            writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan({result}, {m}).CopyTo(outputs);");
        }
    }

    /// <summary>Prints a reference to memory of the thread on a 64-byte boundary.</summary>
    private static void EmitAligned(CodeWriter writer, NetworkPlan plan, string memory, string start, int length)
    {
        string type = KernelNames.Type(plan.Precision);
        writer.Line($"global::System.Span<{type}> {memory} = "
            + $"{KernelNames.Panels}Scratch<{type}>.Get({Literal.Integer(length + SummationOrder.Lanes(plan.Precision))});");
        writer.Line($"ref {type} {start} = ref {KernelNames.Panels}Alignment.Align({memory});");
    }

    private static void EmitScratch(CodeWriter writer, NetworkPlan plan, ScratchLayout scratch, string type)
    {
        if (!scratch.IsOnStack)
        {
            EmitAligned(writer, plan, "memory", "scratch", scratch.Length);
            return;
        }

        writer.Line($"global::System.Span<{type}> memory = stackalloc "
            + $"{type}[{Literal.Integer(scratch.Length + SummationOrder.Lanes(plan.Precision))}];");
        writer.Line($"ref {type} scratch = ref {KernelNames.Panels}Alignment.Align(memory);");
    }

    private static void EmitExplain(CodeWriter writer, NetworkPlan plan, CompilerOptions options, ScratchLayout scratch, string type,
        string readOnly, string span, string n, string m)
    {
        DocumentationEmitter.EmitExplain(writer, plan);
        if (options.AllowUnsafe) writer.Line("[Runtime::SkipLocalsInit]");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"public static bool Explain({readOnly} inputs, {span} jacobian, {span} offset)"))
        {
            if (!plan.HasLocalMap)
            {
                writer.Line($"throw new global::System.NotSupportedException({Literal.Text(NetworkWords.NoLocalMap(plan))});");
                return;
            }

            writer.Line($"{KernelNames.Panels}Guard.Length(inputs.Length, {n}, nameof(inputs));");
            writer.Line($"{KernelNames.Panels}Guard.Length(jacobian.Length, {Literal.Integer(plan.JacobianLength)}, nameof(jacobian));");
            writer.Line($"{KernelNames.Panels}Guard.Length(offset.Length, {m}, nameof(offset));");
            writer.Line($"{KernelNames.Panels}Guard.Apart<{type}>(inputs, jacobian, offset);");
            string hidden = "default";
            bool isSmall = plan.Run.IsWrittenOut;
            if (!isSmall || plan.Layers.Length > 1)
            {
                EmitScratch(writer, plan, scratch, type);
                writer.Line($"Kernels.{(isSmall ? "Trace" : "Run")}(ref Interop::MemoryMarshal.GetReference(inputs), ref scratch, "
                    + $"{TableEmitter.Start(plan)});");
                writer.Line();
                hidden = $"Interop::MemoryMarshal.CreateReadOnlySpan(ref scratch, {Literal.Integer(scratch.Length)})";
            }

            writer.Line(
                $"return {KernelNames.Panels}LocalMap.Explain<{type}, {RegionEmitter.TypeName}>(inputs, {hidden}, jacobian, offset);");
        }
    }

    private static void EmitInfo(CodeWriter writer, NetworkPlan plan, CompilerOptions options)
    {
        DocumentationEmitter.EmitInfo(writer, plan);
        writer.Line(KernelNames.GeneratedCode);
        writer.Line("public static global::Kan.KanModelInfo Info { get; } = new()\n{");
        using (writer.Indented())
        {
            writer.Line($"Name = {Literal.Text(plan.Name)},");
            writer.Line($"Precision = global::Kan.Precision.{plan.ComputedPrecision},");
            writer.List("Widths = [", [.. plan.Layers.Select(static layer => Literal.Integer(layer.Form.InputCount)),
                Literal.Integer(plan.OutputCount)], "],");
            writer.Line("Layers =\n[");
            using (writer.Indented())
            {
                foreach (var layer in plan.Layers)
                {
                    writer.List(
                        "new(",
                        [
                            $"Inputs: {Literal.Integer(layer.Form.InputCount)}", $"Outputs: {Literal.Integer(layer.Form.OutputCount)}",
                            $"Edges: {Literal.Integer(layer.EdgeCount)}", $"Segments: {Literal.Integer(layer.SegmentCount)}",
                            $"Lowering: global::Kan.LayerLowering.{layer.Form.Lowering}", $"Reason: {Literal.Text(layer.Reason)}",
                            $"TableBytes: {Literal.Integer(plan.BytesOf(layer))}",
                        ],
                        "),");
                }
            }

            writer.Line("],");
            writer.Line($"ContentHash = {Literal.Text(plan.ContentHash)},");
            writer.Line($"ErrorBound = {Literal.Number(plan.ErrorBound, Precision.Double)},");
            if (plan.Certificate.Reason.Length > 0) writer.Line($"ErrorBoundReason = {Literal.Text(plan.Certificate.Reason)},");
            var notes = plan.Notes.Select(Literal.Text).ToList();
            if (options.EvaluateWithBound && BoundEmitter.Unsupported(plan) is { } reason)
                notes.Add(Literal.Text(NetworkWords.NoBound + reason + "."));
            if (notes.Count > 0) writer.List("Notes = [", notes, "],");
            EmitLabels(writer, plan);
            if (!options.Contracts.IsEmpty) writer.List("Contracts = [", [.. options.Contracts.Select(Literal.Text)], "],");
        }

        writer.Line("};");
    }

    /// <summary>Prints what is known of inputs and outputs; what is not known is empty when silent.</summary>
    private static void EmitLabels(CodeWriter writer, NetworkPlan plan)
    {
        EmitList("InputNames", plan.Labels.InputNames.Select(Literal.Text));
        EmitList("InputUnits", plan.Labels.InputUnits.Select(Literal.Text));
        EmitList("InputRanges", plan.Labels.InputRanges.Select(static range =>
            $"new({Literal.Number(range.Low.ToDouble(), Precision.Double)}, {Literal.Number(range.High.ToDouble(), Precision.Double)})"));
        EmitList("OutputNames", plan.Labels.OutputNames.Select(Literal.Text));
        EmitList("Labels", plan.Labels.Classes.Select(Literal.Text));
        EmitList("UnreadInputs", plan.UnreadInputs.Select(Literal.Integer));
        EmitList("ConstantOutputs", plan.ConstantOutputs.Select(Literal.Integer));

        void EmitList(string name, IEnumerable<string> items)
        {
            string[] list = [.. items];
            if (list.Length > 0) writer.List(name + " = [", list, "],");
        }
    }
}
