using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text;
using Kan.Compiler;
using Kan.Generators.Tests.Harness;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Generated bounds against those of the reference, bit for bit, and outputs against those of <c>Evaluate</c>. The class also runs in
/// processes with other vectors, see <see cref="SampleBoundSettingsTests"/>.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class SampleBoundAgreementTests
{
    private delegate void Bounded<T>(ReadOnlySpan<T> inputs, Span<T> outputs, Span<T> bounds);

    private static readonly KanDocument[] s_documents =
    [
        .. Enumerable.Range(0, 12).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
        .. RandomNetworks.SharedCurves, RandomNetworks.OnGrid(8, 19, 18), RandomNetworks.OnGrid(1, 300, 3),
        RandomNetworks.ForBatches(0), RandomNetworks.ForBatches(2), RandomNetworks.ForBatches(6), RandomNetworks.ForBatches(8),
        Curve(), Relus(), Units(),
    ];

    [Fact]
    public void Float_code_has_the_bits_of_the_reference() => Compare<float>(Precision.Single);

    [Fact]
    public void Double_code_has_the_bits_of_the_reference() => Compare<double>(Precision.Double);

    [Fact]
    public void Wrong_lengths_and_overlaps_throw_before_anything_is_written()
    {
        using var assembly = Build(Precision.Single, [s_documents[3]], isRelease: false);
        var network = s_documents[3].ToNetwork();
        int n = network.InputCount, m = network.OutputCount;
        var evaluate = assembly.Method<Bounded<float>>("Network0Auto", "EvaluateWithBound");
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
            ("m0.onnx", KanDocumentWriter.Write(s_documents[1])));
        Assert.Null(plain.Type("Plain").GetMethod("EvaluateWithBound"));
        using var item = GeneratorHarness.Build("", ("m0.onnx|Class=Item|Namespace=Nets|EvaluateWithBound=true", KanDocumentWriter.Write(s_documents[1])));
        Assert.NotNull(item.Type("Nets.Item").GetMethod("EvaluateWithBound"));
        using var network = GeneratorHarness.Build("[Kan.KanNetwork(1, 1, EvaluateWithBound = true)] [Kan.Edge(0, 0, 0, Slopes = [0.5])] "
            + "public sealed partial class Half;");
        var half = network.Method<Bounded<float>>("Half", "EvaluateWithBound");
        float[] inputs = [3f], outputs = [0f], bounds = [0f];
        half(inputs, outputs, bounds);
        Assert.Equal(1.5f, outputs[0]);
        Assert.InRange(bounds[0], 1.5f * MathF.Pow(2, -24), 1e-6f);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) half(inputs, outputs, bounds);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static GeneratedAssembly Build(Precision precision, KanDocument[] documents, bool isRelease)
    {
        var source = new StringBuilder();
        for (int i = 0; i < documents.Length; i++)
        {
            foreach (var lowering in Lowerings(documents[i]))
                source.Append(System.Globalization.CultureInfo.InvariantCulture, $"[Kan.KanModel(\"m{i}.onnx\", EvaluateWithBound = true, "
                    + $"Precision = Kan.Precision.{precision}, Lowering = Kan.Lowering.{lowering})]\ninternal sealed partial class "
                    + $"Network{i}{lowering};\n");
        }

        (string Path, string Text)[] models =
            [.. documents.Select(static (document, i) => ($"m{i}.onnx", KanDocumentWriter.Write(document)))];
        return isRelease ? GeneratorHarness.BuildRelease(source.ToString(), models) : GeneratorHarness.Build(source.ToString(), models);
    }

    private static void Compare<T>(Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        using var assembly = Build(precision, s_documents, isRelease: true);
        int finite = 0, rows = 0, units = 0;
        for (int i = 0; i < s_documents.Length; i++)
        {
            foreach (var lowering in Lowerings(s_documents[i]))
            {
                var plan = NetworkCompiler.Plan(s_documents[i], precision, lowering, TestContext.Current.CancellationToken);
                string name = $"Network{i}{lowering}";
                var reference = new RunningBound<T>(plan.Form);
                var evaluate = assembly.Method<Evaluation<T>>(name, "Evaluate");
                var bounded = assembly.Method<Bounded<T>>(name, "EvaluateWithBound");
                T[] outputs = new T[plan.OutputCount], actual = new T[plan.OutputCount], bounds = new T[plan.OutputCount];
                rows += plan.Layers.Any(static layer => layer.Form is RowsForm) ? 1 : 0;
                units += plan.Layers.Any(static layer => layer.Form is UnitsForm) ? 1 : 0;
                foreach (T[] x in Inputs<T>(s_documents[i], i))
                {
                    evaluate(x, outputs);
                    bounded(x, actual, bounds);
                    T[] expected = reference.Evaluate(x);
                    for (int q = 0; q < outputs.Length; q++)
                    {
                        Require.That(outputs[q] == actual[q] || (T.IsNaN(outputs[q]) && T.IsNaN(actual[q])),
                            $"{s_documents[i].Name}, {lowering}: output {q} is {actual[q]}, Evaluate says {outputs[q]}.");
                        Require.That(expected[q] == bounds[q],
                            $"{s_documents[i].Name}, {lowering}, {precision}: bound {q} is {bounds[q]}, the reference says {expected[q]}, "
                            + $"at ({string.Join(", ", x.Take(12))}).");
                        finite += T.IsFinite(bounds[q]) ? 1 : 0;
                    }
                }
            }
        }

        Assert.InRange(finite, 5_000, int.MaxValue);
        Assert.InRange(rows, 10, int.MaxValue);
        Assert.InRange(units, 12, int.MaxValue);
    }

    /// <summary>
    /// Units only where some layer is made of them, and of one scheme for each network but the last: processes without vectors are slow.
    /// </summary>
    private static IEnumerable<Lowering> Lowerings(KanDocument document)
    {
        var other = Array.IndexOf(s_documents, document) % 2 == 0 ? Lowering.Clamp : Lowering.Relu;
        Lowering[] units = document == s_documents[^1] ? [Lowering.Clamp, Lowering.Relu] : [other];
        return units.Where(lowering => NetworkCompiler.Plan(document, Precision.Single, lowering, TestContext.Current.CancellationToken)
            .Layers.Any(static layer => layer.Form is UnitsForm)).Prepend(Lowering.Rows).Prepend(Lowering.Auto);
    }

    private static IEnumerable<T[]> Inputs<T>(KanDocument document, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        AdversarialInputs.For<T>(document.ToNetwork(), seed).Where((_, i) => i % 2 == 0 || i > 30);

    /// <summary>An activation with knots of its own for each node, before weights and as the last layer.</summary>
    private static KanDocument Curve()
    {
        PiecewiseLinearFunction[] functions = [.. Enumerable.Range(0, 20).Select(static i =>
            PiecewiseLinearFunction.FromSlopes([Rational.Create(i - 9, 7), Rational.Create(i, 3) + 1], [Rational.Create(1, 10), 1, 0], 0,
                0))];
        return new KanDocument
        {
            Name = "curves",
            Layers = [new ActivationDescription(20, [.. functions]),
                new AffineDescription(20, 20,
                    [.. Enumerable.Range(0, 400).Select(static i => Rational.Create((i * 37 % 41) - 20, 13))], []),
                new ActivationDescription(20, [.. functions])]
        };
    }

    /// <summary>
    /// Layers of units of one, two and many segments behind each other, so that they have methods of several shapes, with ReLUs between.
    /// </summary>
    private static KanDocument Units()
    {
        var random = new Random(5);
        int[] widths = [6, 20, 33, 18, 3], knots = [1, 2, 7, 1];
        var layers = new List<LayerDescription>();
        for (int l = 0; l < knots.Length; l++)
        {
            if (l == 2) layers.Add(new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]));
            layers.Add(new EdgesDescription(widths[l], widths[l + 1], [.. from p in Enumerable.Range(0, widths[l])
                                                                       from q in Enumerable.Range(0, widths[l + 1])
                                                                       select new KanEdge(p, q, Function(knots[l]))], []));
        }

        return new KanDocument { Name = "units", Layers = [.. layers] };

        PiecewiseLinearFunction Function(int count)
        {
            Rational[] at = [.. Enumerable.Range(0, count).Select(_ => Rational.Create(random.Next(-300, 300), 100)).Distinct().Order()];
            return PiecewiseLinearFunction.FromSlopes(at, [.. at.Append(0).Select(_ => Rational.Create(random.Next(-9, 9), 21))], 0,
                Rational.Create(random.Next(-9, 9), 7));
        }
    }

    /// <summary>ReLUs before and behind all else.</summary>
    private static KanDocument Relus() => new()
    {
        Name = "relus",
        Layers = [new ActivationDescription(3, [PiecewiseLinearFunction.Relu]),
            new AffineDescription(3, 2, [.. Enumerable.Range(0, 6).Select(static i => Rational.Create(i - 2, 3))], [1, -1]),
            new ActivationDescription(2, [PiecewiseLinearFunction.Relu])]
    };
}

/// <summary>Runs the tests again in processes whose JIT sees other vectors.</summary>
[Trait("Speed", "Slow")]
public sealed class SampleBoundSettingsTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("DOTNET_MaxVectorTBitWidth", "512")]
    public System.Threading.Tasks.Task Agreement_holds_under(string variable, string value) =>
        TestProcess.RunAsync(typeof(SampleBoundAgreementTests), new Dictionary<string, string> { [variable] = value });
}
