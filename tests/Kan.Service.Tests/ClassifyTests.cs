using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Kan.Service.Load;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>One service for the tests that only ask.</summary>
public sealed class SharedService : IAsyncLifetime
{
    /// <summary>Settings of a service that waits for slow clients: on a busy machine the tests are among them.</summary>
    internal static readonly (string Name, string Value)[] Patience = [("BodyBytesPerSecond", "0"), ("HeaderSeconds", "3600")];

    internal ServiceProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await ServiceProcess.Start(settings: Patience);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

public sealed class ClassifyTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly HttpClient _client = shared.Process.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Every_form_of_a_request_gets_the_known_answer(int model)
    {
        string address = "/classify?model=" + Digits.Models[model];
        int count = Math.Min(Digits.Rows.Length, 40);
        var batch = new byte[count * Digits.PixelCount];
        for (int known = 0; known < count; known++) Digits.Bytes(known).CopyTo(batch.AsMemory(known * Digits.PixelCount));

        var raw = await Results(await _client.PostAsync(address, Raw(batch), Cancellation));
        var json =
            await Results(await _client.PostAsJsonAsync(address,
            new { samples = Enumerable.Range(0, count).Select(Digits.Pixels).ToArray() }, Cancellation));
        Assert.Equal(count, raw.Length);
        Assert.Equal(count, json.Length);
        for (int known = 0; known < count; known++)
        {
            Assert.True(Digits.IsAnswer(model, known, raw[known]));
            var one = Assert.Single(await Results(await _client.PostAsync(address, Raw(Digits.Bytes(known).ToArray()), Cancellation)));
            var other =
                Assert.Single(await Results(await _client.PostAsJsonAsync(address, new { pixels = Digits.Pixels(known) }, Cancellation)));

            // The same text is the same bits: one by one or in a batch, bytes or numbers.
            Assert.All([json[known], one, other], result => Assert.Equal(raw[known].GetRawText(), result.GetRawText()));
        }
    }

    [Fact]
    public async Task The_hash_in_the_header_is_that_of_the_model()
    {
        using var models = JsonDocument.Parse(await _client.GetStringAsync("/models", Cancellation));
        Assert.Equal(Digits.Models, models.RootElement.EnumerateArray().Select(static model => model.GetProperty("name").GetString()));
        foreach (var model in models.RootElement.EnumerateArray())
        {
            using var response = await _client.PostAsync("/classify?model=" + model.GetProperty("name").GetString(),
                Raw(Digits.Bytes(0).ToArray()), Cancellation);
            Assert.Equal(model.GetProperty("contentHash").GetString(), Assert.Single(response.Headers.GetValues("X-Model-Hash")));
        }
    }

    [Fact]
    public async Task The_service_describes_itself()
    {
        using var health = JsonDocument.Parse(await _client.GetStringAsync("/healthz", Cancellation));
        Assert.Equal("ok", health.RootElement.GetProperty("status").GetString());
        using var document = JsonDocument.Parse(await _client.GetStringAsync("/openapi/v1.json", Cancellation));
        var paths = document.RootElement.GetProperty("paths");
        var classify = paths.GetProperty("/classify").GetProperty("post");
        Assert.Equal(["application/json", "application/octet-stream"],
            classify.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(static type => type.Name));
        Assert.True(classify.GetProperty("responses").TryGetProperty("400", out _));
        Assert.True(paths.TryGetProperty("/models", out _) && paths.TryGetProperty("/healthz", out _)
            && paths.TryGetProperty("/explain", out _));
    }

    [Fact]
    public async Task Contributions_and_offset_are_the_lead()
    {
        for (int known = 0; known < 5; known++)
        {
            using var response = await _client.PostAsJsonAsync("/explain",
                new { pixels = Digits.Pixels(known), previous = Digits.Pixels(known + 1) }, Cancellation);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            foreach (var model in answer.RootElement.GetProperty("models").EnumerateArray())
            {
                var logits = model.GetProperty("logits");
                double lead = logits[model.GetProperty("digit").GetInt32()].GetDouble()
                    - logits[model.GetProperty("runnerUp").GetInt32()].GetDouble();
                double sum = model.GetProperty("contributions").EnumerateArray().Sum(static value => value.GetDouble())
                    + model.GetProperty("offset").GetDouble();
                Assert.Equal(lead, sum, 1e-3);
                Assert.True(model.GetProperty("region").GetProperty("crossed").GetInt32() > 0);
            }
        }
    }

