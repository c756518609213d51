using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class CompileTests
{
    [Fact]
    public async Task The_code_is_what_the_generator_adds()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("digits-mlp.onnx");
        await KanRun.Succeed("compile", model, "-o", scratch.PathOf("Net.g.cs"), "--namespace", "My.Models", "--class", "Net",
            "--precision", "double", "--unsafe");
        var expected = NetworkCompiler.Compile(
            ModelImporter.Import(model),
            new CompilerOptions
            {
                Target = new TargetType("My.Models", ["partial class Net"], IsStatic: false),
                Precision = Precision.Double,
                AllowUnsafe = true
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(expected.Code, await File.ReadAllTextAsync(scratch.PathOf("Net.g.cs"), TestContext.Current.CancellationToken));
        Assert.Equal(expected.Tables,
            await File.ReadAllTextAsync(scratch.PathOf("Net.Tables.g.cs"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("mnist-mlp", "MnistMlp")]
    [InlineData("3 nets", "Model3Nets")]
    [InlineData("größe", "GrE")]
    [InlineData("--", "Model")]
    public void Classes_are_named_after_models(string model, string expected) => Assert.Equal(expected, CompileCommand.ClassName(model));

    [Theory]
    [InlineData("--class", "A B")]
    [InlineData("--class", "A.B")]
    [InlineData("--namespace", "A..B")]
    public async Task Names_that_are_none_are_refused(string option, string name)
    {
        var (code, _, error) = await KanRun.Run("compile", TestFiles.Model("digits-mlp.onnx"), "-o", "out.cs", option, name);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"'{name}' is not a valid C# name.", error, StringComparison.Ordinal);
    }
}
