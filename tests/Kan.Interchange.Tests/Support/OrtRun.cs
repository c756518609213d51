using System;
using System.Linq;
using Microsoft.ML.OnnxRuntime;

namespace Kan.Interchange.Tests.Support;

/// <summary>An ONNX file in ONNX Runtime, one thread, as an independent reader and evaluator.</summary>
internal sealed class OrtRun : IDisposable
{
    private readonly InferenceSession _session;

    public OrtRun(ReadOnlyMemory<byte> model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(model.ToArray(), options);
    }

    public (string Name, int[] Shape, string[] Open, Type Type) Input => Describe(_session.InputMetadata.Single());

    public (string Name, int[] Shape, string[] Open, Type Type) Output => Describe(_session.OutputMetadata.Single());

    /// <summary>The outputs for rows of samples.</summary>
    public T[] Evaluate<T>(T[] rows)
        where T : unmanaged
    {
        int[] sample = Input.Shape[1..];
        long width = sample.Aggregate(1L, static (product, size) => product * size);
        using var inputs = OrtValue.CreateTensorValueFromMemory(rows, [rows.Length / width, .. sample.Select(static size => (long)size)]);
        using var options = new RunOptions();
        using var results = _session.Run(options, [Input.Name], [inputs], [Output.Name]);
        return results[0].GetTensorDataAsSpan<T>().ToArray();
    }

    public void Dispose() => _session.Dispose();

    private static (string, int[], string[], Type) Describe(System.Collections.Generic.KeyValuePair<string, NodeMetadata> value) =>
        (value.Key, value.Value.Dimensions, value.Value.SymbolicDimensions, value.Value.ElementType);
}
