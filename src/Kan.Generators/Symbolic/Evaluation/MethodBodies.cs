using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Declarations;
using Kan.Generators.Symbolic.Exact;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Finds the code of methods, properties and initializers in all files of a compilation.</summary>
internal sealed class MethodBodies(Compilation compilation, CancellationToken cancellation)
{
    /// <summary>What code needs more than that nests too deep for the stack of a thread.</summary>
    public const string StackLimit = "the nesting that fits on the stack";

    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly Dictionary<SyntaxNode, int> _levels = [];

    /// <summary>The statements or the expression of a method or a getter; null if it has none here.</summary>
    public IOperation? BodyOf(IMethodSymbol method)
    {
        var symbol = method.PartialImplementationPart ?? method;
        return symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is { } syntax
            && Operation(syntax) is { } operation
            ? operation switch
            {
                IMethodBodyOperation body => body.BlockBody ?? body.ExpressionBody,
                IConstructorBodyOperation body => body.BlockBody ?? body.ExpressionBody,
                ILocalFunctionOperation function => function.Body,
                IBlockOperation block => block,
                _ => null,
            }
            : null;
    }

    /// <summary>The initializer of a field or an automatic property; null if it has none here.</summary>
    public IOperation? InitializerOf(ISymbol symbol)
    {
        var initializer = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            VariableDeclaratorSyntax field => field.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        return initializer is null ? null : (Operation(initializer) as ISymbolInitializerOperation)?.Value;
    }

    private IOperation? Operation(SyntaxNode syntax)
    {
        if (!compilation.ContainsSyntaxTree(syntax.SyntaxTree)) return null;
        if (!_models.TryGetValue(syntax.SyntaxTree, out var model))
        {
            model = compilation.GetSemanticModel(syntax.SyntaxTree);
            _models.Add(syntax.SyntaxTree, model);
        }

        if (!_levels.TryGetValue(syntax, out int levels))
        {
            if (Nesting.TooDeep(syntax, out levels) is { } node) throw new NestingException(node, Nesting.Limit);
            _levels.Add(syntax, levels);
        }

        if (!Nesting.FitsStack(levels)) throw new NestingException(syntax, StackLimit);
        try
        {
            return model.GetOperation(syntax, cancellation);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new NestingException(syntax, StackLimit);
        }
    }
}
