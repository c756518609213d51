using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SampleApp.Service;

/// <summary>
/// The headers of every response, problems included: nothing is fetched from elsewhere, nothing is framed, no type is guessed and no
/// address is passed on.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use(static (context, next) =>
    {
        // At the last moment: a problem clears the headers that were set before it.
        context.Response.OnStarting(static state => Add((IHeaderDictionary)state), context.Response.Headers);
        return next(context);
    });

    private static Task Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
