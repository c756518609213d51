using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Testing;

namespace Kan.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Quick">Fewer and shorter rounds.</param>
/// <param name="Only">The sections to run; all when empty.</param>
/// <param name="Network">A part of the name of the networks to measure; the tables are then printed, and nothing is saved.</param>
/// <param name="Output">The report; its numbers lie beside it as .json.</param>
internal sealed record Options(bool Quick, IReadOnlyList<string> Only, string? Network, string Output)
{
    public const string Usage =
        "usage: Kan.Benchmarks [--quick] [--only NAME[,NAME...]] [--network TEXT] [--output FILE.md] | --report | --list";

    public string Numbers => Path.ChangeExtension(Output, ".json");

    /// <exception cref="ArgumentException">The line is not understood.</exception>
    public static Options Parse(string[] arguments, IReadOnlyCollection<string> sections)
    {
        bool quick = false;
        var only = new List<string>();
        string? network = null;
        string output = Repository.PathOf("docs", "benchmarks.md");
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--only" when i + 1 < arguments.Length:
                    only.AddRange(arguments[++i].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                    break;
                case "--network" when i + 1 < arguments.Length:
                    network = arguments[++i];
                    break;
                case "--output" when i + 1 < arguments.Length:
                    output = Path.GetFullPath(arguments[++i]);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[i]}' is not understood.\n{Usage}");
            }
        }

        string? unknown = only.Find(name => !sections.Contains(name));
        return unknown is null ? new Options(quick, only, network, output)
            : throw new ArgumentException($"There is no section '{unknown}'; there are {string.Join(", ", sections)}.");
    }

    public static string Metadata(string key) =>
        typeof(Options).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
