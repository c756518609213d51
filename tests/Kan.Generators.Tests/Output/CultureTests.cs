using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Output;

public sealed class CultureTests
{
    private const string Source = """
        using Kan;
        [KanNetwork(2, 2, 1)]
        [Edge(0, 0, 0, Breakpoints = [-1.5, 0, 1e-30], Slopes = [0, 0.5, -1e20, 0], ValueAtZero = -0.25)]
        [Edge(0, 1, 0, Breakpoints = [-0.1], Slopes = [-1, 1])]
        [Edge(0, 0, 1, Slopes = [-3.25])]
        [Edge(1, 1, 0, Slopes = [-2])]
        partial class Net { }
        [KanModel("a.onnx", Lowering = Lowering.Rows)] partial class Model { }
        [KanNetwork(1, 1)] [Edge(0, 0, -1, Breakpoints = [-1.5, -2.5], Slopes = [0])] partial class Wrong { }
        static partial class Curves { [PiecewiseLinear(Breakpoints = [-1.25], Slopes = [-1, 0.5])] public static partial double F(double x); }
        """;

    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[-2.5e-7],"bias":[-1]}]}""";

    [Fact]
    public void Output_and_messages_are_the_same_in_every_culture()
    {
        var (sources, messages) = Run(CultureInfo.InvariantCulture);
        var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        hostile.NumberFormat.NegativeSign = "\u2212";
        hostile.NumberFormat.NumberDecimalSeparator = ",";
        hostile.NumberFormat.NumberGroupSeparator = ".";
        hostile.NumberFormat.PositiveInfinitySymbol = "\u221E";
        hostile.NumberFormat.NaNSymbol = "nothing";
        var (otherSources, otherMessages) = Run(hostile);
        Assert.Equal(sources, otherSources);
        Assert.Equal(messages, otherMessages);
        Assert.Equal(6, messages.Length);
    }

    [Fact]
    public void Lines_end_in_a_line_feed_only()
    {
        var run = GeneratorHarness.Run(Source.Replace("\n", "\r\n"), ("a.onnx", Model));
        Assert.All(run.Sources.Values, static text => Assert.DoesNotContain('\r', text));
    }

    private static (string[] Sources, string[] Messages) Run(CultureInfo culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            var run = GeneratorHarness.Run(Source, ("a.onnx", Model));
            return (
                [.. run.Sources.OrderBy(static source => source.Key, System.StringComparer.Ordinal)
                    .Select(static source => source.Key + "\n" + source.Value)],
                [.. run.Diagnostics.Select(static diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
