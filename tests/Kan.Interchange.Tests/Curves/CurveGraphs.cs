using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tests.Support;

namespace Kan.Interchange.Tests.Curves;

/// <summary>
/// Curved activations, as one operator and as the graphs that exporters write them as, each of the result of the node before.
/// </summary>
internal static class CurveGraphs
{
    private static readonly (string, object)[] s_none = [];

    private static readonly Dictionary<string, (int Opset, Func<OnnxBuilder, OnnxBuilder> Append)> s_graphs = new()
    {
        ["Tanh"] = Operator("Tanh"),
        ["Sigmoid"] = Operator("Sigmoid"),
        ["Softplus"] = Operator("Softplus"),
        ["Softsign"] = Operator("Softsign"),
        ["Elu"] = Operator("Elu"),
        ["Elu 0.7"] = Operator("Elu", 13, ("alpha", 0.7f)),
        ["Selu"] = Operator("Selu"),
        ["Celu 2"] = Operator("Celu", 13, ("alpha", 2f)),
        ["Erf"] = Operator("Erf"),
        ["Sin"] = Operator("Sin"),
        ["Cos"] = Operator("Cos"),
        ["Exp"] = Operator("Exp"),
        ["HardSwish"] = Operator("HardSwish", 14),
        ["Mish"] = Operator("Mish", 18),
        ["Gelu"] = Operator("Gelu", 20),
        ["Gelu tanh"] = Operator("Gelu", 20, ("approximate", "tanh")),
        ["Pow 2"] = (13, static model => model.Once("two", [1], 2).Node("Pow", ["*", "two"], s_none)),
        ["Pow 3"] = (13, static model => model.Once("three", [1], 3).Node("Pow", ["*", "three"], s_none)),
        ["x * x"] = Of(static (model, x) => model.Node("Mul", [x, x], s_none)),
        ["Log of 5 + x"] = Of(static (model, x) => model.Once("five", [1], 5).Node("Add", [x, "five"], s_none).Node("Log", ["*"], s_none)),
        ["Sqrt of 5 + x"] = Of(static (model, x) => model.Once("five", [1], 5).Node("Add", [x, "five"], s_none)
            .Node("Sqrt", ["*"], s_none)),
        ["Reciprocal of 5 + x"] = Of(static (model, x) => model.Once("five", [1], 5).Node("Add", [x, "five"], s_none)
            .Node("Reciprocal", ["*"], s_none)),
        ["Pow 1.5 of 5 + x"] = Of(static (model, x) => model.Once("five", [1], 5).Once("p", [1], 1.5f).Node("Add", [x, "five"], s_none)
            .Node("Pow", ["*", "p"], s_none)),
        ["x * Sigmoid(x)"] = Of(static (model, x) => model.Node("Sigmoid", [x], s_none).Node("Mul", [x, "*"], s_none)),
        ["x / (1 + Exp(-x))"] = Of(static (model, x) => model.Once("one", [1], 1).Node("Neg", [x], s_none).Node("Exp", ["*"], s_none)
            .Node("Add", ["*", "one"], s_none).Node("Div", [x, "*"], s_none)),
        ["x * HardSigmoid(x)"] = Of(static (model, x) => model.Node("HardSigmoid", [x], ("alpha", 0.125f)).Node("Mul", [x, "*"], s_none)),
        ["x * Clip(x + 3, 0, 6) / 6"] = Of(static (model, x) => model.Once("three", [1], 3).Once("zero", [], 0).Once("six", [], 6)
            .Node("Add", [x, "three"], s_none).Node("Clip", ["*", "zero", "six"], s_none).Node("Mul", [x, "*"], s_none)
                .Node("Div", ["*", "six"], s_none)),
        ["0.5 x (1 + Erf(x / sqrt 2))"] =
            Of(static (model, x) => model.Once("root", [], 1.41421354f).Once("one", [], 1).Once("half", [], 0.5f)
            .Node("Div", [x, "root"], s_none).Node("Erf", ["*"], s_none).Node("Add", ["*", "one"], s_none).Node("Mul", [x, "*"], s_none)
            .Node("Mul", ["*", "half"], s_none)),
        ["0.5 x (1 + Tanh(a (x + b x^3)))"] =
            Of(static (model, x) => model.Once("a", [], 0.7978846f).Once("b", [], 0.044715f).Once("p", [], 3).Once("one", [], 1)
                .Once("half", [], 0.5f)
            .Node("Pow", [x, "p"], s_none).Node("Mul", ["*", "b"], s_none).Node("Add", [x, "*"], s_none).Node("Mul", ["*", "a"], s_none)
            .Node("Tanh", ["*"], s_none)
            .Node("Add", ["*", "one"], s_none).Node("Mul", [x, "*"], s_none).Node("Mul", ["*", "half"], s_none)),
        ["Log(1 + Exp(x))"] = Of(static (model, x) => model.Once("one", [], 1).Node("Exp", [x], s_none).Node("Add", ["*", "one"], s_none)
            .Node("Log", ["*"], s_none)),
        ["Where(x > 2, x, Log(1 + Exp(x)))"] =
            Of(static (model, x) => model.Once("one", [], 1).Once("most", [], 20).Node("Exp", [x], s_none).Node("Add", ["*", "one"], s_none)
            .Node("Log", ["*"], [x + "softplus"], s_none).Node("Greater", [x, "most"], s_none)
            .Node("Where", ["*", x, x + "softplus"], s_none)),
        ["Where(x > 0, x, 0.5 (Exp(x) - 1))"] =
            Of(static (model, x) => model.Once("one", [], 1).Once("half", [], 0.5f).Once("zero", [], 0).Node("Exp", [x], s_none)
                .Node("Sub", ["*", "one"], s_none)
            .Node("Mul", ["*", "half"], [x + "negative"], s_none).Node("Greater", [x, "zero"], s_none)
            .Node("Where", ["*", x, x + "negative"], s_none)),
        ["Max(x, 0) + Min(Exp(x) - 1, 0)"] =
            Of(static (model, x) => model.Once("one", [], 1).Once("zero", [], 0).Node("Exp", [x], s_none).Node("Sub", ["*", "one"], s_none)
            .Node("Min", ["*", "zero"], [x + "low"], s_none).Node("Max", [x, "zero"], s_none).Node("Add", ["*", x + "low"], s_none)),
        ["x * Tanh(Softplus(x))"] = Of(static (model, x) => model.Node("Softplus", [x], s_none).Node("Tanh", ["*"], s_none)
            .Node("Mul", [x, "*"], s_none)),
        ["x / (1 + Abs(x))"] = Of(static (model, x) => model.Once("one", [], 1).Node("Abs", [x], s_none).Node("Add", ["*", "one"], s_none)
            .Node("Div", [x, "*"], s_none)),
        ["x Sign(x) Sqrt(1 + Abs(x))"] =
            Of(static (model, x) => model.Once("one", [], 1).Node("Sign", [x], [x + "sign"], s_none).Node("Abs", [x], s_none)
                .Node("Add", ["*", "one"], s_none)
            .Node("Sqrt", ["*"], s_none).Node("Mul", ["*", x], s_none).Node("Mul", ["*", x + "sign"], s_none)),
        ["x + Tanh(x)"] = Of(static (model, x) => model.Node("Tanh", [x], s_none).Node("Add", [x, "*"], s_none)),
    };

    public static IEnumerable<string> Names => s_graphs.Keys;

    public static int OpsetOf(string name) => s_graphs[name].Opset;

    /// <summary>The model with the activation behind its last node.</summary>
    public static OnnxBuilder Append(this OnnxBuilder model, string name) => s_graphs[name].Append(model);

    private static (int, Func<OnnxBuilder, OnnxBuilder>) Operator(string type, int opset = 13, params (string, object)[] attributes) =>
        (opset, model => model.Node(type, ["*"], attributes));

    private static (int, Func<OnnxBuilder, OnnxBuilder>) Of(Func<OnnxBuilder, string, OnnxBuilder> append) => (13, model =>
    {
        string name = "z" + model.Graph.Node.Count;
        return append(model.Node("Identity", ["*"], [name], s_none), name);
    }
    );

    /// <summary>A constant, unless it is there.</summary>
    private static OnnxBuilder Once(this OnnxBuilder model, string name, long[] dimensions, params float[] values) =>
        model.Graph.Initializer.Any(tensor => tensor.Name == name) ? model : model.Floats(name, dimensions, values);
}
