using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the members that a network has because of its names: records of its inputs and outputs, the enumeration of its classes, and what
/// takes and gives them.
/// </summary>
internal sealed class NamedEmitter
{
    /// <summary>The most parameters that are printed in one line.</summary>
    private const int MostOnLine = 8;

    private const string Features = NamedMembers.FeaturesType, Result = NamedMembers.ResultType, Label = NamedMembers.LabelType;

    private readonly CodeWriter _writer;
    private readonly NetworkPlan _plan;
    private readonly NamedMembers _named;
    private readonly string _type, _readOnly, _span;

    private NamedEmitter(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _plan = plan;
        _named = plan.Named;
        _type = KernelNames.Type(plan.Precision);
        _readOnly = $"global::System.ReadOnlySpan<{_type}>";
        _span = $"global::System.Span<{_type}>";
    }

    private bool HasRanges => !_plan.Labels.InputRanges.IsEmpty;

    /// <summary>Prints the members; nothing for a network without names.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        var emitter = new NamedEmitter(writer, plan);
        if (!emitter._named.Features.IsEmpty) emitter.EmitFeatures();
        if (!emitter._named.Classes.IsEmpty) emitter.EmitClasses();
        if (emitter._named.Decision is { } decision) emitter.EmitDecision(decision);
    }

    private void EmitFeatures()
    {
        _writer.Line();
        EmitRecord(Features, "One sample: a number for each input.", _named.Features, i => NetworkWords.Input(_plan, i));
        if (!_named.Results.IsEmpty)
        {
            _writer.Line();
            EmitRecord(Result, "The result of one sample: a number for each output.", _named.Results,
                i => MessageText.Name(_plan.Labels.OutputNames[i]));
        }

        EmitEvaluate();
        EmitBatch();
        if (!HasRanges) return;
        Document("Whether a sample lies in the declared ranges, ends included. A NaN lies in no range.", ("features", "The sample."));
        _writer.Line($"public static bool {NamedMembers.IsInRange}(in {Features} features) => Info.IsInRange({NumbersOf("features")});");
    }

    private void EmitEvaluate()
    {
        if (_plan.OutputCount == 1)
        {
            Document("Computes one sample.", ("features", "The sample."));
            using (_writer.Braces($"public static {_type} Evaluate(in {Features} features)"))
            {
                EmitCount(NumbersOf("features"));
                if (_plan.Run.TakesNumbers)
                {
                    _writer.Line($"return Evaluate({string.Join(", ", _named.Features.Select(static name => "features." + name))});");
                }
                else
                {
                    _writer.Line($"""
                        {_type} output = 0;
                        Evaluate({NumbersOf("features")}, new {_span}(ref output));
                        return output;
                        """);
                }
            }

            return;
        }

        if (!_named.Results.IsEmpty)
        {
            Document("Computes one sample.", ("features", "The sample."));
            using (_writer.Braces($"public static {Result} Evaluate(in {Features} features)"))
            {
                string outputs = $"Interop::MemoryMarshal.Cast<{Result}, {_type}>(new global::System.Span<{Result}>(ref result))";
                _writer.Line($"""
                    {Result} result = default;
                    Evaluate(in features, {outputs});
                    return result;
                    """);
            }
        }

        Document("Computes one sample.", ("features", "The sample."),
            ("outputs", $"Receives {Literal.Count(_plan.OutputCount, "number")}."));
        using (_writer.Braces($"public static void Evaluate(in {Features} features, {_span} outputs)"))
        {
            EmitCount(NumbersOf("features"));
            _writer.Line($"Evaluate({NumbersOf("features")}, outputs);");
        }
    }

    private void EmitBatch()
    {
        string samples = $"global::System.ReadOnlySpan<{Features}>";
        const string What = "Computes samples without a copy, with the same bits as one at a time.";
        string numbers = Literal.Count(_plan.OutputCount, "number");
        Document(What, ("features", "The samples."), ("outputs", $"Receives {numbers} for each sample; must not overlap the samples."));
        using (_writer.Braces($"public static void EvaluateBatch({samples} features, {_span} outputs)"))
        {
            _writer.Line($"{_readOnly} inputs = Interop::MemoryMarshal.Cast<{Features}, {_type}>(features);");
            EmitCount("inputs");
            _writer.Line("EvaluateBatch(inputs, outputs);");
        }

        if (_named.Results.IsEmpty) return;
        Document(What, ("features", "The samples."), ("results", "Receives one result for each sample; must not overlap the samples."));
        _writer.Line($"""
            public static void EvaluateBatch({samples} features, global::System.Span<{Result}> results) =>
                EvaluateBatch(features, Interop::MemoryMarshal.Cast<{Result}, {_type}>(results));
            """);
    }

    private void EmitClasses()
    {
        _writer.Line($"""

            /// <summary>The classes, in the order of the outputs.</summary>
            {KernelNames.GeneratedCode}
            """);
        using (_writer.Braces($"public enum {Label}"))
        {
            for (int i = 0; i < _named.Classes.Length; i++)
            {
                string name = MessageText.Name(Named(_plan.Labels.Classes[i], "Label " + Literal.Integer(i)));
                _writer.Line($"""
                    /// <summary>{DocumentationEmitter.Xml(name)}.</summary>
                    {_named.Classes[i]},
                    """);
            }
        }
    }

    private void EmitDecision(string decision)
    {
        string what = decision switch
        {
            Label => "Decides the class of a sample: the label of its largest output, the first of several that are equal.",
            "int" => "Decides the class of a sample: the index of its largest output, the first of several that are equal.",
            _ => "Decides a sample: whether its probability is above one half, which it is when its output is above 0.",
        };
        string numbers = Literal.Count(_plan.OutputCount, "number");
        string sample = Literal.Count(_plan.InputCount, "number") + ".";
        Document(what, ("inputs", sample), ("outputs", $"Receives {numbers}; may overlap the inputs."), isDecision: true);
        using (_writer.Braces($"public static {decision} Decide({_readOnly} inputs, {_span} outputs)"))
        {
            if (!_plan.DecidesInFloats)
            {
                _writer.Line($"""
                    Evaluate(inputs, outputs);
                    return {Decided("inputs")};
                    """);
            }
            else
            {
                // The outputs may overlap the inputs.
                _writer.Line($"""
                    {KernelNames.Panels}Guard.Length(outputs.Length, {Literal.Integer(_plan.OutputCount)}, nameof(outputs));
                    {decision} decided = {IntegerEmitter.DecideNumbers}(inputs);
                    Evaluate(inputs, outputs);
                    return decided;
                    """);
            }
        }

        // Two methods of one argument would make Decide(new(...)) ambiguous.
        bool hasFeatures = !_named.Features.IsEmpty;
        string parameter = hasFeatures ? "features" : "inputs";
        Document(what, (parameter, hasFeatures ? "The sample." : sample), default, isDecision: true);
        using (_writer.Braces($"public static {decision} Decide({(hasFeatures ? "in " + Features : _readOnly)} {parameter})"))
        {
            if (_plan.DecidesInFloats)
            {
                if (hasFeatures) EmitCount(NumbersOf("features"));
                _writer.Line($"return {IntegerEmitter.DecideNumbers}({(hasFeatures ? NumbersOf("features") : parameter)});");
            }
            else
            {
                EmitDecided(hasFeatures, parameter);
            }
        }

        if (_plan.DecidesInFloats) IntegerEmitter.EmitDecision(_writer, _plan, decision, Decided("inputs"));

        void EmitDecided(bool hasFeatures, string parameter)
        {
            _writer.Line($"{_span} outputs = stackalloc {_type}[{Literal.Integer(_plan.OutputCount)}];");
            if (hasFeatures && _plan.OutputCount == 1) _writer.Line("outputs[0] = Evaluate(in features);");
            else _writer.Line($"Evaluate({(hasFeatures ? "in " : "")}{parameter}, outputs);");
            _writer.Line($"return {Decided(parameter)};");
        }

        string Decided(string from) => decision switch
        {
            "bool" => $"{KernelNames.Panels}Decision.IsPositive<{_type}>(outputs[0], nameof({from}))",
            "int" => $"{KernelNames.Panels}Decision.Largest<{_type}>(outputs, nameof({from}))",
            _ => $"({decision}){KernelNames.Panels}Decision.Largest<{_type}>(outputs, nameof({from}))",
        };
    }

    /// <summary>Prints a record struct: nothing but its numbers, in their order, so that rows of them are rows of numbers.</summary>
    private void EmitRecord(string name, string summary, ImmutableArray<string> fields, System.Func<int, string> describe)
    {
        _writer.Line($"/// <summary>{summary}</summary>");
        for (int i = 0; i < fields.Length; i++)
            _writer.Line($"/// <param name=\"{fields[i]}\">{DocumentationEmitter.Xml(Named(describe(i), Literal.Integer(i)))}.</param>");
        _writer.Line($"""
            [Interop::StructLayout(Interop::LayoutKind.Sequential)]
            {KernelNames.GeneratedCode}
            """);
        IEnumerable<string> parameters = fields.Select(field => $"{_type} {field}");
        _writer.Line(fields.Length <= MostOnLine
            ? $"public readonly record struct {name}({string.Join(", ", parameters)});"
            : $"public readonly record struct {name}(\n    {string.Join(",\n    ", parameters)});");
    }

    private void EmitCount(string numbers)
    {
        if (HasRanges) _writer.Line($"if ({KernelNames.Panels}RangeCounter.IsWatched) Info.CountOutsideRange({numbers});");
    }

    private void Document(string summary, (string Name, string Text) first, (string Name, string Text) second = default,
        bool isDecision = false)
    {
        _writer.Line($"""

            /// <summary>{summary}</summary>
            /// <param name="{first.Name}">{first.Text}</param>
            """);
        if (second.Name is not null) _writer.Line($"/// <param name=\"{second.Name}\">{second.Text}</param>");
        string exception = isDecision ? "An output is NaN, or a span has the wrong length."
            : second.Name is not null ? "A span has the wrong length, or they overlap; nothing was written." : "";
        if (exception.Length > 0) _writer.Line($"/// <exception cref=\"global::System.ArgumentException\">{exception}</exception>");
        _writer.Line(KernelNames.GeneratedCode);
    }

    private static string Named(string name, string other) => name.Length > 0 ? name : other;

    private string NumbersOf(string features) =>
        $"Interop::MemoryMarshal.Cast<{Features}, {_type}>(new global::System.ReadOnlySpan<{Features}>(in {features}))";
}
