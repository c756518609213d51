using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Reports;

/// <summary>
/// The named arguments and initialised properties of a printed object, read by name. Whatever is unknown, missing or of another shape is a
/// fault.
/// </summary>
internal sealed class NamedParts
{
    private readonly string _subject;
    private readonly Dictionary<string, ExpressionSyntax> _parts = [];

    /// <summary>The parts of an object creation.</summary>
    /// <exception cref="FormatException">It is not an object creation, or has an argument without a name.</exception>
    public NamedParts(string subject, ExpressionSyntax expression)
    {
        _subject = subject;
        if (expression is not BaseObjectCreationExpressionSyntax creation) throw Fault("is not an object creation");
        foreach (var argument in creation.ArgumentList?.Arguments ?? default)
            _parts.Add(argument.NameColon?.Name.Identifier.ValueText ?? throw Fault("has an argument without a name"), argument.Expression);
        foreach (var part in creation.Initializer?.Expressions ?? default)
        {
            if (part is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment)
                throw Fault("initialises something other than a property");
            _parts.Add(name.Identifier.ValueText, assignment.Right);
        }
    }

    /// <summary>Passes over parts that nobody asks for, where they are there.</summary>
    public void Skip(params string[] names)
    {
        foreach (string name in names) _parts.Remove(name);
    }

    public int Integer(string name) => Integer(Take(name));

    public static int Integer(ExpressionSyntax expression) => expression is LiteralExpressionSyntax { Token.Value: int value }
        ? value
        : throw new FormatException($"'{expression}' is not an integer");

    /// <summary>A literal, or one of the constants of <c>double</c>.</summary>
    public double Number(string name) => Take(name) switch
    {
        LiteralExpressionSyntax { Token.Value: double value } => value,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(double.PositiveInfinity) } => double.PositiveInfinity,
        _ => throw Fault($"has no number as '{name}'"),
    };

    public string Text(string name) => TryText(name) ?? throw Fault($"has no '{name}'");

    public string? TryText(string name) => TryTake(name) switch
    {
        null => null,
        var expression => TextOf(expression) ?? throw Fault($"has no text as '{name}'"),
    };

    /// <summary>The texts of a list; none if it is not there.</summary>
    public ImmutableArray<string> TryTexts(string name) =>
        [.. TryList(name).Select(expression => TextOf(expression) ?? throw Fault($"has an element that is not a text in '{name}'"))];

    /// <summary>A literal, or a sum of literals: how a long text is printed. Null if it is neither.</summary>
    private static string? TextOf(ExpressionSyntax expression)
    {
        var parts = new Stack<string>();
        while (expression is BinaryExpressionSyntax
            {
                RawKind: (int)SyntaxKind.AddExpression,
                Right: LiteralExpressionSyntax { Token.Value: string part }
            } sum)
        {
            parts.Push(part);
            expression = sum.Left;
        }

        return expression is LiteralExpressionSyntax { Token.Value: string first } ? first + string.Concat(parts) : null;
    }

    /// <summary>The last name of a constant: <c>Rows</c> of <c>LayerLowering.Rows</c>.</summary>
    public string Member(string name) =>
        Take(name) is MemberAccessExpressionSyntax member ? member.Name.Identifier.ValueText : throw Fault($"has no constant as '{name}'");

    public ImmutableArray<ExpressionSyntax> List(string name) => _parts.ContainsKey(name) ? TryList(name) : throw Fault($"has no '{name}'");

    /// <summary>The elements of a list; none if it is not there.</summary>
    public ImmutableArray<ExpressionSyntax> TryList(string name) => TryTake(name) switch
    {
        null => [],
        CollectionExpressionSyntax list when list.Elements.All(static element => element is ExpressionElementSyntax) =>
            [.. list.Elements.Select(static element => ((ExpressionElementSyntax)element).Expression)],
        _ => throw Fault($"has no list as '{name}'"),
    };

    /// <summary>Makes sure that nothing is left.</summary>
    /// <exception cref="FormatException">A part was not read.</exception>
    public void RequireAllRead()
    {
        if (_parts.Count > 0)
            throw Fault("has the unknown part '" + _parts.Keys.OrderBy(static name => name, StringComparer.Ordinal).First() + "'");
    }

    private ExpressionSyntax Take(string name) => TryTake(name) ?? throw Fault($"has no '{name}'");

    private ExpressionSyntax? TryTake(string name)
    {
        if (!_parts.TryGetValue(name, out var expression)) return null;
        _parts.Remove(name);
        return expression;
    }

    private FormatException Fault(string fact) => new($"{_subject}, as the generator printed it, {fact}");
}
