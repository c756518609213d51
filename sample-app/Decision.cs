using System;
using Kan;

namespace SampleApp;

/// <summary>Why a network calls one digit what it calls it.</summary>
/// <param name="Row">The digit.</param>
/// <param name="Winner">The output that won.</param>
/// <param name="RunnerUp">The output that came second.</param>
/// <param name="Margin">By how much the winner won.</param>
/// <param name="Contributions">What each pixel added to the margin.</param>
/// <param name="Offset">What no pixel added.</param>
internal sealed record Decision(int Row, int Winner, int RunnerUp, double Margin, float[] Contributions, double Offset)
{
    public static Decision Of<TModel>(MnistData data, int row)
        where TModel : IKanModel<float>
    {
        var image = data.Image(row);
        var logits = new float[TModel.OutputCount];
        TModel.Evaluate(image, logits);
        var (winner, runnerUp) = FirstTwo(logits);
        var map = AffineMap.At<TModel>(image);
        return new Decision(
            row, winner, runnerUp, logits[winner] - (double)logits[runnerUp],
            map.Contributions(image, winner, runnerUp), map.Offset(winner) - map.Offset(runnerUp));
    }

    /// <summary>The test digit that the network gets right by the smallest margin.</summary>
    public static int ClosestCall<TModel>(MnistData data, Range test)
        where TModel : IKanModel<float>
    {
        var (first, count) = test.GetOffsetAndLength(data.Count);
        var logits = new float[TModel.OutputCount];
        var (closest, margin) = (first, float.PositiveInfinity);
        for (int row = first; row < first + count; row++)
        {
            TModel.Evaluate(data.Image(row), logits);
            var (winner, runnerUp) = FirstTwo(logits);
            float lead = logits[winner] - logits[runnerUp];
            if (winner == data.Label(row) && lead < margin) (closest, margin) = (row, lead);
        }

        return closest;
    }

    private static (int Winner, int RunnerUp) FirstTwo(float[] logits)
    {
        int winner = Measurement.Winner(logits);
        int runnerUp = winner == 0 ? 1 : 0;
        for (int q = 0; q < logits.Length; q++)
            if (q != winner && logits[q] > logits[runnerUp]) runnerUp = q;
        return (winner, runnerUp);
    }
}
