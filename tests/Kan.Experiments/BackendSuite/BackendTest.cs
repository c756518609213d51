using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Experiments.BackendSuite;

/// <summary>One set of data of a test: the model with all inputs but one as constants, that input, and the first output.</summary>
/// <param name="Model">The model, as bytes of a file.</param>
/// <param name="Data">The first input of floating-point numbers.</param>
/// <param name="Expected">What is recorded of the first output.</param>
internal sealed record BackendCase(byte[] Model, OnnxTensor Data, OnnxTensor Expected);

/// <summary>A folder of the ONNX backend test suite: a model, and inputs and outputs that another program computed.</summary>
/// <param name="Name">The folders below that of the suite.</param>
/// <param name="Cases">The sets of data.</param>
/// <param name="Obstacle">Why the test does not fit, where it does not: it has no such input or output.</param>
internal sealed record BackendTest(string Name, IReadOnlyList<BackendCase> Cases, string? Obstacle)
{
    public const string NoFloatInput = "no input of floating-point numbers";
    public const string OtherOutput = "the first output is of another type";
    private const int UInt16 = 4, BrainFloat = 16;

    public const string NoTensor = "sequences and optional values";

    /// <summary>The tests of a folder, in order of their names.</summary>
    public static IEnumerable<string> Folders(string suite) =>
        Directory.EnumerateFiles(suite, "model.onnx", SearchOption.AllDirectories).Select(static file => Path.GetDirectoryName(file)!)
            .Order(StringComparer.Ordinal);

    public static BackendTest Read(string suite, string folder)
    {
        string name = Path.GetRelativePath(suite, folder).Replace('\\', '/').Replace("/test_", "/", StringComparison.Ordinal);
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        var graph = ModelProto.Parser.ParseFrom(bytes).Graph;
        var constants = graph.Initializer.Select(static tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !constants.Contains(input.Name)).ToList();
        if (inputs.Append(graph.Output[0]).Any(static value => value.Type?.TensorType is null))
            return new BackendTest(name, [], NoTensor);
        int data = inputs.FindIndex(static input => OnnxTensor.IsFloatType(input.Type.TensorType.ElemType));
        if (data < 0) return new BackendTest(name, [], NoFloatInput);
        if (!OnnxTensor.IsFloatType(graph.Output[0].Type.TensorType.ElemType)) return new BackendTest(name, [], OtherOutput);
        var cases = Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal)
            .Select(set => Case(bytes, inputs, data, set)).ToList();
        return new BackendTest(name, cases, null);
    }

    private static BackendCase Case(byte[] bytes, List<ValueInfoProto> inputs, int data, string set)
    {
        var model = ModelProto.Parser.ParseFrom(bytes);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (i == data) continue;
            var constant = Tensor(set, "input", i, inputs[i]);
            constant.Name = inputs[i].Name;
            model.Graph.Initializer.Add(constant);
        }

        var first = model.Graph.Output[0];
        model.Graph.Output.Clear();
        model.Graph.Output.Add(first);
        return new BackendCase(model.ToByteArray(), Read(set, "input", data, inputs[data]), Read(set, "output", 0, first));
    }

    /// <summary>What is recorded of a value; the suite stores some types as integers with their bits.</summary>
    private static TensorProto Tensor(string set, string role, int index, ValueInfoProto value)
    {
        var tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(set, $"{role}_{index}.pb")));
        if (value.Type.TensorType.ElemType == BrainFloat && tensor.DataType == UInt16) tensor.DataType = BrainFloat;
        return tensor;
    }

    private static OnnxTensor Read(string set, string role, int index, ValueInfoProto value) =>
        OnnxTensor.Read(Tensor(set, role, index, value), $"{role}_{index}", new ModelFile(set, []));
}
