using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Google.Protobuf;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;
using Kan.Interchange;

namespace Kan.Fuzzing.Onnx;

/// <summary>
/// Networks over images, step by step: what is accepted computes what the graph says, which a direct computation in double tells.
/// </summary>
internal sealed class ImageEngine : StructuredEngine<ImageModel>
{
    // Of what outputs are: the order of sums, in double; and inputs that are tried.
    private const double Rounding = 1e-9;
    private const int Samples = 2;

    // Documents that are used in all other ways too: edges of images are many, and take seconds to write out.
    private const int UsedInOne = 16;

    private static readonly ImageStep s_same = new(ImageStepKind.Convolution, 8, 3, 1, 1, 1, 1, 1, 1);

    private static readonly Func<ImageModel>[] s_seeds =
    [
        static () => new()
        {
            Steps = [s_same, Activation(0), Of(ImageStepKind.Maximum, 2, 2), s_same with { Filters = 12 }, Activation(1)],
        },
        static () => new() { Steps = [s_same, Activation(3), Of(ImageStepKind.Average, 2, 2), s_same with { Stride = 2 }, Activation(6)] },
        static () => new()
        {
            Steps = [s_same, Activation(0), s_same with { Kind = ImageStepKind.Residual, Choice = 0 }, Of(ImageStepKind.Global, 1, 1)],
        },
        static () => new()
        {
            Steps = [s_same with { Groups = 2 }, Activation(2), s_same with { Choice = 4 }, Of(ImageStepKind.Normalization, 1, 1)],
        },
        static () => new()
        {
            Steps = [s_same, Of(ImageStepKind.Transposed, 2, 2) with { Filters = 4 }, Activation(0), s_same with { Stride = 2 }],
        },
        static () => new()
        {
            Steps = [s_same, Of(ImageStepKind.Resize, 1, 2), Activation(0), s_same with { Kind = ImageStepKind.Pad, Choice = 2 }],
        },
        static () => new()
        {
            Steps = [s_same with { Kind = ImageStepKind.Branches, Filters = 6, Choice = 0 }, Of(ImageStepKind.Maximum, 3, 2), s_same],
        },
        static () => new() { Steps = [s_same, Activation(4), s_same with { Kind = ImageStepKind.Residual, Choice = 27 }] },
        static () => new() { Input = (3, 1, 40), Steps = [s_same with { Dilation = 2, Before = 2, After = 2 }, Activation(0), s_same] },
    ];

    /// <inheritdoc/>
    public override string Name => "images";

    /// <inheritdoc/>
    public override string Subject => "ONNX networks over images by layer, size, stride, padding, dilation and group";

    /// <inheritdoc/>
    public override int SeedCount => s_seeds.Length;

    /// <inheritdoc/>
    public override double Weight => 0.25;

    /// <inheritdoc/>
    public override int SegmentLength => 100;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        // Curves need a tolerance, which is certified on a box.
        var options = variant % 4 == 0 ? ImportOptions.None : new ImportOptions { Tolerance = 0.25, Range = new InputRange(-1, 1) };
        return ModelCheck.Judge(input, variant, folder, options, result => Compare(result, input.Files[0].Bytes, variant)
            ?? (variant % UsedInOne == 0 ? null : new Verdict("accepted",
                "accepted " + string.Join(' ', result.Document.Layers.Select(static layer => layer.GetType().Name)))));
    }

    /// <inheritdoc/>
    protected override ImageModel Seed(int index) => s_seeds[index]();

    /// <inheritdoc/>
    protected override void Mutate(ImageModel model, FuzzRandom random) => model.Mutate(random);

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(ImageModel model) => [new FuzzFile("m.onnx", model.ToProto().ToByteArray())];

    private static ImageStep Activation(int choice) => new(ImageStepKind.Activation, 1, 1, 1, 1, 0, 0, 1, choice);

    private static ImageStep Of(ImageStepKind kind, int kernel, int stride) => new(kind, 1, kernel, stride, 1, 0, 0, 1, 0);

    private static Verdict? Compare(ImportResult result, byte[] bytes, int variant)
    {
        NetworkPlan plan;
        if (DirectGraph.TryRead(bytes) is not { } graph) return null;
        try
        {
            plan = NetworkCompiler.Plan(result.Document, Precision.Double, Lowering.Auto);
        }
        catch (Exception exception) when (exception is OverflowException or NetworkTooLargeException or ExactWorkException)
        {
            return null;
        }

        var evaluator = new ReferenceEvaluator<double>(plan.Form);
        var random = new Random(variant);
        for (int sample = 0; sample < Samples; sample++)
        {
            double[] inputs = [.. Enumerable.Range(0, plan.InputCount)
                .Select(_ => sample == 0 ? random.Next(2) : (random.NextDouble() * 2) - 1)];
            if (graph.Evaluate(inputs) is not { } expected) return null;
            double[] actual = evaluator.Evaluate(inputs);
            if (expected.Length != actual.Length)
                return Faults.Broken("outputs are those of the graph", string.Create(CultureInfo.InvariantCulture,
                    $"{actual.Length} outputs instead of {expected.Length}."));
            double scale = 1 + expected.Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
            {
                if (!(Math.Abs(actual[i] - expected[i]) <= result.Report.CertifiedError + (Rounding * scale)))
                    return Faults.Broken("outputs are those of the graph", string.Create(CultureInfo.InvariantCulture,
                        $"Output {i} is {actual[i]:R} where the graph gives {expected[i]:R}, certified within "
                        + $"{result.Report.CertifiedError:G3}."));
            }
        }

        return null;
    }
}
