using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Benchmarks.Engines;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;

namespace Kan.Benchmarks.Sections;

/// <summary>Multiply-adds and streaming loads: the ceilings of the machine.</summary>
internal sealed unsafe class CeilingSection() : Section("ceilings", "multiply-add peak and streaming loads by cache level")
{
    private static readonly int[] s_kilobytes = [16, 32, 256, 436, 768, 4096, 16384, 131072];

    public override void Run(Effort effort, SectionResult result)
    {
        var contestants = new List<Contestant> { Peak };
        foreach (int size in s_kilobytes) contestants.Add(Streaming(size << 10));
        var rotation = Rotation.Run(contestants, effort);

        var table = new Table { Title = "Ceilings of the machine, one core", Columns = ["what", "median", "best round"] };
        table.Rows.Add(["fused multiply-adds", $"{Format.Number(1 / rotation.Median(Peak.Name))} GMAC/s",
            $"{Format.Number(1 / rotation.Minimum(Peak.Name))} GMAC/s"]);
        result.Numbers["ceiling/gmac"] = 1 / rotation.Median(Peak.Name);
        foreach (var (size, contestant) in s_kilobytes.Zip(contestants.Skip(1)))
        {
            string Rate(double nanoseconds) => $"{Format.Number((size << 10) / nanoseconds)} GB/s";
            table.Rows.Add([$"loads of {Format.Bytes((double)size * 1024)}", Rate(rotation.Median(contestant.Name)),
                Rate(rotation.Minimum(contestant.Name))]);
            result.Numbers[$"ceiling/load/{size}"] = (size << 10) / rotation.Median(contestant.Name);
        }

        result.Tables.Add(table);
    }

    /// <summary>One unit is one multiply-add.</summary>
    public static Contestant Peak { get; } =
        new("peak", static count => Ceilings.MultiplyAdd(Math.Max(1, count / Ceilings.MultiplyAddsPerStep)));

    /// <summary>One unit is one pass over a buffer of as many bytes, rounded up to 1 KiB.</summary>
    public static Contestant Streaming(int bytes)
    {
        int rounded = (bytes + 1023) / 1024 * 1024;
        float* buffer = Ceilings.Allocate(rounded);
        return new Contestant($"stream {bytes}", count =>
        {
            float sum = 0;
            for (int i = 0; i < count; i++) sum += Ceilings.Load(buffer, rounded);
            return sum;
        });
    }
}
