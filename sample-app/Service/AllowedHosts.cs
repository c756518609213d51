using System.Collections.Generic;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace SampleApp.Service;

/// <summary>
/// Refuses requests to hosts that are not this service. Otherwise a page from elsewhere whose name was pointed at this machine (DNS
/// rebinding) would have the same origin as the service, and could read its answers.
/// </summary>
internal static class AllowedHosts
{
    /// <param name="app">The service.</param>
    /// <param name="hosts">The names and addresses to answer to, with any port; <c>*.name</c> for subdomains, <c>*</c> for all.</param>
    public static void UseAllowedHosts(this WebApplication app, IList<StringSegment> hosts)
    {
        if (hosts.Contains("*")) return;
        app.Use((context, next) =>
        {
            var host = context.Request.Host;
            if (!host.HasValue) throw new BadRequestException("The request has no Host: send the name or address of this service.");
            if (!HostString.MatchesAny(host.Value, hosts))
                throw new BadRequestException($"The host '{host.Value}' is not allowed. If it is this service, add it to the setting "
                    + $"{ServiceSettings.AllowedHostsKey}.");
            return next(context);
        });
    }
}
