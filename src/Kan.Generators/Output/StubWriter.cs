using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Compiler.Emit;
using Kan.Compiler.Lower;
using Kan.Generators.Specs;

namespace Kan.Generators.Output;

/// <summary>
/// Writes members without meaning for declarations with mistakes: code that uses them compiles, so the mistake itself is the only error.
/// </summary>
internal static class StubWriter
{
    private const int MaximumScalarInputs = 8;

    /// <summary>The members of a network.</summary>
    public static string Network(NetworkStubSpec spec)
    {
        string number = spec.Precision == Precision.Double ? "double" : "float";
        string body = Body(spec.Name, spec.DiagnosticId);
        var members = new StringBuilder();
        Line("public const int InputCount = " + Text(spec.Inputs) + ";");
        Line("public const int OutputCount = " + Text(spec.Outputs) + ";");
        Line("public static global::Kan.KanModelInfo Info" + body);
        Line("public static void Evaluate(global::System.ReadOnlySpan<" + number + "> inputs, global::System.Span<" + number + "> outputs)"
            + body);
        // Of a model that cannot be read any number of inputs may be the one that callers use.
        var named = Named(spec);
        int inputs = spec.Inputs > 0 ? spec.Inputs : spec.InputNames.Count;
        for (int count = 1; count <= MaximumScalarInputs; count++)
        {
            if ((inputs > 0 && inputs != count) || spec.Outputs > 1) continue;
            string[] parameters = named.Parameters.Length == count
                ? [.. named.Parameters]
                : [.. Enumerable.Range(0, count).Select(static i => "x" + Text(i))];
            Line("public static " + number + " Evaluate(" + string.Join(", ", parameters.Select(name => number + " " + name)) + ")" + body);
        }

        Line("public static void EvaluateBatch(global::System.ReadOnlySpan<" + number + "> inputs, global::System.Span<" + number
            + "> outputs)" + body);
        Line("public static bool Explain(global::System.ReadOnlySpan<" + number + "> inputs, global::System.Span<" + number
            + "> jacobian, global::System.Span<" + number + "> offset)" + body);
        foreach (string line in NamedLines(named, number, body, spec.Outputs).Concat(HeadLines(spec.Head, named, number, body))) Line(line);
        string model = "global::Kan.IKanModel<" + number + ">";
        if (!spec.Target.IsStatic)
        {
            Line("static int " + model + ".InputCount => InputCount;");
            Line("static int " + model + ".OutputCount => OutputCount;");
        }

        return File(spec.Target, spec.Target.IsStatic ? "" : " : " + model, members.ToString());

        void Line(string text) => members.Append(text).Append('\n');
    }

    private static NamedMembers Named(NetworkStubSpec spec)
    {
        int inputs = spec.InputNames.Count,
            outputs = spec.Outputs > 0 ? spec.Outputs : Math.Max(spec.OutputNames.Count, spec.Classes.Count);
        var labels = new NetworkLabels(spec.InputNames.Items, [], [], spec.OutputNames.Items)
        {
            Classes = spec.Classes.Items,
            Head = spec.Head
        };
        return NamedMembers.Of(labels, inputs, outputs);
    }

    private static IEnumerable<string> NamedLines(NamedMembers named, string number, string body, int outputs)
    {
        string span = "global::System.Span<" + number + "> outputs";
        if (!named.Features.IsEmpty)
        {
            string batch = "public static void EvaluateBatch(global::System.ReadOnlySpan<Features> features, global::System.Span<";
            yield return Record("Features", named.Features);
            if (!named.Results.IsEmpty) yield return Record("Result", named.Results);
            yield return "public static " + (named.Results.IsEmpty ? number : "Result") + " Evaluate(in Features features)" + body;
            if (outputs != 1) yield return "public static void Evaluate(in Features features, " + span + ")" + body;
            yield return batch + number + "> outputs)" + body;
            if (!named.Results.IsEmpty) yield return batch + "Result> results)" + body;
            yield return "public static bool IsInRange(in Features features)" + body;
        }

        if (!named.Classes.IsEmpty) yield return "public enum Label { " + string.Join(", ", named.Classes) + " }";
        if (named.Decision is null) yield break;
        yield return "public static " + named.Decision + " Decide(global::System.ReadOnlySpan<" + number + "> inputs, " + span + ")" + body;
        string sample = named.Features.IsEmpty ? "global::System.ReadOnlySpan<" + number + "> inputs" : "in Features features";
        yield return "public static " + named.Decision + " Decide(" + sample + ")" + body;

        string Record(string name, ImmutableArray<string> fields) =>
            "public readonly record struct " + name + "(" + string.Join(", ", fields.Select(field => number + " " + field)) + ");";
    }

    private static IEnumerable<string> HeadLines(NetworkHead head, NamedMembers named, string number, string body)
    {
        foreach (var (one, batch, parameter) in NamedMembers.ProbabilityMembers(head))
        {
            string probabilities = "global::System.Span<" + number + "> " + parameter + ")" + body;
            yield return "public static void " + one + "(global::System.ReadOnlySpan<" + number + "> inputs, " + probabilities;
            if (!named.Features.IsEmpty) yield return "public static void " + one + "(in Features features, " + probabilities;
            yield return "public static void " + batch + "(global::System.ReadOnlySpan<" + number + "> inputs, " + probabilities;
            if (!named.Features.IsEmpty)
                yield return "public static void " + batch + "(global::System.ReadOnlySpan<Features> features, " + probabilities;
        }
    }

    /// <summary>The body of a curve.</summary>
    public static string Curve(CurveStubSpec spec) =>
        File(spec.Target, "", spec.MethodDeclaration + Body(spec.Name, spec.DiagnosticId) + "\n");

    private static string Body(string name, string id) => " => throw new global::System.InvalidOperationException(\""
        + name + " was not generated, see " + (id.Length == 0 ? "the errors of the compiler" : id) + ".\");";

    private static string File(TargetType target, string interfaces, string members)
    {
        var text = new StringBuilder("// <auto-generated/>\n#nullable enable\n#pragma warning disable CS1591\n\n");
        int depth = 0;
        if (target.Namespace.Length > 0) Open("namespace " + target.Namespace);
        for (int i = 0; i < target.Declarations.Length; i++)
            Open(target.Declarations[i] + (i == target.Declarations.Length - 1 ? interfaces : ""));
        foreach (string line in members.TrimEnd('\n').Split('\n')) Append(line);
        while (depth > 0)
        {
            depth--;
            Append("}");
        }

        return text.ToString();

        void Open(string header)
        {
            Append(header);
            Append("{");
            depth++;
        }

        void Append(string line) => text.Append(' ', 4 * depth).Append(line).Append('\n');
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
