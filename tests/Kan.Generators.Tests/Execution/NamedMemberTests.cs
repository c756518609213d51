using System;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>The members that a network has because its inputs, outputs or classes have names.</summary>
public sealed class NamedMemberTests
{
    // age - 2 pressure, whatever the range, and |age|.
    private const string Declared = """
        using System;
        using Kan;
        namespace Clinic;

        /// <summary>A score.</summary>
        [KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [-2])]
        [Input(0, "age", Low = 0, High = 120)] [Input(1, "blood pressure", Low = 50, High = 250)] [Output(0, "risk")]
        public static partial class Score;

        /// <summary>Two results.</summary>
        [KanNetwork(2, 2, Precision = Precision.Double)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [-2])] [Edge(0, 0, 1, Breakpoints = [0], Slopes = [-1, 1])]
        [Input(1, "pressure")] [Input(0, "age")] [Output(1, "b")] [Output(0, "a")]
        public partial record struct Pair;

        /// <summary>Uses them.</summary>
        public static class Use
        {
            /// <summary>By names.</summary>
            public static float One() => Score.Evaluate(new(Age: 52, BloodPressure: 131));

            /// <summary>By named numbers.</summary>
            public static float Numbers() => Score.Evaluate(bloodPressure: 131, age: 52);

            /// <summary>A batch.</summary>
            public static float[] Batch()
            {
                Score.Features[] features = [new(1, 2), new(3, 4), new(5, 6)];
                float[] outputs = new float[3];
                Score.EvaluateBatch(features, outputs);
                return outputs;
            }

            /// <summary>Two results.</summary>
            public static double[] Both()
            {
                var (a, b) = Pair.Evaluate(new(Age: -3, Pressure: 5));
                Pair.Result[] results = new Pair.Result[2];
                Pair.EvaluateBatch((ReadOnlySpan<Pair.Features>)[new(1, 1), new(-2, 1)], results);
                double[] numbers = new double[2];
                Pair.Evaluate(new Pair.Features { Age = 7 }, numbers);
                return [a, b, results[0].A, results[0].B, results[1].A, results[1].B, numbers[0], numbers[1]];
            }

            /// <summary>Ranges.</summary>
            public static bool[] Inside() =>
            [
                Score.IsInRange(new(0, 250)), Score.IsInRange(new(-0.1f, 250)), Score.IsInRange(new(120, 250.1f)), Score.IsInRange(new(float.NaN, 100)),
                Score.Info.IsInRange([120f, 50f]), Score.Info.IsInRange([120d, 49]), Pair.Info.IsInRange([1e30, double.NaN]),
            ];
        }
        """;

