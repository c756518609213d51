using System;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>The members that a class has because its model ends in a head.</summary>
public sealed class HeadTests
{
    private const string Three = "{\"kind\":\"activation\",\"size\":3,\"function\":{\"slopes\":[1],\"anchor\":[0,0]}}";

    [Theory]
    [InlineData("", "")]
    [InlineData(",\"inputs\":{\"names\":[\"p\",\"q\",\"r\"]}", "")]
    [InlineData("", "|Precision=Double")]
    [InlineData(",\"inputs\":{\"names\":[\"p\",\"q\",\"r\"],\"ranges\":[[-9,9]]}", "|Precision=Double")]
    public void A_softmax_gives_probabilities_and_decides(string inputs, string precision)
    {
        using var built = GeneratorHarness.Build(Use(inputs.Length > 0, precision.Length > 0),
            ("a.onnx|Class=Net|Namespace=N" + precision, Model("softmax", Three, inputs)));
        double[] numbers = built.Method<Func<double[]>>("N.Use", "All")();
        double[] row = [0.09003057317038045799, 0.24472847105479765247, 0.66524095577482188952];
        double[][] parts = [row, [2, 2], [.. row.Reverse(), 1.0 / 3, 1.0 / 3, 1.0 / 3]];
        AssertClose([.. parts.SelectMany(static part => part)], numbers, precision.Length > 0 ? 1e-15 : 1e-7);
        string text = built.Run.Sources.Values.First(static text => text.Contains("partial class Net", StringComparison.Ordinal));
        text = string.Join(' ', text.Split([' ', '\n', '/'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("The model ends in Softmax, which is not part of the network: the outputs are the values before it, to which "
            + "Probabilities and Decide apply it.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Logarithms_are_those_of_the_probabilities()
    {
        using var built = GeneratorHarness.Build(
            """
            namespace N;
            /// <summary>Uses it.</summary>
            public static class Use
            {
                /// <summary>All numbers.</summary>
                public static float[] All()
                {
                    float[] numbers = new float[12];
                    Net.LogProbabilities([1, 2, 3], numbers.AsSpan(0, 3));
                    Net.LogProbabilitiesBatch([3, 2, 1, 7, 7, 7], numbers.AsSpan(3, 6));
                    Net.Probabilities([7, 7, 7], numbers.AsSpan(9));
                    return numbers;
                }
            }
            """.Replace("namespace N;", "using System;\nnamespace N;", StringComparison.Ordinal),
            ("a.onnx|Class=Net|Namespace=N", Model("logSoftmax", Three, "")));
        double third = 1.0 / 3, log = Math.Log(third);
        double[] expected =
        [
            -2.4076059644443803, -1.4076059644443803, -0.4076059644443803, -0.4076059644443803, -1.4076059644443803, -2.4076059644443803,
                log, log, log, third, third, third,
        ];
        AssertClose(expected, [.. built.Method<Func<float[]>>("N.Use", "All")().Select(static y => (double)y)], 2e-7);
    }

    [Theory]
    [InlineData(0.5f, 0.62245933120185456464, true)]
    [InlineData(0f, 0.5, false)]
    [InlineData(-0.5f, 0.37754066879814543536, false)]
    [InlineData(float.NaN, double.NaN, null)]
    public void One_output_of_a_sigmoid_decides_by_its_sign(float input, double probability, bool? decision)
    {
        const string One = "{\"kind\":\"affine\",\"inputs\":2,\"outputs\":1,\"weights\":[1,1]}";
        foreach (string names in (string[])["", ",\"inputs\":{\"names\":[\"p\",\"q\"]}"])
        {
            using var built = GeneratorHarness.Build(
                """
                using System;
                namespace N;
                /// <summary>Uses it.</summary>
                public static class Use
                {
                    /// <summary>The probability.</summary>
                    public static float Probability(float x)
                    {
                        float[] p = new float[2];
                        Net.Probabilities(SAMPLE, p.AsSpan(1));
                        Net.ProbabilitiesBatch((ReadOnlySpan<float>)[x, 0], p.AsSpan(0, 1));
                        return p[0].Equals(p[1]) ? p[0] : -1;
                    }

                    /// <summary>The decision.</summary>
                    public static bool Decide(float x) => Net.Decide(SAMPLE) & Net.Decide([x, 0], new float[1]);
                }
                """.Replace("SAMPLE", names.Length > 0 ? "new Net.Features(P: x, Q: 0)" : "[x, 0]", StringComparison.Ordinal),
                ("a.onnx|Class=Net|Namespace=N", Model("sigmoid", One, names)));
            Assert.Equal((float)probability, built.Method<Func<float, float>>("N.Use", "Probability")(input));
            var decide = built.Method<Func<float, bool>>("N.Use", "Decide");
            if (decision is { } expected) Assert.Equal(expected, decide(input));
            else Assert.Contains("is NaN", Assert.Throws<ArgumentException>(() => decide(input)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_argmax_decides_and_gives_no_probabilities()
    {
        using var built = GeneratorHarness.Build(
            """
            namespace N;
            /// <summary>Uses it.</summary>
            public static class Use
            {
                /// <summary>The first of the largest.</summary>
                public static int First() => Net.Decide([1, 3, 3]);
            }
            """,
            ("a.onnx|Class=Net|Namespace=N", Model("argMax", Three, "")));
        Assert.Equal(1, built.Method<Func<int>>("N.Use", "First")());
        Assert.DoesNotContain(built.Type("N.Net").GetMethods(),
            static method => method.Name.Contains("Probabilities", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_name_what_a_head_decides()
    {
        string model = Model("softmax", Three, "")
            .Replace("\"head\"", "\"labels\":[\"good\",\"watch\",\"bad\"],\"head\"", StringComparison.Ordinal);
        using var built = GeneratorHarness.Build(
            """
            namespace N;
            /// <summary>Uses it.</summary>
            public static class Use
            {
                /// <summary>The class.</summary>
                public static string Name() => Net.Decide([1, 3, 2]).ToString();
            }
            """,
            ("a.onnx|Class=Net|Namespace=N", model));
        Assert.Equal("Watch", built.Method<Func<string>>("N.Use", "Name")());
    }

    [Fact]
    public void A_mistake_hides_no_member_of_a_head()
    {
        // The names of inputs do not fit, which is the only error, whatever is called.
        var run = GeneratorHarness.Run(
            """
            using System;
            using Kan;
            [KanModel("a.onnx")] [Input(7, "far")] static partial class Net { }
            static class Use
            {
                static int Decide(float[] x) => Net.Decide(x);
            }
            """,
            ("a.onnx", Model("softmax", Three, "")));
        Assert.All(run.CompilerDiagnostics, static complaint => Assert.NotEqual("CS0117", complaint.Id));
    }

    private static string Use(bool hasNames, bool isDouble) => """
        using System;
        namespace N;
        /// <summary>Uses it.</summary>
        public static class Use
        {
            /// <summary>All numbers.</summary>
            public static double[] All()
            {
                NUMBER[] numbers = new NUMBER[11];
                Net.Probabilities(SAMPLE, numbers.AsSpan(0, 3));
                numbers[3] = Net.Decide(SAMPLE);
                numbers[4] = Net.Decide([1, 2, 3], new NUMBER[3]);
                Net.ProbabilitiesBatch(SAMPLES, numbers.AsSpan(5));
                return Array.ConvertAll(numbers, static number => (double)number);
            }
        }
        """
        .Replace("NUMBER", isDouble ? "double" : "float", StringComparison.Ordinal)
        .Replace("SAMPLES", hasNames ? "new Net.Features[] { new(3, 2, 1), new(7, 7, 7) }" : "[3, 2, 1, 7, 7, 7]", StringComparison.Ordinal)
        .Replace("SAMPLE", hasNames ? "new Net.Features(P: 1, Q: 2, R: 3)" : "[1, 2, 3]", StringComparison.Ordinal);

    private static string Model(string head, string layer, string inputs) =>
        $$"""{"format":"kan","version":1,"name":"n","outputs":{"head":"{{head}}"},"layers":[{{layer}}]{{inputs}}}""";

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual)) Assert.Equal(e, a, relative * Math.Max(1e-3, Math.Abs(e)));
    }
}
