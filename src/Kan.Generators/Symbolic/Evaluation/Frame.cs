using System.Collections.Generic;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>The parameters and local variables of one call.</summary>
/// <param name="Method">The method called.</param>
/// <param name="Outer">For a local function, the call that contains it.</param>
internal sealed record Frame(IMethodSymbol? Method, Frame? Outer)
{
    private readonly Dictionary<ISymbol, Value> _slots = new(SymbolEqualityComparer.Default);

    /// <summary>The value on which an instance method was called.</summary>
    public Structure? Self { get; set; }

    /// <summary>The types that a generic method was called with.</summary>
    public IReadOnlyDictionary<ISymbol, ITypeSymbol>? Types { get; set; }

    /// <summary>What is returned so far.</summary>
    public Value? Result { get; set; }

    /// <summary>The value of a parameter or variable; null before its first assignment.</summary>
    public Value? Read(ISymbol symbol)
    {
        for (var frame = this; frame is not null; frame = frame.Outer)
        {
            if (frame._slots.TryGetValue(symbol, out var value)) return value;
        }

        return null;
    }

    /// <summary>Sets a parameter or variable where it was declared.</summary>
    public void Write(ISymbol symbol, Value value)
    {
        for (var frame = this; frame is not null; frame = frame.Outer)
        {
            if (!frame._slots.ContainsKey(symbol)) continue;
            frame._slots[symbol] = value;
            return;
        }

        _slots[symbol] = value;
    }

    /// <summary>Declares a parameter or variable.</summary>
    public void Declare(ISymbol symbol, Value value) => _slots[symbol] = value;

    /// <summary>Declares a variable without a value: each turn of a loop has its own.</summary>
    public void Forget(ISymbol symbol) => _slots.Remove(symbol);
}
