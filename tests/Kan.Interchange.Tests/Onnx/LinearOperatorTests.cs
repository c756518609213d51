using System;
using System.Globalization;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>
/// Linear and piecewise-linear operators compute what ONNX Runtime computes; graphs of fixed sizes are not called damaged.
/// </summary>
public sealed class LinearOperatorTests
{
    private static readonly (string, object)[] s_none = [];

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 7 % 11) - 5) / 4f)];

    private static TensorProto Tensor(string name, int type, long[] dimensions, params int[] values) =>
        new() { Name = name, DataType = type, Dims = { dimensions }, Int32Data = { values } };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Running_sums(int exclusive, int reverse)
    {
        var model = new OnnxBuilder(0, 3, 2);
        model.Graph.Initializer.Add(new TensorProto { Name = "axis", DataType = 7, Int64Data = { 1 } });
        OnnxOracle.AssertAgrees(model.Node("CumSum", ["*", "axis"], ("exclusive", exclusive), ("reverse", reverse)));
    }

    [Fact]
    public void Tiles() => OnnxOracle.AssertAgrees(new OnnxBuilder(0, 3, 2).Integers("r", 1, 2, 3).Node("Tile", ["*", "r"], s_none));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(1, 2)]
    public void Triangles(int upper, long diagonal)
    {
        var model = new OnnxBuilder(0, 4).Floats("w", [4, 4], Numbers(16));
        model.Graph.Initializer.Add(new TensorProto { Name = "k", DataType = 7, Int64Data = { diagonal } });
        OnnxOracle.AssertAgrees(model.Node("Trilu", ["w", "k"], ["t"], ("upper", upper)).Node("MatMul", ["x", "t"], s_none), 14);
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 3, 4).Node("Trilu", ["*"], ("upper", upper)), 14);
    }

    [Theory]
    [InlineData("bi,ij->bj")]
    [InlineData("bi,ji->bj")]
    [InlineData("bi,ij->jb")]
    [InlineData("bi,ii->bi")]
    public void Einsums(string equation) =>
        OnnxOracle.AssertAgrees(new OnnxBuilder(1, 4).Floats("w", [4, 4], Numbers(16)).Node("Einsum", ["*", "w"], ("equation", equation)));

    [Fact]
    public void Weights_that_are_stored_as_integers()
    {
        foreach (bool perColumn in new[] { false, true })
        {
            var model = new OnnxBuilder(0, 3).Floats("s", perColumn ? [2] : [], perColumn ? [0.1f, 0.03f] : [0.1f]);
            model.Graph.Initializer.Add(Tensor("q", 3, [3, 2], 12, -7, 100, 0, -128, 3));
            model.Graph.Initializer.Add(perColumn ? Tensor("z", 3, [2], 3, -1) : Tensor("z", 3, [], 3));
            OnnxOracle.AssertAgrees(model.Node("DequantizeLinear", ["q", "s", "z"], ["w"], s_none).Node("MatMul", ["x", "w"], s_none));
        }
    }

    [Fact]
    public void Sums_of_absolute_values_and_signs()
    {
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 4).Node("ReduceL1", ["*"], ("axes", OnnxBuilder.Ints(1))));
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 4).Node("Sub", ["x", "x"], s_none).Node("Sign", ["*"], s_none)
            .Node("Relu", ["*"], s_none).Node("Add", ["x", "*"], s_none));
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 4).Node("Sign", ["x"], s_none).Node("Mul", ["x", "*"], s_none));
    }

    [Theory]
    [InlineData("reflect")]
    [InlineData("edge")]
    [InlineData("constant")]
    public void Padding(string mode) =>
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 1, 4, 3).Integers("p", 0, 0, 2, 1, 0, 0, 3, 2).Node("Pad", ["*", "p"], ("mode", mode)));

    [Fact]
    public void Casts_like_another_value() =>
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 3).Floats("like", [1], 1).Node("CastLike", ["*", "like"], s_none)
            .Node("Relu", ["*"], s_none), 15);

    /// <summary>The rows are of channels, as opset 6 says with axis = 1.</summary>
    [Fact]
    public void Axes_of_old_operator_sets()
    {
        var model = new OnnxBuilder(0, 2, 3).Floats("b", [2], 1, 10).Node("Mul", ["*", "b"], ("broadcast", 1), ("axis", 1));
        Assert.Equal([1.0, 2, 3, 40, 50, 60], model.Import().ToNetwork().Evaluate([1.0, 2, 3, 4, 5, 6]));
    }

    [Theory]
    [InlineData("1 30")]
    [InlineData("1 -1")]
    [InlineData("30")]
    public void A_fixed_matrix_may_be_one_sample(string target) => OnnxOracle.AssertAgrees(
        new OnnxBuilder(10, 3).Integers("s", [.. target.Split(' ').Select(static size => long.Parse(size, CultureInfo.InvariantCulture))])
        .Floats("w", [30, 5], Numbers(150)).Node("Reshape", ["*", "s"], s_none).Node("MatMul", ["*", "w"], s_none)
        .Node("Relu", ["*"], s_none));

    [Fact]
    public void A_fixed_value_may_be_joined_with_a_constant_of_as_many_rows() =>
        OnnxOracle.AssertAgrees(new OnnxBuilder(2, 2, 2).Floats("c", [2, 2, 2], Numbers(8)).Node("Concat", ["*", "c"], ("axis", 1)));

    [Fact]
    public void A_graph_that_changes_nothing_is_the_identity() =>
        OnnxOracle.AssertAgrees(new OnnxBuilder(0, 3).Node("Identity", ["*"], s_none));

    [Theory]
    [InlineData("GRU", "recurrent")]
    [InlineData("LSTM", "recurrent")]
    [InlineData("QuantizeLinear", "integer network")]
    [InlineData("RandomNormalLike", "random numbers")]
    [InlineData("LayerNormalization", "no function of one number")]
    public void Operators_are_refused_for_what_they_are(string type, string reason)
    {
        var model = new OnnxBuilder(0, 3).Node(type, ["*"], ["", "second"], s_none).Output("second");
        Assert.Contains(reason, Assert.Throws<ModelFileException>(() => model.Import()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_that_the_outputs_do_not_read_need_no_name()
    {
        var model = new OnnxBuilder(0, 2).Input("unread", 0, 3).Node("Relu", ["x"], ["a"], s_none).Node("Neg", ["unread"], ["b"], s_none)
            .Output("a").Output("b");
        Assert.Equal([1.0, 0], model.Import(new ImportOptions { Outputs = ["a"] }).Document.ToNetwork().Evaluate([1.0, -1]));
        Assert.Contains("2 inputs", Assert.Throws<ModelFileException>(() => model.Import(new ImportOptions { Outputs = ["a", "b"] }))
            .Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_of_a_sigmoid_are_dropped_with_it()
    {
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 1], 1, -2).Floats("one", [], 1).Node("MatMul", ["*", "w"], s_none)
            .Node("Sigmoid", ["*"], ["p"], s_none).Node("Sub", ["one", "p"], ["n"], s_none).Node("Concat", ["n", "p"], ("axis", 1));
        Assert.Equal([3.0, -3], model.Import(new ImportOptions { Head = ModelHead.Drop }).Document.ToNetwork().Evaluate([1.0, 2]));
        var labels = new OnnxBuilder(0, 3).Node("Relu", ["*"], s_none).Node("ArgMax", ["*"], ("axis", 1), ("keepdims", 0));
        Assert.Equal([1.0, 0, 2], labels.Import(new ImportOptions { Head = ModelHead.Drop }).Document.ToNetwork().Evaluate([1.0, -1, 2]));
    }

    [Fact]
    public void Pipelines_of_scikit_learn_and_ml_net()
    {
        var model = new OnnxBuilder(0, 3).Node("Scaler", ["*"], ("offset", Numbers(3)), ("scale", (float[])[0.5f, 2, 1]))
            .Node("LinearRegressor", ["*"], ("coefficients", Numbers(6)), ("intercepts", (float[])[1, -1]), ("targets", 2));
        AssertClassic(model);
        AssertClassic(new OnnxBuilder(0, 3).Integers("picks", 2, 0).Node("ArrayFeatureExtractor", ["*", "picks"], s_none));

        var classifier = new OnnxBuilder(0, 3)
            .Node("LinearClassifier", ["*"], ["label", "scores"], ("coefficients", Numbers(9)), ("intercepts", Numbers(3)),
                ("classlabels_ints", OnnxBuilder.Ints(0, 1, 2)), ("post_transform", "SOFTMAX"));
        classifier.Output("scores");
        Assert.Contains("Head = drop", Refused(classifier, ImportOptions.None), StringComparison.Ordinal);
        using var scratch = new Scratch();
        var network = ModelImporter.Import(scratch.Write("m.onnx", Classic(classifier)), new ImportOptions { Head = ModelHead.Drop })
            .Document.ToNetwork();
        double[] expected = [.. Enumerable.Range(0, 3)
            .Select(static q => Numbers(3)[q] + Enumerable.Range(0, 3).Sum(p => Numbers(9)[(3 * q) + p] * (double)(p + 1)))];
        Assert.Equal(expected, network.Evaluate([1.0, 2, 3]));

        Assert.Contains("trees", Refused(new OnnxBuilder(0, 3).Node("TreeEnsembleRegressor", ["*"], s_none), ImportOptions.None),
            StringComparison.Ordinal);
        Assert.Contains("divides by a value computed from each sample",
            Refused(new OnnxBuilder(0, 3).Node("Normalizer", ["*"], s_none), ImportOptions.None), StringComparison.Ordinal);
    }

    private static string Refused(OnnxBuilder model, ImportOptions options)
    {
        using var scratch = new Scratch();
        return Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write("m.onnx", Classic(model)), options)).Reason;
    }

    private static void AssertClassic(OnnxBuilder model)
    {
        byte[] bytes = Classic(model);
        using var scratch = new Scratch();
        var network = ModelImporter.Import(scratch.Write("m.onnx", bytes)).ToNetwork();
        using var runtime = new OrtRun(bytes);
        float[] x = [0.5f, -1.25f, 2];
        float[] expected = runtime.Evaluate(x);
        double[] actual = network.Evaluate([.. x.Select(static value => (double)value)]);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }

    /// <summary>The model with its nodes that ONNX does not have in the other operator set.</summary>
    private static byte[] Classic(OnnxBuilder model)
    {
        var proto = ModelProto.Parser.ParseFrom(model.ToBytes());
        foreach (var node in proto.Graph.Node) node.Domain = "ai.onnx.ml";
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        return proto.ToByteArray();
    }
}
