using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>A tensor that some consecutive inputs or outputs of a model make up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameter">The parameter that takes it.</param>
/// <param name="Count">Its numbers.</param>
public sealed record TensorPart(string Name, string Parameter, int Count);

/// <summary>
/// The tensors of a model of several inputs or outputs, as the names of its numbers tell: <c>state[0]</c> and <c>state[1]</c> make up
/// <c>state</c>, and a name without an index is a tensor of one number.
/// </summary>
internal static class TensorParts
{
    /// <summary>The most tensors that are parameters.</summary>
    private const int Most = 16;

    /// <summary>What else is a name where the parameters are.</summary>
    private static readonly string[] s_locals = ["Inputs", "Outputs", "Numbers", "Results", "Rented", "Rows", "First", "Row", "Count"];

    /// <summary>The tensors of the inputs and of the outputs; both empty where no side has several, one of which has several
    /// numbers.</summary>
    /// <param name="labels">The names.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    public static (ImmutableArray<TensorPart> Inputs, ImmutableArray<TensorPart> Outputs) Of(NetworkLabels labels, int inputs, int outputs)
    {
        var read = Find(labels.InputNames);
        var written = Find(labels.OutputNames);
        if (read.Count == 0 && written.Count == 0) return ([], []);
        var parameters = Identifiers.Parameters(Identifiers.Of(
            [.. read.Concat(written).Select(static tensor => tensor.Name)], "Tensor", new HashSet<string>(s_locals)));
        return (Parts(read, 0, "inputs", inputs), Parts(written, read.Count, "outputs", outputs));

        ImmutableArray<TensorPart> Parts(List<(string Name, int Count)> tensors, int first, string all, int count) => tensors.Count == 0
            ? [new TensorPart(all, all, count)]
            : [.. tensors.Select((tensor, i) => new TensorPart(tensor.Name, parameters[first + i], tensor.Count))];
    }

    private static List<(string Name, int Count)> Find(ImmutableArray<string> names)
    {
        var tensors = new List<(string Name, int Count)>();
        foreach (string name in names)
        {
            var (tensor, index) = Split(name);
            if (index == 0) tensors.Add((tensor, 1));
            else if (tensors.Count > 0 && tensors[tensors.Count - 1] == (tensor, index)) tensors[tensors.Count - 1] = (tensor, index + 1);
            else return [];
        }

        bool isClear = tensors.Count is > 1 and <= Most && tensors.Exists(static tensor => tensor.Count > 1)
            && tensors.Select(static tensor => tensor.Name).Distinct().Count() == tensors.Count;
        return isClear ? tensors : [];
    }

    /// <summary>The tensor that a name is of, and the place in it.</summary>
    private static (string Tensor, int Index) Split(string name)
    {
        int open = name.LastIndexOf('[');
        if (open <= 0 || name[name.Length - 1] != ']') return (name, 0);
        string index = name.Substring(open + 1, name.Length - open - 2);
        return int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value.ToString(CultureInfo.InvariantCulture) == index
            ? (name.Substring(0, open), value)
            : (name, 0);
    }
}
