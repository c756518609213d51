using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace Kan.Interchange.Tests.Support;

/// <summary>What ONNX Runtime computes, as the meaning of a graph.</summary>
internal static class OnnxOracle
{
    private const int Samples = 12;

    /// <summary>Requires that the imported network and ONNX Runtime agree on random samples, up to the rounding of floats.</summary>
    public static KanDocument AssertAgrees(OnnxBuilder model, int opset = 13, ImportOptions? options = null)
    {
        byte[] bytes = model.ToBytes(opset);
        using var scratch = new Scratch();
        var document = ModelImporter.Import(scratch.Write("m.onnx", bytes), options ?? ImportOptions.None).Document;
        var network = document.ToNetwork();
        using var settings = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL
        };
        using var session = new InferenceSession(bytes, settings);
        var random = new Random(7);
        bool anyActive = false;
        for (int sample = 0; sample < Samples; sample++)
        {
            var inputs = new List<NamedOnnxValue>();
            var values = new List<double>();
            foreach (var (name, about) in session.InputMetadata)
            {
                int[] shape = [.. about.Dimensions.Select(static size => Math.Max(1, size))];
                float[] numbers = [.. Enumerable.Range(0, shape.Aggregate(1, static (product, size) => product * size))
                    .Select(_ => (float)((random.NextDouble() * 4) - 2))];
                inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(numbers, shape)));
                values.AddRange(numbers.Select(static number => (double)number));
            }

            using var results = session.Run(inputs);
            double[] expected = [.. results.SelectMany(static result => result.AsEnumerable<float>())
                .Select(static value => (double)value)];
            double[] actual = network.Evaluate([.. values]);
            Assert.Equal(expected.Length, actual.Length);
            double scale = Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * scale,
                    $"sample {sample}, output {i}: {actual[i]:R} is not {expected[i]:R}");
            anyActive |= expected.Any(static value => value != 0);
        }

        Assert.True(anyActive);
        return document;
    }
}
