using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;

namespace Kan.Compiler.Lower;

/// <summary>A network ready to be printed.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Layers">The compiled layers, first to last.</param>
/// <param name="ContentHash">The hash of the network's exact form.</param>
public sealed record NetworkPlan(string Name, Precision Precision, ImmutableArray<LayerPlan> Layers, string ContentHash)
{
    /// <summary>What is certified of |computed - exact|.</summary>
    public ErrorCertificate Certificate { get; init; } = ErrorCertificate.WithoutRange;

    /// <summary>
    /// How the network is computed with integers; null where floating-point numbers compute it. The layers remain what explains a sample,
    /// and decides what integers cannot.
    /// </summary>
    public IntegerPlan? Integers { get; init; }

    /// <summary>The certified bound of |computed - exact|, or infinity.</summary>
    public double ErrorBound => Certificate.Bound;

    /// <summary>What the conversion of the model did, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the model says of its inputs and outputs.</summary>
    public NetworkLabels Labels { get; init; } = new([], [], [], []);

    /// <summary>Inputs that no output depends on.</summary>
    public ImmutableArray<int> UnreadInputs { get; init; } = [];

    /// <summary>Outputs that depend on no input.</summary>
    public ImmutableArray<int> ConstantOutputs { get; init; } = [];

    /// <summary>What is computed.</summary>
    public NetworkForm Form => new(Precision, [.. Layers.Select(static layer => layer.Form)]);

    /// <summary>The members that its names give it.</summary>
    public NamedMembers Named => NamedMembers.Of(Labels, InputCount, OutputCount);

    /// <summary>How the network runs.</summary>
    internal RunPlan Run { get; } = RunPlan.Of(Layers);

    /// <summary>Whether some layer is over an image.</summary>
    internal bool HasImages => Layers.Any(static layer => layer.Window is not null);

    /// <summary>The most numbers of a Jacobian: 64 MiB of floats. Tables bound those of networks that are not over images.</summary>
    public const long MostJacobian = 1 << 24;

    /// <summary>Whether <c>Explain</c> has a map; that of many outputs over a large image would be too large.</summary>
    internal bool HasLocalMap => (long)InputCount * OutputCount <= MostJacobian || !HasImages;

    /// <summary>The numbers of the Jacobian.</summary>
    internal int JacobianLength => checked(InputCount * OutputCount);

    /// <summary>Whether large batches hold a sample in each lane, where the machine can.</summary>
    public bool SamplesInLanes => !Run.Samples.IsEmpty;

    /// <summary>The time that the cost model predicts for one sample, on a machine like that of docs/performance-model.md.</summary>
    public double PredictedNanoseconds => Layers.Sum(static layer => layer.PredictedNanoseconds);

    /// <summary>The time that it predicts for one sample of a large batch.</summary>
    public double PredictedBatchNanoseconds => Run.Samples.Any(static samples => samples.Vectors.IsWide)
        ? CostModel.Lanes(Layers, SampleVectors.Wide) / CostModel.CyclesPerNanosecond
        : Layers.Sum(static layer => layer.PredictedBatchNanoseconds);

    /// <summary>
    /// Bytes of the numbers of a layer as they are computed with. Integers of a file may have other layers; the last one has all of their
    /// bytes that are left.
    /// </summary>
    public int BytesOf(LayerPlan layer)
    {
        if (Integers is not { } integers) return layer.TableBytes;
        int count = integers.Form.Layers.Length, last = Layers.Length - 1;
        return Enumerable.Range(0, count).Where(l => System.Math.Min(l, last) == layer.Index).Sum(integers.LayerBytes);
    }

    /// <summary>Whether integers compute, and floating-point numbers decide.</summary>
    internal bool DecidesInFloats => Integers is { IsModel: false };

    /// <summary>The numbers that the network computes with.</summary>
    public Precision ComputedPrecision => Integers is null ? Precision : Precision.Int8;

    /// <summary>The number of inputs.</summary>
    public int InputCount => Layers[0].Form.InputCount;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => Layers[Layers.Length - 1].Form.OutputCount;

