using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

public sealed class SmokeTests
{
    [Fact]
    public void StubsOfEveryKindOfTypeCompile()
    {
        const string Source = """
            using System;
            using Kan;
            namespace Demo
            {
                [KanNetwork(2, 1)] [Edge(0, 0, 0)] public sealed partial class Risk { }
                [KanNetwork(9, 2)] [Edge(0, 0, 0)] public partial struct Plain { }
                [KanModel("missing.onnx")] public partial record struct Model { public float Use(float[] x, float[] y) { Evaluate(x, y); return y[0]; } }
                public static partial class Curves { [PiecewiseLinear] public static partial double Discount(double x); }
            }
            """;
        var run = GeneratorHarness.Run(Source);
        Assert.Equal(["KAN0101", "KAN0101", "KAN0300", "KAN0101"], System.Linq.Enumerable.Select(run.Diagnostics, static d => d.Id));
        Assert.True(run.CompilerDiagnostics.IsEmpty, string.Join("\n", run.CompilerDiagnostics) + run.Listing);
    }
}
