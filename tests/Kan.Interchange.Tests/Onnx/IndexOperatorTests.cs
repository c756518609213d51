using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Values picked and put by constant indices, and operators that are folded, mean what ONNX Runtime computes.</summary>
public sealed class IndexOperatorTests
{
    private static readonly Dictionary<string, (int OperatorSet, Func<OnnxBuilder> Model)> s_models = new()
    {
        ["GatherElements"] = (13, static () => Of(1, 3, 4).Indices("i", [1, 2, 4], 2, 0, -1, 1, 0, 0, 2, -3)
            .Node("GatherElements", ["x", "i"], ("axis", 1))),
        ["GatherND"] = (13, static () => Of(1, 3, 4).Indices("i", [2, 2], 0, 2, 0, -3).Node("GatherND", ["x", "i"])),
        ["GatherND of a batch"] = (13, static () => Of(2, 3, 4).Indices("i", [2, 2, 1], 2, 0, 1, 1)
            .Node("GatherND", ["x", "i"], ("batch_dims", 1))),
        ["Compress"] = (13, static () => Of(1, 5, 2).Truths("c", 1, 0, 0, 1).Node("Compress", ["x", "c"], ("axis", 1))),
        ["Compress of all"] = (13, static () => Of(2, 3).Truths("c", 0, 1, 0, 0, 1, 1).Node("Compress", ["x", "c"])),
        ["ReverseSequence"] = (13, static () => Of(4, 3).Indices("n", [3], 1, 4, 3).Node("ReverseSequence", ["x", "n"])),
        ["ScatterElements"] = (13, static () => Of(2, 3).Indices("i", [2, 1], 2, -3).Floats("u", [2, 1], 7, -7)
            .Node("ScatterElements", ["x", "i", "u"], ("axis", 1))),
        ["ScatterElements, sums"] = (18, static () => Of(2, 3).Indices("i", [2, 2], 2, 2, 0, 1).Floats("u", [2, 2], 7, -1, 2, 3)
            .Node("ScatterElements", ["x", "i", "u"], ("axis", 1), ("reduction", "add"))),
        ["ScatterElements, largest"] = (18, static () => Of(2, 3).Indices("i", [2, 2], 2, 2, 0, 1).Floats("u", [2, 2], 0, -1, 0.5f, 0)
            .Node("ScatterElements", ["x", "i", "u"], ("axis", 1), ("reduction", "max"))),
        ["ScatterND"] = (16, static () => Of(3, 2).Indices("i", [2, 1], 2, 0).Floats("u", [2, 2], 7, 8, 9, 10)
            .Node("ScatterND", ["x", "i", "u"])),
        ["ScatterND, products"] = (16, static () => Of(3, 2).Indices("i", [2, 2], 2, 0, 1, 1).Floats("u", [2], 7, -2)
            .Node("ScatterND", ["x", "i", "u"], ("reduction", "mul"))),
        ["DepthToSpace"] = (13, static () => Of(1, 8, 2, 3).Node("DepthToSpace", ["x"], ("blocksize", 2))),
        ["DepthToSpace, columns first"] = (13, static () => Of(1, 8, 2, 3).Node("DepthToSpace", ["x"], ("blocksize", 2), ("mode", "CRD"))),
        ["SpaceToDepth"] = (13, static () => Of(1, 2, 4, 6).Node("SpaceToDepth", ["x"], ("blocksize", 2))),
        ["Col2Im"] = (18, static () => Of(1, 8, 9).Indices("s", [2], 3, 4).Indices("k", [2], 2, 2)
            .Node("Col2Im", ["x", "s", "k"], ("pads", OnnxBuilder.Ints(0, 0, 1, 0)), ("dilations", OnnxBuilder.Ints(1, 1)),
                ("strides", OnnxBuilder.Ints(1, 1)))),
        ["CenterCropPad"] = (18, static () => Of(1, 5, 2).Indices("s", [2], 2, 5)
            .Node("CenterCropPad", ["x", "s"], ("axes", OnnxBuilder.Ints(1, 2)))),
        ["Einsum with an ellipsis"] = (13, static () => Of(1, 3, 4).Floats("w", [4, 2], [.. Enumerable.Range(1, 8)])
            .Node("Einsum", ["x", "w"], ("equation", "...i,ij->...j"))),
        ["Einsum with an ellipsis, implicit"] = (13, static () => Of(1, 3, 3).Node("Einsum", ["x"], ("equation", "...ii->...i"))),
        ["Size and Range"] = (13, static () => Of(2, 3).Node("Size", ["x"], ["n"]).Node("Cast", ["n"], ["m"], ("to", 1))
            .Floats("a", [], 0).Floats("d", [], 1.5f).Node("Range", ["a", "m", "d"], ["r"])
            .Node("Floor", ["r"], ["f"]).Floats("four", [], 4).Node("Mod", ["f", "four"], ["o"], ("fmod", 1)).Integers("s", 4, 1)
            .Node("Reshape", ["o", "s"], ["c"]).Integers("t", 1, 6).Node("Reshape", ["x", "t"], ["y"]).Node("Mul", ["c", "y"])),
        ["Round and Ceil"] = (13, static () => Of(5).Floats("c", [5], 0.5f, 1.5f, -2.5f, 2.4f, -0.6f).Node("Round", ["c"], ["r"])
            .Node("Ceil", ["c"], ["e"]).Node("Mul", ["x", "r"]).Node("Add", ["*", "e"])),
        ["MaxPool by columns"] = (13, static () => Of(1, 1, 4, 4).Node("MaxPool", ["x"], ("kernel_shape", OnnxBuilder.Ints(2, 2)),
            ("storage_order", 1))),
    };

