using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Onnx;
using Kan.Interchange.Onnx.Operators;
using Xunit;

namespace Kan.Fuzzing.Tests;

/// <summary>Each engine: its seeds are sound, its cases are the same each time, and those of a short run keep all promises.</summary>
public sealed class EngineTests
{
    private static readonly HashSet<string> s_sound = ["accepted", "compiles"];

    public static TheoryData<string> Names => [.. Engines.All.Select(static engine => engine.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_genome_gives_the_same_bytes(string name)
    {
        var engine = Engines.Find(name)!;
        for (int i = 0; i < 200; i++)
        {
            var genome = new Genome(i % engine.SeedCount, i, [i, i * 7919, i * 104729]);
            var first = engine.Build(genome);
            var second = Engines.Find(name)!.Build(Genome.Parse(genome.ToString()));
            Assert.Equal(first.Files.Select(static file => file.Name), second.Files.Select(static file => file.Name));
            foreach (var (left, right) in first.Files.Zip(second.Files))
                Assert.True(left.Bytes.AsSpan().SequenceEqual(right.Bytes), genome.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_change_the_bytes(string name)
    {
        var engine = Engines.Find(name)!;
        string Text(ImmutableArray<int> steps) =>
            string.Join(' ', engine.Build(new Genome(0, 0, steps)).Files.Select(static file => Convert.ToHexString(file.Bytes)));
        string seed = Text([]);

        // A step may find nothing to change; most do.
        Assert.InRange(Enumerable.Range(0, 100).Count(step => Text([step]) != seed), 60, 100);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_seed_is_sound(string name)
    {
        using var folder = new Folder();
        var engine = Engines.Find(name)!;
        for (int seed = 0; seed < engine.SeedCount; seed++)
        {
            // Some need options, which the variant chooses.
            var input = engine.Build(new Genome(seed, 0, []));
            var verdicts = Enumerable.Range(0, 64).Select(variant => engine.Judge(input, variant, folder.Path));
            Assert.True(verdicts.Any(static verdict => s_sound.Contains(verdict.Outcome)),
                $"Seed {seed}: {engine.Judge(input, 1, folder.Path)}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_short_run_keeps_all_promises(string name)
    {
        using var folder = new Folder();
        var engine = Engines.Find(name)!;
        for (int number = 0; number < 2; number++)
        {
            var segment = new Segment(engine, 1, number, ImmutableHashSet<long>.Empty,
                (_, genome) => engine.Judge(engine.Build(genome), genome.Variant, folder.Path));
            foreach (var (index, genome, verdict) in segment.Run(Math.Min(200, engine.SegmentLength / 2)))
                Assert.True(verdict.Fault is null, $"Case {index}, --engine {name} --genome {genome}: {verdict.Fault}");
        }
    }

    [Fact]
    public void The_seeds_of_ONNX_use_each_operator() =>
        Assert.Empty(OnnxOperators.Names.Except(OnnxSeeds.Operators));

    /// <summary>A folder of a test.</summary>
    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("kan-fuzzing-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
