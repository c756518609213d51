using System;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SampleApp.Service;

/// <summary>
/// Answers every request that fails with problem details (RFC 9457). A client that is gone is not a failure: it is counted, and nobody is
/// answered.
/// </summary>
internal static partial class Problems
{
    /// <summary>Messages are for people: quotes stay quotes. The answer is not a part of a page, so this is safe.</summary>
    private static readonly ServiceJson s_readable =
        new(new JsonSerializerOptions(ServiceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void UseProblems(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<ServiceMetrics>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Kan.Sample");
        app.Use(async (context, next) =>
        {
            try
            {
                if (await Failure(context, next, logger) is { } failure) await Write(context, metrics, failure);
            }
            catch (Exception e) when (IsGone(context, e))
            {
                metrics.Aborted();
                LogGone(logger, context.Request.Method, context.Request.Path);

                // Otherwise the server would try to read the rest of the body, and log that it cannot.
                context.Abort();
            }
        });
    }

    /// <summary>Runs the request, and says what there is to answer where it failed.</summary>
    private static async Task<Problem?> Failure(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
            var response = context.Response;
            bool isBare = response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null };
            return isBare ? new Problem(response.StatusCode, DetailOf(response.StatusCode, context)) : null;
        }
        catch (BadRequestException e)
        {
            return new Problem(e.Status, e.Message);
        }
        catch (BadHttpRequestException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            return new Problem(e.StatusCode, e.Message);
        }
        catch (Exception e) when (!IsGone(context, e))
        {
            LogFault(logger, e, context.Request.Method, context.Request.Path);
            return new Problem(StatusCodes.Status500InternalServerError,
                "The service failed. The service's log has the reason; the request did not cause it.");
        }
    }

    /// <summary>
    /// Whether an exception says only that the connection ended: a reset while the body was read or the answer was written, or a read or
    /// write that was cancelled because of it.
    /// </summary>
    private static bool IsGone(HttpContext context, Exception e) =>
        e is ConnectionResetException or ConnectionAbortedException ||
        (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    /// <summary>Routing answers some requests before any endpoint sees them, with a status alone.</summary>
    private static string DetailOf(int status, HttpContext context)
    {
        var request = context.Request;
        return status switch
        {
            StatusCodes.Status405MethodNotAllowed =>
                $"{request.Method} is not allowed at {request.Path}: use {context.Response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType =>
                $"The content type is '{request.ContentType ?? "missing"}': send {RequestReader.JsonType}, "
                + $"or {RequestReader.RawType} where pictures may be bytes.",
            _ => $"There is nothing at {request.Method} {request.Path}: see /openapi/v1.json.",
        };
    }

    private static async Task Write(HttpContext context, ServiceMetrics metrics, Problem problem)
    {
        metrics.Rejected(problem.Status);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = allow;
        string title = ReasonPhrases.GetReasonPhrase(problem.Status);
        var details = new ProblemDetails { Status = problem.Status, Title = title, Detail = problem.Detail };
        await context.Response.WriteAsJsonAsync(details, s_readable.ProblemDetails, "application/problem+json", context.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Debug, "The client of {Method} {Path} disconnected.")]
    private static partial void LogGone(ILogger logger, string method, PathString path);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, PathString path);

    /// <summary>What is answered to a request that fails.</summary>
    private sealed record Problem(int Status, string Detail);
}
