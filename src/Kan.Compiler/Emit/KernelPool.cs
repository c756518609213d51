using System;
using System.Collections.Generic;

namespace Kan.Compiler.Emit;

/// <summary>
/// The private methods of a class of kernels. Layers of one shape have methods of one text, apart from their names: that of the first is
/// printed, and the others call it.
/// </summary>
/// <param name="writer">What is printed to.</param>
internal sealed class KernelPool(CodeWriter writer)
{
    // What stands for the name of a method while it is compared with others.
    private const string Placeholder = "\u0001";

    private readonly Dictionary<string, string> _namesByText = [];
    private readonly Dictionary<string, string> _names = [];

    /// <summary>The name to call a method by.</summary>
    /// <param name="name">The name that it was given.</param>
    public string this[string name] => _names[name];

    /// <summary>Prints a method, unless it was printed under this name or another.</summary>
    /// <param name="name">The name.</param>
    /// <param name="print">Prints the method to a writer under a name that stands for its own; what it calls is named by this pool.</param>
    public void Add(string name, Action<CodeWriter, string> print)
    {
        if (_names.ContainsKey(name)) return;
        var method = new CodeWriter();
        print(method, Placeholder);
        string text = method.ToString();
        if (!_namesByText.TryGetValue(text, out string? printed))
        {
            _namesByText.Add(text, printed = name);
            writer.Line();
            writer.Line(text.Replace(Placeholder, name).TrimEnd('\n'));
        }

        _names.Add(name, printed);
    }
}
