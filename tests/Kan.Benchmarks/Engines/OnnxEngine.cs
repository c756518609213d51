using System;
using System.Linq;
using Kan.Benchmarks.Measuring;
using Microsoft.ML.OnnxRuntime;

namespace Kan.Benchmarks.Engines;

/// <summary>
/// ONNX Runtime as its documentation advises for small models on one thread: OrtValues over buffers that are there already, all graph
/// optimisations, sequential execution. The call is <c>Run</c> with preallocated values, or an I/O binding, whichever is faster here.
/// </summary>
internal sealed class OnnxEngine : Engine
{
    private readonly string[] _inputNames, _outputNames;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly float[] _ring;
    private readonly float[] _bound;
    private readonly float[] _outputs;
    private readonly float[] _rows;
    private readonly int _width, _mask;
    private readonly OrtValue[][] _samples;
    private readonly OrtValue[] _result, _batch, _batchResult;
    private readonly OrtValue _boundInput;
    private readonly OrtIoBinding _binding;
    private readonly bool _binds;

    /// <param name="model">The file.</param>
    /// <param name="ring">Samples, one after the other.</param>
    /// <param name="width">Numbers of a sample.</param>
    /// <param name="outputCount">Numbers of a result.</param>
    public OnnxEngine(ReadOnlyMemory<byte> model, float[] ring, int width, int outputCount)
        : base("ONNX Runtime")
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model.ToArray(), options);
        var (input, about) = _session.InputMetadata.Single();
        (_inputNames, _outputNames) = ([input], [_session.OutputMetadata.Keys.Single()]);
        long[] sample = [.. about.Dimensions.Skip(1).Select(static size => (long)size)];
        int count = ring.Length / width;
        _ring = ring;
        _width = width;
        _mask = count - 1;
        _outputs = GC.AllocateArray<float>(outputCount, pinned: true);
        _rows = GC.AllocateArray<float>(count * outputCount, pinned: true);
        _bound = GC.AllocateArray<float>(width, pinned: true);
        _samples = [.. Enumerable.Range(0, count).Select(i => new[] { Value(ring.AsMemory(i * width, width), 1, sample) })];
        _result = [Value(_outputs, 1, [outputCount])];
        _batch = [Value(ring, count, sample)];
        _batchResult = [Value(_rows, count, [outputCount])];
        _boundInput = Value(_bound, 1, sample);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(_inputNames[0], _boundInput);
        _binding.BindOutput(_outputNames[0], _result[0]);
        _binds = Fastest(Bind) < Fastest(Run);
    }

    public override string Detail => _binds ? "I/O binding" : "Run with preallocated OrtValues";

    public override float One(int sample) => _binds ? Bind(sample) : Run(sample);

    public override float Batch()
    {
        _session.Run(_options, _inputNames, _batch, _outputNames, _batchResult);
        return _rows[0] + _rows[^1];
    }

    public override float[] Outputs()
    {
        Batch();
        return [.. _rows];
    }

    public override void Dispose()
    {
        _binding.Dispose();
        _boundInput.Dispose();
        foreach (var value in _samples.SelectMany(static values => values).Concat(_result).Concat(_batch).Concat(_batchResult))
            value.Dispose();
        _options.Dispose();
        _session.Dispose();
        base.Dispose();
    }

    private float Run(int sample)
    {
        _session.Run(_options, _inputNames, _samples[sample & _mask], _outputNames, _result);
        return _outputs[0];
    }

    private float Bind(int sample)
    {
        _ring.AsSpan((sample & _mask) * _width, _width).CopyTo(_bound);
        _session.RunWithBinding(_options, _binding);
        return _outputs[0];
    }

    private static OrtValue Value(Memory<float> memory, long rows, long[] sizes) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [rows, .. sizes]);

    private static double Fastest(Func<int, float> call)
    {
        const int Calls = 200, Tries = 5;
        double best = double.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long start = Clock.Now;
            for (int i = 0; i < Calls; i++) Sink.Take(call(i));
            best = Math.Min(best, Clock.NanosecondsSince(start));
        }

        return best;
    }
}
