using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Kan.Service.Load;

/// <summary>Clients that each ask as soon as they have their answer, and compare every answer with the known outputs.</summary>
internal static class LoadRun
{
    /// <summary>All answers, in no order.</summary>
    /// <param name="service">The service to ask.</param>
    /// <param name="clients">How many ask at once, each on a connection of its own.</param>
    /// <param name="time">How long they ask.</param>
    /// <param name="stop">Ends the load early; requests under way are still awaited.</param>
    public static async Task<IReadOnlyList<Answer>> Of(ServiceProcess service, int clients, TimeSpan time, CancellationToken stop)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var lists = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => Client(service, client, end, stop), CancellationToken.None)));
        return [.. lists.SelectMany(static list => list)];
    }

    private static async Task<List<Answer>> Client(ServiceProcess service, int client, long end, CancellationToken stop)
    {
        using var http = service.NewClient();
        var answers = new List<Answer>();
        for (int i = client; Stopwatch.GetTimestamp() < end && !stop.IsCancellationRequested; i++)
            answers.Add(await Ask(http, i % Digits.Models.Length, i * 7 % Digits.Rows.Length));
        return answers;
    }

    private static async Task<Answer> Ask(HttpClient http, int model, int known)
    {
        long start = Stopwatch.GetTimestamp();
        Answer Ended(Outcome outcome, double evaluation = 0) => new(outcome, Stopwatch.GetElapsedTime(start).TotalMilliseconds, evaluation);
        HttpResponseMessage response;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify?model=" + Digits.Models[model])
        {
            Content = new ReadOnlyMemoryContent(Digits.Bytes(known)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException)
        {
            return Ended(Outcome.Refused);
        }

        using (response)
        {
            if (response.StatusCode != HttpStatusCode.OK) return Ended(Outcome.Wrong);
            try
            {
                byte[] text = await response.Content.ReadAsByteArrayAsync();
                var read = Ended(Outcome.Right);
                using var body = JsonDocument.Parse(text);
                bool right = Digits.IsAnswer(model, known, body.RootElement.GetProperty("results")[0]);
                return read with { Outcome = right ? Outcome.Right : Outcome.Wrong, EvaluationMicroseconds = body.RootElement.GetProperty("evaluationMicroseconds").GetDouble() };
            }
            catch (HttpRequestException)
            {
                return Ended(Outcome.CutOff);
            }
        }
    }
}
