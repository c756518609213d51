using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>
/// The nodes between the input and the output of a graph that computes in integers, each of which takes one value that depends on the
/// input.
/// </summary>
internal sealed class QuantizedChain
{
    private static readonly HashSet<string> s_integers =
        ["QuantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QGemm", "MatMulIntegerToFloat"];

    private readonly OnnxGraph _graph;
    private readonly HashSet<string> _varying;

    private QuantizedChain(OnnxGraph graph, HashSet<string> varying)
    {
        _graph = graph;
        _varying = varying;
    }

    /// <summary>The chain of a graph; null if no node that an output depends on turns values into integers.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The outputs that are asked for.</param>
    public static QuantizedChain? Find(OnnxGraph graph, IReadOnlyList<string> outputs)
    {
        if (!graph.Nodes.Any(static node => IsInteger(node.OpType))) return null;
        var readers = graph.Nodes.SelectMany(static (node, index) => node.Input.Select(input => (input, index)))
            .ToLookup(static pair => pair.input, static pair => pair.index);
        var varying = new HashSet<string>(graph.Inputs.Select(static input => input.Name));
        var open = new Stack<string>(varying);
        while (open.TryPop(out string? name))
        {
            foreach (int reader in readers[name])
            {
                // The sizes of a value depend on the number of samples, and not on what they are.
                if (graph.Nodes[reader].OpType == "Shape") continue;
                foreach (string output in graph.Nodes[reader].Output.Where(varying.Add)) open.Push(output);
            }
        }

        var chain = new QuantizedChain(graph, varying);
        var reached = new HashSet<string>(outputs);
        open = new Stack<string>(outputs);
        while (open.TryPop(out string? name))
        {
            if (!graph.Writers.TryGetValue(name, out int writer)) continue;
            var node = graph.Nodes[writer];
            if (IsInteger(node.OpType) && chain.Depends(node.Input.FirstOrDefault(""))) return chain;
            foreach (string input in node.Input.Where(reached.Add)) open.Push(input);
        }

        return null;
    }

    /// <summary>Whether a value depends on the inputs.</summary>
    public bool Depends(string name) => name.Length > 0 && _varying.Contains(name);

    /// <summary>The nodes from the input to an output, by index.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">The output.</param>
    /// <param name="file">For complaints.</param>
    /// <exception cref="ModelFileException">A node takes several values that depend on the input, or the graph has a cycle.</exception>
    public IReadOnlyList<int> Between(string input, string output, ModelFile file)
    {
        var nodes = new List<int>();
        for (string name = output; name != input;)
        {
            if (!_graph.Writers.TryGetValue(name, out int writer))
                throw file.Unsupported(
                    $"The output '{output}' depends on '{name}', which is not the input '{input}'. Name the input of the chain (Inputs).");
            var proto = _graph.Nodes[writer];
            string title = OnnxNode.TitleOf(proto, writer);
            if (proto.Output.IndexOf(name) != 0) throw file.Unsupported($"{title} writes '{name}' as a second result; only the first "
                + $"result of a node is read in integer networks. Select an output before it (Outputs).");
            var varying = proto.Input.Where(Depends).ToList();
            if (varying.Count != 1) RefuseRangesOfRunTime(varying, file);
            if (varying.Count != 1)
                throw file.Unsupported($"{title} takes {varying.Count} values that depend on the input "
                    + $"({string.Join(", ", varying.Take(4).Select(static value => $"'{value}'"))}), where one is expected. "
                    + $"{QuantizedWords.Remedy}");
            if (nodes.Count > _graph.Nodes.Count)
                throw file.Malformed($"{title} depends on its own result: the graph has a cycle. Export the model again.");
            nodes.Add(writer);
            name = varying[0];
        }

        nodes.Reverse();
        return nodes;
    }

    /// <summary>Throws if values depend on a node that chooses the range of its codes while the model runs.</summary>
    private void RefuseRangesOfRunTime(IEnumerable<string> names, ModelFile file)
    {
        var reached = new HashSet<string>(names);
        var open = new Stack<string>(reached);
        while (open.TryPop(out string? name))
        {
            if (!_graph.Writers.TryGetValue(name, out int writer)) continue;
            var proto = _graph.Nodes[writer];
            if (proto.OpType == "DynamicQuantizeLinear")
                throw file.Unsupported($"{OnnxNode.TitleOf(proto, writer)} {QuantizedWords.Reason(proto.OpType)}. "
                    + QuantizedWords.RemedyOf(proto.OpType));
            foreach (string input in proto.Input.Where(reached.Add)) open.Push(input);
        }
    }

    private static bool IsInteger(string type) => s_integers.Contains(type) || type.StartsWith("QLinear", System.StringComparison.Ordinal);
}