    [Theory]
    [InlineData("application/json", "{\"pixels\":[0,0]}", HttpStatusCode.BadRequest, "'pixels' has 2 numbers: send 784")]
    [InlineData("application/json", "{\"samples\":[]}", HttpStatusCode.BadRequest, "'samples' is empty")]
    [InlineData("application/json", "{\"samples\":[null]}", HttpStatusCode.BadRequest, "'samples[0]' is null")]
    [InlineData("application/json", "{}", HttpStatusCode.BadRequest, "either 'pixels', one picture, or 'samples'")]
    [InlineData("application/json", "{\"pixels\":[0],\"samples\":[[0]]}", HttpStatusCode.BadRequest, "either 'pixels'")]
    [InlineData("application/json", "{\"pixel\":[0]}", HttpStatusCode.BadRequest, "not the JSON that was expected")]
    [InlineData("application/json", "{\"pixels\":[NaN]}", HttpStatusCode.BadRequest, "not the JSON that was expected at line 1")]
    [InlineData("application/json", "{\"pixels\":[0,", HttpStatusCode.BadRequest, "not the JSON that was expected at line 1")]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest, "null")]
    [InlineData("application/json", "", HttpStatusCode.BadRequest, "not the JSON that was expected")]
    [InlineData("application/octet-stream", "", HttpStatusCode.BadRequest, "The body has 0 bytes: send 784 for each picture")]
    [InlineData("application/octet-stream", "abc", HttpStatusCode.BadRequest, "The body has 3 bytes: send 784 for each picture")]
    [InlineData("text/plain", "7", HttpStatusCode.UnsupportedMediaType,
        "The content type is 'text/plain': send application/json, or application/octet-stream")]
    public async Task What_is_wrong_is_answered_with_what_would_be_right(string type, string body, HttpStatusCode status, string detail)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        await AssertProblem(await _client.PostAsync("/classify", content, Cancellation), status, detail);
    }

    [Fact]
    public async Task Numbers_outside_the_range_are_named()
    {
        string numbers = string.Join(',', Enumerable.Repeat("0", Digits.PixelCount - 1));
        foreach (var (number, text) in ((string, string)[])[("1.5", "1.5"), ("-0.25", "-0.25"), ("1e999", "Infinity")])
        {
            var content = new StringContent($"{{\"pixels\":[{numbers},{number}]}}", Encoding.UTF8, "application/json");
            await AssertProblem(await _client.PostAsync("/classify", content, Cancellation), HttpStatusCode.BadRequest,
                $"'pixels[783]' is {text}: pixels range from 0 (paper) to 1 (ink).");
        }
    }

    [Fact]
    public async Task Too_much_is_refused()
    {
        await AssertProblem(await Large(Raw(new byte[1025 * Digits.PixelCount])), HttpStatusCode.RequestEntityTooLarge,
            "The request has 1025 pictures: send at most 1024.");
        var many = JsonContent.Create(new { samples = Enumerable.Repeat(Array.Empty<float>(), 1025).ToArray() });
        await AssertProblem(await Large(many), HttpStatusCode.RequestEntityTooLarge, "1025 pictures");
        var endless = new StringContent(new string(' ', 13 << 20), Encoding.UTF8, "application/json");
        await AssertProblem(await Large(endless), HttpStatusCode.RequestEntityTooLarge, "too large");
    }

    /// <summary>Waits for a go-ahead before it sends the body, so that a refusal arrives.</summary>
    private Task<HttpResponseMessage> Large(HttpContent content) =>
        _client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = content, Headers = { ExpectContinue = true } },
            Cancellation);

    [Fact]
    public async Task What_is_not_there_is_a_problem_too()
    {
        await AssertProblem(await _client.PostAsync("/classify?model=resnet", Raw(Digits.Bytes(0).ToArray()), Cancellation),
            HttpStatusCode.BadRequest, "The model 'resnet' does not exist: the models are mnist-mlp and mnist-kan.");
        await AssertProblem(await _client.GetAsync("/nowhere", Cancellation), HttpStatusCode.NotFound, "There is nothing at GET /nowhere");
        await AssertProblem(await _client.GetAsync("/classify", Cancellation), HttpStatusCode.MethodNotAllowed,
            "GET is not allowed at /classify: use POST.");
    }

    internal static ByteArrayContent Raw(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private static async Task<JsonElement[]> Results(HttpResponseMessage response)
    {
        using (response)
        {
            string text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            return [.. JsonDocument.Parse(text).RootElement.GetProperty("results").EnumerateArray()];
        }
    }

    private static async Task AssertProblem(HttpResponseMessage response, HttpStatusCode status, string detail)
    {
        using (response)
        {
            Assert.Equal(status, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            string text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.DoesNotContain("\\u0027", text, StringComparison.Ordinal);
            using var problem = JsonDocument.Parse(text);
            Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
            Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }
}
