using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Keras;

/// <summary>Models of Keras compute what NumPy says that their layers mean.</summary>
public sealed class KerasImporterTests
{
    [Theory]
    [InlineData("dense.h5", "dense")]
    [InlineData("dense.keras", "dense")]
    [InlineData("functional.h5", "dense")]
    [InlineData("functional.keras", "dense")]
    [InlineData("checkpoint.keras", "dense")]
    [InlineData("latest.h5", "dense")]
    [InlineData("keras1.h5", "dense")]
    [InlineData("bends.keras", "bends")]
    [InlineData("precisions.h5", "precisions")]
    [InlineData("images.keras", "images")]
    [InlineData("sequence.h5", "sequence")]
    public void Outputs_are_those_of_the_layers(string file, string expected)
    {
        var document = ModelImporter.Import(TestFiles.Model("keras/" + file));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), document.Name);
        AssertOutputs(document, expected, 1e-12);
    }

    [Fact]
    public void Curves_need_a_tolerance_and_keep_it()
    {
        Assert.Contains("The layer 'dense' (Dense) (tanh) is curved", Refusal("curves.keras", new ImportOptions { Head = ModelHead.Drop }),
            StringComparison.Ordinal);
        var options = new ImportOptions { Head = ModelHead.Drop, Tolerance = 1e-4, Domain = [new InputRange(-2, 2)] };
        var result = ModelImporter.Import(TestFiles.Model("keras/curves.keras"), options);
        Assert.InRange(result.Report.CertifiedError, 1e-9, 1e-4);
        AssertOutputs(result.Document, "curves", 1e-4);
    }

    [Fact]
    public void A_final_softmax_is_left_out_or_kept_where_asked()
    {
        var options = new ImportOptions { Tolerance = 1e-3, Domain = [new InputRange(-2, 2)] };
        Assert.Contains("The layer 'dense_1' (Dense) has a final softmax", Refusal("curves.keras", options), StringComparison.Ordinal);
        var dropped = ModelImporter.Import(TestFiles.Model("keras/curves.keras"), options with { Head = ModelHead.Drop }).Document;
        Assert.Contains("The softmax of the layer 'dense_1' was left out: the outputs are the values before it.", dropped.SourceNotes);
        var kept = ModelImporter.Import(TestFiles.Model("keras/curves.keras"), options with { Head = ModelHead.Keep }).Document;
        Assert.Equal(NetworkHead.Softmax, kept.Head);
        Assert.Equal(NetworkHead.None, dropped.Head);
    }

    [Theory]
    [InlineData("dense.keras")]
    [InlineData("dense.h5")]
    public void A_compressed_file_is_the_model(string name)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(KerasModel.Bytes(name));
        AssertOutputs(KerasModel.Import(name + ".gz", stream.ToArray()).Document, "dense", 1e-12);
    }

    [Fact]
    public void What_a_layer_has_is_exact()
    {
        var document = KerasModel.Import("a.keras", KerasModel.Configure("bends.keras", "\"scale\": 0.3", "\"scale\": 0.1")).Document;
        Assert.Contains(document.Layers.OfType<ActivationDescription>(),
            static layer => layer.Functions[0].Slopes is [var slope] && slope == Rational.FromSingle(0.1f));
    }

    [Fact]
    public void A_network_of_rows_computes_each_row()
    {
        var rows = KerasModel.Import("a.keras", KerasModel.Configure("dense.keras", "[null, 3]", "[null, 2, 3]")).Document.ToNetwork();
        var (inputs, outputs) = TestFiles.Expected("keras/dense");
        double[] actual = DoubleEvaluation.Evaluate(rows, [.. inputs[0], .. inputs[1]]), expected = [.. outputs[0], .. outputs[1]];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Theory]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"LSTM\"", "The layer 'dropout' (LSTM) is recurrent")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"Embedding\"",
        "The layer 'dropout' (Embedding) is of a class that is not supported. Supported are Dense, Activation, ReLU")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"LayerNormalization\"", "divides by a value computed from each sample")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"ThresholdedReLU\"", "jumps at its threshold")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"Functional\"", "is a model inside the model")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"Softmax\"", "The layer 'dropout' (Softmax) has a softmax between layers")]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"MaxPooling2D\"",
        "The layer 'dropout' (MaxPooling2D) reads 3 axes, but the values have the shape [5]")]
    [InlineData("\"class_name\": \"Sequential\"", "\"class_name\": \"MyModel\"",
        "The model is of class 'MyModel', whose code is not in the file")]
    [InlineData("\"activation\": \"relu\"", "\"activation\": \"sparsemax\"",
        "(Dense) has the activation 'sparsemax'. Supported are linear, relu")]
    [InlineData("\"activation\": \"relu\"", "\"activation\": {\"class_name\": \"function\"}", "has an activation that is no name")]
    [InlineData("[null, 3]", "[null, 4]", "The layer 'dense' (Dense) has a kernel of shape [3, 5] for 4 values")]
    [InlineData("[null, 3]", "[null, null]", "The shape of the input leaves a size open")]
    [InlineData("[null, 3]", "[null, -3]", "holds -3 where a size from 1")]
    [InlineData("\"axis\": -1", "\"axis\": 7", "(BatchNormalization) has the channels first")]
    [InlineData("\"center\": true", "\"center\": false", "(BatchNormalization) has 4 weights in the file; expected 3")]
    [InlineData("\"use_bias\": true", "\"use_bias\": false", "(Dense) has 2 weights in the file; expected 1: a kernel")]
    [InlineData("{\"name\": \"float32\"}", "{\"name\": \"int8_from_float32\"}", "is quantized (int8_from_float32)")]
    [InlineData("\"registered_name\": null}, {", "\"registered_name\": \"Own>Layer\"}, {", "is of a class that is not Keras's")]
    [InlineData("\"units\": 5,", "\"units\": 5", "config.json is not valid JSON")]
    [InlineData("\"layers\": [", "\"layers\": 3, \"x\": [", "config.json.config.layers holds number where an array was expected")]
    public void Refusals_name_the_layer(string found, string replacement, string message) =>
        Assert.Contains(message, Refusal("a.keras", KerasModel.Configure("dense.keras", found, replacement)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"inbound_nodes\": []", "\"inbound_nodes\": [], \"a\": 0", null)]
    [InlineData("\"keras_history\": [\"dropout\", 0, 0]", "\"keras_history\": [\"dense\", 0, 0]",
        "'dense' is read by 'dropout' and 'batch_normalization'")]
    [InlineData("\"keras_history\": [\"dropout\", 0, 0]", "\"keras_history\": [\"other\", 0, 0]",
        "The model has 5 layers, but only 3 are reached")]
    [InlineData("\"kwargs\": {}}], \"name\": \"dropout\"", "\"kwargs\": {}}, {}], \"name\": \"dropout\"",
        "The layer 'dropout' (Dropout) is used 2 times")]
    [InlineData("\"args\": [", "\"args\": [{\"class_name\": \"__keras_tensor__\", \"config\": {\"keras_history\": [\"dense\", 0, 0]}}, ",
        "The layer 'dense' (Dense) reads 2 values")]
    public void A_graph_must_be_a_chain(string found, string replacement, string? message)
    {
        byte[] bytes = KerasModel.Configure("functional.keras", found, replacement);
        if (message is null) AssertOutputs(KerasModel.Import("a.keras", bytes).Document, "dense", 1e-12);
        else Assert.Contains(message, Refusal("a.keras", bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"threshold\": 0.0", "\"threshold\": 0.5", "The layer 'relu' (ReLU) has the threshold 0.5, where it jumps")]
    [InlineData("\"max_value\": 2.0", "\"max_value\": -2.0", "The layer 'relu' (ReLU) has the largest value -2")]
    [InlineData("\"target_shape\": [6]", "\"target_shape\": [7]", "The layer 'again' (Reshape) makes [7] of 6 values")]
    [InlineData("\"stddev\": 0.1", "\"stddev\": \"0.1\"", null)]
    [InlineData("\"scale\": 0.3", "\"scale\": 1e60", "is 1E+60, which is out of the range of floats")]
    public void Arguments_are_checked(string found, string replacement, string? message)
    {
        byte[] bytes = KerasModel.Configure("bends.keras", found, replacement);
        if (message is null) AssertOutputs(KerasModel.Import("a.keras", bytes).Document, "bends", 1e-12);
        else Assert.Contains(message, Refusal("a.keras", bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_without_a_model_are_refused()
    {
        byte[] weights = [];
        KerasModel.Change(KerasModel.Bytes("dense.keras"), "model.weights.h5", content => weights = content);
        Assert.Contains("has no attribute 'model_config'", Refusal("a.weights.h5", weights), StringComparison.Ordinal);
        Assert.Contains("The archive has no 'model.weights.h5'",
            Refusal("a.keras", KerasModel.Change(KerasModel.Bytes("dense.keras"), "model.weights.h5", static _ => null)),
            StringComparison.Ordinal);
        Assert.Contains("does not begin with the signature of HDF5", Refusal("a.h5", Encoding.UTF8.GetBytes("no model")),
            StringComparison.Ordinal);
        Assert.Contains("The file is not a .keras archive", Refusal("a.keras", Encoding.UTF8.GetBytes("no model")),
            StringComparison.Ordinal);
        byte[] renamed = KerasModel.Change(KerasModel.Bytes("dense.keras"), "model.weights.h5", static content =>
            Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(content).Replace("layers", "lawyer", StringComparison.Ordinal)));
        Assert.Contains("The model has 2 layers of class Dense, but model.weights.h5 has the weights of 0", Refusal("a.keras", renamed),
            StringComparison.Ordinal);
    }

    private static string Refusal(string name, byte[] bytes) =>
        Assert.Throws<ModelFileException>(() => KerasModel.Import(name, bytes)).Reason;

    private static string Refusal(string name, ImportOptions options) =>
        Assert.Throws<ModelFileException>(() => ModelImporter.Import(TestFiles.Model("keras/" + name), options)).Reason;

    private static void AssertOutputs(KanDocument document, string model, double tolerance)
    {
        var network = document.ToNetwork();
        var (inputs, outputs) = TestFiles.Expected("keras/" + model);
        Assert.Equal(12, inputs.Length);
        Assert.Equal(inputs[0].Length, network.InputCount);
        for (int row = 0; row < inputs.Length; row++)
        {
            double[] actual = DoubleEvaluation.Evaluate(network, inputs[row]);
            Assert.Equal(outputs[row].Length, actual.Length);
            for (int i = 0; i < actual.Length; i++) Assert.Equal(outputs[row][i], actual[i], tolerance);
        }
    }
}
