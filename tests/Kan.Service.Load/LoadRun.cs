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
    /// <summary>How long a client that was refused waits before it asks again: a service that starts needs the processor, too.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>All answers to clients that ask for a while, in no order.</summary>
    /// <param name="service">The service to ask.</param>
    /// <param name="clients">How many ask at once, each on a connection of its own.</param>
    /// <param name="time">How long they ask.</param>
    /// <param name="stop">Ends the load early; requests under way are still awaited.</param>
    public static Task<IReadOnlyList<Answer>> For(ServiceProcess service, int clients, TimeSpan time, CancellationToken stop)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Of(service, clients, _ => Stopwatch.GetTimestamp() < end && !stop.IsCancellationRequested);
    }

    /// <summary>All answers to clients that ask a number of times, in no order.</summary>
    /// <param name="service">The service to ask.</param>
    /// <param name="clients">How many ask at once, each on a connection of its own.</param>
    /// <param name="requests">How often each of them asks.</param>
    /// <param name="stop">Ends the load early; requests under way are still awaited.</param>
    public static Task<IReadOnlyList<Answer>> Times(ServiceProcess service, int clients, int requests, CancellationToken stop) =>
        Of(service, clients, count => count < requests && !stop.IsCancellationRequested);

    /// <summary>All answers to clients that ask until they are stopped, in no order.</summary>
    /// <param name="service">The service to ask.</param>
    /// <param name="clients">How many ask at once, each on a connection of its own.</param>
    /// <param name="heard">Hears of every answer as it comes, from many threads.</param>
    /// <param name="stop">Ends the load; requests under way are still awaited.</param>
    public static Task<IReadOnlyList<Answer>> Until(ServiceProcess service, int clients, Action<Answer> heard, CancellationToken stop) =>
        Of(service, clients, _ => !stop.IsCancellationRequested, heard);

    private static async Task<IReadOnlyList<Answer>> Of(ServiceProcess service, int clients, Func<int, bool> goesOn,
        Action<Answer>? heard = null)
    {
        var lists = await Task.WhenAll(Enumerable.Range(0, clients)
            .Select(client => Task.Run(() => Client(service, client, goesOn, heard))));
        return [.. lists.SelectMany(static list => list)];
    }

    private static async Task<List<Answer>> Client(ServiceProcess service, int client, Func<int, bool> goesOn, Action<Answer>? heard)
    {
        using var http = service.NewClient();
        var answers = new List<Answer>();
        for (int i = client; goesOn(answers.Count); i++)
        {
            var answer = await Ask(http, i % Digits.Models.Length, i * 7 % Digits.Rows.Length);
            answers.Add(answer);
            heard?.Invoke(answer);
            if (answer.Outcome == Outcome.Refused) await Task.Delay(s_pause);
        }

        return answers;
    }

    private static async Task<Answer> Ask(HttpClient http, int model, int known)
    {
        long start = Stopwatch.GetTimestamp();
        Answer Ended(Outcome outcome, double evaluation = 0) => new(outcome, Stopwatch.GetElapsedTime(start).TotalMilliseconds, evaluation);
        HttpResponseMessage response;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify?model=" + Digits.Models[model])
        {
            Content = new ReadOnlyMemoryContent(Digits.Bytes(known))
            {
                Headers =
                { ContentType = new MediaTypeHeaderValue("application/octet-stream") }
            },
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
                return read with
                {
                    Outcome = right ? Outcome.Right : Outcome.Wrong,
                    EvaluationMicroseconds = body.RootElement.GetProperty("evaluationMicroseconds").GetDouble()
                };
            }
            catch (HttpRequestException)
            {
                return Ended(Outcome.CutOff);
            }
        }
    }
}
