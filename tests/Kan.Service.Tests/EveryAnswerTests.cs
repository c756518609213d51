using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Kan.Service.Load;
using Kan.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SampleApp.Service;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Tests that start the service in their own process, and so share one meter and one log, run one after the other.</summary>
public static class Services
{
    public const string InThisProcess = "Services in this process";
}

/// <summary>
/// What holds for every answer of every endpoint. The endpoints come from the routes of the service, so a new one is among them.
/// </summary>
[Collection(Services.InThisProcess)]
public sealed class EveryAnswerTests : IAsyncLifetime
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"];

    private readonly WebApplication _app = Server.Build(0);
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app.MapGet("/test/fault", static (HttpContext context) => throw new InvalidOperationException("a secret of the service"));
        _app.MapGet("/test/half", static async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            throw new InvalidOperationException("a secret of the service");
        });
        await _app.StartAsync(Cancellation);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(_app.Urls.First()),
            Timeout = HangGuard.Limit,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Methods_that_an_endpoint_has_not_are_refused_with_those_that_it_has()
    {
        int refused = 0;
        foreach (var (path, allowed) in Endpoints())
        {
            foreach (string method in s_methods.Except(allowed))
            {
                using var response = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);
                Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
                Assert.Equal(allowed, response.Content.Headers.Allow);
                string detail = $"{method} is not allowed at {path}: use {string.Join(", ", allowed)}.";
                if (method != "HEAD") Assert.Equal(detail, await Problem(response));
                AssertHeaders(response);
                refused++;
            }
        }

        Assert.InRange(refused, 9 * 7, int.MaxValue);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("localhost.evil.example")]
    [InlineData("evil-localhost")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("0.0.0.0")]
    [InlineData("[::2]")]
    [InlineData("192.168.1.7:5080")]
    public async Task Hosts_that_are_not_this_machine_are_refused_at_every_endpoint(string host)
    {
        foreach (var (path, allowed) in Endpoints().Append(("/nowhere", ["GET"])))
        {
            using var request = new HttpRequestMessage(new HttpMethod(allowed[0]), path) { Headers = { Host = host } };
            using var response = await _client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal($"The host '{host}' is not allowed. If it is this service, add it to the setting AllowedHosts.",
                await Problem(response));
            AssertHeaders(response);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("[::1]")]
    [InlineData("[::1]:5080")]
    public async Task Hosts_that_are_this_machine_are_answered_with_any_port(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models") { Headers = { Host = host } };
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n")]
    public async Task A_request_without_a_host_is_refused(string request)
    {
        using var client = await RawClient.Connect(_client.BaseAddress!.Port);
        await client.Send(request);
        var answer = await client.ReceiveAll();
        Assert.Equal(400, answer.Status);
        Assert.Equal("The request has no Host: send the name or address of this service.", answer.Problem());
    }

    [Fact]
    public async Task Every_endpoint_answers_with_the_headers_for_browsers()
    {
        foreach (var (path, allowed) in Endpoints())
        {
            foreach (string method in allowed)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method == "POST") request.Content = JsonContent.Create(new { pixels = Digits.Pixels(0) });
                using var response = await _client.SendAsync(request, Cancellation);
                Assert.True(response.StatusCode == (path == "/test/fault" ? HttpStatusCode.InternalServerError : HttpStatusCode.OK), path);
                AssertHeaders(response);

                // Nothing new since.
                if (response.Headers.ETag is not { } tag) continue;
                using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
                using var same = await _client.SendAsync(again, Cancellation);
                Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
                AssertHeaders(same);
            }
        }
    }

    [Theory]
    [InlineData("/nowhere", "application/json", 1, HttpStatusCode.NotFound)]
    [InlineData("/classify", "text/plain", 1, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/explain", "application/octet-stream", 1, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/classify", "application/json", 1, HttpStatusCode.BadRequest)]
    [InlineData("/classify?model=resnet", "application/octet-stream", 784, HttpStatusCode.BadRequest)]
    [InlineData("/classify", "application/octet-stream", 1025 * 784, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/classify", "application/json", 13 << 20, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Every_problem_has_the_headers_for_browsers(string path, string type, int length, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.ExpectContinue = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty(await Problem(response));
        AssertHeaders(response);
    }

    [Fact]
    public async Task A_fault_of_the_service_is_a_problem_that_gives_nothing_away()
    {
        using var response = await _client.GetAsync("/test/fault", Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret", await Problem(response), StringComparison.Ordinal);
        AssertHeaders(response);
    }

    [Fact]
    public async Task An_answer_that_fails_half_way_does_not_look_whole()
    {
        // The connection may be reset before the client has read the half that was sent.
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var response = await _client.GetAsync("/test/half", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await response.Content.ReadAsStringAsync(Cancellation);
        });
    }

    /// <summary>The endpoints of the service, with the methods that they have.</summary>
    private List<(string Path, string[] Methods)> Endpoints()
    {
        var endpoints = _app.Services.GetServices<EndpointDataSource>()
            .SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.RoutePattern.RawText != "/test/half")
            .GroupBy(static endpoint => endpoint.RoutePattern.RawText!.Replace("{documentName}", "v1", StringComparison.Ordinal))
            .Select(static group => (Path: group.Key, Methods: group.SelectMany(MethodsOf).Distinct().ToArray()))
            .ToList();
        Assert.Contains(endpoints, static endpoint => endpoint.Path == "/classify");
        Assert.Contains(endpoints, static endpoint => endpoint.Path == "/");
        return endpoints;
    }

    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods;

    private static void AssertHeaders(HttpResponseMessage response)
    {
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal("default-src 'none'", policy.Split(';')[0]);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    private static async Task<string> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
