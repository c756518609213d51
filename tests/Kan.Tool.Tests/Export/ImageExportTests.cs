using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Layers over images in C and in portable C#: the bits of the reference evaluator, and weights that are written once.</summary>
[Trait("Speed", "Slow")]
public sealed class ImageExportTests
{
    private const int Rows = 12;

    /// <summary>Every kind of window, and an activation that all nodes share.</summary>
    private static readonly KanDocument[] s_documents = [.. ImageNetworks.All, Leaky(ImageNetworks.All[0])];

    public static TheoryData<Precision, string> Compilers() => new()
    {
        { Precision.Single, "-std=c99 -O1 -Wall -Wextra -pedantic -Werror" }, { Precision.Single, "-std=gnu17 -O3 -march=native" },
        { Precision.Double, "-std=c99 -O1 -Wall -Wextra -pedantic -Werror" }, { Precision.Double, "-std=gnu17 -O3 -march=native" },
    };

    public static TheoryData<Precision, bool> Runtimes() =>
        new() { { Precision.Single, true }, { Precision.Single, false }, { Precision.Double, true } };

    [Theory]
    [MemberData(nameof(Compilers))]
    public void C_has_the_bits_of_the_reference(Precision precision, string flags)
    {
        Assert.SkipUnless(CCompiler.IsPresent, "gcc and g++ are not here");
        NetworkForm[] forms = [.. s_documents.Select(document => Form(document, precision))];
        CExport[] exports = [.. forms.Select(static (form, i) => CExporter.Export(form, new CExportOptions { Name = $"n{i}" }))];
        using var compiled = new CCompiler(exports, flags.Split(' '));
        for (int i = 0; i < forms.Length; i++)
        {
            if (precision == Precision.Single)
                Compare<float>(i, forms[i], inputs => compiled.EvaluateBatch(exports[i], inputs, Rows, forms[i].OutputCount));
            else Compare<double>(i, forms[i], inputs => compiled.EvaluateBatch(exports[i], inputs, Rows, forms[i].OutputCount));
        }
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void Portable_csharp_has_the_bits_of_the_reference(Precision precision, bool hasFma)
    {
        NetworkForm[] forms = [.. s_documents.Select(document => Form(document, precision))];
        var assembly =
            PortableCSharp.Compile(
            [.. forms.Select(static (form, i) => CSharpExporter.Export(form, new CSharpExportOptions { Name = $"N{i}" }))], hasFma);
        for (int i = 0; i < forms.Length; i++)
        {
            var evaluate = assembly.GetType($"N{i}", throwOnError: true)!.GetMethod("Evaluate")!;
            if (precision == Precision.Single) Compare<float>(i, forms[i], inputs => Evaluate(inputs, forms[i].OutputCount));
            else Compare<double>(i, forms[i], inputs => Evaluate(inputs, forms[i].OutputCount));

            T[] Evaluate<T>(T[] inputs, int outputs)
            {
                var results = new T[Rows * outputs];
                evaluate.CreateDelegate<Action<T[], T[]>>()(inputs, results);
                return results;
            }
        }
    }

    /// <summary>
    /// 28 x 28 places of 8 channels: with a weight for each place, the files would have 156,800 numbers in this layer alone.
    /// </summary>
    [Fact]
    public void Weights_are_written_once()
    {
        var window = ImageNetworks.Image(1, 28, 28, 5, 5) with { PadTop = 2, PadLeft = 2, PadBottom = 2, PadRight = 2 };
        var convolution = new ConvolutionDescription(window, 8, 1,
            [.. Enumerable.Range(1, 200).Select(static i => Rational.Create(i, 256))], []);
        var document =
            Leaky(new KanDocument
            {
                Name = "digits",
                Layers = [convolution, new ActivationDescription(convolution.OutputCount, [PiecewiseLinearFunction.Relu])]
            });
        var form = Form(document, Precision.Single);
        Assert.InRange(CExporter.Export(form).Source("x.h").Length, 1, 6_000);
        Assert.InRange(CSharpExporter.Export(form).Length, 1, 10_000);
        Assert.Contains($"take {(8 + (28 * 28 * 8)) * sizeof(float)} bytes of stack", CExporter.Export(form).Header,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sql_refuses_and_says_why()
    {
        var form = Form(ImageNetworks.All[7], Precision.Double);
        string message = Assert.Throws<NotSupportedException>(() => SqlExporter.Export(form)).Message;
        Assert.StartsWith("SQL has an expression for each output and no loops over the places of an image", message,
            StringComparison.Ordinal);
        Assert.Contains("--to kan", message, StringComparison.Ordinal);
    }

    private static NetworkForm Form(KanDocument document, Precision precision) =>
        NetworkCompiler.Plan(document, precision, Lowering.Auto, TestContext.Current.CancellationToken).Form;

    private static KanDocument Leaky(KanDocument document)
    {
        var leaky = PiecewiseLinearFunction.FromKnots([0], [0], Rational.Create(1, 10), 1);
        return document with
        {
            Name = document.Name + " leaky",
            Layers =
            [.. document.Layers.Select(layer => layer is ActivationDescription
            ? new ActivationDescription(layer.InputCount, [leaky])
            : layer)]
        };
    }

    private static void Compare<T>(int seed, NetworkForm form, Func<T[], T[]> evaluate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var reference = new ReferenceEvaluator<T>(form);
        int n = form.InputCount, m = form.OutputCount;
        T[] inputs = ImageNetworks.Samples<T>(seed, Rows, n), outputs = evaluate(inputs);
        for (int row = 0; row < Rows; row++)
            Bits.AssertSame<T>(reference.Evaluate(inputs.AsSpan(row * n, n)), outputs.AsSpan(row * m, m),
                $"{s_documents[seed].Name}, row {row}");
    }
}
