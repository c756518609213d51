using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.StateDicts;

/// <summary>
/// Where the activation stands, and in which order modules come, by what names, shapes and gaps say; on networks of one number that show
/// it.
/// </summary>
public sealed class DenseOrderTests
{
    private static (string Name, int[] Shape, float[] Values) Linear(string name, float weight) => (name + ".weight", [1, 1], [weight]);

    /// <summary>Halves what comes in and adds 1, up to the eps of the normalisation.</summary>
    private static (string Name, int[] Shape, float[] Values)[] Norm(string name) =>
        [(name + ".weight", [1], [0.5f]), (name + ".bias", [1], [1]), (name + ".running_mean", [1], [0]),
            (name + ".running_var", [1], [1])];

    [Fact]
    public void A_missing_number_of_a_sequence_is_the_activation()
    {
        Assert.Equal(Relu(-3) * 2, Torch(-3, Linear("0", 1), Linear("2", 2)));
        Assert.Equal(Relu(-2 * -3) * 5, Torch(-3, Linear("0", 1), Linear("1", -2), Linear("3", 5)));
        Assert.Equal((Relu(4) * 0.5) + 1, Torch(4, [Linear("net.0", 1), .. Norm("net.2"), Linear("net.3", 1)]), 1e-4);
        Assert.Equal((Relu(-4) * 0.5) + 1, Torch(-4, [Linear("net.0", 1), .. Norm("net.2"), Linear("net.3", 1)]), 1e-4);
        Assert.Equal(Relu((-4 * 0.5) + 1), Torch(-4, [Linear("net.0", 1), .. Norm("net.1"), Linear("net.3", 1)]), 1e-4);
    }

    [Fact]
    public void Without_a_sequence_it_stands_before_each_linear_module_but_the_first()
    {
        Assert.Equal(2 * Relu(3 * Relu(-4 * -1)), Torch(-1, Linear("layers.0", -4), Linear("layers.1", 3), Linear("layers.2", 2)));
    }

    [Fact]
    public void Beside_a_normalization_without_numbers_the_order_is_asked_for()
    {
        (string, int[], float[])[] model = [Linear("fc1", 1), .. Norm("bn1"), Linear("fc2", 2)];
        var exception = Assert.Throws<ModelFileException>(() => Torch(-4, model));
        Assert.Contains("Order = fc1,bn1,activation,fc2 or Order = fc1,activation,bn1,fc2", exception.Reason, StringComparison.Ordinal);
        Assert.Equal(2 * Relu((-4 * 0.5) + 1), Ordered(-4, model, "fc1", "bn1", "activation", "fc2"), 1e-4);
        Assert.Equal(2 * ((Relu(-4) * 0.5) + 1), Ordered(-4, model, "fc1", "relu", "bn1", "fc2"), 1e-4);
        Assert.Equal(Math.Min(2, Relu(2 * 5)), Ordered(5, model, "fc1", "fc2", "hardtanh(0, 2)"), 1e-4);
    }

