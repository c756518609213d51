using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>
/// Published apps: trimmed, and compiled ahead of time for any processor and for this one. Warnings are errors, and all output bits on
/// 1,500 handwritten digits and on strange inputs are those of the JIT.
/// </summary>
public sealed class PublishTests(PackedFeed feed)
{
    private const string Program = """
        using Kan;
        using System.IO.Compression;
        using System.Runtime.InteropServices;
        using System.Security.Cryptography;

        float[] digits = Digits("digits.gz");
        Print<Mlp>("mlp", digits); Print<Edges>("kan", digits); Print<Cancer>("cancer", Sequence(30)); Print<Wave>("wave", Sequence(1));

        static void Print<T>(string name, float[] inputs) where T : IKanModel<float>
        {
            int rows = inputs.Length / T.InputCount;
            var batch = new float[rows * T.OutputCount];
            var single = new float[batch.Length];
            T.EvaluateBatch(inputs, batch);
            for (int i = 0; i < rows; i++) T.Evaluate(inputs.AsSpan(i * T.InputCount, T.InputCount), single.AsSpan(i * T.OutputCount, T.OutputCount));
            Console.WriteLine($"{name} {rows} {Hash(batch)} {Hash(single)}");
        }

        static string Hash(float[] numbers) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(numbers)));

        // A fixed sequence that visits every segment, with the inputs that break careless code at its end.
        static float[] Sequence(int width)
        {
            var inputs = new float[64 * width];
            uint state = 1;
            for (int i = 0; i < inputs.Length; i++) inputs[i] = ((state = (state * 1664525) + 1013904223) >> 8) / 4194304f - 2f;
            float[] strange = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -0f];
            strange.CopyTo(inputs, inputs.Length - strange.Length);
            return inputs;
        }

        // The last 1,500 of 10,000 handwritten digits.
        static float[] Digits(string file)
        {
            using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, file)), CompressionMode.Decompress);
            var bytes = new byte[16 + (10_000 * 784)];
            stream.ReadExactly(bytes);
            return Array.ConvertAll(bytes[(16 + (8_500 * 784))..], pixel => pixel / 255f);
        }

        [KanModel("cancer.onnx")] public sealed partial class Cancer;

        [KanNetwork(1, 3, 1)]
        [Edge(0, 0, 0, Breakpoints = [-1, 0.1, 1], Slopes = [0, 0.3, -1.7, 0], ValueAtZero = 0.2)]
        [Edge(0, 0, 1, Breakpoints = [0.3], Slopes = [-1, 1])]
        [Edge(0, 0, 2, Breakpoints = [-0.5, 0.5], Slopes = [0, 1, 0])]
        [Edge(1, 0, 0, Slopes = [0.7])]
        [Edge(1, 1, 0, Breakpoints = [0.25], Slopes = [1, -3])]
        [Edge(1, 2, 0, Slopes = [-1.1])]
        public sealed partial class Wave;
        """;

    private const string Suggestion = "set the property IlcInstructionSet to x86-64-v3";

    /// <summary>What the JIT gives, once for all ways to publish.</summary>
    private static readonly SemaphoreSlim s_once = new(1);
    private static string? s_jit;

    private static string Runtime => RuntimeInformation.RuntimeIdentifier;

    [Theory]
    [InlineData("<PublishTrimmed>true</PublishTrimmed><SelfContained>true</SelfContained>", false)]
    [InlineData("<PublishAot>true</PublishAot>", true)]
    [InlineData("<PublishAot>true</PublishAot><IlcInstructionSet>native</IlcInstructionSet>", false)]
    public async Task Published_apps_give_the_bits_of_the_jit(string properties, bool isSlow)
    {
        using var project = new UserProject(feed);
        project.WriteProject(
            "app.csproj",
            """
            <KanModel Include="cancer.onnx" Range="-4,4" />
            <KanModel Include="mlp.onnx" Class="Mlp" Range="0,1" />
            <KanModel Include="kan.npz" Class="Edges" Range="0,1" />
            <Using Include="app" />
            <Content Include="digits.gz" CopyToOutputDirectory="PreserveNewest" />
            """,
            "<OutputType>Exe</OutputType><AllowUnsafeBlocks>true</AllowUnsafeBlocks>" + properties);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        project.Copy("sample-app/models/mnist-mlp.onnx", "mlp.onnx");
        project.Copy("sample-app/models/mnist-kan.npz", "kan.npz");
        project.Copy("sample-app/data/mnist10k-images-idx3-ubyte.gz", "digits.gz");
        project.Write("Program.cs", Program);
        string jit = await Jit(project);
        Assert.Equal(4, jit.Count(static c => c == '\n'));

        string log = await project.Succeed("", "publish", "-c", "Release", "-r", Runtime, "-o", project.PathOf("out"), "-v:m", "-tl:off");
        Assert.Equal(isSlow && Runtime.EndsWith("-x64", StringComparison.Ordinal), log.Contains(Suggestion, StringComparison.Ordinal));
        string executable = project.PathOf("out/app" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var process = Process.Start(new ProcessStartInfo(executable) { RedirectStandardOutput = true })!;
        string published = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(jit, published.ReplaceLineEndings("\n"));
    }

    private static async Task<string> Jit(UserProject project)
    {
        await s_once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return s_jit ??= await project.Run();
        }
        finally
        {
            s_once.Release();
        }
    }
}
