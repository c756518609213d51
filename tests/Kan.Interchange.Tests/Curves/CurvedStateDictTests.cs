using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Curves;

/// <summary>Curved activations of files of weights, by their names in torch.</summary>
public sealed class CurvedStateDictTests
{
    private static readonly Dictionary<string, Func<double, double>> s_functions = new()
    {
        ["tanh"] = Math.Tanh,
        ["sigmoid"] = Sigmoid,
        ["silu"] = static x => x * Sigmoid(x),
        ["swish"] = static x => x * Sigmoid(x),
        ["softplus"] = Softplus,
        ["gelu(tanh)"] = static x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ["mish"] = static x => x * Math.Tanh(Softplus(x)),
        ["hardswish"] = static x => x * Math.Clamp(x + 3, 0, 6) / 6,
        ["elu"] = static x => x > 0 ? x : Math.Exp(x) - 1,
        ["elu(0.5)"] = static x => x > 0 ? x : 0.5 * (Math.Exp(x) - 1),
        ["celu(2)"] = static x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1),
        ["selu"] = static x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ["softsign"] = static x => x / (1 + Math.Abs(x)),
        ["logsigmoid"] = static x => -Softplus(-x),
        ["tanhshrink"] = static x => x - Math.Tanh(x),
        ["sin"] = Math.Sin,
        ["sin(30)"] = static x => Math.Sin(30 * x),
        ["cos"] = Math.Cos,
        ["exp"] = Math.Exp,
        ["square"] = static x => x * x,
    };

    public static TheoryData<string> Activations => [.. s_functions.Keys];

    /// <summary>y = 2 f(0.5 x) - f(-x), the units of an activation behind a layer of two.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void Are_within_the_certificate(string activation)
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(').Text("0.weight").Tensor("0", 0, [2, 1], [1, 1]).Text("2.weight")
            .Tensor("1", 0, [1, 2], [2, 1]).Bytes((byte)'u');
        using var scratch = new Scratch();
        string path = scratch.Write("m.pt", pickle.ToArchive([0.5f, -1], [2, -1]));
        var (document, report) = ModelImporter.Import(path,
            new ImportOptions { Activation = activation, Tolerance = 1e-4, Domain = [new InputRange(-3, 3)] });
        Assert.InRange(report.CertifiedError, 0, 1e-4);
        var network = document.ToNetwork();
        for (int i = 0; i <= 3000; i++)
        {
            double x = (i * 0.002) - 3, expected = (2 * s_functions[activation](0.5 * x)) - s_functions[activation](-x),
                distance = Math.Abs(network.Evaluate([x])[0] - expected);

            // Constants of float networks are floats.
            Assert.True(distance <= report.CertifiedError + 2e-6, $"at {x}: {distance}");
        }

        Assert.Contains("Tolerance = 1e-3",
            Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, new ImportOptions { Activation = activation })).Reason,
            StringComparison.Ordinal);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
}
