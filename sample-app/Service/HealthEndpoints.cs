using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace SampleApp.Service;

/// <summary>What orchestrators ask: whether the process is alive, and whether it should be sent requests.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>, and <c>/healthz</c>, which is the same as the first.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", Live).WithHead().Produces<Health>().WithName("health").WithSummary("Whether the service is up.");
        app.MapGet("/livez", Live).WithHead().Produces<Health>().WithName("live")
            .WithSummary("Whether the process is alive; if not, it should be restarted.");
        app.MapGet("/readyz", Ready)
            .WithHead()
            .Produces<Health>()
            .WithName("ready")
            .WithSummary("Whether the service accepts requests; while it stops, it does not.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonHttpResult<Health> Live() => TypedResults.Json(new Health("ok"), ServiceJson.Default.Health);

    // The networks were compiled and run once before the first request was accepted.
    private static JsonHttpResult<Health> Ready(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested
        ? throw new BadRequestException("The service is stopping.", StatusCodes.Status503ServiceUnavailable)
        : Live();
}
