using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Kan.Service.Load;
using Microsoft.Extensions.Configuration;
using SampleApp.Service;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>What the configuration decides.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Without_configuration_the_service_is_for_this_machine()
    {
        var settings = From();
        Assert.Equal(["localhost", "127.0.0.1", "[::1]"], settings.AllowedHosts.Select(static host => host.ToString()));
        Assert.Equal((1024, 10), (settings.BodyBytesPerSecond, settings.HeaderSeconds));
    }

    [Theory]
    [InlineData("AllowedHosts", " ; ", "AllowedHosts is empty: specify hosts, separated by semicolons, or * for all.")]
    [InlineData("BodyBytesPerSecond", "-1", "BodyBytesPerSecond is '-1': specify an integer, 0 or more.")]
    [InlineData("BodyBytesPerSecond", "1 KiB", "BodyBytesPerSecond is '1 KiB': specify an integer, 0 or more.")]
    [InlineData("HeaderSeconds", "0", "HeaderSeconds is '0': specify an integer, 1 or more.")]
    [InlineData("HeaderSeconds", "99999999999", "HeaderSeconds is '99999999999': specify an integer, 1 or more.")]
    public void What_is_wrong_is_named(string key, string value, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => From((key, value))).Message);

    [Fact]
    public async Task Hosts_of_the_configuration_are_answered_and_no_others()
    {
        await using var service = await ServiceProcess.Start(settings: [("AllowedHosts", "digits.example; *.inner.example")]);
        foreach (var (host, status) in ((string, HttpStatusCode)[])
            [
                ("digits.example", HttpStatusCode.OK),
                ("digits.example:443", HttpStatusCode.OK),
                ("one.inner.example", HttpStatusCode.OK),
                ("localhost", HttpStatusCode.BadRequest),
                ("evil.example", HttpStatusCode.BadRequest),
                ("inner.example", HttpStatusCode.BadRequest),
            ])
        {
            using var response = await Ask(service, host);
            Assert.True(response.StatusCode == status, $"{host}: {response.StatusCode}");
            string type = status == HttpStatusCode.OK ? "application/json" : "application/problem+json";
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task All_hosts_are_answered_where_the_configuration_says_so()
    {
        await using var service = await ServiceProcess.Start(settings: [("AllowedHosts", "*")]);
        using var response = await Ask(service, "any.example");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 784")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_does_not_go_on_is_given_up(string length)
    {
        await using var service = await ServiceProcess.Start(settings: [("BodyBytesPerSecond", "100000")]);
        using var client = await RawClient.Connect(service.Address.Port);
        string type = "Content-Type: application/octet-stream";
        await client.Send($"POST /classify HTTP/1.1\r\nHost: localhost\r\n{type}\r\n{length}\r\n\r\n5\r\nabcde");
        var answer = await client.ReceiveAll();
        Assert.Equal(408, answer.Status);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.NotEmpty(answer.Problem());
    }

    private static Task<HttpResponseMessage> Ask(ServiceProcess service, string host) => service.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = host } }, TestContext.Current.CancellationToken);

    private static ServiceSettings From(params (string Key, string Value)[] settings) => ServiceSettings.From(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build());
}
