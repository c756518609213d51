using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>A final Softmax or Sigmoid is refused, or left out where that is asked for.</summary>
public sealed class HeadTests
{
    private static readonly ImportOptions s_drop = new() { Head = ModelHead.Drop };

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("Sigmoid")]
    public void Left_out_when_asked_for(string type)
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).Node(type, ["*"]).Node("Identity", ["*"]);
        Assert.Contains("Head = drop", Assert.Throws<ModelFileException>(() => model.Import()).Reason, StringComparison.Ordinal);

        var (document, report) = model.Import(s_drop);
        Assert.Equal([7.0, 10], document.ToNetwork().Evaluate([1.0, 2]));
        string note = Assert.Single(report.Notes);
        Assert.Contains($"'n2' ({type})", note, StringComparison.Ordinal);
        Assert.Equal(report.Notes, document.SourceNotes);
        Assert.Equal(report.Notes, KanDocumentReader.Read(KanDocumentWriter.Write(document)).SourceNotes);
        Assert.Equal(0, report.CertifiedError);
    }

    [Fact]
    public void Refused_where_it_is_not_final()
    {
        var model = new OnnxBuilder(0, 2).Node("Sigmoid", ["*"]).Node("Relu", ["*"]);
        string reason = Assert.Throws<ModelFileException>(() => model.Import(s_drop)).Reason;
        Assert.Contains("'n1' (Relu)", reason, StringComparison.Ordinal);
        Assert.Contains("not the last operation", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_counts()
    {
        var report = new OnnxBuilder(0, 2).Floats("w", [2, 3], 1, 2, 3, 4, 5, 6).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).Import(ImportOptions.None).Report;
        Assert.Equal([2, 3, 3], report.Widths);
        Assert.Equal(9, report.EdgeCount);
        Assert.Equal(12, report.SegmentCount);
        Assert.Empty(report.Notes);
        Assert.True(report.Domain.IsEmpty);
    }
}
