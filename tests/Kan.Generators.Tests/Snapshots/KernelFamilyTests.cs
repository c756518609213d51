using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Xunit;

namespace Kan.Generators.Tests.Snapshots;

/// <summary>One network for each family of kernels, as generated code shows it, without its numbers.</summary>
public sealed partial class KernelFamilyTests
{
    [Fact]
    public void An_affine_layer() => Verify("Affine", Affine(40, 20));

    [Fact]
    public void A_relu_layer() => Verify("Factored", Affine(40, 20), Relu(20), Affine(20, 18));

    [Fact]
    public void A_layer_in_double() => Verify("Double", Precision.Double, Lowering.Auto, Affine(40, 10));

    [Fact]
    public void A_layer_of_shared_knots() => Verify("Rows", Precision.Single, Lowering.Rows, Grid(20, 20, 5));

    [Fact]
    public void A_narrow_layer_of_shared_knots() => Verify("Samples", Precision.Single, Lowering.Rows, Grid(20, 4, 5));

    [Fact]
    public void A_layer_of_clamped_differences() => Verify("Clamp", Precision.Single, Lowering.Clamp, Grid(20, 20, 3));

    [Fact]
    public void A_layer_of_relu_units() => Verify("Relu", Precision.Single, Lowering.Relu, Grid(20, 20, 3));

    [Fact]
    public void A_layer_of_few_weights() => Verify("SparseLists", Affine(200, 60, keep: 100));

    [Fact]
    public void A_layer_of_weights_at_random_places() => Verify("SparseWindows", Affine(200, 60, keep: 12));

    [Fact]
    public void A_layer_that_sums_nothing() =>
        Verify("Elementwise", Affine(40, 20),
            new ActivationDescription(20, [PiecewiseLinearFunction.FromSlopes([-1, 2], [0, 1, Rational.Create(1, 2)], 0, 0)]));

    [Fact]
    public void A_convolution_and_a_maximum()
    {
        var image = new WindowGeometry
        {
            Channels = 2,
            Height = 8,
            Width = 8,
            KernelHeight = 3,
            KernelWidth = 3,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
            ChannelsFirst = true
        };
        var pool = new WindowGeometry { Channels = 4, Height = 8, Width = 8, KernelHeight = 2, KernelWidth = 2, StrideY = 2, StrideX = 2 };
        Verify("Convolution", new ConvolutionDescription(image, 4, 1,
            [.. Enumerable.Range(0, 72).Select(static i => Rational.Create(1 + (i % 13), 8))], []), Relu(256), new MaximumDescription(pool),
            Affine(64, 3));
    }

    private static void Verify(string name, params LayerDescription[] layers) => Verify(name, Precision.Single, Lowering.Auto, layers);

    private static void Verify(string name, Precision precision, Lowering lowering, params LayerDescription[] layers)
    {
        var document = new KanDocument { Name = name, Layers = [.. layers], InputRanges = [new InputRange(-1, 1)] };
        var options = new CompilerOptions
        {
            Target = new TargetType("Shop", ["public sealed partial class " + name], IsStatic: false),
            Precision = precision,
            Lowering = lowering
        };
        var source = NetworkCompiler.Compile(document, options, TestContext.Current.CancellationToken);
        Snapshot.Verify(LongText().Replace(string.Join("\n", source.Files), "\"...\""), "Kernels." + name);
    }

    private static AffineDescription Affine(int inputs, int outputs, int keep = 1) => new(
        inputs, outputs,
        [.. Enumerable.Range(0, inputs * outputs).Select(i => (i * 7) % keep == 0 ? Rational.Create(1 + (i % 13), 8) : Rational.Zero)],
        [.. Enumerable.Range(0, outputs).Select(static i => (Rational)i)]);

    private static ActivationDescription Relu(int width) => new(width, [PiecewiseLinearFunction.Relu]);

    private static GridDescription Grid(int inputs, int outputs, int count)
    {
        ImmutableArray<Rational> knots = [.. Enumerable.Range(0, count).Select(static i => Rational.Create((i * i) - 4, 4))];
        return new GridDescription(outputs, [.. Enumerable.Repeat(knots, inputs)],
            [.. Enumerable.Range(0, inputs * count * outputs).Select(static i => Rational.Create((i * 11) % 17, 4))], []);
    }

    // Tables are numbers in base64 of no interest to a reader.
    [GeneratedRegex("\"[A-Za-z0-9+/=]{100,}\"")]
    private static partial Regex LongText();
}
