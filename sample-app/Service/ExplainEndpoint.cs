using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace SampleApp.Service;

/// <summary>POST /explain: what every network says of a drawing, and the exact affine map that it applies there.</summary>
internal static class ExplainEndpoint
{
    private const int TimedCalls = 15;

    public static async Task<IResult> Answer(HttpContext context, Catalogue catalogue)
    {
        var (pixels, previous) = await RequestReader.Drawing(context.Request, MnistData.PixelCount);
        var explanations = catalogue.All.Select(classifier => Explain(classifier, pixels, previous)).ToArray();
        return TypedResults.Json(new ExplainResponse(explanations), ServiceJson.Default.ExplainResponse);
    }

    private static Explanation Explain(IClassifier classifier, float[] pixels, float[]? previous)
    {
        var logits = new float[classifier.OutputCount];
        var times = new double[TimedCalls];
        for (int i = 0; i < TimedCalls; i++) times[i] = classifier.Evaluate(pixels, logits).TotalMicroseconds;
        Array.Sort(times);

        var (winner, runnerUp) = FirstTwo(logits);
        var jacobian = new float[classifier.OutputCount * classifier.InputCount];
        var offset = new float[classifier.OutputCount];
        classifier.Explain(pixels, jacobian, offset);
        var contributions = new float[pixels.Length];
        for (int p = 0; p < pixels.Length; p++)
            contributions[p] = (jacobian[(winner * pixels.Length) + p] - jacobian[(runnerUp * pixels.Length) + p]) * pixels[p];

        var region = RegionWalk.From(classifier, classifier.Numeric, pixels, previous);
        var nodes = classifier is Classifier<MnistKan> ? KanEdges.Deciding(classifier.Numeric, pixels, winner) : [];
        return new Explanation(
            classifier.Info.Name, winner, runnerUp, logits, times[TimedCalls / 2], contributions, offset[winner] - (double)offset[runnerUp],
            region, nodes);
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
