using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>The nodes, constants and names of a file, each name given once.</summary>
internal sealed class OnnxGraph
{
    private OnnxGraph(GraphProto proto, Dictionary<string, OnnxTensor> constants, Dictionary<string, int> writers,
        List<ValueInfoProto> inputs)
    {
        Nodes = proto.Node;
        Constants = constants;
        Writers = writers;
        Inputs = inputs;
        Outputs = [.. proto.Output.Select(static output => output.Name)];
    }

    /// <summary>The version of the operators of ONNX; 1 where the file names none.</summary>
    public long OperatorSet { get; private init; }

    public IReadOnlyList<NodeProto> Nodes { get; }

    public IReadOnlyDictionary<string, OnnxTensor> Constants { get; }

    /// <summary>The index of the node that writes a value.</summary>
    public IReadOnlyDictionary<string, int> Writers { get; }

    /// <summary>The inputs that are not constants.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The names of the inputs that some values depend on; all inputs where they depend on none.</summary>
    public HashSet<string> InputsReadBy(IEnumerable<string> values)
    {
        var inputs = Inputs.Select(static input => input.Name).ToHashSet();
        var reached = new HashSet<string>(values);
        var open = new Stack<string>(reached);
        while (open.TryPop(out string? name))
        {
            if (!Writers.TryGetValue(name, out int writer)) continue;
            foreach (string input in Nodes[writer].Input)
            {
                if (reached.Add(input)) open.Push(input);
            }
        }

        reached.IntersectWith(inputs);
        return reached.Count > 0 ? reached : inputs;
    }

    /// <exception cref="ModelFileException">The file is not an ONNX model, or is damaged.</exception>
    public static OnnxGraph Read(ModelFile file)
    {
        var (proto, operatorSet) = Parse(file);
        var constants = ReadConstants(proto, file);
        var inputs = proto.Input.Where(input => !constants.ContainsKey(input.Name)).ToList();
        var names = new HashSet<string>(constants.Keys);
        foreach (var input in inputs)
        {
            if (!names.Add(input.Name)) throw file.Malformed($"The input '{input.Name}' appears twice. Export the model again.");
        }

        var writers = new Dictionary<string, int>();
        for (int i = 0; i < proto.Node.Count; i++)
        {
            string title = OnnxNode.TitleOf(proto.Node[i], i);
            if (proto.Node[i].Output.All(static output => output.Length == 0))
                throw file.Malformed($"{title} has no output. Export the model again.");
            foreach (string output in proto.Node[i].Output.Where(static output => output.Length > 0))
            {
                if (!names.Add(output)) throw file.Malformed($"{title} writes '{output}', which is already defined. Each name may be "
                    + $"written once; export the model again.");
                writers.Add(output, i);
            }
        }

        return new OnnxGraph(proto, constants, writers, inputs) { OperatorSet = operatorSet };
    }

    private static (GraphProto Graph, long OperatorSet) Parse(ModelFile file)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file.Bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw file.Malformed("The file is not an ONNX model, or is damaged or cut short. Export or copy it again.", exception);
        }

        OnnxOperatorSets.RequireKnown(model, file);
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw file.Malformed("The file holds no ONNX graph with nodes. Export the model again.");
        if (model.Graph.SparseInitializer.Count > 0)
            throw file.Unsupported("The graph has sparse initializers. Export the model with dense ones.");
        return (model.Graph, model.OpsetImport.Where(static set => set.Domain is "" or "ai.onnx").Select(static set => set.Version)
            .Append(1).Max());
    }

    private static Dictionary<string, OnnxTensor> ReadConstants(GraphProto graph, ModelFile file)
    {
        var constants = new Dictionary<string, OnnxTensor>();
        long total = 0;
        foreach (var tensor in graph.Initializer)
        {
            var constant = OnnxTensor.Read(tensor, tensor.Name, file);
            total += constant.Values.Length;
            if (total > ModelLimits.Parameters) throw file.Unsupported($"The model has more than {ModelLimits.Parameters} numbers. "
                + $"Compiled networks are small: reduce or prune the model.");
            if (!constants.TryAdd(tensor.Name, constant))
                throw file.Malformed($"The tensor '{tensor.Name}' appears twice. Export the model again.");
        }

        return constants;
    }
}
