using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Kan.Fuzzing.Cases;
using Kan.Interchange.Onnx.Proto;
using AttributeType = Kan.Interchange.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Kan.Fuzzing.Onnx;

/// <summary>Changes a graph as a graph: nodes, what they read and write, their attributes, tensors and operator sets.</summary>
internal static class GraphMutator
{
    private static readonly string[] s_operators =
        [.. OnnxSeeds.Operators, "Tanh", "Where", "Loop", "If", "Scan", "Gelu", "Resize", "LSTM", "Einsum", "", "relu", "Cast"];

    private static readonly (string Name, AttributeType Type)[] s_attributes =
    [
        ("axis", AttributeType.Int), ("axes", AttributeType.Ints), ("keepdims", AttributeType.Int), ("pads", AttributeType.Ints),
            ("strides", AttributeType.Ints), ("dilations", AttributeType.Ints),
        ("kernel_shape", AttributeType.Ints), ("alpha", AttributeType.Float), ("beta", AttributeType.Float), ("perm", AttributeType.Ints),
            ("to", AttributeType.Int), ("group", AttributeType.Int),
        ("transA", AttributeType.Int), ("transB", AttributeType.Int), ("ceil_mode", AttributeType.Int), ("auto_pad", AttributeType.String),
            ("count_include_pad", AttributeType.Int), ("epsilon", AttributeType.Float),
        ("training_mode", AttributeType.Int), ("allowzero", AttributeType.Int), ("noop_with_empty_axes", AttributeType.Int),
            ("mode", AttributeType.String), ("split", AttributeType.Ints), ("num_outputs", AttributeType.Int),
        ("value", AttributeType.Tensor), ("value_float", AttributeType.Float), ("value_ints", AttributeType.Ints),
            ("lambd", AttributeType.Float), ("bias", AttributeType.Float), ("min", AttributeType.Float),
        ("start", AttributeType.Int), ("end", AttributeType.Int), ("storage_order", AttributeType.Int),
    ];

