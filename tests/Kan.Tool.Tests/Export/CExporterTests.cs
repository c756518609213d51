using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Networks in C give the bits of the reference evaluator, and compile without a warning.</summary>
[Trait("Speed", "Slow")]
public sealed class CExporterTests
{
    private const string NoCompiler = "gcc and g++ are not here";

    private static readonly string[] s_strict = ["-std=c99", "-O1", "-Wall", "-Wextra", "-pedantic", "-Werror"];

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Bits_are_those_of_the_reference(Precision precision)
    {
        Assert.SkipUnless(CCompiler.IsPresent, NoCompiler);
        var cases = new List<(KanDocument Document, NetworkForm Form, CExport Export)>();
        for (int seed = 0; seed < 12; seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            foreach (var lowering in (Lowering[])[Lowering.Auto, Lowering.Rows, Lowering.Clamp, Lowering.Relu])
                cases.Add(Case(document, precision, lowering, $"n{seed}_{lowering}"));
        }

        using var compiled = new CCompiler([.. cases.Select(static item => item.Export)], s_strict);
        foreach (var (document, form, export) in cases)
        {
            if (precision == Precision.Single) Compare<float>(compiled, document, form, export);
            else Compare<double>(compiled, document, form, export);
        }
    }

    /// <summary>With all that a compiler may do by default, fused multiply-add in hardware and contraction among it.</summary>
    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("digits-batchnorm-leaky.onnx")]
    [InlineData("mnist-kan.npz")]
    public void Trained_networks_keep_their_bits_under_optimisation(string model)
    {
        Assert.SkipUnless(CCompiler.IsPresent, NoCompiler);
        var document = ModelImporter.Import(TestFiles.Model(model));
        var item = Case(document, Precision.Single, Lowering.Auto, "net");
        using var compiled = new CCompiler([item.Export], "-std=gnu17", "-O2", "-march=native");
        Compare<float>(compiled, item.Document, item.Form, item.Export);
    }

    [Fact]
    public void The_header_is_one_for_cpp_too()
    {
        Assert.SkipUnless(CCompiler.IsPresent, NoCompiler);
        using var scratch = new Scratch();
        Case(ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx")), Precision.Double, Lowering.Auto, "breast cancer")
            .Export.Save(scratch.PathOf("deep/cancer.c"));
        File.WriteAllText(scratch.PathOf("deep/main.cpp"), """
            #include "cancer.h"
            int main()
            {
                double inputs[BREAST_CANCER_INPUT_COUNT] = {}, outputs[BREAST_CANCER_OUTPUT_COUNT];
                breast_cancer_evaluate(inputs, outputs);
                breast_cancer_evaluate_batch(inputs, outputs, 1);
                return outputs[0] == 0.0;
            }

            """);
        CCompiler.Run(scratch.PathOf("deep"), "gcc", [.. s_strict, "-c", "cancer.c"]);
        CCompiler.Run(scratch.PathOf("deep"), "g++", "-std=c++98", "-Wall", "-Wextra", "-pedantic", "-Werror", "main.cpp", "cancer.o", "-o",
            "main", "-lm");
        CCompiler.Run(scratch.PathOf("deep"), scratch.PathOf("deep/main"));
    }

    [Fact]
    public void Code_that_would_not_keep_the_bits_does_not_compile()
    {
        Assert.SkipUnless(CCompiler.IsPresent, NoCompiler);
        using var scratch = new Scratch();
        Case(RandomNetworks.Create(1, dyadic: true), Precision.Single, Lowering.Auto, "net").Export.Save(scratch.PathOf("net.c"));
        var exception = Assert.ThrowsAny<Exception>(() => CCompiler.Run(scratch.Folder, "gcc", "-ffast-math", "-c", "net.c"));
        Assert.Contains("-ffast-math reorders sums", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist-mlp", "mnist_mlp")]
    [InlineData("3 nets", "network_3_nets")]
    [InlineData("größe", "gr_e")]
    [InlineData("", "network_")]
    public void Names_become_identifiers(string name, string identifier)
    {
        var export = Case(RandomNetworks.Create(1, dyadic: true), Precision.Single, Lowering.Auto, name).Export;
        Assert.Equal(identifier, export.Identifier);
        Assert.Contains($"void {identifier}_evaluate(const float *inputs, float *outputs);", export.Header, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', export.Header + export.Source("a.h"));
    }

    [Fact]
    public void Descriptions_cannot_leave_their_comment()
    {
        var form = NetworkCompiler.Plan(RandomNetworks.Create(1, dyadic: true), Precision.Single, Lowering.Auto,
            TestContext.Current.CancellationToken).Form;
        var export = CExporter.Export(form, new CExportOptions { Name = "a*/b/*c", Description = ["x */ int y; /* ü"] });
        string comment = export.Header[..export.Header.IndexOf("#ifndef", StringComparison.Ordinal)];
        Assert.Single(comment.Split("*/").SkipLast(1));
        Assert.Single(comment.Split("/*").Skip(1));
        Assert.All(export.Header, static c => Assert.InRange(c, '\n', '~'));
    }

    private static (KanDocument Document, NetworkForm Form, CExport Export) Case(KanDocument document, Precision precision,
        Lowering lowering, string name)
    {
        var form = NetworkCompiler.Plan(document, precision, lowering).Form;
        return (document, form, CExporter.Export(form, new CExportOptions { Name = name }));
    }

    private static void Compare<T>(CCompiler compiled, KanDocument document, NetworkForm form, CExport export)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var reference = new ReferenceEvaluator<T>(form);
        T[][] samples = [.. AdversarialInputs.For<T>(document.ToNetwork(), seed: 5)];
        T[] batch = compiled.EvaluateBatch(export, [.. samples.SelectMany(static sample => sample)], samples.Length, form.OutputCount);
        for (int i = 0; i < samples.Length; i++)
        {
            T[] expected = reference.Evaluate(samples[i]);
            string what = $"{export.Identifier}, inputs ({string.Join(", ", samples[i].Take(20))})";
            Bits.AssertSame<T>(expected, compiled.Evaluate(export, samples[i], form.OutputCount), what);
            Bits.AssertSame<T>(expected, batch.AsSpan(i * form.OutputCount, form.OutputCount), what);
        }
    }
}
