using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Operators;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx;

/// <summary>Computes values of a graph from those they depend on; what no output depends on is never looked at.</summary>
internal sealed class OnnxEvaluation(OnnxGraph graph, OnnxContext context)
{
    private readonly Dictionary<string, OnnxValue> _values = [];
    private readonly HashSet<int> _done = [];

    public void AddInput(string name, OnnxInputShape shape)
    {
        var forms = new AffineCombination[shape.Count];
        for (int i = 0; i < forms.Length; i++) forms[i] = context.Units.AddInput();
        _values.Add(name, OnnxValue.Computed(name, shape.Shape, forms, shape.BatchAxis));
    }

    /// <summary>The value of a name.</summary>
    /// <exception cref="ModelFileException">Nothing writes it, it depends on itself, or a node is not supported.</exception>
    public OnnxValue Compute(string name)
    {
        if (Find(name) is { } known) return known;
        if (!graph.Writers.TryGetValue(name, out int last)) throw Missing($"The output '{name}'", name);
        if (_done.Contains(last)) throw SecondResult(last, name, "which is a requested output");

        // An explicit stack: a chain in a file may be longer than the stack of the process. Each node continues with the input it waits
        // for.
        var open = new Stack<(int Node, int Input)>();
        var isOpen = new HashSet<int> { last };
        open.Push((last, 0));
        while (open.TryPop(out var current))
        {
            if (NextWriter(current.Node, current.Input, out int waitsFor) is { } writer)
            {
                if (!isOpen.Add(writer))
                    throw context.File.Malformed($"{Title(current.Node)} reads '{graph.Nodes[current.Node].Input[waitsFor]}', which "
                        + $"depends on the result of this node: the graph has a cycle. Export the model again.");
                open.Push((current.Node, waitsFor));
                open.Push((writer, 0));
                continue;
            }

            isOpen.Remove(current.Node);
            Run(current.Node);
        }

        return Find(name) ?? throw SecondResult(last, name, "which is a requested output");
    }

    /// <summary>The node that writes the next input that is not known, and which input this is; null if all are known.</summary>
    private int? NextWriter(int node, int start, out int input)
    {
        var inputs = graph.Nodes[node].Input;
        for (input = start; input < inputs.Count; input++)
        {
            string name = inputs[input];
            if (name.Length == 0 || Find(name) is not null) continue;
            if (!graph.Writers.TryGetValue(name, out int writer)) throw Missing(Title(node), name);
            if (_done.Contains(writer)) throw SecondResult(writer, name, $"which {Title(node, inSentence: true)} reads");
            return writer;
        }

        return null;
    }

    private void Run(int index)
    {
        var proto = graph.Nodes[index];
        var inputs = proto.Input.Select(name => name.Length == 0 ? null : Find(name)).ToArray();
        var node = new OnnxNode(proto, Title(index), inputs, context.File);
        context.File.WorkingOn = node.Title;
        var results = OnnxOperators.Compute(node, context);
        _done.Add(index);
        for (int i = 0; i < proto.Output.Count && i < results.Count; i++)
        {
            if (results[i] is not { } result) continue;
            if (result.Rank > ModelLimits.Axes)
                throw node.Unsupported($"has a result of {result.Rank} axes", $"At most {ModelLimits.Axes} are supported.");
            if (proto.Output[i].Length > 0) _values.Add(proto.Output[i], result);
        }
    }

    private OnnxValue? Find(string name)
    {
        if (_values.TryGetValue(name, out var value)) return value;
        if (!graph.Constants.TryGetValue(name, out var tensor)) return null;
        value = new OnnxValue(tensor, context.File);
        _values.Add(name, value);
        return value;
    }

    private ModelFileException Missing(string reader, string name) => graph.Inputs.Any(input => input.Name == name)
        ? context.File.Unsupported($"{reader} reads the input '{name}', which Inputs does not include. Add it.")
        : context.File.Malformed($"{reader} reads '{name}', which is not an input, an initializer or the result of a node. "
            + "The file is damaged; export it again.");

    private ModelFileException SecondResult(int writer, string name, string use) => context.File.Unsupported(
        graph.Nodes[writer].OpType == "LinearClassifier" ? $"{Title(writer)} writes '{name}', the label that it decides on, {use}; only "
        + $"its scores are supported. Select them (Outputs), and make the decision in your own code." :
        $"{Title(writer)} writes '{name}' as its result {graph.Nodes[writer].Output.IndexOf(name) + 1}, {use}; only the first result of "
        + $"this operator is supported. Export the model for inference, without it, or select an output before it (Outputs).");

    private string Title(int index, bool inSentence = false)
    {
        string title = OnnxNode.TitleOf(graph.Nodes[index], index);
        return inSentence ? char.ToLowerInvariant(title[0]) + title[1..] : title;
    }
}
