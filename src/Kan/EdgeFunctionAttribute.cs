using System;

namespace Kan;

/// <summary>
/// Makes a static method an edge of the <see cref="KanNetworkAttribute"/> type that contains it. The build compiles the method's code,
/// exactly, into breakpoints and slopes instead of calling it, and reports any sub-expression that is not piecewise linear.
/// </summary>
/// <remarks>
/// The method maps <c>double</c> to <c>double</c> or <c>float</c> to <c>float</c> and must be continuous. For several inputs,
/// it has one parameter per input, and its body is a sum of terms that each depend on one parameter. Repeat the attribute to use the
/// same method for several edges.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EdgeFunctionAttribute : Attribute
{
    /// <summary>Declares one edge.</summary>
    /// <param name="layer">The zero-based index of the layer.</param>
    /// <param name="input">The zero-based index of the layer's input node.</param>
    /// <param name="output">The zero-based index of the layer's output node.</param>
    public EdgeFunctionAttribute(int layer, int input, int output)
        : this(layer, [input], output)
    {
    }

    /// <summary>Declares edges from several inputs to one output.</summary>
    /// <param name="layer">The zero-based index of the layer.</param>
    /// <param name="inputs">
    /// The zero-based indices of the layer's input nodes, without duplicates, in the order of the method's parameters.
    /// </param>
    /// <param name="output">The zero-based index of the layer's output node.</param>
    public EdgeFunctionAttribute(int layer, int[] inputs, int output)
    {
        Layer = layer;
        Inputs = inputs;
        Output = output;
    }

    /// <summary>The zero-based index of the layer.</summary>
    public int Layer { get; }

    /// <summary>The zero-based indices of the layer's input nodes, in the order of the method's parameters.</summary>
    public int[] Inputs { get; }

    /// <summary>The zero-based index of the layer's output node.</summary>
    public int Output { get; }
}
