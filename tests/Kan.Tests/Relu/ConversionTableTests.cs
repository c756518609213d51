using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Kan.Tests.Relu;

/// <summary>
/// Counts of converted networks against those of an independent program, on the same random networks: all numbers are 64ths, in
/// <c>conversion-instances.json</c>. Slopes may coincide there; the counts "separate" and "merged" leave out the units that then have
/// weight 0.
/// </summary>
public sealed class ConversionTableTests
{
    public static TheoryData<string, int, string, string> Rows { get; } = new()
    {
        // Widths, non-zeros of the KAN, then hidden widths / non-zeros / without signs / fused.
        { "4,4,4", 381, "96,96 / 583 / 391 / 2691", "84,84 / 559 / 391 / 2631" },
        { "4,4,4", 381, "96,96 / 584 / 392 / 2692", "24,24 / 296 / 248 / 748" },
        { "2,5,1", 179, "60,30 / 276 / 186 / 541", "12,30 / 180 / 138 / 445" },
        { "8,8,8,8", 2669, "446,445,445 / 4032 / 2696 / 51795", "56,56,56 / 1696 / 1528 / 6914" },
        { "16,16,16", 9138, "2293,2290 / 13765 / 9182 / 337334", "144,144 / 5192 / 4904 / 23391" },
    };

    [Fact]
    public void The_report_has_the_counts_of_the_other_program()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Relu", "conversion-instances.json"));
        using var instances = JsonDocument.Parse(stream);
        Assert.Equal(Rows.Count, instances.RootElement.GetArrayLength());
        foreach (var (row, instance) in Rows.Zip(instances.RootElement.EnumerateArray()))
        {
            var (widths, nonZeros, separate, merged) = row.Data;
            var report = ConversionReport.Of(Network(instance));
            Assert.Equal(widths, string.Join(",", report.Kan.Widths));
            Assert.Equal(nonZeros, report.Kan.NonZeroCount);
            Assert.Equal(separate, Text(report.Separate, report.SeparateFused));
            Assert.Equal(merged, Text(report.Merged, report.MergedFused));
        }
    }

    [Fact]
    public void Fused_networks_are_counted_as_if_they_were_multiplied_out()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Relu", "conversion-instances.json"));
        using var instances = JsonDocument.Parse(stream);
        foreach (var instance in instances.RootElement.EnumerateArray().Take(3))
        {
            var network = Network(instance);
            var report = ConversionReport.Of(network);
            foreach (var (size, units) in new[] { (report.SeparateFused, ReluUnits.Separate), (report.MergedFused, ReluUnits.Merged) })
            {
                var fused = network.ToRelu(units).Fuse();
                Assert.Equal(fused.NonZeroCount, size.NonZeroCount);
                Assert.Equal(fused.Widths, size.Widths);
                Assert.Equal(fused.Layers.Length, size.Depth);
                Assert.Equal(4L * fused.Layers.Sum(static layer => (layer.InputCount + 1L) * layer.OutputCount), size.DenseByteCount);
                Assert.Equal(fused.Layers.Sum(static layer => (8L * layer.Weights.NonZeroCount) + (4L * layer.OutputCount)
                    + (4L * (layer.OutputCount + 1))), size.SparseByteCount);
            }
        }
    }

    [Theory]
    [InlineData(3, 4, 5, false)]
    [InlineData(4, 3, 2, true)]
    public void The_free_parameters_are_at_most_those_of_the_edges(int inputs, int outputs, int k, bool shared)
    {
        var edges = from p in Enumerable.Range(0, inputs)
                    from q in Enumerable.Range(0, outputs)
                    select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(
                        [.. Enumerable.Range(1, k).Select(i => i + (shared ? 0 : Rational.Create(1 + q, outputs + 2)))],
                        [.. Enumerable.Range(0, k + 1).Select(i => (Rational)((i * i) + 1 + p + q))],
                        1,
                        100));
        var report = ConversionReport.Of(new KanNetwork([new KanLayer(inputs, outputs, edges)]));

        // Each edge: k distinct breakpoints and k + 1 outer weights; then one bias for each output. The KAN has 2 k + 2 numbers an edge.
        int count = inputs * outputs;
        Assert.Equal((count * ((2 * k) + 1)) + outputs, report.Separate.FreeParameterCount);
        Assert.Equal((count * ((3 * k) + 3)) + outputs, report.Separate.NonZeroCount);
        Assert.Equal(count * ((2 * k) + 2), report.Kan.ParameterCount);
        Assert.True(report.Separate.FreeParameterCount <= report.Kan.ParameterCount);
        Assert.Equal((inputs * (shared ? k : outputs * k)) + (count * (k + 2)), report.Kan.SharedParameterCount);
    }

    private static string Text(ReluSize factored, ReluSize fused) =>
        $"{string.Join(",", fused.Widths.Skip(1).SkipLast(1))} / {factored.NonZeroCount} / {factored.WithoutSignsCount} / "
        + $"{fused.NonZeroCount}";

    private static KanNetwork Network(JsonElement instance) => new(instance.GetProperty("layers").EnumerateArray().Select(static rows =>
    {
        var edges = rows.EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static edge =>
        {
            var breakpoints = Numbers(edge[2]);
            return new KanEdge(edge[0].GetInt32(), edge[1].GetInt32(),
                PiecewiseLinearFunction.FromSlopes(breakpoints, Numbers(edge[3]), breakpoints[0], Rational.Create(edge[4].GetInt32(), 64)));
        }).ToList();
        return new KanLayer(edges.Max(static edge => edge.Input) + 1, edges.Max(static edge => edge.Output) + 1, edges);
    }));

    private static List<Rational> Numbers(JsonElement numbers) =>
        [.. numbers.EnumerateArray().Select(static number => Rational.Create(number.GetInt32(), 64))];
}
