using Kan;

namespace SampleApp;

/// <summary>A ReLU network with two hidden layers, from an ONNX file.</summary>
[KanModel("mnist-mlp.onnx")]
public sealed partial class MnistMlp;

/// <summary>A Kolmogorov-Arnold network with four linear segments on every edge, from a NumPy file.</summary>
[KanModel("mnist-kan.npz")]
public sealed partial class MnistKan;
