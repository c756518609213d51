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
        writer.Line($"""
            /// <summary>The number of inputs.</summary>
            public const int InputCount = {n};

            /// <summary>The number of outputs.</summary>
            public const int OutputCount = {m};

            """);
        DocumentationEmitter.EmitSample(writer, plan);
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"public static void Evaluate({readOnly} inputs, {span} outputs)"))
        {
            writer.Line($"""
                {KernelNames.Panels}Guard.Length(inputs.Length, {n}, nameof(inputs));
                {KernelNames.Panels}Guard.Length(outputs.Length, {m}, nameof(outputs));
                """);
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
                writer.Line(run.HasLoops
                    ? $$"""
                        if (rows == 1 || {{KernelNames.Panels}}Loops.AreFaster)
                        {
                            for (int row = 0; row < rows; row++)
                                EvaluateOne(inputs.Slice(row * {{n}}, {{n}}), outputs.Slice(row * {{m}}, {{m}}));
                            return;
                        }

                        """
                    : """
                        if (rows == 1)
                        {
                            EvaluateOne(inputs, outputs);
                            return;
                        }

                        """);
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

        InfoEmitter.Emit(writer, plan, options);
        NamedEmitter.Emit(writer, plan);
        HeadEmitter.Emit(writer, plan);
        TensorEmitter.Emit(writer, plan);
        if (plan.Integers is null ? !isSmall : plan.DecidesInFloats && plan.Named.Decision is not null)
        {
            writer.Line();
            EmitOne(writer, plan, options, scratch, type, readOnly, span, m);
        }

        if (!options.Target.IsStatic)
        {
            writer.Line($"""

                static int global::Kan.IKanModel<{type}>.InputCount => {n};

                static int global::Kan.IKanModel<{type}>.OutputCount => {m};
                """);
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
        string end = plan.Labels.InputNames.IsEmpty ? "" : "_", evaluate = plan.Integers is null ? "EvaluateOne" : "Evaluate";
        using (writer.Braces(header))
        {
            writer.Line($"""
                global::System.ReadOnlySpan<{type}> inputs{end} = [{names}];
                {type} output{end} = 0;
                {evaluate}(inputs{end}, new global::System.Span<{type}>(ref output{end}));
                return output{end};
                """);
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
        string type = KernelNames.Type(plan.Precision), size = Literal.Integer(length + SummationOrder.Lanes(plan.Precision));
        writer.Line($"""
            global::System.Span<{type}> {memory} = {KernelNames.Panels}Scratch<{type}>.Get({size});
            ref {type} {start} = ref {KernelNames.Panels}Alignment.Align({memory});
            """);
    }

    private static void EmitScratch(CodeWriter writer, NetworkPlan plan, ScratchLayout scratch, string type)
    {
        if (!scratch.IsOnStack)
        {
            EmitAligned(writer, plan, "memory", "scratch", scratch.Length);
            return;
        }

        string size = Literal.Integer(scratch.Length + SummationOrder.Lanes(plan.Precision));
        writer.Line($"""
            global::System.Span<{type}> memory = stackalloc {type}[{size}];
            ref {type} scratch = ref {KernelNames.Panels}Alignment.Align(memory);
            """);
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

            writer.Line($"""
                {KernelNames.Panels}Guard.Length(inputs.Length, {n}, nameof(inputs));
                {KernelNames.Panels}Guard.Length(jacobian.Length, {Literal.Integer(plan.JacobianLength)}, nameof(jacobian));
                {KernelNames.Panels}Guard.Length(offset.Length, {m}, nameof(offset));
                {KernelNames.Panels}Guard.Apart<{type}>(inputs, jacobian, offset);
                """);
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
}