    /// <summary>Picks, rounds and packs the layers of a simplified network.</summary>
    /// <exception cref="System.OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NetworkTooLargeException">The tables would be larger than the C# compiler can take in.</exception>
    public static ImmutableArray<LayerPlan> Lower(KanNetwork network, Precision precision, Lowering lowering,
        CancellationToken cancellation = default)
    {
        var plans = ImmutableArray.CreateBuilder<LayerPlan>(network.Layers.Length);
        long numbers = 0;
        int start = 0;
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            cancellation.ThrowIfCancellationRequested();
            if (layer.Window is { } window)
            {
                plans.Add(LowerWindow(window, l, precision, start, cancellation));
                numbers += plans[l].Table.Length;
                if (numbers > TableSize.MostNumbers) throw TableSize.TooMany(numbers, l, layer.InputCount, layer.OutputCount);
                start += plans[l].Table.Length;
                continue;
            }

            // Structure is looked for edge by edge over all pairs of nodes, but where each output reads the input of its own index.
            bool isElementwise = LoweringChoice.IsElementwise(layer, lowering);
            if (!isElementwise) TableSize.Require((long)layer.InputCount * layer.OutputCount, l, layer);
            cancellation.ThrowIfCancellationRequested();
            var choice = LoweringChoice.Pick(layer, lowering, precision);
            numbers += TableSize.Of(layer, choice.Lowering, precision);
            TableSize.Require(numbers, l, layer, isElementwise);
            var form = FormBuilder.Build(layer, choice.Lowering, precision, cancellation);
            var (table, layout, kernel) = new TablePacker(precision, cancellation).Pack(form);
            cancellation.ThrowIfCancellationRequested();
            plans.Add(new LayerPlan(l, form, choice.Reason, layer.Edges.Length, layer.Edges.Sum(static edge => edge.Function.Slopes.Length),
                precision, table, layout, start)
            {
                Kernel = kernel,
                Stage = InputStage.Of(form, precision, isFirst: l == 0, layout.IsUniform,
                    afterSums: l > 0 && plans[l - 1].Kernel is not null),
            });
            start += table.Length;
        }

        for (int l = 0; l < plans.Count; l++)
        {
            var layer = plans[l];
            if (layer.Kernel is AffineKernelPlan affine)
            {
                var windows = SparseWindows.TryCreate(layer, start, cancellation);
                layer = layer with { Kernel = affine with { Windows = windows } };
                start += windows?.Length ?? 0;
            }

            bool storesNext = l + 1 < plans.Count && plans[l + 1].Stage.Place == StagePlace.LayerBefore;
            plans[l] = layer with
            {
                Kernel = layer.Kernel is null ? null : layer.Kernel with { Tiles = KernelTiles.Of(layer) },
                Stored = storesNext ? plans[l + 1].Stage : null,
            };
        }

        for (int l = 0; l < plans.Count; l++)
        {
            if (plans[l].Stage.Grid is not { } grid) continue;
            plans[l] = plans[l] with { CurveStart = start };
            start += grid.Length;
        }

        return plans.MoveToImmutable();
    }

    private static LayerPlan LowerWindow(WindowDescription window, int index, Precision precision, int start,
        CancellationToken cancellation)
    {
        LayerForm form = window is ConvolutionDescription convolution
            ? ConvolutionForm.Build(convolution, precision)
            : new MaximumForm(window.Geometry);
        var (table, layout, _) = new TablePacker(precision, cancellation).Pack(form);
        string reason = window is ConvolutionDescription
            ? "the same weights at each place of an image"
            : "the largest number under a window";
        int edges = (int)System.Math.Min(int.MaxValue, window.EdgeCount);
        return new LayerPlan(index, form, reason, edges, edges, precision, table, layout, start)
        {
            Stage = InputStage.Of(form, precision, isFirst: index == 0, isUniform: false, afterSums: false),
            Window = WindowPlan.Of(form, index, precision),
        };
    }
}
