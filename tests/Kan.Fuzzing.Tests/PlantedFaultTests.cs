using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Running;
using Kan.Fuzzing.Workers;
using Xunit;

namespace Kan.Fuzzing.Tests;

/// <summary>The fuzzer finds faults that are there, makes them small, and survives what a case does to its process.</summary>
public sealed class PlantedFaultTests
{
    private static readonly CaseLimits s_limits = new(CpuSeconds: 2, HeapMegabytes: 200);

    private static FuzzEngine Engine { get; } = Engines.Find(PlantedEngine.EngineName)!;

    [Fact]
    public void An_exception_is_found_minimised_and_saved_with_its_command()
    {
        string folder = Directory.CreateTempSubdirectory("kan-fuzzing-test-").FullName;
        try
        {
            var campaign =
                new Campaign(new Options { Engines = [Engine], Count = 400, Seed = 5, Findings = folder, Limits = s_limits, Jobs = 1 },
                TextWriter.Null);
            campaign.Run();
            var finding = Assert.Single(campaign.Findings);
            Assert.Contains("InvalidOperationException", finding.Key, StringComparison.Ordinal);
            Assert.Equal(400, campaign.Tallies[0].Cases);

            // One step adds the 7 and one the 3: nothing else is left.
            byte[] bytes = Engine.Build(finding.Genome).Files[0].Bytes;
            Assert.Contains((byte)7, bytes);
            Assert.Contains((byte)3, bytes);
            Assert.Equal(2, finding.Genome.Steps.Length);
            string saved = Assert.Single(Directory.GetDirectories(folder));
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(saved, "m.planted")));
            Assert.Contains(finding.Command, File.ReadAllText(Path.Combine(saved, "finding.txt")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(11, "hang")]
    [InlineData(17, "crash")]
    [InlineData(13, "memory")]
    public void A_case_that_takes_the_worker_along_is_told_and_the_run_goes_on(int number, string key)
    {
        using var worker = new WorkerProcess(s_limits);
        var answer = worker.Run($"genome planted {new Genome(number, 0, [])}", out var lost);
        string told = answer is null ? lost!.Key : Assert.Single(answer.Faults).Key;
        Assert.StartsWith(key, told, StringComparison.Ordinal);
        if (lost is not null) Assert.Equal(number, lost.Genome.Seed);
        Assert.NotNull(worker.Run($"genome planted {new Genome(0, 0, [])}", out _));
    }

    [Fact]
    public void A_case_follows_from_engine_seed_and_index()
    {
        var genomes = Genomes([]);
        Assert.Equal(genomes.Select(static genome => genome.ToString()), Genomes([]).Select(static genome => genome.ToString()));
        Assert.True(genomes.Any(static genome => genome.Steps.Length > 4), "no case has a parent");
        Assert.Equal(100, Segments(0, []).Run(100).Count());
        Assert.Equal(99, Segments(0, [7]).Run(100).Count());
    }

    private static ImmutableArray<Genome> Genomes(ImmutableHashSet<long> skipped) =>
        [.. Segments(3, skipped).Run(100).Select(static item => item.Genome)];

    private static Segment Segments(long number, ImmutableHashSet<long> skipped) =>
        new(Engine, 9, number, skipped, (_, genome) => Engine.Judge(Engine.Build(genome), genome.Variant, ""));

    [Fact]
    public void Reduction_keeps_only_the_steps_that_the_fault_needs()
    {
        var reduced = Minimizer.Reduce(new Genome(1, 2, [1, 2, 3, 4, 5, 6]),
            static genome => genome.Steps.Contains(2) && genome.Steps.Contains(5) ? "fault" : null);
        Assert.Equal([2, 5], reduced.Steps);
        Assert.Equal((1, 2), (reduced.Seed, reduced.Variant));
    }
}
