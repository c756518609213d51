using System;

namespace Kan;

/// <summary>
/// Makes a static method an edge of the <see cref="KanNetworkAttribute"/> that contains it. The build does not call the method: it
/// compiles its code, exactly, into breakpoints and slopes, and reports the sub-expression that is not piecewise linear where there is one.
/// </summary>
/// <remarks>
/// The method goes from <c>double</c> to <c>double</c> or from <c>float</c> to <c>float</c> and must be continuous. With several inputs
/// it has one parameter for each, and its body is a sum of functions of one parameter each. The attribute may be repeated: the
/// method is then several edges.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EdgeFunctionAttribute : Attribute
{
    /// <summary>One edge.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="input">The input node of that layer, from 0.</param>
    /// <param name="output">The output node of that layer, from 0.</param>
    public EdgeFunctionAttribute(int layer, int input, int output)
        : this(layer, [input], output)
    {
    }

    /// <summary>Edges from several inputs to one output.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="inputs">The input nodes of that layer, from 0, each once, in the order of the method's parameters.</param>
    /// <param name="output">The output node of that layer, from 0.</param>
    public EdgeFunctionAttribute(int layer, int[] inputs, int output)
    {
        Layer = layer;
        Inputs = inputs;
        Output = output;
    }

    /// <summary>The layer, from 0.</summary>
    public int Layer { get; }

    /// <summary>The input nodes, from 0, in the order of the method's parameters.</summary>
    public int[] Inputs { get; }

    /// <summary>The output node, from 0.</summary>
    public int Output { get; }
}
