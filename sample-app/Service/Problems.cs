using System;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace SampleApp.Service;

/// <summary>Answers every request that fails with problem details (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>Messages are for people: quotes stay quotes. The answer is no part of a page, so this is safe.</summary>
    private static readonly ServiceJson s_readable = new(new JsonSerializerOptions(ServiceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void UseProblems(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<ServiceMetrics>();
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest and var status, ContentLength: null })
                    await Write(context, metrics, status, DetailOf(status, context.Request));
            }
            catch (BadRequestException e)
            {
                await Write(context, metrics, e.Status, e.Message);
            }
            catch (BadHttpRequestException e)
            {
                await Write(context, metrics, e.StatusCode, e.Message);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The sender is gone: nobody reads an answer.
            }
        });
    }

    /// <summary>Routing answers some requests before any endpoint sees them, with a status alone.</summary>
    private static string DetailOf(int status, HttpRequest request) => status == StatusCodes.Status415UnsupportedMediaType
        ? $"The content type is '{request.ContentType ?? "missing"}': send {RequestReader.JsonType}, or {RequestReader.RawType} where pictures may be bytes."
        : $"There is nothing at {request.Method} {request.Path}: see /openapi/v1.json.";

    private static async Task Write(HttpContext context, ServiceMetrics metrics, int status, string detail)
    {
        metrics.Rejected(status);
        if (context.Response.HasStarted) return;
        context.Response.Clear();
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        await context.Response.WriteAsJsonAsync(problem, s_readable.ProblemDetails, "application/problem+json", context.RequestAborted);
    }
}
