using System;
using System.Diagnostics;
using Kan;

namespace SampleApp;

/// <summary>How a network did on the test digits.</summary>
/// <param name="Info">What was compiled.</param>
/// <param name="Correct">The digits classified correctly.</param>
/// <param name="Count">All digits.</param>
/// <param name="MaxError">The largest |computed - expected| over the outputs that are known.</param>
/// <param name="ExplainError">The largest |J x + c - computed| over the same images.</param>
/// <param name="P50">The median time of one call, in microseconds.</param>
/// <param name="P99">The time that one call in a hundred exceeds, in microseconds.</param>
/// <param name="BytesPerCall">Managed memory allocated by one call.</param>
/// <param name="BatchDifferences">The outputs that a batch gives other bits for than single calls do.</param>
/// <param name="BatchMicroseconds">The time of one digit in a batch of all of them, in microseconds.</param>
internal sealed record Measurement(
    KanModelInfo Info, int Correct, int Count, double MaxError, double ExplainError, double P50, double P99, double BytesPerCall,
    int BatchDifferences, double BatchMicroseconds)
{
    private const int WarmUpMilliseconds = 600;
    private const int TimedCalls = 20_000;
    private const int BatchRuns = 20;

    public double Accuracy => (double)Correct / Count;

    public static Measurement Of<TModel>(MnistData data, Range test, Expected expected)
        where TModel : IKanModel<float>
    {
        var (first, count) = test.GetOffsetAndLength(data.Count);
        int correct = 0;
        var outputs = new float[count * TModel.OutputCount];
        for (int i = 0; i < count; i++)
        {
            var logits = outputs.AsSpan(i * TModel.OutputCount, TModel.OutputCount);
            TModel.Evaluate(data.Image(first + i), logits);
            if (Winner(logits) == data.Label(first + i)) correct++;
        }

        var (maxError, explainError) = Errors<TModel>(data, expected);
        double bytes = WarmUp<TModel>(data, first, count);
        var (p50, p99) = Latency<TModel>(data, first, count);
        var (differences, batch) = Batch<TModel>(data.Images(first, count), outputs);
        return new Measurement(TModel.Info, correct, count, maxError, explainError, p50, p99, bytes, differences, batch / count);
    }

    public static int Winner(ReadOnlySpan<float> logits)
    {
        int winner = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[winner]) winner = i;
        return winner;
    }

    private static (double Output, double Explain) Errors<TModel>(MnistData data, Expected expected)
        where TModel : IKanModel<float>
    {
        double maxError = 0;
        double explainError = 0;
        var logits = new float[TModel.OutputCount];
        for (int k = 0; k < expected.Rows.Length; k++)
        {
            var image = data.Image(expected.Rows[k]);
            TModel.Evaluate(image, logits);
            var map = AffineMap.At<TModel>(image);
            for (int q = 0; q < logits.Length; q++)
            {
                // Math.Max keeps NaN, so a NaN output fails the comparison with the bound.
                maxError = Math.Max(maxError, Math.Abs(logits[q] - expected.Outputs[k][q]));
                explainError = Math.Max(explainError, Math.Abs(map.Apply(image, q) - logits[q]));
            }
        }

        return (maxError, explainError);
    }

    private static double WarmUp<TModel>(MnistData data, int first, int count)
        where TModel : IKanModel<float>
    {
        Span<float> logits = stackalloc float[TModel.OutputCount];
        long calls = 0;
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < WarmUpMilliseconds)
        {
            TModel.Evaluate(data.Image(first + (int)(calls % count)), logits);
            calls++;
        }

        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }

    private static (double P50, double P99) Latency<TModel>(MnistData data, int first, int count)
        where TModel : IKanModel<float>
    {
        Span<float> logits = stackalloc float[TModel.OutputCount];
        var ticks = new long[TimedCalls];
        for (int i = 0; i < ticks.Length; i++)
        {
            var image = data.Image(first + (i % count));
            long start = Stopwatch.GetTimestamp();
            TModel.Evaluate(image, logits);
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        return (Microseconds(ticks[ticks.Length / 2]), Microseconds(ticks[ticks.Length * 99 / 100]));
    }

    private static (int Differences, double Microseconds) Batch<TModel>(ReadOnlySpan<float> images, ReadOnlySpan<float> oneByOne)
        where TModel : IKanModel<float>
    {
        var outputs = new float[oneByOne.Length];
        long best = long.MaxValue;
        for (int run = 0; run < BatchRuns; run++)
        {
            long start = Stopwatch.GetTimestamp();
            TModel.EvaluateBatch(images, outputs);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        int differences = 0;
        for (int i = 0; i < outputs.Length; i++)
            if (BitConverter.SingleToInt32Bits(outputs[i]) != BitConverter.SingleToInt32Bits(oneByOne[i])) differences++;
        return (differences, Microseconds(best));
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
