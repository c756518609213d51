using System;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

[Trait("Speed", "Slow")]
public sealed class BenchTests
{
    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    [InlineData("int8")]
    public async Task Generated_code_is_compiled_timed_and_compared(string precision)
    {
        var result = await KanRun.Json(0, "bench", TestFiles.Model("breast-cancer-mlp.onnx"), "--range", "-3,3", "--precision", precision,
            "--calls", "1000");
        Assert.Equal(precision, result.GetProperty("precision").GetString(), ignoreCase: true);
        Assert.True(result.GetProperty("enginesAgree").GetBoolean());
        Assert.Equal(0, result.GetProperty("bytesPerCall").GetDouble());
        Assert.Equal(1000, result.GetProperty("histogram").EnumerateArray().Sum(static bin => bin.GetProperty("count").GetInt32()));
        foreach (string figure in (string[])["p99", "batch", "panels", "interpreter"])
            Assert.True(result.GetProperty("nanoseconds").GetProperty(figure).GetDouble() >= 0);
    }

    [Fact]
    public void Histograms_hold_every_call_in_its_bin()
    {
        double[] times = [.. Enumerable.Range(0, 1000).Select(static i => 100.0 + (10 * (i % 7))).Order(), 5000];
        var bins = Histogram.BinsOf(times);
        Assert.Equal(times.Length, bins.Sum(static bin => bin.Count));
        Assert.All(bins.SkipLast(1), bin => Assert.Equal(times.Count(time => time >= bin.From - 1e-6 && time < bin.To - 1e-6), bin.Count));
        Assert.Equal(5000, bins[^1].To);
        Assert.Equal(160, Histogram.Quantile(times, 0.99));
    }
}