    public static TheoryData<string> Names => [.. s_models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_by_one(string name) => OnnxOracle.AssertAgrees(s_models[name].Model(), s_models[name].OperatorSet);

    /// <summary>Sets before 7 have a slope for each channel, even where the last axis is as long.</summary>
    [Fact]
    public void Slopes_of_an_old_set_are_those_of_channels()
    {
        double[] x = [-1, -2, -3, -4];
        Assert.Equal([-2.0, -4, -9, -12], Import(6).Evaluate(x));
        Assert.Equal([-2.0, -6, -6, -12], Import(7).Evaluate(x));

        static KanNetwork Import(int operatorSet) =>
            Read(new OnnxBuilder(1, 2, 2).Floats("s", [2], 2, 3).Node("PRelu", ["x", "s"]), operatorSet);
    }

    [Fact]
    public void A_bias_of_an_old_set_spreads() => Assert.Equal([22.0 + 7, 28 + 8],
        Read(new OnnxBuilder(1, 3).Floats("w", [3, 2], 1, 2, 3, 4, 5, 6).Floats("b", [2], 7, 8)
            .Node("Gemm", ["x", "w", "b"], ("broadcast", 1)), 6).Evaluate([1.0, 2, 3]));

    [Fact]
    public void Exponents_of_their_own()
    {
        var options = ImportOptions.None with { Tolerance = 1e-4, Domain = [new InputRange(1, 3)] };
        var network = new OnnxBuilder(4).Floats("p", [4], 2, 1, 0, -1.5f).Node("Pow", ["x", "p"]).Import(options).Document.ToNetwork();
        for (double x = 1; x <= 3; x += 0.125)
        {
            double[] y = network.Evaluate([x, x, x, x]);
            Assert.Equal(x * x, y[0], 1.001e-4);
            Assert.Equal(x, y[1]);
            Assert.Equal(1, y[2]);
            Assert.Equal(Math.Pow(x, -1.5), y[3], 1.001e-4);
        }
    }

    [Theory]
    [InlineData("Asin", -0.95, 0.95)]
    [InlineData("Acos", -0.95, 0.95)]
    [InlineData("Asinh", -20, 30)]
    [InlineData("Acosh", 1.01, 30)]
    [InlineData("Atanh", -0.95, 0.95)]
    public void Inverse_functions(string type, double low, double high)
    {
        Func<double, double> function = type switch
        {
            "Asin" => Math.Asin,
            "Acos" => Math.Acos,
            "Asinh" => Math.Asinh,
            "Acosh" => Math.Acosh,
            _ => Math.Atanh,
        };
        var result = new OnnxBuilder(1).Node(type, ["x"]).Import(ImportOptions.None with
        {
            Tolerance = 1e-4,
            Domain = [new InputRange(Rational.FromDouble(low), Rational.FromDouble(high))],
        });
        Assert.InRange(result.Report.CertifiedError, 0, 1e-4);
        var network = result.Document.ToNetwork();
        for (int i = 0; i <= 4000; i++)
        {
            double x = low + ((high - low) * i / 4000);
            Assert.Equal(function(x), network.Evaluate([x])[0], result.Report.CertifiedError + 1e-12);
        }
    }

    [Theory]
    [InlineData("SoftmaxCrossEntropyLoss", "computes a loss")]
    [InlineData("NegativeLogLikelihoodLoss", "computes a loss")]
    [InlineData("SequenceConstruct", "sequences")]
    [InlineData("Mod", "jumps")]
    [InlineData("OneHot", "jumps")]
    [InlineData("LpPool", "not piecewise linear")]
    public void Others_are_called_what_they_are(string type, string words) => Refuses(words, new OnnxBuilder(1, 4).Node(type, ["x"]));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refuses("picks value 3 of 3", Of(1, 3).Indices("i", [1, 1], 3).Node("GatherElements", ["x", "i"], ("axis", 1)));
        Refuses("more indices along an axis",
            Of(2, 3).Indices("i", [3, 1], 0, 0, 0).Node("GatherElements", ["x", "i"], ("axis", 1)));
        Refuses("has indices of shape", Of(2, 3).Indices("i", [1, 3], 0, 0, 0).Node("GatherND", ["x", "i"]));
        Refuses("puts updates of shape", Of(2, 3).Indices("i", [1, 1], 0).Floats("u", [2], 1, 2).Node("ScatterND", ["x", "i", "u"]));
        Refuses("has the block size", Of(1, 4, 2, 2).Node("DepthToSpace", ["x"]));
        Refuses("makes blocks of 3 by 3", Of(1, 4, 2, 2).Node("DepthToSpace", ["x"], ("blocksize", 3)));
        Refuses("makes blocks of 2 by 2", Of(1, 4, 3, 2).Node("SpaceToDepth", ["x"], ("blocksize", 2)));
        Refuses("puts patches", Of(1, 8, 5).Indices("s", [2], 3, 4).Indices("k", [2], 2, 2).Node("Col2Im", ["x", "s", "k"]));
        Refuses("mixes the samples", Open(3).Indices("i", [1, 1], 0).Node("GatherElements", ["x", "i"], ("axis", 0)));
        Refuses("mixes the samples", Open(3).Truths("c", 1).Node("Compress", ["x", "c"]));
        Refuses("as a mask before a Softmax does",
            Of(3).Truths("c", 1, 0, 1).Floats("m", [], float.NegativeInfinity).Node("Where", ["c", "x", "m"]));
        Refuses("dimensions of size 0", Of(2, 0, 3).Node("Relu", ["x"]));
    }

