using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>Published apps: trimmed, and compiled ahead of time. Warnings are errors, and the bits are those of the JIT.</summary>
public sealed class PublishTests(PackedFeed feed)
{
    private const string Program = """
        using Kan;
        using System.Runtime.InteropServices;

        Print<Cancer>(); Print<Wave>();

        static void Print<T>() where T : IKanModel<float>
        {
            // A fixed sequence that visits every segment, with the inputs that break careless code at its end.
            var inputs = new float[64 * T.InputCount];
            uint state = 1;
            for (int i = 0; i < inputs.Length; i++) inputs[i] = ((state = (state * 1664525) + 1013904223) >> 8) / 4194304f - 2f;
            float[] strange = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -0f];
            strange.CopyTo(inputs, inputs.Length - strange.Length);
            var outputs = new float[64 * T.OutputCount];
            T.EvaluateBatch(inputs, outputs);
            Console.WriteLine(Convert.ToHexString(MemoryMarshal.AsBytes<float>(outputs)));
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

    private static string Runtime => RuntimeInformation.RuntimeIdentifier;

    [Theory]
    [InlineData("<PublishTrimmed>true</PublishTrimmed><SelfContained>true</SelfContained>")]
    [InlineData("<PublishAot>true</PublishAot>")]
    [InlineData("<PublishAot>true</PublishAot><IlcInstructionSet>native</IlcInstructionSet>")]
    public async Task Published_apps_give_the_bits_of_the_jit(string properties)
    {
        using var project = new UserProject(feed);
        project.WriteProject("app.csproj", """<KanModel Include="cancer.onnx" Range="-4,4" />""", "<OutputType>Exe</OutputType><AllowUnsafeBlocks>true</AllowUnsafeBlocks>" + properties);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        project.Write("Program.cs", Program);
        string jit = await project.Run();
        Assert.Equal(2, jit.Count(static c => c == '\n'));

        await project.Succeed("", "publish", "-c", "Release", "-r", Runtime, "-o", project.PathOf("out"), "-v:q", "-tl:off", "-p:UseSharedCompilation=false");
        string executable = project.PathOf("out/app" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var process = Process.Start(new ProcessStartInfo(executable) { RedirectStandardOutput = true })!;
        string published = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(jit, published.ReplaceLineEndings("\n"));
    }
}
