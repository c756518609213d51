namespace Kan.Benchmarks.Workloads;

/// <summary>64-32-10 on 8x8 digits. Structs, so that generic code calls the members directly.</summary>
[KanModel("digits-mlp.onnx")]
public readonly partial struct DigitsMlp;

/// <summary>784-128-64-10 on handwritten digits.</summary>
[KanModel("mnist-mlp.onnx")]
public readonly partial struct MnistMlp;

/// <summary>A KAN of widths 784, 32, 10 with four segments on each edge.</summary>
[KanModel("mnist-kan.npz")]
public readonly partial struct MnistKan;
