using Kan.Interchange.Curves;

namespace Kan.Interchange.Keras;

/// <summary>Activations by the names that Keras gives them.</summary>
internal static class KerasActivations
{
    private const string Names = "linear, relu, relu6, leaky_relu, hard_sigmoid, hard_tanh, soft_shrink; with a Tolerance also tanh, "
        + "sigmoid, elu, selu, celu, gelu, silu, softplus, softsign, mish, exponential, log_sigmoid, hard_silu, tanh_shrink";

    // What string arguments of activations stand for.
    private static readonly Rational s_leak = Rational.FromSingle(0.2f), s_half = Rational.Create(1, 2);

    /// <summary>The activation of a name.</summary>
    /// <param name="layer">The layer that has it.</param>
    /// <param name="name">The name.</param>
    /// <param name="isOld">Whether the model is of Keras 1 or 2, where hard_sigmoid is another function.</param>
    /// <exception cref="ModelFileException">There is no such activation.</exception>
    public static ActivationFunction Of(KerasLayer layer, string name, bool isOld) => name switch
    {
        "linear" => ActivationFunction.Identity,
        "leaky_relu" => Exact(name, TrainedFunctions.Leaky(s_leak)),
        "hard_sigmoid" when isOld => Exact(name, PiecewiseLinearFunction.FromSlopes(
            [Rational.Create(-5, 2), Rational.Create(5, 2)], [0, Rational.Create(1, 5), 0], Rational.Create(-5, 2), 0)),
        "soft_shrink" => Exact(name, PiecewiseLinearFunction.FromSlopes([-s_half, s_half], [1, 0, 1], -s_half, 0)),
        "relu" or "relu6" or "tanh" or "sigmoid" or "elu" or "selu" or "celu" or "gelu" or "silu" or "swish" or "softplus" or "softsign"
            or "mish" or "log_sigmoid" => ActivationFunction.Parse(name, isDouble: false, layer.File),
        "hard_sigmoid" => ActivationFunction.Parse("hardsigmoid", isDouble: false, layer.File),
        "hard_tanh" => ActivationFunction.Parse("hardtanh", isDouble: false, layer.File),
        "exponential" => ActivationFunction.Parse("exp", isDouble: false, layer.File),
        "hard_silu" or "hard_swish" => ActivationFunction.Parse("hardswish", isDouble: false, layer.File),
        "tanh_shrink" => ActivationFunction.Parse("tanhshrink", isDouble: false, layer.File),
        _ => throw layer.File.Unsupported($"{layer.Title} has the activation '{MessageText.Name(name)}'. Supported are {Names}."),
    };

    /// <summary>A function that is piecewise linear.</summary>
    public static ActivationFunction Exact(string name, PiecewiseLinearFunction function) => new(name, function, null);
}
