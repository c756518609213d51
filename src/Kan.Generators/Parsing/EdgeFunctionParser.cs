using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;
using Kan.Generators.Symbolic;
using Kan.Generators.Symbolic.Evaluation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Parsing;

/// <summary>Reads the <c>[EdgeFunction]</c> methods of a network.</summary>
internal sealed class EdgeFunctionParser(EdgeRegister register, Compilation compilation, List<Problem> problems,
    CancellationToken cancellation)
{
    /// <summary>The edges of all methods of a type; false if one of them has none, even if it has no mistake itself.</summary>
    public bool Parse(INamedTypeSymbol type, ImmutableArray<EdgeSpec>.Builder edges)
    {
        bool complete = true;
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (!AttributeDepth.Fits(method, cancellation))
            {
                complete &= AttributeDepth.FirstTooDeep(method, cancellation) is null;
                continue;
            }

            var attributes = method.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.EdgeFunction))
                .ToArray();
            if (attributes.Length > 0) complete &= Parse(method, attributes, edges);
        }

        return complete;
    }

    private bool Parse(IMethodSymbol method, AttributeData[] attributes, ImmutableArray<EdgeSpec>.Builder edges)
    {
        CompiledMethod? compiled = null;
        bool complete = true;
        foreach (var attribute in attributes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!AttributeReader.IsComplete(attribute))
            {
                complete = false;
                continue;
            }

            bool isOne = attribute.ConstructorArguments[1].Kind != TypedConstantKind.Array;
            int layer = AttributeReader.Integer(attribute, 0), output = AttributeReader.Integer(attribute, 2);
            var inputs = isOne ? [AttributeReader.Integer(attribute, 1)] : AttributeReader.Integers(attribute, 1);
            for (int i = 0; i < Math.Min(inputs.Length, Limits.Parameters); i++)
                register.Add(new EdgeSource(attribute, isOne ? "input" : "inputs", isOne ? -1 : i), layer, inputs[i], output, problems);

            if (EdgeMethod.FaultOf(method, inputs.Length, cancellation) is { } fault)
            {
                string parameters = string.Join(", ", Enumerable.Range(0, Math.Max(1, Math.Min(inputs.Length, Limits.Parameters)))
                    .Select(i => "double " + (inputs.Length > 1 ? "x" + i : "x")));
                problems.Add(new Problem(Descriptors.InvalidEdgeMethod, new Place.Identifier(method), method.Name, fault, parameters));
                complete = false;
                continue;
            }

            if (compiled is null)
            {
                compiled = FunctionCompiler.Compile(method, compilation, cancellation);
                problems.AddRange(compiled.Problems);
            }

            if (compiled.Functions.IsDefault)
            {
                complete = false;
                continue;
            }

            for (int i = 0; i < inputs.Length; i++)
                edges.Add(new EdgeSpec(layer, inputs[i], output, new CompiledFunctionSpec(compiled.Functions[i])));
        }

        return complete;
    }

    private static string Count(int count, string noun) => Symbolic.Exact.Numbers.Text(count) + " " + noun + (count == 1 ? "" : "s");
}
