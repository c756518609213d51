using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace SampleApp.Service;

/// <summary>The networks behind HTTP, on the loopback address unless the configuration says otherwise.</summary>
internal static class Server
{
    private const string DefaultAddress = "http://127.0.0.1:5080";
    private const string Usage = """
        usage: sample-app serve [--port PORT]   (on the loopback address; 0 selects any free port)
               Without --port, ASPNETCORE_URLS and the rest of the configuration decide; default: http://127.0.0.1:5080
        """;

    public static async Task<int> Run(string[] options)
    {
        int? port = options is ["--port", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= IPEndPoint.MaxPort ? number : null;
        if (options is not [] && port is null)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        WebApplication? app = null;
        try
        {
            app = Build(port);
            await app.StartAsync();
        }
        catch (Exception e) when (e is System.IO.IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            if (app is not null) await app.DisposeAsync();
            return 1;
        }

        await using var started = app;
        Console.WriteLine($"Draw a digit at {app.Urls.First()} (API: /openapi/v1.json; stop with Ctrl+C)");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <param name="port">The port on the loopback address; null if the configuration decides.</param>
    /// <exception cref="ArgumentException">The configuration has a setting that is not what it should be.</exception>
    internal static WebApplication Build(int? port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var settings = ServiceSettings.From(builder.Configuration);
        if (port is null && !settings.HasAddress) builder.WebHost.UseUrls(DefaultAddress);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (port is { } chosen) kestrel.Listen(IPAddress.Loopback, chosen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestReader.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(settings.HeaderSeconds);
            kestrel.Limits.MinRequestBodyDataRate = settings.BodyBytesPerSecond == 0
                ? null
                : new MinDataRate(settings.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
        });

        // The host filter of the framework answers in HTML, before everything else; the one of this service answers with a problem.
        builder.Services.Configure<HostFilteringOptions>(static filter => filter.AllowedHosts = ["*"]);

        // What was accepted is finished before the process ends.
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi(ApiDocument.Describe);
        builder.Services.AddSingleton<Catalogue>().AddSingleton<ServiceMetrics>();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(static metrics => metrics.AddMeter(ServiceMetrics.MeterName).AddPrometheusExporter());

        var app = builder.Build();
        app.Services.GetRequiredService<Catalogue>();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseAllowedHosts(settings.AllowedHosts);
        app.MapOpenApi().WithHead();
        app.MapPage();
        app.MapPrometheusScrapingEndpoint("/metrics").WithHead();
        app.MapHealth();
        app.MapGet("/models", static (Catalogue catalogue) => TypedResults.Ok(ModelsEndpoint.Answer(catalogue)))
            .WithHead()
            .WithName("listModels")
            .WithSummary("The compiled networks.");
        app.MapPost("/classify", ClassifyEndpoint.Answer)
            .WithName("classify")
            .WithSummary("Classifies one picture or several.")
            .Accepts<ClassifyRequest>(RequestReader.JsonType, RequestReader.RawType)
            .Produces<ClassifyResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        app.MapPost("/explain", ExplainEndpoint.Answer)
            .WithName("explain")
            .WithSummary("Explains how every network reads a drawing.")
            .Accepts<ExplainRequest>(RequestReader.JsonType)
            .Produces<ExplainResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return app;
    }
}
