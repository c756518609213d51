using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints <c>EvaluateWithBound</c>: the errors of one sample, which go through the layers with its values. The order of operations is
/// that of the reference in <c>RunningBound</c>, so every machine gives the same bounds.
/// </summary>
internal sealed class BoundEmitter
{
    /// <summary>The type that computes bounds.</summary>
    private const string TypeName = "Bounds";

    /// <summary>Bytes of errors that live on the stack.</summary>
    private const int MostStackBytes = 64 * 1024;

    private readonly CodeWriter _writer;
    private readonly NetworkPlan _plan;
    private readonly string _type;
    private readonly RunningError _error;

    private BoundEmitter(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _plan = plan;
        _type = KernelNames.Type(plan.Precision);
        _error = new RunningError(plan.Precision);
    }

    /// <summary>Why a network has no bound for a sample, as the rest of a sentence; null if it has one.</summary>
    public static string? Unsupported(NetworkPlan plan)
    {
        if (plan.Integers is not null) return "it computes with integers";
        return plan.Layers
            .Select(static layer => RunningError.Unsupported(layer.Form) is { } reason ? $"layer {layer.Index} {reason}" : null)
            .FirstOrDefault(static reason => reason is not null);
    }

    /// <summary>Prints the public member.</summary>
    public static void EmitMember(CodeWriter writer, NetworkPlan plan, CompilerOptions options, Action emitScratch)
    {
        string type = KernelNames.Type(plan.Precision), span = $"global::System.Span<{type}>";
        string n = Literal.Integer(plan.InputCount), m = Literal.Integer(plan.OutputCount);
        bool isSmall = plan.Run.IsWrittenOut, hasHidden = !isSmall || plan.Layers.Length > 1;
        DocumentationEmitter.EmitBound(writer, plan);
        if (options.AllowUnsafe) writer.Line("[Runtime::SkipLocalsInit]");
        writer.Line(KernelNames.GeneratedCode);
        using var method = writer.Braces(
            $"public static void EvaluateWithBound(global::System.ReadOnlySpan<{type}> inputs, {span} outputs, {span} bounds)");
        writer.Line($"""
            {KernelNames.Panels}Guard.Length(inputs.Length, {n}, nameof(inputs));
            {KernelNames.Panels}Guard.Length(outputs.Length, {m}, nameof(outputs));
            {KernelNames.Panels}Guard.Length(bounds.Length, {m}, nameof(bounds));
            if (global::System.MemoryExtensions.Overlaps(inputs, bounds) || global::System.MemoryExtensions.Overlaps<{type}>(outputs, bounds))
                throw new global::System.ArgumentException("The bounds must not overlap the inputs or the outputs.", nameof(bounds));
            """);
        string start = TableEmitter.Start(plan), x = "ref Interop::MemoryMarshal.GetReference(inputs)";
        if (hasHidden)
        {
            emitScratch();
            writer.Line($"Kernels.{(isSmall ? "Trace" : "Run")}({x}, ref scratch, {start});");
        }
        else
        {
            writer.Line($"{type} scratch = 0;");
        }

        writer.Line($"{TypeName}.Run({x}, ref scratch, {start}, bounds);");
        if (isSmall)
        {
            SmallEmitter.EmitCall(writer, plan, "inputs", "outputs", "");
            return;
        }

        int outputs = plan.Run.Scratch[plan.Layers[plan.Layers.Length - 1]].Outputs;
        string result = outputs == 0 ? "ref scratch" : $"ref Runtime::Unsafe.Add(ref scratch, {Literal.Integer(outputs)})";
        writer.Line($"Interop::MemoryMarshal.CreateReadOnlySpan({result}, {m}).CopyTo(outputs);");
    }

    /// <summary>Prints the type that computes bounds.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        writer.Line();
        writer.Prose("/// ", "<summary>How far the values of one sample may be off the exact ones, layer by layer. Each number here is "
            + "rounded too, and made larger by more than that.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces($"file static class {TypeName}")) new BoundEmitter(writer, plan).Emit();
    }

    private string Number(double value) => Literal.Number(value, _plan.Precision);

