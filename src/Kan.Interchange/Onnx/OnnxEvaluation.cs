using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Operators;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx;

/// <summary>Computes values of a graph from those they depend on; what no output depends on is never looked at.</summary>
internal sealed class OnnxEvaluation(OnnxGraph graph, OnnxContext context)
{
    private readonly Dictionary<string, OnnxValue> _values = [];

    public void AddInput(string name, OnnxInputShape shape)
    {
        var forms = new AffineForm[shape.Count];
        for (int i = 0; i < forms.Length; i++) forms[i] = context.Units.AddInput();
        _values.Add(name, OnnxValue.Computed(name, shape.Shape, forms, shape.BatchAxis));
    }

    /// <summary>The value of a name.</summary>
    /// <exception cref="ModelFileException">Nothing writes it, it depends on itself, or a node is not supported.</exception>
    public OnnxValue Compute(string name)
    {
        if (Find(name) is { } known) return known;
        if (!graph.Writers.TryGetValue(name, out int last)) throw Missing($"The output '{name}'", name);

        // A stack of its own: a chain in a file may be longer than the stack of the process.
        var open = new Stack<int>();
        var isOpen = new HashSet<int>();
        open.Push(last);
        while (open.Count > 0)
        {
            int index = open.Peek();
            isOpen.Add(index);
            var waitsFor = new HashSet<int>();
            foreach (string input in graph.Nodes[index].Input.Where(static input => input.Length > 0))
            {
                if (Find(input) is not null) continue;
                if (!graph.Writers.TryGetValue(input, out int writer)) throw Missing(Title(index), input);
                if (isOpen.Contains(writer))
                    throw context.File.Malformed($"{Title(index)} reads '{input}', which depends on the result of this node: the graph has a cycle. Export the model again.");
                waitsFor.Add(writer);
            }

            if (waitsFor.Count > 0)
            {
                // One at a time: those that are open are then exactly those that wait for the top.
                open.Push(waitsFor.First());
                continue;
            }

            open.Pop();
            isOpen.Remove(index);
            Run(index);
        }

        return Find(name) ?? throw context.File.Unsupported($"The output '{name}' is a second result of {Title(last)}, which is not supported. Name another output.");
    }

    private void Run(int index)
    {
        var proto = graph.Nodes[index];
        var inputs = proto.Input.Select(name => name.Length == 0 ? null : Find(name)).ToArray();
        var node = new OnnxNode(proto, Title(index), inputs, context.File);
        if (proto.Domain is not ("" or "ai.onnx")) throw node.Unsupported($"is of the operator set '{proto.Domain}'", "Only standard operators are supported.");
        if (proto.Output[0].Length == 0) throw node.Unsupported("leaves its first result out", "Export the model again.");
        var results = OnnxOperators.Compute(node, context);
        for (int i = 0; i < proto.Output.Count; i++)
        {
            if (proto.Output[i].Length > 0 && i < results.Count) _values.Add(proto.Output[i], results[i]);
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
        ? context.File.Unsupported($"{reader} reads the input '{name}', which Inputs does not name. Add it.")
        : context.File.Malformed($"{reader} reads '{name}', which is no input, no initializer and no node's result. The file is damaged; export it again.");

    private string Title(int index) => OnnxNode.TitleOf(graph.Nodes[index], index);
}
