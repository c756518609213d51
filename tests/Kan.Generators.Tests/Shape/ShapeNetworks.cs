using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Tests.Engines;
using Xunit;

namespace Kan.Generators.Tests.Shape;

/// <summary>
/// The networks whose machine code is looked at, compiled as in a release. The class also runs in a process of its own whose JIT lists
/// what it makes of them, see <see cref="MachineCodeTests"/>.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(typeof(ShapeGroup))]
public sealed class ShapeNetworks(ShapeAssembly assembly)
{
    private static readonly (string Name, KanDocument Document)[] s_networks =
    [
        ("Mlp", Mlp(0, 200, 128, 64, 10)), ("Rows", Grid(9, 64, 32, 10)), ("OddRows", Grid(5, 9, 40, 3)),
            ("Sparse", Mlp(0.99, 300, 150, 40)), ("Halves", Mlp(0.92, 400, 128, 10)),
        ("ManyKnots", Grid(65, 40, 24)), ("Distinct", Distinct(24, 20, 1)), ("Bends", Distinct(32, 16, 4)), ("Affine", Mlp(0, 70, 40)),
        ("Clamped", Grid(9, 32, 32)), ("SmallRows", Grid(9, 2, 5, 1)), ("SmallMlp", Mlp(0, 8, 12, 4)),
        ("Curves", Curves(20, 48, 64, 3)), ("Images", Images()),
    ];

    /// <summary>The networks.</summary>
    internal static IEnumerable<KanDocument> Documents =>
        s_networks.Select(static network => network.Document with { Name = network.Name });

    /// <summary>Every kernel runs; the kernels must not allocate.</summary>
    [Fact]
    public void Evaluations_and_batches_allocate_nothing()
    {
        foreach (var (name, document) in s_networks)
        {
            const int Rows = 100;
            var network = document.ToNetwork();
            float[] inputs = new float[Rows * network.InputCount], outputs = new float[Rows * network.OutputCount];
            var evaluate = assembly.Method(name, "Evaluate");
            var batch = assembly.Method(name, "EvaluateBatch");
            Run();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Run()
            {
                evaluate(inputs.AsSpan(0, network.InputCount), outputs.AsSpan(0, network.OutputCount));
                batch(inputs, outputs);
            }
        }
    }

    internal static KanDocument Mlp(double zeros, params int[] widths)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            if (l > 0) layers.Add(new ActivationDescription(widths[l], [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(widths[l], widths[l + 1], Numbers(l, widths[l] * widths[l + 1], zeros),
                Numbers(l + 7, widths[l + 1], 0)));
        }

        return new KanDocument { Name = "mlp", Layers = layers.ToImmutable() };
    }

    /// <summary>Affine layers with a curve between them whose knots are multiples of a step.</summary>
    private static KanDocument Curves(params int[] widths)
    {
        var curve = PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(-40, 80).Select(static i => Rational.Create(i, 16))],
            [.. Enumerable.Range(0, 81).Select(static i => Rational.Create(i % 2, 2))], Rational.Zero, Rational.Zero);
        var mlp = Mlp(0, widths);
        return mlp with
        {
            Layers = [.. mlp.Layers.Select(layer =>
                layer is ActivationDescription ? new ActivationDescription(layer.InputCount, [curve]) : layer)],
        };
    }

    /// <summary>
    /// Layers over images: of stride 1 and 2, of one tap, by channel, with channels that pass; maxima and averages; a curve behind one.
    /// </summary>
    private static KanDocument Images()
    {
        var image = ImageNetworks.Image(3, 16, 16, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var half = ImageNetworks.Image(20, 8, 8, 1, 1);
        var block = ImageNetworks.All.Single(static document => document.Name == "a block");
        var blockImage = ((ConvolutionDescription)block.Layers[0]).Geometry;
        var curve = ((ActivationDescription)Curves(1, 1, 1).Layers[1]).Functions[0];
        return new KanDocument
        {
            Name = "images",
            InputRanges = [new InputRange(0, 1)],
            Layers =
            [
                Convolution(image with { ChannelsFirst = true }, 16), Relu(16 * 256), Convolution(image with { Channels = 16 }, 32),
                Relu(32 * 256), Convolution(image with { Channels = 32, StrideX = 2, StrideY = 2 }, 40), Relu(40 * 64),
                Convolution(half with { Channels = 40 }, 20), new ActivationDescription(20 * 64, [curve]),
                Convolution(image with { Channels = 20, Height = 8, Width = 8 }, 20, 20), Relu(20 * 64),
                new MaximumDescription(half with { KernelHeight = 2, StrideY = 2 }),
                new MaximumDescription(ImageNetworks.Image(20, 4, 8, 3, 3) with
                {
                    PadTop = 1,
                    PadLeft = 1,
                    PadBottom = 1,
                    PadRight = 1,
                }),
                .. block.Layers.Take(3), Convolution(blockImage with { KernelHeight = 2, KernelWidth = 2, PadTop = 0, PadLeft = 0,
                    PadBottom = 0, PadRight = 0, StrideX = 2, StrideY = 2 }, 20, 20),
                new AffineDescription(160, 4, Numbers(3, 640, 0), []),
            ],
        };

        static ConvolutionDescription Convolution(WindowGeometry geometry, int filters, int groups = 1) => new(geometry, filters, groups,
            Numbers(filters, filters * geometry.Channels / groups * geometry.KernelHeight * geometry.KernelWidth, 0),
            Numbers(5, filters, 0));

        static ActivationDescription Relu(int nodes) => new(nodes, [PiecewiseLinearFunction.Relu]);
    }

    /// <summary>Edges with some breakpoints each, all different, and constant below them: clamped differences.</summary>
    private static KanDocument Distinct(int inputs, int outputs, int bends)
    {
        var edges = from p in Enumerable.Range(0, inputs)
                    from q in Enumerable.Range(0, outputs)
                    select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(
                        [.. Enumerable.Range(0, bends).Select(b => Rational.Create((p * outputs) + q + (1024 * b), 64))],
                        [.. Enumerable.Range(0, bends + 1).Select(b => (Rational)(b == 0 && bends > 1 ? 0 : 1 + p + (b % 2 * (1 + q))))],
                        Rational.Zero, q));
        return new KanDocument { Name = "clamp", Layers = [new EdgesDescription(inputs, outputs, [.. edges], [])] };
    }

    private static KanDocument Grid(int count, params int[] widths)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            ImmutableArray<Rational> knots = [.. Enumerable.Range(-4, count).Select(static i => Rational.Create(i, 1))];
            layers.Add(new GridDescription(widths[l + 1], [.. Enumerable.Repeat(knots, widths[l])],
                Numbers(l, widths[l] * count * widths[l + 1], 0), []));
        }

        return new KanDocument { Name = "kan", Layers = layers.ToImmutable() };
    }

    private static ImmutableArray<Rational> Numbers(int seed, int count, double zeros)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => random.NextDouble() < zeros ? Rational.Zero : Rational.FromSingle((float)(random.NextDouble() + 0.25)))];
    }
}
