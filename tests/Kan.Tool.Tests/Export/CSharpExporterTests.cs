using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Reflection;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>
/// Networks in portable C# compile in C# 7.3 and give the bits of the reference evaluator, with fused multiply-add of the runtime and
/// without.
/// </summary>
public sealed class CSharpExporterTests
{
    private const int Rows = 40;

    public static TheoryData<Precision, bool> Cases() =>
        new() { { Precision.Single, true }, { Precision.Single, false }, { Precision.Double, true }, { Precision.Double, false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bits_are_those_of_the_reference(Precision precision, bool hasFma)
    {
        var cases = new List<(KanDocument Document, NetworkForm Form, string Name)>();
        var sources = new List<string>();
        for (int seed = 0; seed < 12; seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            foreach (var lowering in (Lowering[])[Lowering.Auto, Lowering.Rows, Lowering.Clamp, Lowering.Relu])
            {
                var form = NetworkCompiler.Plan(document, precision, lowering, TestContext.Current.CancellationToken).Form;
                cases.Add((document, form, $"N{seed}{lowering}"));
                sources.Add(CSharpExporter.Export(form, new CSharpExportOptions { Name = cases[^1].Name, Namespace = "Exported" }));
            }
        }

        var assembly = PortableCSharp.Compile(sources, hasFma);
        foreach (var (document, form, name) in cases)
        {
            var type = assembly.GetType("Exported." + name, throwOnError: true)!;
            if (precision == Precision.Single) Compare<float>(type, document, form, isExtreme: true);
            else Compare<double>(type, document, form, isExtreme: hasFma);
        }
    }

    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("digits-batchnorm-leaky.onnx")]
    [InlineData("breast-cancer-mlp.onnx")]
    public void Trained_networks_keep_their_bits_without_hardware(string model)
    {
        var document = ModelImporter.Import(TestFiles.Model(model));
        var form = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken).Form;
        var type = PortableCSharp.Compile([CSharpExporter.Export(form, new CSharpExportOptions { Name = model })], hasFma: false)
            .GetType(CSharpExporter.ClassName(model), throwOnError: true)!;
        Compare<float>(type, document, form, isExtreme: false);
    }

    /// <summary>Mono's own library and its own compiler of machine code; numbers cross as their hexadecimal bits.</summary>
    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("breast-cancer-mlp.onnx")]
    public async Task Mono_gives_the_same_bits(string model)
    {
        const string Library = "/usr/lib/mono/4.5/mscorlib.dll";
        Assert.SkipUnless(File.Exists(Library) && File.Exists("/usr/bin/mono"), "Mono is not installed");
        var document = ModelImporter.Import(TestFiles.Model(model));
        var form = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken).Form;
        float[] inputs = Inputs<float>(form.InputCount, isExtreme: true);
        string program = $$"""
            internal static class Program
            {
                private static void Main()
                {
                    float[] inputs = new float[{{inputs.Length}}];
                    for (int i = 0; i < inputs.Length; i++)
                        inputs[i] = System.BitConverter.ToSingle(System.BitConverter.GetBytes(System.Convert.ToInt32(System.Console.ReadLine(), 16)), 0);
                    float[] outputs = new float[{{Rows * form.OutputCount}}];
                    Portable.Evaluate(inputs, outputs);
                    foreach (float output in outputs) System.Console.WriteLine(System.BitConverter.ToInt32(System.BitConverter.GetBytes(output), 0).ToString("X8"));
                }
            }
            """;
        using var stream = PortableCSharp.Emit(
            [CSharpExporter.Export(form, new CSharpExportOptions { Name = "Portable" }), program],
            [MetadataReference.CreateFromFile(Library)], [], OutputKind.ConsoleApplication);
        using var scratch = new Scratch();
        using var mono =
            Process.Start(new ProcessStartInfo("mono", [scratch.Write("portable.exe", stream.ToArray())])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true
            })!;
        await mono.StandardInput.WriteAsync(
            string.Concat(inputs.Select(static x => BitConverter.SingleToInt32Bits(x).ToString("X8", CultureInfo.InvariantCulture)
                + "\n")));
        mono.StandardInput.Close();
        string[] lines = (await mono.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Rows * form.OutputCount, lines.Length);
        float[] outputs =
            [.. lines.Select(static line =>
            BitConverter.Int32BitsToSingle(int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
        Compare(form, inputs, outputs, model);
    }

    [Theory]
    [InlineData("mnist-mlp", "MnistMlp")]
    [InlineData("2 of 3", "Network2Of3")]
    [InlineData("*/ evil", "Evil")]
    [InlineData("", "Network")]
    public void Names_become_those_of_classes(string name, string expected) => Assert.Equal(expected, CSharpExporter.ClassName(name));

    [Fact]
    public void Wrong_arrays_are_refused_before_anything_is_written()
    {
        var document = ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx"));
        var form = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken).Form;
        string source = CSharpExporter.Export(form, new CSharpExportOptions { Name = "*/ class X { } /*", Description = ["a\n#error b"] });
        var evaluate = PortableCSharp.Compile([source], hasFma: true).GetTypes().Single(static type => type.IsPublic)
            .GetMethod("Evaluate")!;
        float[] outputs = [7];
        Assert.Equal("The inputs must be whole rows of 30 numbers, not 31. (Parameter 'inputs')", Refusal(new float[31], outputs));
        Assert.Equal("The outputs must be 2 rows of 1 numbers, not 1. (Parameter 'outputs')", Refusal(new float[60], outputs));
        Assert.Equal("Value cannot be null. (Parameter 'inputs')", Refusal(null, outputs));
        Assert.Equal([7], outputs);

        string Refusal(float[]? inputs, float[] outputs) =>
            Assert.Throws<TargetInvocationException>(() => evaluate.Invoke(null, [inputs, outputs])).InnerException!.Message;
    }

    private static void Compare<T>(Type type, KanDocument document, NetworkForm form, bool isExtreme)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T[] inputs = Inputs<T>(form.InputCount, isExtreme);
        var outputs = new T[Rows * form.OutputCount];
        type.GetMethod("Evaluate")!.CreateDelegate<Action<T[], T[]>>()(inputs, outputs);
        Compare(form, inputs, outputs, $"{document.Name} {type.Name}");
    }

    private static T[] Inputs<T>(int count, bool isExtreme)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var random = new Random(5);
        var inputs = new T[Rows * count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = random.Next(isExtreme ? 8 : 3) switch
            {
                0 => T.CreateChecked(random.Next(-8, 9)) / T.CreateChecked(4),
                3 => T.NaN,
                4 => T.PositiveInfinity,
                5 => -T.MaxValue,
                6 => T.Epsilon,
                7 => -T.Zero,
                _ => T.CreateChecked((random.NextDouble() * 8) - 4),
            };
        }

        return inputs;
    }

    private static void Compare<T>(NetworkForm form, T[] inputs, T[] outputs, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var reference = new ReferenceEvaluator<T>(form);
        int n = form.InputCount, m = form.OutputCount;
        for (int row = 0; row < Rows; row++)
        {
            var expected = reference.Evaluate(inputs.AsSpan(row * n, n));
            for (int q = 0; q < m; q++)
            {
                T actual = outputs[(row * m) + q];
                bool isSame = T.IsNaN(expected[q])
                    ? T.IsNaN(actual)
                    : actual.Equals(expected[q]) && T.IsNegative(actual) == T.IsNegative(expected[q]);
                Assert.True(isSame, $"{name} row {row} output {q}: {actual}, not {expected[q]}");
            }
        }
    }
}
