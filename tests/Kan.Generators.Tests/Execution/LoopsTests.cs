using System;
using System.Linq;
using System.Reflection;
using Kan.Generators.Tests.Engines;
using Kan.Generators.Tests.Harness;
using Kan.Generators.Tests.Shape;
using Kan.Panels;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>
/// The loops over numbers that WebAssembly prefers leave in memory what the kernels leave there: hidden values, the sums behind ReLU, and
/// outputs.
/// </summary>
public sealed class LoopsTests
{
    private static readonly KanDocument[] s_networks =
    [
        ShapeNetworks.Mlp(0, 200, 128, 64, 10) with { Name = "Deep" }, ShapeNetworks.Mlp(0, 70, 40) with { Name = "Short" },
        ShapeNetworks.Mlp(0, 33, 150, 7) with { Name = "Wide" }, ShapeNetworks.Mlp(0, 40, 17, 30) with { Name = "Odd" },
    ];

    private delegate void Kernel(ref float inputs, ref float scratch, ref float table);

    private delegate ref float Start();

    [Fact]
    public void Loops_give_the_bits_of_the_kernels()
    {
        string source = string.Concat(s_networks.Select(static network =>
            $"[Kan.KanModel(\"{network.Name}.onnx\")] internal sealed partial class {network.Name};\n"));
        using var assembly = GeneratorHarness.BuildRelease(source,
            [.. s_networks.Select(static network => (network.Name + ".onnx", KanDocumentWriter.Write(network)))]);
        int compared = 0;
        foreach (var document in s_networks)
        {
            var network = document.ToNetwork();
            Type kernels = FileType("Kernels"), tables = FileType("Tables");
            var layers = (LoopLayer[])kernels.GetField("s_loops", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
            var run = kernels.GetMethod("Run", BindingFlags.Static | BindingFlags.Public, Parameters<Kernel>())!.CreateDelegate<Kernel>();
            var start = tables.GetProperty("Start")!.GetMethod!.CreateDelegate<Start>();
            foreach (float[] inputs in AdversarialInputs.For<float>(network, seed: 5))
            {
                float[] expected = new float[2048], found = new float[2048];
                run(ref inputs[0], ref expected[0], ref start());
                Loops.Run(layers, ref inputs[0], ref found[0], ref start());
                Assert.Equal(expected.Select(Bits), found.Select(Bits));
                compared++;
            }

            Type FileType(string name) => assembly.Assembly.GetTypes().Single(type =>
                type.Name.StartsWith($"<{document.Name}_", StringComparison.Ordinal)
                    && type.Name.EndsWith("__" + name, StringComparison.Ordinal));
        }

        Assert.True(compared > 100);
    }

    [Fact]
    public void They_are_for_WebAssembly() => Assert.Equal(System.Runtime.Intrinsics.Wasm.PackedSimd.IsSupported, Loops.AreFaster);

    private static Type[] Parameters<T>() => Array.ConvertAll(typeof(T).GetMethod("Invoke")!.GetParameters(), static p => p.ParameterType);

    /// <summary>The bits of a number; one pattern for every NaN.</summary>
    private static int Bits(float number) => float.IsNaN(number) ? int.MinValue + 1 : BitConverter.SingleToInt32Bits(number);
}
