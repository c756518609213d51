using System;
using Microsoft.ML.OnnxRuntime;

namespace Kan.Benchmarks.Engines;

/// <summary>
/// ONNX Runtime in the place of a compiled network, so that DuckDB hands both the same rows in the same way: one run for each chunk of
/// rows.
/// </summary>
internal sealed class PeerModel : IKanModel<float>
{
    private static readonly string[] s_inputs = ["input"], s_outputs = ["output"];

    private static InferenceSession? s_session;
    private static RunOptions? s_options;

    public static int InputCount { get; private set; }

    public static int OutputCount { get; private set; }

    public static KanModelInfo Info { get; private set; } = null!;

    /// <summary>Loads a file, with one thread for each run.</summary>
    public static void Load(byte[] file, int inputs, int outputs, KanModelInfo info)
    {
        (InputCount, OutputCount, Info) = (inputs, outputs, info);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        s_session = new InferenceSession(file, options);
        s_options = new RunOptions();
    }

    public static void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs) => EvaluateBatch(inputs, outputs);

    public static unsafe void EvaluateBatch(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        long rows = inputs.Length / InputCount;
        fixed (float* source = inputs, destination = outputs)
        {
            using var from = Value(source, rows, InputCount);
            using var to = Value(destination, rows, OutputCount);
            s_session!.Run(s_options, s_inputs, [from], s_outputs, [to]);
        }
    }

    public static bool Explain(ReadOnlySpan<float> inputs, Span<float> jacobian, Span<float> offset) => throw new NotSupportedException();

    private static unsafe OrtValue Value(float* numbers, long rows, int columns) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, [rows, columns], (nint)numbers,
        rows * columns * sizeof(float));
}

/// <summary>
/// Takes rows and computes nothing of them: what is left of a query is the cost of everything but the network. Its shape is that of the
/// peer.
/// </summary>
internal sealed class IdleModel : IKanModel<float>
{
    public static int InputCount => PeerModel.InputCount;

    public static int OutputCount => PeerModel.OutputCount;

    public static KanModelInfo Info => PeerModel.Info;

    public static void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs) => outputs[0] = inputs[0];

    public static void EvaluateBatch(ReadOnlySpan<float> inputs, Span<float> outputs) => inputs[..outputs.Length].CopyTo(outputs);

    public static bool Explain(ReadOnlySpan<float> inputs, Span<float> jacobian, Span<float> offset) => throw new NotSupportedException();
}