    private static readonly string[] s_texts = ["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "constant", "reflect", "edge", "wrap"];

    private static readonly long[] s_opsets =
        [0, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 30, 9999, -1, long.MaxValue];

    /// <summary>Changes one part of a graph.</summary>
    public static void Mutate(ModelProto model, FuzzRandom random)
    {
        var graph = model.Graph ??= new GraphProto();
        if (graph.Node.Count == 0 || random.OneIn(6))
        {
            MutateAround(model, graph, random);
            return;
        }

        int at = random.Next(graph.Node.Count);
        var node = graph.Node[at];
        switch (random.Next(12))
        {
            case 0:
                graph.Node.RemoveAt(at);
                break;
            case 1:
                Repeat(graph, node, at, random);
                break;
            case 2:
                node.OpType = random.Pick(s_operators);
                break;
            case 3 or 4 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = random.OneIn(8) ? "" : random.Pick(Names(graph));
                break;
            case 5:
                for (int count = random.Size(3_000); count > 0; count--)
                    node.Input.Insert(random.Next(node.Input.Count + 1), random.OneIn(6) ? "" : random.Pick(Names(graph)));
                break;
            case 6 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 7:
                // A second result, and somebody who reads it.
                string name = "extra" + random.Next(1_000);
                node.Output.Add(name);
                if (random.OneIn(2)) graph.Node.Add(new NodeProto { OpType = "Relu", Input = { name }, Output = { name + "r" } });
                if (random.OneIn(2) && graph.Output.Count > 0) graph.Output[0].Name = name;
                break;
            case 8:
                Splice(graph, at, random);
                break;
            default:
                MutateAttribute(node, random);
                break;
        }
    }

    private static void MutateAround(ModelProto model, GraphProto graph, FuzzRandom random)
    {
        switch (random.Next(9))
        {
            case 0:
                if (model.OpsetImport.Count == 0) model.OpsetImport.Add(new OperatorSetIdProto());
                model.OpsetImport[0].Version = random.Pick(s_opsets);
                break;
            case 1:
                model.OpsetImport.Add(new OperatorSetIdProto
                {
                    Domain = random.OneIn(2) ? "" : random.Name(),
                    Version = random.Pick(s_opsets)
                });
                break;
            case 2:
                Rename(graph, random.Pick(Names(graph)), random.Name());
                break;
            case 3 when graph.Input.Count > 0:
                MutateShape(random.Pick(graph.Input), random);
                break;
            case 4 when graph.Output.Count > 0:
                graph.Output[random.Next(graph.Output.Count)].Name = random.Pick(Names(graph));
                break;
            case 5:
                // Constants that grow: c * c, or c / d, many times.
                string last = random.Pick(Names(graph));
                string type = random.Pick<string>(["Mul", "Div", "Add", "Pow", "Sub", "Max"]);
                for (int i = random.Size(2_000); i > 0; i--)
                {
                    string next = $"grown{i}_{graph.Node.Count}";
                    graph.Node.Insert(0, new NodeProto { OpType = type, Input = { last, last }, Output = { next } });
                    last = next;
                }

                graph.Node.Add(new NodeProto
                {
                    OpType = "Mul",
                    Input = { last, graph.Input.Count > 0 ? graph.Input[0].Name : "x" },
                    Output = { "scaled" + graph.Node.Count }
                });
                if (graph.Output.Count > 0) graph.Output[0].Name = graph.Node[^1].Output[0];
                break;
            case 6:
                graph.Input.Add(new ValueInfoProto { Name = random.OneIn(2) ? random.Name() : random.Pick(Names(graph)) });
                break;
            default:
                if (graph.Initializer.Count > 0) TensorMutator.Mutate(random.Pick(graph.Initializer), random);
                break;
        }
    }

    private static void Repeat(GraphProto graph, NodeProto node, int at, FuzzRandom random)
    {
        // A chain of copies, each reading the one before.
        string last = node.Output.Count > 0 ? node.Output[0] : "";
        for (int i = random.Size(3_000); i > 0; i--)
        {
            var copy = node.Clone();
            string next = $"{(last.Length > 40 ? "n" : last)}_{i}";
            if (copy.Output.Count > 0) copy.Output[0] = next;
            if (copy.Input.Count > 0 && !random.OneIn(4)) copy.Input[random.OneIn(3) ? random.Next(copy.Input.Count) : 0] = last;
            graph.Node.Insert(Math.Min(++at, graph.Node.Count), copy);
            last = next;
        }

        if (graph.Output.Count > 0 && random.OneIn(2)) graph.Output[0].Name = last;
    }

    /// <summary>Puts the nodes of another seed behind a node.</summary>
    private static void Splice(GraphProto graph, int at, FuzzRandom random)
    {
        var other = OnnxSeeds.Create(random.Next(OnnxSeeds.Count)).Graph;
        string prefix = $"s{random.Next(100_000)}_", source = graph.Node[at].Output.FirstOrDefault() ?? "x";
        string Moved(string name) => name.Length == 0 ? "" : name == other.Input[0].Name ? source : prefix + name;
        foreach (var tensor in other.Initializer)
        {
            tensor.Name = Moved(tensor.Name);
            graph.Initializer.Add(tensor);
        }

        foreach (var node in other.Node)
        {
            for (int i = 0; i < node.Input.Count; i++) node.Input[i] = Moved(node.Input[i]);
            for (int i = 0; i < node.Output.Count; i++) node.Output[i] = Moved(node.Output[i]);
            graph.Node.Insert(Math.Min(++at, graph.Node.Count), node);
        }

        if (graph.Output.Count > 0) graph.Output[0].Name = Moved(other.Output[0].Name);
    }

    private static void MutateAttribute(NodeProto node, FuzzRandom random)
    {
        if (node.Attribute.Count > 0 && random.OneIn(8))
        {
            node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
            return;
        }

        AttributeProto attribute;
        if (node.Attribute.Count > 0 && !random.OneIn(3))
        {
            attribute = random.Pick(node.Attribute);
        }
        else
        {
            var (name, type) = random.Pick(s_attributes);
            attribute = new AttributeProto { Name = name, Type = type };
            node.Attribute.Add(attribute);
        }

        switch (attribute.Type)
        {
            case AttributeType.Float:
                attribute.F = (float)random.Number();
                break;
            case AttributeType.Int:
                attribute.I = random.Integer();
                break;
            case AttributeType.String:
                attribute.S = ByteString.CopyFromUtf8(random.OneIn(2) ? random.Pick(s_texts) : random.Name());
                break;
            case AttributeType.Tensor:
                TensorMutator.Mutate(attribute.T ??= new TensorProto { DataType = 1, Dims = { 1 }, FloatData = { 1 } }, random);
                break;
            case AttributeType.Ints when attribute.Ints.Count > 0 && !random.OneIn(3):
                attribute.Ints[random.Next(attribute.Ints.Count)] = random.Integer();
                break;
            default:
                for (int count = random.Size(2_000); count > 0; count--)
                    attribute.Ints.Add(random.OneIn(3) ? random.Integer() : random.Next(-2, 4));
                break;
        }
    }

    private static void MutateShape(ValueInfoProto input, FuzzRandom random)
    {
        input.Type ??= new TypeProto();
        var tensor = input.Type.TensorType ??= new TypeProto.Types.Tensor { ElemType = 1 };
        var shape = tensor.Shape ??= new TensorShapeProto();
        if (random.OneIn(6)) tensor.ElemType = random.Next(25);
        else if (shape.Dim.Count == 0 || random.OneIn(3))
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = random.Integer() });
        else if (random.OneIn(4)) shape.Dim.RemoveAt(random.Next(shape.Dim.Count));
        else if (random.OneIn(4))
            shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimParam = random.Name() };
        else shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = random.Integer() };
    }

    /// <summary>Gives a value another name wherever it is written or read, so that the graph stays sound.</summary>
    private static void Rename(GraphProto graph, string from, string to)
    {
        foreach (var node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++) node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            for (int i = 0; i < node.Output.Count; i++) node.Output[i] = node.Output[i] == from ? to : node.Output[i];
        }

        foreach (var tensor in graph.Initializer.Where(tensor => tensor.Name == from)) tensor.Name = to;
        foreach (var value in graph.Input.Concat(graph.Output).Where(value => value.Name == from)) value.Name = to;
    }

    private static List<string> Names(GraphProto graph)
    {
        var names = graph.Input.Select(static input => input.Name).Concat(graph.Initializer.Select(static tensor => tensor.Name))
            .Concat(graph.Node.SelectMany(static node => node.Output)).Take(500).ToList();
        if (names.Count == 0) names.Add("x");
        return names;
    }
}
