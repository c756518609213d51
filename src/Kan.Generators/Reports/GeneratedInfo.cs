using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Reports;

/// <summary>One layer as the generated code describes it.</summary>
internal sealed record GeneratedLayer(int Inputs, int Outputs, int Edges, int Segments, string Lowering, string Reason, int TableBytes);

/// <summary>
/// What became of a network: read from the <c>Info</c> that the generator printed, whose compilation is so the only one. The analyzer sees
/// generated code in every host, and reading a few literals costs nothing.
/// </summary>
internal sealed record GeneratedInfo(ImmutableArray<GeneratedLayer> Layers, double ErrorBound, string ErrorBoundReason, bool HasRanges, ImmutableArray<int> UnreadInputs, ImmutableArray<int> ConstantOutputs)
{
    /// <summary>The number of inputs.</summary>
    public int Inputs => Layers.IsEmpty ? 0 : Layers[0].Inputs;

    /// <summary>The number of outputs.</summary>
    public int Outputs => Layers.IsEmpty ? 0 : Layers[Layers.Length - 1].Outputs;

    /// <summary>The bytes of all tables.</summary>
    public long TableBytes => Layers.Sum(static layer => (long)layer.TableBytes);

    /// <summary>What was generated for a type; null where nothing was, or a stub.</summary>
    public static GeneratedInfo? Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var property in type.GetMembers("Info").OfType<IPropertySymbol>())
        {
            foreach (var reference in property.DeclaringSyntaxReferences.Where(IsGenerated))
            {
                if (reference.GetSyntax(cancellation) is PropertyDeclarationSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax { Initializer: { } initializer } })
                    return Read(initializer);
            }
        }

        return null;
    }

    /// <summary>Whether a declaration is in a file that this generator added.</summary>
    public static bool IsGenerated(SyntaxReference reference) => reference.SyntaxTree.FilePath.Contains(nameof(KanGenerator));

    private static GeneratedInfo Read(InitializerExpressionSyntax initializer)
    {
        var values = initializer.Expressions.OfType<AssignmentExpressionSyntax>()
            .GroupBy(static assignment => assignment.Left.ToString()).ToDictionary(static group => group.Key, static group => group.First().Right);
        return new GeneratedInfo(
            [.. Elements("Layers").OfType<BaseObjectCreationExpressionSyntax>().Select(ReadLayer)],
            values.TryGetValue("ErrorBound", out var bound) && Literal(bound) is double number ? number : double.PositiveInfinity,
            values.TryGetValue("ErrorBoundReason", out var reason) && Literal(reason) is string text ? text : "",
            !Elements("InputRanges").IsEmpty,
            [.. Elements("UnreadInputs").Select(Integer)],
            [.. Elements("ConstantOutputs").Select(Integer)]);

        ImmutableArray<ExpressionSyntax> Elements(string name) => values.TryGetValue(name, out var value) && value is CollectionExpressionSyntax list
            ? [.. list.Elements.OfType<ExpressionElementSyntax>().Select(static element => element.Expression)]
            : [];
    }

    private static GeneratedLayer ReadLayer(BaseObjectCreationExpressionSyntax creation)
    {
        ExpressionSyntax[] arguments = [.. (creation.ArgumentList?.Arguments ?? default).Select(static argument => argument.Expression)];
        return arguments is [var inputs, var outputs, var edges, var segments, MemberAccessExpressionSyntax lowering, var reason, var bytes]
            ? new GeneratedLayer(Integer(inputs), Integer(outputs), Integer(edges), Integer(segments), lowering.Name.Identifier.ValueText, Literal(reason) as string ?? "", Integer(bytes))
            : new GeneratedLayer(0, 0, 0, 0, "", "", 0);
    }

    private static int Integer(ExpressionSyntax expression) => Literal(expression) is int value ? value : 0;

    private static object? Literal(ExpressionSyntax expression) => (expression as LiteralExpressionSyntax)?.Token.Value;
}
