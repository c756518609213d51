using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>Models of several inputs and outputs: a span for each, with the numbers of the method that takes all of them.</summary>
public sealed class NamedTensorTests
{
    private const string Use = """
        using System;
        namespace N;
        /// <summary>Uses it.</summary>
        public static class Use
        {
            /// <summary>One sample.</summary>
            public static void One(float[] image, float[] state, float[] policy, float[] value) =>
                Net.Evaluate(image, state, policy, value);

            /// <summary>Samples.</summary>
            public static void Many(float[] image, float[] state, float[] policy, float[] value) =>
                Net.EvaluateBatch(image, state, policy, value);

            /// <summary>Samples whose values are written where their states are.</summary>
            public static void Overlapping(float[] image, float[] state, float[] policy) =>
                Net.EvaluateBatch(image, state, policy, state.AsSpan(0, 2));

            /// <summary>All numbers of a sample.</summary>
            public static void All(float[] inputs, float[] outputs) => Net.Evaluate(inputs, outputs);
        }
        """;

    private delegate void Four(float[] image, float[] state, float[] policy, float[] value);

    [Theory]
    [InlineData(4, 3, 2, "")]
    [InlineData(1, 2, 3, "|Precision=Single")]
    [InlineData(1500, 700, 2, "")]
    public void Spans_of_tensors_give_the_numbers_of_all(int image, int state, int policy, string options)
    {
        var random = new Random(image);
        using var built = GeneratorHarness.Build(Use, ("a.onnx|Class=Net|Namespace=N" + options, Model(image, state, policy, random)));
        var (one, many) = (built.Method<Four>("N.Use", "One"), built.Method<Four>("N.Use", "Many"));
        var all = built.Method<Action<float[], float[]>>("N.Use", "All");
        const int Rows = 300;
        float[] images = Numbers(image * Rows), states = Numbers(state * Rows), policies = new float[policy * Rows],
            values = new float[Rows];
        many(images, states, policies, values);
        for (int row = 0; row < Rows; row++)
        {
            float[] ownImage = images[(row * image)..((row + 1) * image)], ownState = states[(row * state)..((row + 1) * state)],
                ownPolicy = new float[policy], ownValue = new float[1], outputs = new float[policy + 1];
            all([.. ownImage, .. ownState], outputs);
            one(ownImage, ownState, ownPolicy, ownValue);
            Require.That(outputs.SequenceEqual([.. ownPolicy, .. ownValue]), $"Row {row} of one sample.");
            Require.That(outputs.SequenceEqual([.. policies[(row * policy)..((row + 1) * policy)], values[row]]), $"Row {row} of many.");
        }

        many([], [], [], []);

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    [Fact]
    public void Wrong_lengths_and_overlaps_are_refused_by_name()
    {
        using var built = GeneratorHarness.Build(Use, ("a.onnx|Class=Net|Namespace=N", Model(4, 3, 2, new Random(1))));
        var (one, many) = (built.Method<Four>("N.Use", "One"), built.Method<Four>("N.Use", "Many"));
        Refused(() => one(new float[4], new float[2], new float[2], new float[1]), "state", "3 numbers, not 2");
        Refused(() => one(new float[3], new float[3], new float[2], new float[1]), "image", "4 numbers, not 3");
        Refused(() => one(new float[4], new float[3], new float[2], new float[2]), "value", "1 numbers, not 2");
        Refused(() => many(new float[9], new float[6], new float[4], new float[2]), "image", "8 numbers, not 9");
        Refused(() => many(new float[8], new float[3], new float[4], new float[2]), "state", "6 numbers, not 3");
        Refused(() => many(new float[8], new float[6], new float[5], new float[2]), "policy", "4 numbers, not 5");
        Refused(() => built.Method<Action<float[], float[], float[]>>("N.Use", "Overlapping")(new float[8], new float[6], new float[4]),
            "value", "must not overlap");

        static void Refused(Action call, string parameter, string message)
        {
            var exception = Assert.Throws<ArgumentException>(call);
            Assert.Equal(parameter, exception.ParamName);
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>One side alone: the other keeps its span.</summary>
    [Fact]
    public void A_side_of_one_tensor_has_one_span()
    {
        using var inputs = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N", Affine(["a[0]", "a[1]", "class"], [], 2)));
        Assert.Equal(["a:ReadOnlySpan`1,class:ReadOnlySpan`1,outputs:Span`1"], Signatures(inputs));
        using var outputs = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N", Affine([], ["inputs[0]", "inputs[1]", "b"], 2)));
        Assert.Equal(["inputs:ReadOnlySpan`1,inputs_0:Span`1,b:Span`1"], Signatures(outputs));

        static IEnumerable<string> Signatures(GeneratedAssembly built) => built.Type("N.Net").GetMethods()
            .Where(static method => method.Name == "Evaluate" && method.GetParameters() is { Length: 3 } parameters
                && parameters[0].ParameterType.Name == "ReadOnlySpan`1")
            .Select(static method => string.Join(",", method.GetParameters()
                .Select(static parameter => $"{parameter.Name}:{parameter.ParameterType.Name}")));
    }

    private static string Model(int image, int state, int policy, Random random) => Affine(
        [.. Names("image", image), .. Names("state", state)], [.. Names("policy", policy), "value"], policy + 1, random);

    private static IEnumerable<string> Names(string tensor, int count) =>
        count == 1 ? [tensor] : Enumerable.Range(0, count).Select(i => $"{tensor}[{i}]");

    private static string Affine(string[] inputs, string[] outputs, int width, Random? random = null)
    {
        int n = inputs.Length == 0 ? 2 : inputs.Length, m = outputs.Length == 0 ? width : outputs.Length;
        string weights = string.Join(",", Enumerable.Range(0, n * m).Select(i => random is null ? i : random.Next(-8, 8)));
        return $$"""
            {"format":"kan","version":1,"name":"n",{{Side("inputs", inputs)}}{{Side("outputs", outputs)}}
            "layers":[{"kind":"affine","inputs":{{n}},"outputs":{{m}},"weights":[{{weights}}]}]}
            """;

        static string Side(string side, string[] names) =>
            names.Length == 0 ? "" : $$"""
                "{{side}}":{"names":["{{string.Join("\",\"", names)}}"]},
                """;
    }
}
