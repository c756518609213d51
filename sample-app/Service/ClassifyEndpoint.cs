using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace SampleApp.Service;

/// <summary>POST /classify: what a network says of one picture or of several.</summary>
internal static class ClassifyEndpoint
{
    /// <summary>The hash of the exact parameters that the answer comes from.</summary>
    public const string HashHeader = "X-Model-Hash";

    public static async Task<IResult> Answer(HttpContext context, Catalogue catalogue, ServiceMetrics metrics, string? model)
    {
        var classifier = catalogue.Get(model);
        var samples = await RequestReader.Samples(context.Request, classifier.InputCount);
        int count = samples.Length / classifier.InputCount;
        var outputs = new float[count * classifier.OutputCount];
        var time = classifier.Evaluate(samples, outputs);
        metrics.Evaluated(classifier.Info.Name, count, time);

        var results = new Classification[count];
        for (int i = 0; i < count; i++)
        {
            var logits = outputs[(i * classifier.OutputCount)..((i + 1) * classifier.OutputCount)];
            results[i] = new Classification(Measurement.Winner(logits), logits);
        }

        context.Response.Headers[HashHeader] = classifier.Info.ContentHash;
        return TypedResults.Json(new ClassifyResponse(classifier.Info.Name, time.TotalMicroseconds, results),
            ServiceJson.Default.ClassifyResponse);
    }
}