    /// <summary>Before set 13, a Softmax compares all axes from the second one on.</summary>
    [Fact]
    public void A_softmax_of_an_old_set_is_kept()
    {
        using var scratch = new Scratch();
        var options = ImportOptions.None with { Head = ModelHead.Keep };
        byte[] Bytes(int operatorSet) => Of(1, 4, 1, 1).Node("Relu", ["x"]).Node("Softmax", ["*"]).ToBytes(operatorSet);
        Assert.Equal(NetworkHead.Softmax, ModelImporter.Import(scratch.Write("a.onnx", Bytes(11)), options).Document.Head);
        Assert.Contains("compares 1 of 4",
            Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write("b.onnx", Bytes(13)), options)).Message);
    }

    private static void Refuses(string message, OnnxBuilder model) =>
        Assert.Contains(message, Assert.Throws<ModelFileException>(model.Import).Message);

    private static KanNetwork Read(OnnxBuilder model, int operatorSet)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.onnx", model.ToBytes(operatorSet))).ToNetwork();
    }

    private static OnnxBuilder Of(params long[] shape) => new(shape);

    private static OnnxBuilder Open(params long[] sample) => new([-1, .. sample]);
}

/// <summary>Constants of more axes or other types.</summary>
internal static class IndexConstants
{
    public static OnnxBuilder Indices(this OnnxBuilder model, string name, long[] shape, params long[] values)
    {
        model.Graph.Initializer.Add(new TensorProto { Name = name, DataType = 7, Dims = { shape }, Int64Data = { values } });
        return model;
    }

    public static OnnxBuilder Truths(this OnnxBuilder model, string name, params int[] values)
    {
        model.Graph.Initializer.Add(new TensorProto { Name = name, DataType = 9, Dims = { values.Length }, Int32Data = { values } });
        return model;
    }
}
