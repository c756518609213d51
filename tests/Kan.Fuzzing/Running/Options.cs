using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Workers;

namespace Kan.Fuzzing.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Help = """
        Changes small valid inputs by their structure, and checks that each is accepted or refused as promised.

        dotnet run -c Release --project tests/Kan.Fuzzing -- [options]

          --count N            files over all engines of files (default 20000)
          --sources N          C# sources (default 1000)
          --seconds S          begin nothing new after S seconds
          --jobs N             workers side by side (default: one for each processor)
          --seed N             the seed of the run (default 1)
          --engines A,B        some engines: onnx, torch, safetensors, npz, pykan, json, rows, cs
          --findings DIR       where findings are saved (default artifacts/fuzzing)
          --write-report FILE  write the counts into the section "The last run" of a page
          --cpu-seconds N      processor time of a case (default 60)
          --memory N           MiB of managed memory of a case (default 2048)

        One case again: --engine NAME --seed N --case I [--skip I,I]   prints and saves it
                        --engine NAME --genome G                       the same for a minimised finding
                        --engine NAME --file PATH [--variant N]        judges a file
        """;

    public long Count { get; init; } = 20_000;

    public long Sources { get; init; } = 1_000;

    public double Seconds { get; init; } = double.PositiveInfinity;

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public int Seed { get; init; } = 1;

    public IReadOnlyList<FuzzEngine> Engines { get; init; } = Cases.Engines.All;

    public string Findings { get; init; } = System.IO.Path.Combine("artifacts", "fuzzing");

    public string? Report { get; init; }

    public CaseLimits Limits { get; init; } = new(60, 2048);

    /// <summary>The engine of one case.</summary>
    public FuzzEngine? Engine { get; init; }

    public long? Case { get; init; }

    public Genome? Genome { get; init; }

    public IReadOnlySet<long> Skipped { get; init; } = new HashSet<long>();

    public string? File { get; init; }

    public int Variant { get; init; }

    /// <summary>The options of a command line; null where it is wrong.</summary>
    public static Options? Parse(string[] arguments)
    {
        var options = new Options();
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) number = -1;
            switch (arguments[i])
            {
                case "--count" when number >= 0:
                    options = options with { Count = (long)number };
                    break;
                case "--sources" when number >= 0:
                    options = options with { Sources = (long)number };
                    break;
                case "--seconds" when number >= 0:
                    options = options with { Seconds = number };
                    break;
                case "--jobs" when number >= 1:
                    options = options with { Jobs = (int)number };
                    break;
                case "--seed" when number >= 0:
                    options = options with { Seed = (int)number };
                    break;
                case "--engines" when value.Split(',').All(static name => Cases.Engines.Find(name) is not null):
                    options = options with { Engines = [.. value.Split(',').Select(static name => Cases.Engines.Find(name)!)] };
                    break;
                case "--findings":
                    options = options with { Findings = value };
                    break;
                case "--write-report":
                    options = options with { Report = value };
                    break;
                case "--cpu-seconds" when number > 0:
                    options = options with { Limits = options.Limits with { CpuSeconds = (int)number } };
                    break;
                case "--memory" when number > 0:
                    options = options with { Limits = options.Limits with { HeapMegabytes = (int)number } };
                    break;
                case "--engine" when Cases.Engines.Find(value) is { } engine:
                    options = options with { Engine = engine };
                    break;
                case "--case" when number >= 0:
                    options = options with { Case = (long)number };
                    break;
                case "--genome":
                    options = options with { Genome = Genome.Parse(value) };
                    break;
                case "--skip":
                    options = options with
                    {
                        Skipped = value.Split(',')
                        .Select(static index => long.Parse(index, CultureInfo.InvariantCulture)).ToHashSet()
                    };
                    break;
                case "--file":
                    options = options with { File = value };
                    break;
                case "--variant" when number >= 0:
                    options = options with { Variant = (int)number };
                    break;
                default:
                    return null;
            }
        }

        return arguments.Length % 2 == 0 ? options : null;
    }
}
