using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SampleApp.Service;

/// <summary>What the configuration decides: environment variables, or appsettings.json in the folder where the service starts.</summary>
/// <param name="AllowedHosts">The hosts that requests may name; see <see cref="AllowedHosts"/>.</param>
/// <param name="BodyBytesPerSecond">How fast a body must arrive; 0 for no limit.</param>
/// <param name="HeaderSeconds">How long the headers of a request may take.</param>
internal sealed record ServiceSettings(IList<StringSegment> AllowedHosts, int BodyBytesPerSecond, int HeaderSeconds)
{
    /// <summary>Whether the configuration says where to listen.</summary>
    public bool HasAddress { get; init; }

    /// <summary>The setting that ASP.NET Core has for this.</summary>
    public const string AllowedHostsKey = "AllowedHosts";

    private static readonly string[] s_addressKeys = ["urls", "http_ports", "https_ports"];

    private const string Loopback = "localhost;127.0.0.1;[::1]";

    /// <exception cref="ArgumentException">A setting is not what it should be; the message names it.</exception>
    public static ServiceSettings From(IConfiguration configuration) => new(
        Hosts(configuration[AllowedHostsKey] ?? Loopback),
        Number(configuration, "BodyBytesPerSecond", 1024, least: 0),
        Number(configuration, "HeaderSeconds", 10, least: 1))
    {
        HasAddress = s_addressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(),
    };

    private static StringSegment[] Hosts(string list)
    {
        string[] hosts = list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (hosts.Length == 0)
            throw new ArgumentException($"{AllowedHostsKey} is empty: specify hosts, separated by semicolons, or * for all.");
        return [.. hosts.Select(static host => new StringSegment(host))];
    }

    private static int Number(IConfiguration configuration, string key, int fallback, int least)
    {
        if (configuration[key] is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArgumentException($"{key} is '{text}': specify an integer, {least} or more.");
    }
}
