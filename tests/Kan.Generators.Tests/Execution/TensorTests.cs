using System;
using System.Linq;
using System.Numerics.Tensors;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>The overloads for tensors, which only projects that reference System.Numerics.Tensors have.</summary>
public sealed class TensorTests
{
    private const string Source = """
        using System;
        using Kan;
        namespace Shapes;

        /// <summary>The differences of four numbers, and their sum.</summary>
        [KanNetwork(4, 2)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [-2])] [Edge(0, 2, 1, Slopes = [3])] [Edge(0, 3, 1, Slopes = [-4])]
        public sealed partial class Net;

        /// <summary>Holds another one.</summary>
        public static partial class Outer
        {
            [KanNetwork(4, 2, Precision = Precision.Double)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 3, 1, Slopes = [2])]
            internal static partial class Inner;
        }
        """;

    private const string Use = """

        /// <summary>Uses them.</summary>
        public static class Use
        {
            /// <summary>A sample that is a square.</summary>
            public static float[] Square()
            {
                float[] outputs = new float[2];
                Net.Evaluate(System.Numerics.Tensors.Tensor.Create<float>([1, 2, 3, 4], [2, 2]).AsReadOnlyTensorSpan(), outputs);
                return outputs;
            }

            /// <summary>Three squares.</summary>
            public static float[] Batch()
            {
                float[] inputs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], outputs = new float[6];
                Net.EvaluateBatch(new System.Numerics.Tensors.ReadOnlyTensorSpan<float>(inputs, [3, 2, 2]), new System.Numerics.Tensors.TensorSpan<float>(outputs, [3, 2]));
                return outputs;
            }

            /// <summary>Arrays are spans, as before.</summary>
            public static float[] Arrays()
            {
                float[] outputs = new float[2];
                Net.Evaluate(new float[] { 1, 2, 3, 4 }, outputs);
                Net.EvaluateBatch(new float[] { 1, 2, 3, 4 }, outputs);
                return outputs;
            }

            /// <summary>A column of a matrix.</summary>
            public static void Gaps()
            {
                float[] inputs = new float[8], outputs = new float[2];
                Net.Evaluate(new System.Numerics.Tensors.ReadOnlyTensorSpan<float>(inputs, [4], [2]), outputs);
            }

            /// <summary>Rows that are too short.</summary>
            public static void Short()
            {
                float[] inputs = new float[8], outputs = new float[8];
                Net.EvaluateBatch(new System.Numerics.Tensors.ReadOnlyTensorSpan<float>(inputs, [4, 2]), new System.Numerics.Tensors.TensorSpan<float>(outputs, [4, 2]));
            }

            /// <summary>The bytes that a thousand samples take.</summary>
            public static float[] Bytes()
            {
                float[] inputs = new float[4], outputs = new float[2];
                Net.Evaluate(new System.Numerics.Tensors.ReadOnlyTensorSpan<float>(inputs), new System.Numerics.Tensors.TensorSpan<float>(outputs));
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 1000; i++) Net.Evaluate(new System.Numerics.Tensors.ReadOnlyTensorSpan<float>(inputs), new System.Numerics.Tensors.TensorSpan<float>(outputs));
                float taken = GC.GetAllocatedBytesForCurrentThread() - before;
                return [taken];
            }
        }
        """;

    [Fact]
    public void Tensors_give_what_spans_give()
    {
        using var assembly = GeneratorHarness.BuildWith(typeof(Tensor).Assembly, Source + Use);
        Assert.Equal([-3f, -7f], assembly.Method<Func<float[]>>("Shapes.Use", "Square")());
        Assert.Equal([-3f, -7f, -7f, -11f, -11f, -15f], assembly.Method<Func<float[]>>("Shapes.Use", "Batch")());
        Assert.Equal([-3f, -7f], assembly.Method<Func<float[]>>("Shapes.Use", "Arrays")());
        Assert.Equal([0f], assembly.Method<Func<float[]>>("Shapes.Use", "Bytes")());
        Assert.Contains("dense", Assert.Throws<ArgumentException>(assembly.Method<Action>("Shapes.Use", "Gaps")).Message,
            StringComparison.Ordinal);
        Assert.Contains("4 numbers for each index",
            Assert.Throws<ArgumentException>(assembly.Method<Action>("Shapes.Use", "Short")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_library_there_is_nothing_of_it()
    {
        using var assembly = GeneratorHarness.Build(Source);
        Assert.DoesNotContain("Tensor", assembly.Run.Listing, StringComparison.Ordinal);
    }

    /// <summary>What a network computes is in its own file, which is the same with and without tensors.</summary>
    [Fact]
    public void The_code_of_a_network_does_not_change()
    {
        var without = GeneratorHarness.Start(Source).FirstResult;
        var with = GeneratorHarness.Start(GeneratorHarness.Compile(Source)
            .AddReferences(Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location))).FirstResult;
        string[] names = [.. with.GeneratedSources.Select(static source => source.HintName)];
        Assert.Equal(2, names.Count(static name => name.EndsWith(".Tensors.g.cs", StringComparison.Ordinal)));
        foreach (var source in without.GeneratedSources)
            Assert.Equal(source.SourceText.ToString(),
                with.GeneratedSources.Single(other => other.HintName == source.HintName).SourceText.ToString());
    }
}
