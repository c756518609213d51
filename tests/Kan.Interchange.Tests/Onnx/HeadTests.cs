using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>A final Softmax or Sigmoid is refused, or kept or left out where that is asked for.</summary>
public sealed class HeadTests
{
    private static readonly ImportOptions s_drop = new() { Head = ModelHead.Drop }, s_keep = new() { Head = ModelHead.Keep };

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("Sigmoid")]
    public void Left_out_when_asked_for(string type)
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).Node(type, ["*"])
            .Node("Identity", ["*"]);
        Assert.Contains("Head = drop", Assert.Throws<ModelFileException>(() => model.Import()).Reason, StringComparison.Ordinal);

        var (document, report) = model.Import(s_drop);
        Assert.Equal([7.0, 10], document.ToNetwork().Evaluate([1.0, 2]));
        string note = Assert.Single(report.Notes);
        Assert.Contains($"'n2' ({type})", note, StringComparison.Ordinal);
        Assert.Equal(report.Notes, document.SourceNotes);
        Assert.Equal(report.Notes, KanDocumentReader.Read(KanDocumentWriter.Write(document)).SourceNotes);
        Assert.Equal(0, report.CertifiedError);
    }

    [Theory]
    [InlineData("Softmax", NetworkHead.Softmax)]
    [InlineData("LogSoftmax", NetworkHead.LogSoftmax)]
    [InlineData("Sigmoid", NetworkHead.Sigmoid)]
    [InlineData("Hardmax", NetworkHead.ArgMax)]
    public void Kept_behind_the_network_when_asked_for(string type, NetworkHead head)
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).Node(type, ["*"])
            .Node("Identity", ["*"]);
        Assert.Contains("Head = keep", Assert.Throws<ModelFileException>(() => model.Import()).Reason, StringComparison.Ordinal);
        var (document, report) = model.Import(s_keep);
        Assert.Equal([7.0, 10], document.ToNetwork().Evaluate([1.0, 2]));
        Assert.Equal(head, document.Head);
        Assert.Empty(report.Notes);
        Assert.Equal(NetworkHead.None, model.Import(s_drop).Document.Head);
    }

    [Fact]
    public void Kept_after_the_two_classes_of_scikit_learn()
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 1], 1, 2).Floats("one", [1], 1)
            .Node("MatMul", ["*", "w"]).Node("Sigmoid", ["*"]).Node("Sub", ["one", "v1"]).Node("Concat", ["v2", "v1"], ("axis", 1));
        var document = model.Import(s_keep).Document;
        Assert.Equal(NetworkHead.Sigmoid, document.Head);
        Assert.Equal([-5.0, 5], document.ToNetwork().Evaluate([1.0, 2]));
    }

    [Fact]
    public void Without_a_head_there_is_none_to_keep()
    {
        var (document, report) = new OnnxBuilder(0, 2).Node("Relu", ["*"]).Import(s_keep);
        Assert.Equal(NetworkHead.None, document.Head);
        Assert.Contains("no head to keep", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Softmax", 1, "it compares 2 of 4 values at a time")]
    [InlineData("ArgMax", 2, "it compares 2 of 4 values at a time")]
    public void What_works_on_groups_is_not_kept(string type, int axis, string reason)
    {
        var model = new OnnxBuilder(0, 2, 2).Node(type, ["*"], ("axis", axis));
        var exception = Assert.Throws<ModelFileException>(() => model.Import(s_keep));
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.Contains("Head = drop", exception.Reason, StringComparison.Ordinal);
        Assert.Equal(4, model.Import(s_drop).Document.ToNetwork().OutputCount);
    }

    [Fact]
    public void The_last_of_equal_values_is_not_kept() => Assert.Contains(
        "picks the last of several equal values",
        Assert.Throws<ModelFileException>(() => new OnnxBuilder(0, 2).Node("ArgMax", ["*"], ("axis", 1), ("select_last_index", 1))
            .Import(s_keep)).Reason,
        StringComparison.Ordinal);

    [Fact]
    public void One_of_several_outputs_is_kept_alone()
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 1], 1, 2).Node("Softmax", ["x"]).Node("MatMul", ["x", "w"]).Output("v0")
            .Output("v1");
        var both = Assert.Throws<ModelFileException>(() => model.Import(s_keep with { Outputs = ["v0", "v1"] }));
        Assert.Contains("Outputs = v0", both.Reason, StringComparison.Ordinal);
        Assert.Equal(NetworkHead.Softmax, model.Import(s_keep with { Outputs = ["v0"] }).Document.Head);
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
        var report = new OnnxBuilder(0, 2).Floats("w", [2, 3], 1, 2, 3, 4, 5, 6).Node("MatMul", ["*", "w"]).Node("Relu", ["*"])
            .Import(ImportOptions.None).Report;
        Assert.Equal([2, 3, 3], report.Widths);
        Assert.Equal(9, report.EdgeCount);
        Assert.Equal(12, report.SegmentCount);
        Assert.Empty(report.Notes);
        Assert.True(report.Domain.IsEmpty);
    }
}
