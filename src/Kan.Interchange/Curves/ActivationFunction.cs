using System;
using System.Globalization;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>An activation that a file of weights does not say: exact where it is piecewise linear, else a curve to approximate.</summary>
/// <param name="Name">How it was named.</param>
/// <param name="Exact">The function, where it is piecewise linear.</param>
/// <param name="Curve">The function, where it is not.</param>
internal sealed record ActivationFunction(string Name, PiecewiseLinearFunction? Exact, RealFunction? Curve)
{
    private const string Names = "relu, leaky_relu or leaky_relu(0.1), relu6, hardtanh or hardtanh(-2, 2), hardsigmoid, abs, identity; "
        + "with a Tolerance also silu, gelu, gelu(tanh), tanh, sigmoid, softplus, elu or elu(0.5), celu, selu, mish, hardswish, "
        + "softsign, logsigmoid, tanhshrink, sin or sin(30), cos, exp, square";

    /// <summary>How to name one, for messages.</summary>
    public const string Remedy = "Specify Activation = " + Names + ".";

    /// <summary>x, where there is no activation.</summary>
    public static ActivationFunction Identity { get; } = new("identity", PiecewiseLinearFunction.Identity, null);

    /// <summary>0 everywhere, the base function that pykan calls zero.</summary>
    public static ActivationFunction Zero { get; } = new("zero", PiecewiseLinearFunction.Zero, null);

    /// <summary>x / (1 + exp(-x)).</summary>
    public static ActivationFunction Silu { get; } = new("silu", null, RealFunction.Silu(RealFunction.X));

    /// <summary>The activation of a name.</summary>
    /// <param name="text">The name, with numbers in parentheses where it takes some.</param>
    /// <param name="isDouble">
    /// Whether the trainer computes in double; else such a number is the float nearest to it, as PyTorch has it.
    /// </param>
    /// <param name="file">For complaints.</param>
    /// <exception cref="ModelFileException">There is no such activation.</exception>
    public static ActivationFunction Parse(string text, bool isDouble, ModelFile file)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = (open < 0 ? text : text[..open]).Trim().ToLowerInvariant();
        string[] arguments = open < 0 ? [] : [.. text[(open + 1)..].TrimEnd().TrimEnd(')').Split(',', StringSplitOptions.TrimEntries)];
        if (open >= 0 && !text.TrimEnd().EndsWith(')')) throw Unknown();
        if (name == "gelu" && arguments is ["tanh"]) return Curve(Activations.GeluByTanh);
        var numbers = arguments.Select(Number).ToList();
        return (name, numbers.Count) switch
        {
            ("relu", 0) => Bent([0], [0, 1], 0),
            ("leaky_relu" or "leakyrelu", 0) => Leaky(Rounded(0.01)),
            ("leaky_relu" or "leakyrelu", 1) => Leaky(numbers[0]),
            ("relu6", 0) => Bent([0, 6], [0, 1, 0], 0),
            ("hardtanh", 0) => Clamp(-1, 1),
            ("hardtanh", 2) when numbers[0] < numbers[1] => Clamp(numbers[0], numbers[1]),
            ("hardsigmoid", 0) => Bent([-3, 3], [0, Rational.Create(1, 6), 0], 0),
            ("abs", 0) => Bent([0], [-1, 1], 0),
            ("identity" or "linear" or "none", 0) => Identity,
            ("silu" or "swish", 0) => Silu,
            ("tanh", 0) => Curve(RealFunction.Tanh),
            ("sigmoid" or "logistic", 0) => Curve(RealFunction.Sigmoid),
            ("logsigmoid" or "log_sigmoid", 0) => Curve(static x => -RealFunction.Softplus(-x)),
            ("softplus", 0) => Curve(RealFunction.Softplus),
            ("softsign", 0) => Curve(Activations.Softsign),
            ("tanhshrink", 0) => Curve(static x => x - RealFunction.Tanh(x)),
            ("gelu", 0) => Curve(Activations.Gelu),
            ("gelu_tanh" or "gelu_new", 0) => Curve(Activations.GeluByTanh),
            ("mish", 0) => Curve(Activations.Mish),
            ("hardswish" or "hard_swish", 0) => Curve(Activations.HardSwish),
            ("elu", 0) => Curve(static x => Activations.Elu(x, 1)),
            ("elu", 1) => Curve(x => Activations.Elu(x, numbers[0].ToDouble())),
            ("celu", 0) => Curve(static x => Activations.Celu(x, 1)),
            ("celu", 1) when !numbers[0].IsZero => Curve(x => Activations.Celu(x, numbers[0].ToDouble())),
            ("selu", 0) => Curve(static x => Activations.Selu(x)),
            ("sin" or "sine", 0) => Curve(RealFunction.Sin),
            ("sin" or "sine", 1) => Curve(x => RealFunction.Sin(numbers[0].ToDouble() * x)),
            ("cos", 0) => Curve(RealFunction.Cos),
            ("exp", 0) => Curve(RealFunction.Exp),
            ("square", 0) => Curve(static x => RealFunction.Power(x, 2)),
            _ => throw Unknown(),
        };

        ActivationFunction Curve(Func<RealFunction, RealFunction> function) => new(text, null, function(RealFunction.X));

        ActivationFunction Bent(Rational[] breakpoints, Rational[] slopes, Rational value) =>
            new(text, PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, breakpoints[0], value), null);

        ActivationFunction Leaky(Rational slope) => Bent([0], [slope, 1], 0);

        ActivationFunction Clamp(Rational low, Rational high) => Bent([low, high], [0, 1, 0], low);

        Rational Number(string number) =>
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite((float)value)
                ? Rounded(value)
                : throw Unknown();

        Rational Rounded(double value) => isDouble ? Rational.FromDouble(value) : Rational.FromSingle((float)value);

        ModelFileException Unknown() =>
            file.Unsupported($"The activation '{text}' is not known. {Remedy} Export models with others to ONNX.");
    }
}
