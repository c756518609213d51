using System;
using System.Linq;
using SampleApp;
using SampleApp.Service;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>Borders of regions found from bend to bend are those that the affine maps of the compiled networks show.</summary>
public sealed class RegionTests
{
    private const int Samples = 4096;

    private static readonly IClassifier[] s_networks = [new Classifier<MnistMlp>(), new Classifier<MnistKan>()];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Borders_of_a_faint_stroke_are_those_of_the_affine_maps(int model)
    {
        var random = new Random(model);
        int equal = 0;
        for (int known = 0; known < 6; known++)
        {
            float[] from = Load.Digits.Pixels(known), to = [.. from];
            foreach (int p in Enumerable.Range(0, 3).Select(_ => (14 * 28) + random.Next(4, 24))) to[p] = Math.Min(1, from[p] + 0.2f);
            var region = RegionWalk.From(s_networks[model], s_networks[model].Numeric, to, from);
            int sampled = 0;
            ulong last = At(0);
            for (int i = 1; i <= Samples; i++)
            {
                ulong next = At((double)i / Samples);
                if (next != last) sampled++;
                last = next;
            }

            // Two borders between neighbouring samples look like one.
            Assert.InRange(sampled, 0, region.Crossed);
            if (sampled == region.Crossed) equal++;

            ulong At(double t) =>
                RegionWalk.Fingerprint(s_networks[model], [.. from.Select((value, p) => (float)(value + (t * (to[p] - value))))]);
        }

        Assert.True(equal >= 4, $"only {equal} of 6 counts are equal");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_next_border_is_where_it_is_said_to_be(int model)
    {
        int found = 0;
        for (int known = 0; known < 10; known++)
        {
            // A stroke that every pixel of a drawn digit took part in, with room to go on.
            float[] to = [.. Load.Digits.Pixels(known).Select(static value => value / 2)],
                from = [.. to.Select(static value => value * 0.5f)];
            var region = RegionWalk.From(s_networks[model], s_networks[model].Numeric, to, from);
            if (region.StrokesToNext is { } strokes)
            {
                found++;
                Assert.Equal(region.Id, Id(0.98 * strokes));
                Assert.NotEqual(region.Id, Id(1.02 * strokes));
            }
            else
            {
                // It says that there is none for two strokes.
                for (double part = 0.1; part < 2; part += 0.1) Assert.Equal(region.Id, Id(part));
            }

            string Id(double part) =>
                RegionWalk.From(s_networks[model], s_networks[model].Numeric,
                    [.. to.Select((value, p) => (float)(value + (part * (value - from[p]))))], null).Id;
        }

        Assert.InRange(found, 5, 10);
    }
}