    [Fact]
    public void Names_of_attributes_make_features_results_and_parameters()
    {
        using var built = GeneratorHarness.Build(Declared);
        Assert.Equal(52 - 262, built.Method<Func<float>>("Clinic.Use", "One")());
        Assert.Equal(52 - 262, built.Method<Func<float>>("Clinic.Use", "Numbers")());
        Assert.Equal([-3f, -5f, -7f], built.Method<Func<float[]>>("Clinic.Use", "Batch")());
        Assert.Equal([-13d, 3, -1, 1, -4, 2, 7, 7], built.Method<Func<double[]>>("Clinic.Use", "Both")());
        Assert.Equal([true, false, false, false, true, false, true], built.Method<Func<bool[]>>("Clinic.Use", "Inside")());
        Assert.Equal(8, SizeOf(built.Type("Clinic.Score+Features")));
        Assert.Equal(16, SizeOf(built.Type("Clinic.Pair+Result")));
        var info = Info(built, "Clinic.Score");
        Assert.Equal(["age", "blood pressure"], info.InputNames);
        Assert.Equal(["risk"], info.OutputNames);
        Assert.Equal([new(0, 120), new(50, 250)], info.InputRanges);
        Assert.True(info.ErrorBound < 1e-3, info.ErrorBound.ToString(CultureInfo.InvariantCulture));
        string text = built.Run.Sources.Values.Single(static text => text.Contains("partial class Score", StringComparison.Ordinal));
        Assert.Contains("/// <param name=\"BloodPressure\">blood pressure, in [50, 250].</param>", text, StringComparison.Ordinal);
        Assert.Contains("/// <param name=\"bloodPressure\">blood pressure, in [50, 250].</param>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_features_is_not_copied()
    {
        using var built = GeneratorHarness.BuildRelease("""
            using System;
            using Kan;
            [KanNetwork(2, 1)] [Edge(0, 0, 0, Breakpoints = [1], Slopes = [1, 3])] [Edge(0, 1, 0, Slopes = [-2])] [Input(0, "a")] [Input(1, "b")]
            static partial class Net
            {
                static readonly Features[] s_features = new Features[4096];
                static readonly float[] s_outputs = new float[4096];
                public static long Bytes()
                {
                    EvaluateBatch(s_features, s_outputs);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    EvaluateBatch(s_features, s_outputs);
                    return GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }
            """);
        Assert.Equal(0, built.Method<Func<long>>("Net", "Bytes")());
    }

    [Theory]
    [InlineData("1,5,2", "Watch")]
    [InlineData("4,4,4", "Good")]
    [InlineData("1,7,7", "Watch")]
    [InlineData("-Infinity,-Infinity,3", "TooBad")]
    [InlineData("NaN,1,2", null)]
    [InlineData("1,2,NaN", null)]
    public void Labels_decide_by_the_largest_output_the_first_of_equals_and_refuse_NaN(string inputs, string? label)
    {
        foreach (string names in (string[])["", ""","inputs":{"names":["p","q","r"]}"""])
        {
            string model = """{"format":"kan","version":1,"name":"n","outputs":{"names":["x","y","z"],"labels":["good","watch","too bad"]},"layers":[{"kind":"activation","size":3,"function":{"slopes":[1],"anchor":[0,0]}}]NAMES}"""
                .Replace("NAMES", names, StringComparison.Ordinal);
            using var built = GeneratorHarness.Build(
                """
                namespace N;
                /// <summary>Uses it.</summary>
                public static class Use
                {
                    /// <summary>Decides.</summary>
                    public static string Decide(float[] x) => Net.Decide(CALL).ToString() + Net.Decide(x, new float[3]);
                }
                """.Replace("CALL", names.Length > 0 ? "new(P: x[0], Q: x[1], R: x[2])" : "x", StringComparison.Ordinal),
                ("a.onnx|Class=Net|Namespace=N", model));
            float[] numbers = [.. inputs.Split(',').Select(static text => float.Parse(text, CultureInfo.InvariantCulture))];
            var decide = built.Method<Func<float[], string>>("N.Use", "Decide");
            if (label is null)
                Assert.Contains("is NaN", Assert.Throws<ArgumentException>(() => decide(numbers)).Message, StringComparison.Ordinal);
            else Assert.Equal(label + label, decide(numbers));
            Assert.Equal(["good", "watch", "too bad"], Info(built, "N.Net").Labels);
            Assert.Equal(["Good", "Watch", "TooBad"], Enum.GetNames(built.Type("N.Net+Label")));
            Assert.Equal(names.Length > 0, built.Assembly.GetType("N.Net+Features") is not null);
        }
    }

    [Theory]
    [InlineData("class|int|Not a Number", "Class,Int,NotANumber", "@class,@int,notANumber")]
    [InlineData("mean radius|mean_radius|meanRadius", "MeanRadius_0,MeanRadius_1,MeanRadius_2", "meanRadius_0,meanRadius_1,meanRadius_2")]
    [InlineData("x[0]|x[10]|%", "X0,X10,Input2", "x0,x10,input2")]
    [InlineData("2nd income|\u00E9tat|\u5E74\u9F61", "_2ndIncome,\u00C9tat,\u5E74\u9F61", "_2ndIncome,\u00E9tat,\u5E74\u9F61")]
    [InlineData("BMI|URLCount|features", "BMI,URLCount,Features_2", "bmi,urlCount,features_2")]
    [InlineData("equals|to string|Deconstruct", "Equals_0,ToString_1,Deconstruct_2", "equals_0,toString_1,deconstruct_2")]
    [InlineData("inputs|output|kernels", "Inputs,Output,Kernels", "inputs,output,kernels")]
    [InlineData("URL|Url|url x", "URL,Url,UrlX", "url_0,url_1,urlX")]
    public void Any_name_becomes_an_identifier(string names, string fields, string parameters)
    {
        string model = Affine(names.Split('|'), 1);
        foreach (string form in (string[])["", "|Precision=Double"])
        {
            using var built = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N" + form, model));
            var features = built.Type("N.Net+Features")
                .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
            Assert.Equal(fields, string.Join(",", features.Select(static property => property.Name)));
            var scalar = built.Type("N.Net").GetMethods()
                .Single(static method => method.Name == "Evaluate" && method.GetParameters().Length == 3);
            Assert.Equal(parameters.Replace("@", "", StringComparison.Ordinal),
                string.Join(",", scalar.GetParameters().Select(static parameter => parameter.Name)));
            Assert.Equal(names.Split('|'), Info(built, "N.Net").InputNames);
        }
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(256, 256)]
    [InlineData(257, 2)]
    [InlineData(2, 257)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void Features_and_results_have_at_most_256_fields(int inputs, int outputs)
    {
        string[] names = [.. Enumerable.Range(0, inputs).Select(static i => "in " + i)];
        string model = Affine(names, outputs)
            .Replace("\"layers\"", "\"outputs\":{\"names\":["
                + string.Join(",", Enumerable.Range(0, outputs).Select(static i => $"\"out {i}\"")) + "]},\"layers\"",
                StringComparison.Ordinal);
        using var built = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N", model));
        bool hasFeatures = inputs <= 256 && inputs * outputs > 1;
        var features = built.Assembly.GetType("N.Net+Features");
        Assert.Equal(hasFeatures, features is not null);
        Assert.Equal(hasFeatures && outputs is > 1 and <= 256, built.Assembly.GetType("N.Net+Result") is not null);
        if (features is not null) Assert.Equal(4 * inputs, SizeOf(features));
        Assert.Equal(names, Info(built, "N.Net").InputNames);
    }

    [Fact]
    public void Attributes_go_over_what_a_file_says()
    {
        string model = Affine(["a", "b"], 1).Replace("\"layers\"", "\"outputs\":{\"names\":[\"y\"]},\"layers\"", StringComparison.Ordinal);
        using var built = GeneratorHarness.Build(
            """
            using Kan;
            [KanModel("a.onnx")] [Input(1, "c", Low = -2, High = 3)] static partial class Net { }
            [KanModel("b.onnx")] [Input(0, "p")] [Input(1, "q", Low = 4, High = 5)] static partial class Other { }
            """,
            ("a.onnx", model.Replace("\"names\":[\"a\"", "\"ranges\":[[0,1]],\"names\":[\"a\"", StringComparison.Ordinal)),
            ("b.onnx", model.Replace("\"names\":[\"a\",\"b\"]", "\"ranges\":[[0,1],[0,2]]", StringComparison.Ordinal)));
        var info = Info(built, "Net");
        Assert.Equal(["a", "c"], info.InputNames);
        Assert.Equal([new(0, 1), new(-2, 3)], info.InputRanges);
        Assert.Equal(["y"], info.OutputNames);
        Assert.Equal(["p", "q"], Info(built, "Other").InputNames);
        Assert.Equal([new(0, 1), new(4, 5)], Info(built, "Other").InputRanges);
        Assert.Equal(["A", "C"], built.Type("Net+Features").GetProperties().Select(static property => property.Name));
    }

    [Fact]
    public void Wide_networks_take_features_too()
    {
        // Not written out operation by operation: the kernels over panels read the structures in place.
        string[] names = [.. Enumerable.Range(0, 40).Select(static i => "v" + i)];
        using var built = GeneratorHarness.Build(
            """
            namespace N;
            /// <summary>Uses it.</summary>
            public static class Use
            {
                /// <summary>One sample.</summary>
                public static float One() => Net.Evaluate(new Net.Features { V1 = 2, V39 = 3 });
            }
            """,
            ("a.onnx|Class=Net|Namespace=N", Affine(names, 1)));
        Assert.Equal((2 * 2) + (3 * 40), built.Method<Func<float>>("N.Use", "One")());
    }

    /// <summary>Output q is the sum of (p + 1) x_p, shifted by q.</summary>
    private static string Affine(string[] names, int outputs)
    {
        string weights = string.Join(",", Enumerable.Range(0, outputs * names.Length).Select(i => (i % names.Length) + 1));
        string list = string.Join(",", names.Select(static name => System.Text.Json.JsonSerializer.Serialize(name)));
        return $$"""{"format":"kan","version":1,"name":"n","inputs":{"names":[{{list}}]},"layers":[{"kind":"affine","inputs":{{names.Length}},"outputs":{{outputs}},"weights":[{{weights}}],"bias":[{{string.Join(",", Enumerable.Range(0, outputs))}}]}]}""";
    }

    private static KanModelInfo Info(GeneratedAssembly built, string type) =>
        (KanModelInfo)built.Type(type).GetProperty("Info")!.GetValue(null)!;

    private static int SizeOf(Type type) =>
        (int)typeof(System.Runtime.CompilerServices.Unsafe).GetMethod("SizeOf")!.MakeGenericMethod(type).Invoke(null, null)!;
}