    [Theory]
    [InlineData("'fc3', which is no module", "fc1", "fc3")]
    [InlineData("twice", "fc1", "fc1")]
    [InlineData("names no module", "relu")]
    public void Orders_that_do_not_fit_say_why(string part, params string[] order)
    {
        var exception = Assert.Throws<ModelFileException>(() => Ordered(1, [Linear("fc1", 1), Linear("fc2", 2)], order));
        Assert.Equal("KAN0310", exception.DiagnosticId);
        Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_contradict_the_order_of_the_file_are_refused()
    {
        var exception = Assert.Throws<ModelFileException>(() => Torch(1, Linear("out", 1), Linear("inp", 2)));
        Assert.Contains("specify Order = ", exception.Reason, StringComparison.Ordinal);
        Assert.Equal(Relu(-2 * 2) * -1, Ordered(-2, [Linear("out", -1), Linear("inp", 2)], "inp", "activation", "out"));
    }

    [Fact]
    public void An_order_that_is_a_guess_is_called_one()
    {
        using var scratch = new Scratch();
        var options = new ImportOptions { Activation = "relu" };
        string path = scratch.Write("m.pt", Pickle([Linear("alpha", 1), Linear("beta", 2)]));
        Assert.Contains("guess", Assert.Single(ModelImporter.Import(path, options).Report.Notes), StringComparison.Ordinal);
        path = scratch.Write("n.pt", Pickle([Linear("fc1", 1), Linear("fc2", 2)]));
        Assert.DoesNotContain("guess", Assert.Single(ModelImporter.Import(path, options).Report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_selects_tensors_and_names_what_it_skips()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("m.pt",
            Pickle([("log_std", [1], [0.5f]), Linear("actor.0", 3), Linear("actor.2", 2), Linear("critic.0", 1)]));
        var (document, report) = ModelImporter.Import(path, new ImportOptions { Activation = "relu", Prefix = "actor" });
        Assert.Equal(Relu(3 * 2) * 2, document.ToNetwork().Evaluate([2.0])[0]);
        Assert.Contains(report.Notes,
            static note => note.Contains("'log_std' of shape [1], 'critic.0.weight' of shape [1, 1]", StringComparison.Ordinal));
        var exception =
            Assert.Throws<ModelFileException>(() =>
            ModelImporter.Import(path, new ImportOptions { Activation = "relu", Prefix = "policy" }));
        Assert.Contains("'actor.0.', 'actor.2.', 'critic.0.'", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_spread_of_actions_is_skipped_and_named()
    {
        using var scratch = new Scratch();
        var report = ModelImporter.Import(scratch.Write("m.pt", Pickle([("log_std", [1], [0.5f]), Linear("0", 3), Linear("2", 2)])),
            new ImportOptions { Activation = "relu" }).Report;
        Assert.Contains(report.Notes, static note => note.Contains("'log_std' of shape [1]", StringComparison.Ordinal));
    }

    [Fact]
    public void Trained_activations_take_its_place()
    {
        var model = new[] { Linear("a", 1), ("act.weight", [1], [-0.5f]), Linear("b", 3) };
        Assert.Equal(3 * 1.0, Import("m.pt", Pickle(model), null).Evaluate([-2.0])[0]);
        Assert.Equal(3 * 2.0, Import("m.pt", Pickle(model), null).Evaluate([2.0])[0]);
    }

    [Fact]
    public void Safetensors_are_ordered_by_their_numbers_however_they_are_sorted()
    {
        var model = Enumerable.Range(0, 12).Select(i => Linear($"blocks.{i}.fc", i == 2 ? -1 : i == 10 ? 3 : 1))
            .OrderBy(static tensor => tensor.Name, StringComparer.Ordinal).ToArray();

        // By their numbers the sign turns after two activations, each of which halves what is negative; sorted as text it turns after four.
        Assert.Equal(3 * 2 * 0.25, Import("m.safetensors", Safetensors(model), "leaky_relu(0.5)").Evaluate([-2.0])[0]);

        Assert.Equal(2 * Relu((-4 * 0.5) + 1),
            Import("m.safetensors", Safetensors([.. Norm("net.1"), Linear("net.0", 1), Linear("net.3", 2)]), "relu").Evaluate([-4.0])[0],
            1e-4);
    }

    [Fact]
    public void Shapes_order_safetensors_whose_names_do_not()
    {
        (string, int[], float[])[] model =
            [("head.weight", [4, 3], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), ("input.weight", [2, 1], [1, -1]),
            ("middle.weight", [3, 2], [1, 0, 0, 1, 1, 1])];
        Assert.Equal(2 * 5.0, Import("m.safetensors", Safetensors(model), "relu").Evaluate([5.0])[0]);
        Assert.Equal(2 * 5.0, Import("m.safetensors", Safetensors(model), "relu").Evaluate([-5.0])[0]);

        (string, int[], float[])[] square = [("one.weight", [1, 1], [1]), ("other.weight", [1, 1], [2])];
        var exception = Assert.Throws<ModelFileException>(() => Import("m.safetensors", Safetensors(square), "relu"));
        Assert.Contains("does not store the order", exception.Reason, StringComparison.Ordinal);
    }

    private static double Relu(double x) => Math.Max(x, 0);

    private static double Torch(double x, params (string, int[], float[])[] tensors) =>
        Import("m.pt", Pickle(tensors), "relu").Evaluate([x])[0];

    private static double Ordered(double x, (string, int[], float[])[] tensors, params string[] order)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.pt", Pickle(tensors)), new ImportOptions { Activation = "relu", Order = [.. order] })
            .Document.ToNetwork().Evaluate([x])[0];
    }

    private static KanNetwork Import(string name, byte[] content, string? activation)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write(name, content), new ImportOptions { Activation = activation }).Document.ToNetwork();
    }

    private static byte[] Pickle((string Name, int[] Shape, float[] Values)[] tensors)
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(');
        for (int i = 0; i < tensors.Length; i++)
        {
            var (name, shape, _) = tensors[i];
            pickle.Text(name).Tensor(i.ToString(System.Globalization.CultureInfo.InvariantCulture), 0, shape,
                [.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1, static (product, size) => product * size))]);
        }

        return pickle.Bytes((byte)'u').ToArchive([.. tensors.Select(static tensor => tensor.Values)]);
    }

    private static byte[] Safetensors((string Name, int[] Shape, float[] Values)[] tensors)
    {
        var entries = new List<string>();
        var data = new List<byte>();
        foreach (var (name, shape, values) in tensors)
        {
            int start = data.Count;
            data.AddRange(values.SelectMany(BitConverter.GetBytes));
            entries.Add($"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", shape)}],\"data_offsets\":[{start},{data.Count}]}}");
        }

        byte[] header = Encoding.UTF8.GetBytes("{" + string.Join(",", entries) + "}");
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data];
    }
}
