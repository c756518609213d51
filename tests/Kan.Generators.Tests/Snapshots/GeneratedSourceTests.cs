using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Snapshots;

/// <summary>What generated files look like to a reader.</summary>
public sealed class GeneratedSourceTests
{
    [Fact]
    public void A_network_by_hand() => Verify(
        "HandWritten",
        """
        using Kan;
        namespace Shop;

        [KanNetwork(2, 2, 1)]
        [Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0], ValueAtZero = 0.25)]
        [Edge(0, 0, 1, Breakpoints = [2], Slopes = [1, 0.1])]
        [Edge(0, 1, 0, Breakpoints = [0], Slopes = [-1, 1])]
        [Edge(1, 0, 0, Slopes = [2])]
        [Edge(1, 1, 0, Breakpoints = [0], Slopes = [0, -1])]
        public sealed partial class Risk;
        """);

    [Fact]
    public void A_network_with_names() => Verify(
        "Named",
        """
        using Kan;
        namespace Shop;

        [KanNetwork(2, 2)]
        [Edge(0, 0, 0, Slopes = [0.5])]
        [Edge(0, 1, 1, Breakpoints = [0], Slopes = [-1, 1])]
        [Input(0, "age", Low = 18, High = 90)]
        [Input(1, "blood pressure", Low = 90, High = 200)]
        [Output(0, "risk")]
        [Output(1, "margin")]
        public sealed partial class Score;
        """);

    [Fact]
    public void A_curve() => Verify(
        "Curve",
        """
        using Kan;
        namespace Shop;

        public static partial class Curves
        {
            [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0])]
            public static partial double Discount(double x);
        }
        """);

    private static void Verify(string name, string source)
    {
        using var built = GeneratorHarness.Build(source);
        string text = built.Run.Source;
        Assert.DoesNotContain('\r', text);
        Snapshot.Verify(text, name);
    }
}
