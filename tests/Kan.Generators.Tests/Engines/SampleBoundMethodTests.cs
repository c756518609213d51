using System;
using System.Linq;
using Kan.Compiler.Lower;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// When classes have <c>EvaluateWithBound</c>, what it takes and allocates; its bits are those of the reference, see
/// <see cref="EngineAgreementTests"/>.
/// </summary>
public sealed class SampleBoundMethodTests
{
    [Fact]
    public void Wrong_lengths_and_overlaps_throw_before_anything_is_written()
    {
        using var assembly = CompiledNetworks.Build(
            new NetworkGroup([BoundNetworks.All[3]], Precision.Single, [Lowering.Auto]) { HasBounds = true });
        var network = BoundNetworks.All[3].ToNetwork();
        int n = network.InputCount, m = network.OutputCount;
        var evaluate = assembly.Method<BoundedEvaluation<float>>("Network0Auto", "EvaluateWithBound");
        float[] memory = [.. Enumerable.Repeat(7f, 4 * (n + m))];
        Assert.Equal("inputs", Assert.Throws<ArgumentException>(() => evaluate(new float[n + 1], new float[m], new float[m])).ParamName);
        Assert.Equal("outputs", Assert.Throws<ArgumentException>(() => evaluate(new float[n], new float[m + 1], new float[m])).ParamName);
        Assert.Equal("bounds", Assert.Throws<ArgumentException>(() => evaluate(new float[n], new float[m], new float[m - 1])).ParamName);
        Assert.Throws<ArgumentException>(() => evaluate(memory.AsSpan(0, n), new float[m], memory.AsSpan(n - 1, m)));
        Assert.Throws<ArgumentException>(() => evaluate(new float[n], memory.AsSpan(0, m), memory.AsSpan(m - 1, m)));
        Assert.All(memory, static value => Assert.Equal(7f, value));

        // Inputs and outputs may overlap, as those of Evaluate.
        float[] outputs = new float[m], bounds = new float[m], other = new float[m];
        evaluate(memory.AsSpan(0, n), outputs, bounds);
        evaluate(memory.AsSpan(0, n), memory.AsSpan(0, m), other);
        Assert.Equal(outputs, memory[..m]);
        Assert.Equal(bounds, other);
    }

    /// <summary>The code of a class that asks for nothing says nothing of bounds, and code with them allocates nothing.</summary>
    [Fact]
    public void It_is_there_where_it_is_asked_for()
    {
        using var plain = GeneratorHarness.Build("[Kan.KanModel(\"m0.onnx\")] public sealed partial class Plain;",
            ("m0.onnx", KanDocumentWriter.Write(BoundNetworks.All[1])));
        Assert.Null(plain.Type("Plain").GetMethod("EvaluateWithBound"));
        using var item = GeneratorHarness.Build("",
            ("m0.onnx|Class=Item|Namespace=Nets|EvaluateWithBound=true", KanDocumentWriter.Write(BoundNetworks.All[1])));
        Assert.NotNull(item.Type("Nets.Item").GetMethod("EvaluateWithBound"));
        using var network = GeneratorHarness.Build("[Kan.KanNetwork(1, 1, EvaluateWithBound = true)] [Kan.Edge(0, 0, 0, Slopes = [0.5])] "
            + "public sealed partial class Half;");
        var half = network.Method<BoundedEvaluation<float>>("Half", "EvaluateWithBound");
        float[] inputs = [3f], outputs = [0f], bounds = [0f];
        half(inputs, outputs, bounds);
        Assert.Equal(1.5f, outputs[0]);
        Assert.InRange(bounds[0], 1.5f * MathF.Pow(2, -24), 1e-6f);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) half(inputs, outputs, bounds);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The sets that agreement is tested on have every form of a layer.</summary>
    [Fact]
    public void Layers_of_rows_and_of_units_are_among_those_that_are_compared()
    {
        Assert.InRange(Count<RowsForm>(), 10, int.MaxValue);
        Assert.InRange(Count<UnitsForm>(), 12, int.MaxValue);

        static int Count<TForm>() => BoundNetworks.All.Sum(static document =>
            BoundNetworks.LoweringsOf(document).Count(lowering => BoundNetworks.Has<TForm>(document, lowering)));
    }
}
