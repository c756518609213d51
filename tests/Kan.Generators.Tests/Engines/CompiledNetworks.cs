using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

internal delegate void Evaluation<T>(ReadOnlySpan<T> inputs, Span<T> outputs);

internal delegate void BoundedEvaluation<T>(ReadOnlySpan<T> inputs, Span<T> outputs, Span<T> bounds);

internal delegate bool Explanation<T>(ReadOnlySpan<T> inputs, Span<T> jacobian, Span<T> offset);

/// <summary>Networks that are compiled in one way.</summary>
/// <param name="Documents">The networks.</param>
/// <param name="Precision">Their number type.</param>
/// <param name="LoweringsOf">What each of them is compiled under.</param>
/// <param name="HasBounds">Whether classes have <c>EvaluateWithBound</c>.</param>
internal sealed record NetworkGroup(
    IReadOnlyList<KanDocument> Documents, Precision Precision, Func<KanDocument, IReadOnlyList<Lowering>> LoweringsOf,
    bool HasBounds = false)
{
    public NetworkGroup(IReadOnlyList<KanDocument> documents, Precision precision, IReadOnlyList<Lowering> lowerings)
        : this(documents, precision, _ => lowerings)
    {
    }
}

/// <summary>Many documents compiled by the generator in one compilation, each under every lowering that is asked for.</summary>
internal sealed class CompiledNetworks : IDisposable
{
    public static readonly Lowering[] Lowerings = [Lowering.Auto, Lowering.Rows, Lowering.Clamp, Lowering.Relu];

    private readonly GeneratedAssembly _assembly;

    public CompiledNetworks(IReadOnlyList<KanDocument> documents, Precision precision)
        : this(documents, precision, Lowerings)
    {
    }

    public CompiledNetworks(IReadOnlyList<KanDocument> documents, Precision precision, IReadOnlyList<Lowering> lowerings,
        bool isRelease = false) =>
        _assembly = Build(new NetworkGroup(documents, precision, lowerings), isRelease);

    /// <param name="group">The networks.</param>
    /// <param name="isRelease">Whether they are compiled as a release is, so that the JIT optimises the code.</param>
    public static GeneratedAssembly Build(NetworkGroup group, bool isRelease = false)
    {
        var source = new StringBuilder();
        for (int i = 0; i < group.Documents.Count; i++)
        {
            foreach (var lowering in group.LoweringsOf(group.Documents[i]))
                source.Append(CultureInfo.InvariantCulture, $"[Kan.KanModel(\"m{i}.onnx\", Precision = Kan.Precision.{group.Precision}, "
                    + $"Lowering = Kan.Lowering.{lowering}{(group.HasBounds ? ", EvaluateWithBound = true" : "")})]\n"
                    + $"internal sealed partial class {Name(i, lowering)};\n");
        }

        (string Path, string Text)[] models =
            [.. group.Documents.Select(static (document, i) => ($"m{i}.onnx", KanDocumentWriter.Write(document)))];
        return isRelease ? GeneratorHarness.BuildRelease(source.ToString(), models) : GeneratorHarness.Build(source.ToString(), models);
    }

    /// <summary>The class of a document under a lowering.</summary>
    public static string Name(int document, Lowering lowering) => $"Network{document}{lowering}";

    public Evaluation<T> Evaluate<T>(int document, Lowering lowering) =>
        _assembly.Method<Evaluation<T>>(Name(document, lowering), "Evaluate");

    public Evaluation<T> EvaluateBatch<T>(int document, Lowering lowering) =>
        _assembly.Method<Evaluation<T>>(Name(document, lowering), "EvaluateBatch");

    public Explanation<T> Explain<T>(int document, Lowering lowering) =>
        _assembly.Method<Explanation<T>>(Name(document, lowering), "Explain");

    public T Method<T>(int document, Lowering lowering, string name)
        where T : Delegate => _assembly.Method<T>(Name(document, lowering), name);

    public KanModelInfo Info(int document, Lowering lowering) =>
        (KanModelInfo)_assembly.Type(Name(document, lowering)).GetProperty("Info")!.GetValue(null)!;

    /// <summary>Requires the integers of a document, one sample at a time and in a batch, to have the bits of the reference.</summary>
    /// <param name="document">The document.</param>
    /// <param name="form">Its integers.</param>
    /// <param name="samples">The inputs.</param>
    public void AssertIntegers(int document, IntegerForm form, IEnumerable<float[]> samples)
    {
        var reference = new IntegerEvaluator(form);
        float[][] rows = [.. samples];
        float[] expected = [.. rows.SelectMany(row => reference.Evaluate(row))], found = new float[expected.Length];
        int m = expected.Length / rows.Length;
        for (int row = 0; row < rows.Length; row++)
            Evaluate<float>(document, Lowering.Auto)(rows[row], found.AsSpan(row * m, m));
        Assert.Equal(expected, found);
        Array.Clear(found);
        EvaluateBatch<float>(document, Lowering.Auto)([.. rows.SelectMany(static row => row)], found);
        Assert.Equal(expected, found);
    }

    public void Dispose() => _assembly.Dispose();
}
