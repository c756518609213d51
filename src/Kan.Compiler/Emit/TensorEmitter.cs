using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the methods that take a span for each tensor of a model of several inputs or outputs.</summary>
internal sealed class TensorEmitter
{
    /// <summary>Rows that are gathered before they are computed.</summary>
    private const int BlockRows = 256;

    /// <summary>Numbers of a sample that the stack has room for.</summary>
    private const int MostOnStack = 2048;

    private readonly CodeWriter _writer;
    private readonly string _type;
    private readonly int _inputs, _outputs;
    private readonly ImmutableArray<TensorPart> _read, _written;

    private TensorEmitter(CodeWriter writer, NetworkPlan plan)
    {
        _writer = writer;
        _type = KernelNames.Type(plan.Precision);
        _inputs = plan.InputCount;
        _outputs = plan.OutputCount;
        _read = plan.Named.InputTensors;
        _written = plan.Named.OutputTensors;
    }

    /// <summary>Prints the methods; nothing for a model of one tensor on either side.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        if (plan.Named.InputTensors.IsEmpty) return;
        var emitter = new TensorEmitter(writer, plan);
        emitter.EmitOne();
        emitter.EmitMany();
    }

    private bool Gathers => _read.Length > 1;

    private bool Scatters => _written.Length > 1;

    private string Parameters => string.Join(", ", _read.Select(part => $"global::System.ReadOnlySpan<{_type}> {part.Parameter}")
        .Concat(_written.Select(part => $"global::System.Span<{_type}> {part.Parameter}")));

    private void EmitOne()
    {
        Document("Computes one sample, with a span for each tensor.", "", "A span has the wrong length; nothing was written.");
        using var method = _writer.Braces($"public static void Evaluate({Parameters})");
        foreach (var part in _read.Concat(_written)) EmitLength(part, Literal.Integer(part.Count));
        int numbers = (Gathers ? _inputs : 0) + (Scatters ? _outputs : 0);
        string size = Literal.Integer(numbers);
        bool isOnStack = numbers <= MostOnStack;
        if (isOnStack)
        {
            _writer.Line($"global::System.Span<{_type}> numbers = stackalloc {_type}[{size}];");
            EmitSample();
            return;
        }

        using var returned = Rent(size);
        _writer.Line($"global::System.Span<{_type}> numbers = rented;");
        EmitSample();
    }

    /// <summary>Prints the evaluation of one sample by way of numbers that stand together.</summary>
    private void EmitSample()
    {
        int at = 0;
        foreach (var part in Gathers ? _read : [])
        {
            _writer.Line($"{part.Parameter}.CopyTo({Slice("numbers", at)});");
            at += part.Count;
        }

        if (Scatters) _writer.Line($"global::System.Span<{_type}> results = {Slice("numbers", at)};");
        _writer.Line($"Evaluate({(Gathers ? $"numbers.Slice(0, {Literal.Integer(_inputs)})" : "inputs")}, "
            + $"{(Scatters ? $"results.Slice(0, {Literal.Integer(_outputs)})" : "outputs")});");
        at = 0;
        foreach (var part in Scatters ? _written : [])
        {
            _writer.Line($"results.Slice({Literal.Integer(at)}, {Literal.Integer(part.Count)}).CopyTo({part.Parameter});");
            at += part.Count;
        }
    }

    /// <summary>Prints a block with numbers of the pool, which are given back however it ends.</summary>
    private Returned Rent(string count)
    {
        _writer.Line($"{_type}[] rented = global::System.Buffers.ArrayPool<{_type}>.Shared.Rent({count});");
        _writer.Line("try");
        return new Returned(_writer, _writer.Braces(""), _type);
    }

    private readonly struct Returned(CodeWriter writer, CodeWriter.Block block, string type) : IDisposable
    {
        public void Dispose()
        {
            block.Dispose();
            writer.Line("finally");
            using (writer.Braces("")) writer.Line($"global::System.Buffers.ArrayPool<{type}>.Shared.Return(rented);");
        }
    }

    private void EmitMany()
    {
        Document("Computes samples, with a span for each tensor that holds its numbers of each sample, one sample after the other.",
            " for each sample", "A span has the wrong length, or what is written overlaps another span; nothing was written.");
        using var method = _writer.Braces($"public static void EvaluateBatch({Parameters})");
        _writer.Line($"int rows = {_read[0].Parameter}.Length / {Literal.Integer(_read[0].Count)};");
        foreach (var part in _read.Concat(_written)) EmitLength(part, "rows * " + Literal.Integer(part.Count));
        for (int i = 0; i < _written.Length; i++)
        {
            string name = _written[i].Parameter;
            var others = _read.Concat(_written.Take(i)).Select(other =>
                $"global::System.MemoryExtensions.Overlaps<{_type}>({name}, {other.Parameter})");
            _writer.Line($"if ({string.Join("\n    || ", others)})\n"
                + $"    throw new global::System.ArgumentException(\"What is written must not overlap another span.\", nameof({name}));");
        }

        string n = Literal.Integer(_inputs), m = Literal.Integer(_outputs), block = Literal.Integer(BlockRows);
        int numbers = (Gathers ? _inputs : 0) + (Scatters ? _outputs : 0);
        using (Rent($"global::System.Math.Min(rows, {block}) * {Literal.Integer(numbers)}"))
        using (_writer.Braces($"for (int first = 0; first < rows; first += {block})"))
        {
            _writer.Line($"int count = global::System.Math.Min({block}, rows - first);");
            _writer.Line($"global::System.Span<{_type}> numbers = rented"
                + (Scatters ? $", results = numbers.Slice({(Gathers ? $"count * {n}" : "0")}, count * {m});" : ";"));
            EmitCopies(Gathers ? _read : [], _inputs, "numbers", isGathering: true);
            string from = Gathers ? $"numbers.Slice(0, count * {n})" : $"inputs.Slice(first * {n}, count * {n})",
                to = Scatters ? "results" : $"outputs.Slice(first * {m}, count * {m})";
            _writer.Line($"EvaluateBatch({from}, {to});");
            EmitCopies(Scatters ? _written : [], _outputs, "results", isGathering: false);
        }
    }

    private void EmitCopies(ImmutableArray<TensorPart> parts, int width, string rows, bool isGathering)
    {
        if (parts.IsEmpty) return;
        using var loop = _writer.Braces("for (int row = 0; row < count; row++)");
        int at = 0;
        foreach (var part in parts)
        {
            string count = Literal.Integer(part.Count), own = $"{part.Parameter}.Slice((first + row) * {count}, {count})",
                place = $"row * {Literal.Integer(width)}" + (at == 0 ? "" : " + " + Literal.Integer(at));
            _writer.Line(isGathering
                ? $"{own}.CopyTo({rows}.Slice({place}));"
                : $"{rows}.Slice({place}, {count}).CopyTo({own});");
            at += part.Count;
        }
    }

    private void EmitLength(TensorPart part, string length) =>
        _writer.Line($"{KernelNames.Panels}Guard.Length({part.Parameter}.Length, {length}, nameof({part.Parameter}));");

    private static string Slice(string span, int at) => at == 0 ? span : $"{span}.Slice({Literal.Integer(at)})";

    private void Document(string summary, string each, string exception)
    {
        _writer.Line($"\n/// <summary>{summary}</summary>");
        foreach (var part in _read) EmitParameter(part, "");
        foreach (var part in _written) EmitParameter(part, "Receives ");
        _writer.Line($"/// <exception cref=\"global::System.ArgumentException\">{exception}</exception>");
        _writer.Line(KernelNames.GeneratedCode);

        void EmitParameter(TensorPart part, string verb)
        {
            string numbers = Literal.Count(part.Count, "number") + each,
                text = verb.Length > 0 ? $"{verb}{numbers}" : char.ToUpperInvariant(numbers[0]) + numbers.Substring(1);
            string whose = part.Name == part.Parameter ? "" : $" of '{DocumentationEmitter.Xml(MessageText.Name(part.Name))}'";
            _writer.Line($"/// <param name=\"{part.Parameter.TrimStart('@')}\">{text}{whose}.</param>");
        }
    }
}
