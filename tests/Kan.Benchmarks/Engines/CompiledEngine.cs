using System;
using System.Runtime.CompilerServices;

namespace Kan.Benchmarks.Engines;

/// <summary>The generated code. TModel is a struct, so that calls are direct.</summary>
internal sealed class CompiledEngine<TModel>(float[] ring) : Engine("Kan.Generators")
    where TModel : struct, IKanModel<float>
{
    private readonly float[] _ring = ring;
    private readonly int _mask = (ring.Length / TModel.InputCount) - 1;
    private readonly float[] _outputs = new float[ring.Length / TModel.InputCount * TModel.OutputCount];

    public override float One(int sample)
    {
        TModel.Evaluate(_ring.AsSpan((sample & _mask) * TModel.InputCount, TModel.InputCount), _outputs.AsSpan(0, TModel.OutputCount));
        return _outputs[0];
    }

    public override float Many(int count)
    {
        var ring = _ring;
        var outputs = _outputs.AsSpan(0, TModel.OutputCount);
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            TModel.Evaluate(ring.AsSpan((i & _mask) * TModel.InputCount, TModel.InputCount), outputs);
            sum += outputs[0];
        }

        return sum;
    }

    public override float Batch()
    {
        TModel.EvaluateBatch(_ring, _outputs);
        return _outputs[0] + _outputs[^1];
    }

    public override float[] Outputs()
    {
        for (int i = 0; i <= _mask; i++)
            TModel.Evaluate(_ring.AsSpan(i * TModel.InputCount, TModel.InputCount),
                _outputs.AsSpan(i * TModel.OutputCount, TModel.OutputCount));
        return [.. _outputs];
    }
}

/// <summary>Engines of types that are known when the benchmark runs only.</summary>
internal static class CompiledEngine
{
    public static Engine Create(Type model, float[] ring) =>
        (Engine)Activator.CreateInstance(typeof(CompiledEngine<>).MakeGenericType(model), ring)!;

    /// <summary>What the type says about itself.</summary>
    public static KanModelInfo Info(Type model) => (KanModelInfo)model.GetProperty("Info")!.GetValue(null)!;

    /// <summary>The bytes that a call allocates, on average over many.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double BytesPerCall(Engine engine, int calls)
    {
        engine.Many(calls);
        long before = GC.GetAllocatedBytesForCurrentThread();
        engine.Many(calls);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }
}
