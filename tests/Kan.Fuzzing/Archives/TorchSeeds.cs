using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Kan.Fuzzing.Archives;

/// <summary>Small valid networks as PyTorch, efficient-kan and pykan keep them.</summary>
internal static class TorchSeeds
{
    private static readonly Func<TorchModel>[] s_models =
    [
        static () => TorchModel.Of([Tensor("fc.weight", 2, 3), Tensor("fc.bias", 2)]),
        static () => TorchModel.Of([Tensor("0.weight", 3, 2), Tensor("0.bias", 3), Tensor("2.weight", 1, 3), Tensor("2.bias", 1)]),
        static () =>
            TorchModel.Of([Tensor("a.weight", 4, 2), Tensor("n.weight", 4), Tensor("n.bias", 4), Tensor("n.running_mean", 4),
                ("n.running_var", [4], [1, 0.25f, 3, 2]), Tensor("p.weight", 1), Tensor("z.weight", 2, 4)], isNested: true),
        static () => TorchModel.Of([Tensor("0.weight", 3, 2), Tensor("2.weight", 1, 3)], isDouble: true),
        static () => TorchModel.Of([.. EfficientKan(0, 2, 2, 1), .. EfficientKan(1, 2, 1, 1)]),
        static () => TorchModel.Of([.. EfficientKan(0, 1, 2, 3)]),
    ];

    public static int Count => s_models.Length;

    public static TorchModel Create(int index) => s_models[index]();

    /// <summary>The weights of a checkpoint of pykan, with one symbolic edge in the first layer.</summary>
    /// <param name="degree">The degree of the splines.</param>
    /// <param name="widths">The numbers of nodes.</param>
    public static TorchModel Pykan(int degree, params int[] widths)
    {
        var tensors = new List<(string, int[], float[])>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            tensors.Add(Knots($"act_fun.{l}.grid", n, 4 + (2 * degree)));
            tensors.Add(Tensor($"act_fun.{l}.coef", n, m, 3 + degree));
            tensors.Add(Ones($"act_fun.{l}.mask", n, m));
            tensors.Add(Tensor($"act_fun.{l}.scale_base", n, m));
            tensors.Add(Ones($"act_fun.{l}.scale_sp", n, m));
            float[] mask = new float[n * m];
            if (l == 0) mask[0] = 1;
            tensors.Add(($"symbolic_fun.{l}.mask", [m, n], mask));
            tensors.Add(($"symbolic_fun.{l}.affine", [m, n, 4],
                [.. Enumerable.Repeat(new float[] { 1, 0, 1, 0 }, n * m).SelectMany(static numbers => numbers)]));
            foreach (string name in new[] { "subnode_scale", "node_scale" }) tensors.Add(Ones($"{name}_{l}", m));
            foreach (string name in new[] { "subnode_bias", "node_bias" }) tensors.Add(Tensor($"{name}_{l}", m));
        }

        return TorchModel.Of(tensors);
    }

    private static IEnumerable<(string, int[], float[])> EfficientKan(int layer, int inputs, int outputs, int degree) =>
    [
        Knots($"layers.{layer}.grid", inputs, 4 + (2 * degree)), Tensor($"layers.{layer}.base_weight", outputs, inputs),
            Tensor($"layers.{layer}.spline_weight", outputs, inputs, 3 + degree),
        Tensor($"layers.{layer}.spline_scaler", outputs, inputs),
    ];

    private static (string, int[], float[]) Tensor(string name, params int[] shape) =>
        (name, shape, [.. Enumerable.Range(name.Length, shape.Aggregate(1, static (product, size) => product * size))
            .Select(static i => ((i * 37 % 23) - 11) / 8f)]);

    private static (string, int[], float[]) Ones(string name, params int[] shape) =>
        (name, shape, [.. Enumerable.Repeat(1f, shape.Aggregate(1, static (product, size) => product * size))]);

    private static (string, int[], float[]) Knots(string name, int inputs, int count) =>
        (name, [inputs, count], [.. Enumerable.Range(0, inputs * count).Select(i => ((i % count) - ((count - 1) / 2f)) / 2)]);
}
