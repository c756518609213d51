using System.Collections.Generic;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Names for where the parts of tables and of scratch memory begin, which are printed as constants of the class that uses them.
/// </summary>
internal sealed class KernelPlaces
{
    private readonly List<(string Name, int Value)> _constants = [];

    /// <summary>What stands for a place: its name, or nothing where it is the beginning.</summary>
    public string Name(string part, LayerPlan layer, int value)
    {
        if (value == 0) return "";
        var constant = (part + Literal.Integer(layer.Index), value);
        if (!_constants.Contains(constant)) _constants.Add(constant);
        return constant.Item1;
    }

    /// <summary>A number at a named place behind a reference.</summary>
    /// <param name="start">The reference.</param>
    /// <param name="name">The place, or nothing.</param>
    public static string At(string start, string name) => name.Length == 0 ? start : $"At(ref {start}, {name})";

    /// <summary>Prints the constants, below what they are; nothing if no place has a name.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="remark">What the names stand for.</param>
    public void Emit(CodeWriter writer, string remark)
    {
        if (_constants.Count == 0) return;
        writer.Prose("// ", remark);
        foreach (var (name, value) in _constants) writer.Line($"private const int {name} = {Literal.Integer(value)};");
        writer.Line();
    }
}
