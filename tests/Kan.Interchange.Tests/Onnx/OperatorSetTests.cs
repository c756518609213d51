using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Which versions of the standard operators are read.</summary>
public sealed class OperatorSetTests
{
    private static byte[] Model(int opset) => new OnnxBuilder(1, 2).Node("Relu", ["*"]).ToBytes(opset);

    /// <summary>ONNX Runtime says up to which version it reads, which is the newest that was published with it.</summary>
    [Fact]
    public void The_newest_version_is_that_of_another_reader()
    {
        string message = Assert.Throws<OnnxRuntimeException>(static () => new InferenceSession(Model(9_999))).Message;
        var newest = Regex.Match(message, @"ai\.onnx is till opset (?<version>\d+)");
        Assert.True(newest.Success, message);
        Assert.Equal(OnnxOperatorSets.Newest, int.Parse(newest.Groups["version"].Value, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(OnnxOperatorSets.Newest + 1)]
    [InlineData(9_999)]
    public void Versions_that_do_not_exist_are_refused(int opset)
    {
        using var scratch = new Scratch();
        string path = scratch.Write("m.onnx", Model(opset));
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path));
        Assert.Equal("KAN0303", exception.DiagnosticId);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"operator set {opset} of ONNX"), exception.Reason,
            StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"1 to {OnnxOperatorSets.Newest}"), exception.Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(OnnxOperatorSets.Newest)]
    public void Versions_that_exist_are_read(int opset)
    {
        using var scratch = new Scratch();
        Assert.Equal([0.0, 3], ModelImporter.Import(scratch.Write("m.onnx", Model(opset))).ToNetwork().Evaluate([-2.0, 3]));
    }
}