    private void Emit()
    {
        _writer.Line($"""
            /// <summary>Half the distance from 1 to the next number.</summary>
            private const {_type} Unit = {Number(_error.Unit)};

            /// <summary>The smallest number above 0.</summary>
            private const {_type} Tiny = {_type}.Epsilon;

            /// <summary>Below it no sum leaves the finite numbers.</summary>
            private const {_type} Limit = {Number(_error.Limit)};

            """);
        if (_plan.Layers.Any(BoundLayers.HasLists))
        {
            _writer.Line($"""
                /// <summary>Rows that are weighed at a time.</summary>
                private const int ListLength = {Literal.Integer(RunningError.ListLength)};

                """);
        }

        EmitRun();
        var layers = new BoundLayers(_writer, _plan);
        foreach (var layer in _plan.Layers)
        {
            _writer.Line();
            layers.Emit(layer);
        }

        layers.EmitHelpers();
        _writer.Line($"""

            {KernelNames.Inline}
            private static ref T At<T>(ref T start, nint index) => ref Runtime::Unsafe.Add(ref start, index);
            """);
    }

    /// <summary>Prints the method that goes through the layers.</summary>
    private void EmitRun()
    {
        int width = _plan.Layers.Max(static layer =>
            Math.Max(BoundLayers.Areas(layer) * layer.OutputWidth, layer.InputPanels * layer.Lanes));
        int length = (2 * width) + (2 * RunningError.ListLength);
        bool isOnStack = length * _plan.Layers[0].NumberBytes <= MostStackBytes;
        string n = Literal.Integer(_plan.InputCount), m = Literal.Integer(_plan.OutputCount), size = Literal.Integer(length);
        _writer.Line("/// <summary>Writes the bounds; <paramref name=\"scratch\"/> has the values between the layers.</summary>");
        _writer.Line(KernelNames.Optimize);
        using var method = _writer.Kernel($"public static void Run(ref {_type} x, ref {_type} scratch, ref {_type} table, "
            + $"global::System.Span<{_type}> bounds)");
        _writer.Line($$"""
            if (!AreFinite(ref x, {{n}}))
            {
                bounds.Fill({{_type}}.PositiveInfinity);
                return;
            }

            {{(isOnStack ? $"global::System.Span<{_type}> memory = stackalloc {_type}[{size}]"
                : $"{_type}[] memory = global::System.Buffers.ArrayPool<{_type}>.Shared.Rent({size})")}};
            ref {{_type}} even = ref memory[0], odd = ref memory[{{Literal.Integer(width)}}];
            """);
        if (_plan.Layers.Any(BoundLayers.HasLists))
        {
            _writer.Line($"""
                ref {_type} factors = ref memory[{Literal.Integer(2 * width)}];
                global::System.Span<int> list = stackalloc int[ListLength];
                ref int rows = ref list[0];
                """);
        }

        _writer.Line($"Interop::MemoryMarshal.CreateSpan(ref even, {n}).Clear();");
        var calls = new List<string>();
        foreach (var layer in _plan.Layers)
        {
            var before = layer.Index == 0 ? null : _plan.Layers[layer.Index - 1];
            string x = before is null ? "x" : KernelNames.At("scratch", _plan.Run.Scratch[before].Outputs);
            bool fromEven = layer.Index % 2 == 0;
            string arguments = $"ref {x}, ref {(fromEven ? "even" : "odd")}, ref {(fromEven ? "odd" : "even")}, ref "
                + KernelNames.At("table", layer.TableStart);
            if (BoundLayers.IsMeasured(_plan, layer))
                arguments += $", ref {KernelNames.At("scratch", _plan.Run.Scratch[layer].Prepared)}";
            if (BoundLayers.ReadsSegments(_plan, layer))
                arguments += $", ref {KernelNames.At("scratch", _plan.Run.Scratch[layer].Segments)}";
            if (BoundLayers.HasLists(layer)) arguments += ", ref rows, ref factors";
            calls.Add($"Layer{Literal.Integer(layer.Index)}({arguments})");
        }

        _writer.Line($"bool isFinite = {string.Join("\n    && ", calls)};");
        string result = _plan.Layers.Length % 2 == 0 ? "even" : "odd";
        _writer.Line($"if (isFinite) Interop::MemoryMarshal.CreateReadOnlySpan(ref {result}, {m}).CopyTo(bounds);");
        _writer.Line($"else bounds.Fill({_type}.PositiveInfinity);");
        if (!isOnStack) _writer.Line($"global::System.Buffers.ArrayPool<{_type}>.Shared.Return(memory);");
    }
}
