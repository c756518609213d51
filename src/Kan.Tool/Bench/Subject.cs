using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Numerics;
using Kan.Compiler.Lower;

namespace Kan.Tool;

/// <summary>What <c>kan bench</c> measures: a network in several engines, on the same samples.</summary>
internal abstract class Subject
{
    /// <summary>Times of single calls of the compiled network in nanoseconds, that of reading the clock taken off.</summary>
    public abstract double[] Latencies(int calls, Action<double> report);

    /// <summary>Nanoseconds for each sample of a batch of the compiled network.</summary>
    public abstract double Batch();

    /// <summary>Nanoseconds for a sample in the evaluator that <c>kan eval</c> uses.</summary>
    public abstract double Panels();

    /// <summary>Nanoseconds for a sample in the evaluator that interprets the form number by number.</summary>
    public abstract double Reference();

    /// <summary>Bytes that a call of the compiled network allocates.</summary>
    public abstract double BytesPerCall();

    /// <summary>Whether all engines give the same bits on all samples; NaN counts as NaN.</summary>
    public abstract bool EnginesAgree();

    /// <summary>The engines of a compiled type.</summary>
    /// <param name="model">The type.</param>
    /// <param name="plan">What it was compiled from.</param>
    /// <param name="ranges">The range of each input, of which samples are drawn.</param>
    public static Subject Create(Type model, NetworkPlan plan, IReadOnlyList<InputRange> ranges)
    {
        if (plan.Integers is { } integers)
            return Of(model, new IntegerRows(integers.Form), new IntegerEvaluator(integers.Form).Evaluate, ranges);
        return plan.Precision == Precision.Single
            ? Of(model, new PanelEvaluator<float>(plan.Form), new ReferenceEvaluator<float>(plan.Form).Evaluate, ranges)
            : Of(model, new PanelEvaluator<double>(plan.Form), new ReferenceEvaluator<double>(plan.Form).Evaluate, ranges);
    }

    private static Subject Of<T>(Type model, IRowEvaluator<T> panels, Interpreter<T> interpreter, IReadOnlyList<InputRange> ranges) =>
        (Subject)Activator.CreateInstance(typeof(Subject<,>).MakeGenericType(model, typeof(T)), panels, interpreter, ranges)!;
}

/// <summary>Computes one sample number by number.</summary>
internal delegate T[] Interpreter<T>(ReadOnlySpan<T> inputs);

/// <summary>The engines of a compiled type. TModel is a struct, so that calls are direct.</summary>
internal sealed class Subject<TModel, T> : Subject
    where TModel : struct, IKanModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private const int Samples = 256;
    private const double BlockNanoseconds = 20e6;
    private const int Rounds = 7;

    private readonly T[] _inputs = new T[Samples * TModel.InputCount];
    private readonly T[] _outputs = new T[Samples * TModel.OutputCount];
    private readonly IRowEvaluator<T> _panels;
    private readonly Interpreter<T> _reference;

    public Subject(IRowEvaluator<T> panels, Interpreter<T> reference, IReadOnlyList<InputRange> ranges)
    {
        (_panels, _reference) = (panels, reference);
        var random = new Random(1);
        for (int i = 0; i < _inputs.Length; i++)
        {
            var range = ranges[i % TModel.InputCount];
            double low = range.Low.ToDouble();
            _inputs[i] = T.CreateTruncating(low + (random.NextDouble() * (range.High.ToDouble() - low)));
        }
    }

    public override double[] Latencies(int calls, Action<double> report)
    {
        WarmUp(() => One(0));
        var clock = new double[Math.Min(calls, 10_000)];
        for (int i = 0; i < clock.Length; i++) clock[i] = Time(static () => { });
        Array.Sort(clock);
        double overhead = clock[clock.Length / 2];
        var times = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            One(i);
            times[i] = Math.Max(0, Nanoseconds(start) - overhead);
            if (i % 4096 == 0) report((double)i / calls);
        }

        Array.Sort(times);
        return times;
    }

    public override double Batch() => PerUnit(() => TModel.EvaluateBatch(_inputs, _outputs)) / Samples;

    public override double Panels()
    {
        int sample = 0;
        return PerUnit(() =>
        {
            sample = (sample + 1) % Samples;
            _panels.Evaluate(Inputs(sample), Outputs(sample));
        });
    }

    public override double Reference()
    {
        int sample = 0;
        return PerUnit(() => _reference(Inputs(sample = (sample + 1) % Samples)));
    }

    public override double BytesPerCall()
    {
        const int Calls = 1000;
        for (int i = 0; i < Calls; i++) One(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++) One(i);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    public override bool EnginesAgree()
    {
        var batch = new T[_outputs.Length];
        TModel.EvaluateBatch(_inputs, batch);
        var panels = new T[TModel.OutputCount];
        for (int sample = 0; sample < Samples; sample++)
        {
            One(sample);
            _panels.Evaluate(Inputs(sample), panels);
            var reference = _reference(Inputs(sample));
            for (int q = 0; q < panels.Length; q++)
            {
                T expected = reference[q];
                foreach (T found in (ReadOnlySpan<T>)[Outputs(sample)[q], batch[(sample * panels.Length) + q], panels[q]])
                {
                    if (!found.Equals(expected) || T.IsNegative(found) != T.IsNegative(expected)) return false;
                }
            }
        }

        return true;
    }

    private ReadOnlySpan<T> Inputs(int sample) => _inputs.AsSpan(sample * TModel.InputCount, TModel.InputCount);

    private Span<T> Outputs(int sample) => _outputs.AsSpan(sample * TModel.OutputCount, TModel.OutputCount);

    private void One(int call)
    {
        int sample = call % Samples;
        TModel.Evaluate(Inputs(sample), Outputs(sample));
    }

    /// <summary>The fastest of some blocks long enough for the clock: whatever else the machine does only makes them slower.</summary>
    private static double PerUnit(Action unit)
    {
        WarmUp(unit);
        int count = 1;
        while (Time(() => Repeat(unit, count)) < BlockNanoseconds / 4 && count < 1 << 24) count *= 2;
        return Enumerable.Range(0, Rounds).Min(_ => Time(() => Repeat(unit, count)) / count);
    }

    /// <summary>Until the runtime has replaced the code of first calls, which it does in the background.</summary>
    private static void WarmUp(Action unit)
    {
        for (int pass = 0; pass < 4; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 2_000 && Nanoseconds(start) < 50e6; i++) unit();
            System.Threading.Thread.Sleep(120);
        }
    }

    private static void Repeat(Action unit, int count)
    {
        for (int i = 0; i < count; i++) unit();
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Nanoseconds(start);
    }

    private static double Nanoseconds(long start) => (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
}
