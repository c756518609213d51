using System;
using Kan.Interchange.Onnx;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>The first axis of the input does not count samples, or the model is none of single samples.</summary>
/// <remarks>Never leaves the importer: it is raised again as the <see cref="ModelFileException"/> it holds.</remarks>
internal sealed class SamplesMixException(string file, string reason) : Exception(reason)
{
    public ModelFileException ToModelFileException() => new(file, ModelFileProblem.Unsupported, Message);
}
