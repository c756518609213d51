using System;
using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using Kan.Testing;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>A web service of a user's project, as a process on a free port.</summary>
internal sealed class UserService : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly HttpClient _client;

    private UserService(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = HangGuard.Limit };
    }

    /// <summary>Starts a project that has been built in Release.</summary>
    public static async Task<UserService> Start(string folder, string name)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", $"bin/Release/net10.0/{name}.dll", "--urls", "http://127.0.0.1:0"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0) continue;
            _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            return new UserService(process, new Uri(line[(at + Listening.Length)..].Trim()));
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    public Task<string> Get(string path) => _client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>What the service answers to JSON that it takes.</summary>
    public async Task<string> Post(string path, string json)
    {
        using var response = await Send(path, json);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
        return text;
    }

    /// <summary>Sends JSON that the service must not take.</summary>
    public async Task Refuses(string path, string json)
    {
        using var response = await Send(path, json);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<HttpResponseMessage> Send(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await _client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
