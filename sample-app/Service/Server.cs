using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SampleApp.Service;

/// <summary>The networks behind HTTP, on the loopback address.</summary>
internal static class Server
{
    private const int DefaultPort = 5080;
    private const string Usage = "usage: sample-app serve [--port PORT]   (0 selects any free port)";

    public static async Task<int> Run(string[] options)
    {
        int port = DefaultPort;
        bool valid = options is [] || (options is ["--port", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort);
        if (!valid)
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

    /// <exception cref="ArgumentException">The configuration has a setting that is not what it should be.</exception>
    internal static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var settings = ServiceSettings.From(builder.Configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
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
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton<Catalogue>().AddSingleton<ServiceMetrics>();

        var app = builder.Build();
        app.Services.GetRequiredService<Catalogue>();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseAllowedHosts(settings.AllowedHosts);
        app.MapOpenApi();
        app.MapPage();
        app.MapGet("/healthz", static () => TypedResults.Ok(new Health("ok"))).WithSummary("Whether the service is up.");
        app.MapGet("/models", static (Catalogue catalogue) => TypedResults.Ok(ModelsEndpoint.Answer(catalogue))).WithSummary("The compiled networks.");
        app.MapPost("/classify", ClassifyEndpoint.Answer)
            .WithSummary("Classifies one picture or several.")
            .Accepts<ClassifyRequest>(RequestReader.JsonType, RequestReader.RawType)
            .Produces<ClassifyResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        app.MapPost("/explain", ExplainEndpoint.Answer)
            .WithSummary("Explains how every network reads a drawing.")
            .Accepts<ExplainRequest>(RequestReader.JsonType)
            .Produces<ExplainResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return app;
    }
}
