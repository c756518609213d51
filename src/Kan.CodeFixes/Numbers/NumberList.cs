using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Kan.CodeFixes.Numbers;

/// <summary>
/// A list of numbers as it is written, which can be put in another order. A comment moves with its number: the one in front of it on the
/// same line, and the one behind it up to the end of the line. Lines and spaces stay where they are.
/// </summary>
internal sealed class NumberList
{
    private readonly ImmutableArray<Slot> _slots;
    private readonly string _open;
    private readonly string _close;
    private readonly string _newLine;
    private readonly bool _endsWithComma;

    private NumberList(ExpressionSyntax expression, ImmutableArray<ExpressionSyntax> items, SyntaxToken open, SyntaxToken close,
        ImmutableArray<SyntaxToken> commas)
    {
        Expression = expression;
        Items = items;
        var text = expression.SyntaxTree.GetText();
        _newLine = text.ToString().Contains("\r\n") ? "\r\n" : "\n";
        _endsWithComma = commas.Length == items.Length;
        _open = Between(expression.SpanStart, open.Span.End);

        var slots = ImmutableArray.CreateBuilder<Slot>();
        int start = open.Span.End;
        for (int i = 0; i < items.Length; i++)
        {
            int end = i + 1 < items.Length ? items[i + 1].SpanStart : close.SpanStart;
            int comma = i < commas.Length ? commas[i].SpanStart : items[i].Span.End,
                afterComma = i < commas.Length ? commas[i].Span.End : comma;
            string after = Between(afterComma, end);
            int line = after.IndexOf('\n') + 1;
            slots.Add(new Slot(Between(start, items[i].SpanStart), items[i].ToString(), Between(items[i].Span.End, comma),
                after.Substring(0, line)));
            start = afterComma + line;
        }

        _slots = slots.ToImmutable();
        _close = Between(start, expression.Span.End);

        string Between(int from, int to) => text.ToString(TextSpan.FromBounds(from, to));
    }

    /// <summary>The list as written in the source.</summary>
    public ExpressionSyntax Expression { get; }

    /// <summary>Its numbers.</summary>
    public ImmutableArray<ExpressionSyntax> Items { get; }

    /// <summary>A list that is written out, number by number; null for any other expression.</summary>
    public static NumberList? From(ExpressionSyntax? expression)
    {
        if (expression is null || expression.ContainsDirectives || expression.ContainsDiagnostics) return null;
        switch (expression)
        {
            case CollectionExpressionSyntax list when list.Elements.All(static element => element is ExpressionElementSyntax):
                return new NumberList(list, [.. list.Elements.Cast<ExpressionElementSyntax>().Select(static element => element.Expression)],
                    list.OpenBracketToken, list.CloseBracketToken, [.. list.Elements.GetSeparators()]);
            case ImplicitArrayCreationExpressionSyntax array:
                return Of(array.Initializer);
            case ArrayCreationExpressionSyntax { Initializer: { } initializer } array
                when array.Type.RankSpecifiers.All(static rank => rank.Sizes.All(static size => size is OmittedArraySizeExpressionSyntax)):
                return Of(initializer);
            default:
                return null;
        }

        NumberList Of(InitializerExpressionSyntax initializer) =>
            new(expression, [.. initializer.Expressions], initializer.OpenBraceToken, initializer.CloseBraceToken,
                [.. initializer.Expressions.GetSeparators()]);
    }

    /// <summary>The list of an argument of an attribute.</summary>
    public static NumberList? From(AttributeSyntax attribute, string property) => From(Argument(attribute, property)?.Expression);

    /// <summary>A named argument of an attribute.</summary>
    public static AttributeArgumentSyntax? Argument(AttributeSyntax attribute, string property) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == property);

    /// <summary>The list with these of its numbers; null if a comment would swallow what follows it.</summary>
    /// <param name="order">Their indices. One that was there before is a copy, without the comments.</param>
    public ExpressionSyntax? Arrange(IReadOnlyList<int> order)
    {
        var text = new StringBuilder(_open);
        var seen = new HashSet<int>();
        for (int place = 0; place < order.Count; place++)
        {
            bool isLast = place == order.Count - 1;
            var layout = _slots[isLast && order.Count >= _slots.Length ? _slots.Length - 1 : Math.Min(place, _slots.Length - 1)];
            string before = place > 0 && _slots.Length == 1 && layout.LineEnd.Length == 0 && !layout.Before.Contains('\n')
                ? " "
                : layout.Spaces;
            var slot = _slots[order[place]];
            if (!seen.Add(order[place])) slot = new Slot(string.Empty, slot.Item, string.Empty, string.Empty);
            if (slot.Hides(layout.LineEnd.Length > 0)) return null;
            text.Append(before);
            if (slot.Comment.Length > 0) text.Append(slot.Comment).Append(slot.Comment.Contains("//") ? _newLine + before : " ");
            text.Append(slot.Item);
            if (slot.Inner.Trim().Length > 0) text.Append(' ').Append(slot.Inner.Trim());
            if (!isLast || _endsWithComma) text.Append(',');
            text.Append(slot.LineComment).Append(layout.LineEnd);
        }

        return SyntaxFactory.ParseExpression(text.Append(_close).ToString()).WithTriviaFrom(Expression);
    }

    /// <summary>A number with what is around it.</summary>
    /// <param name="Before">From the end of the number before, or of its line.</param>
    /// <param name="Item">The number.</param>
    /// <param name="Inner">Up to the comma.</param>
    /// <param name="After">From the comma to the end of the line; empty if another number is on it.</param>
    private readonly record struct Slot(string Before, string Item, string Inner, string After)
    {
        public string Comment => Before.Trim();

        public string Spaces => Comment.Length == 0 ? Before : Before.Substring(0, Before.Length - Before.TrimStart().Length);

        public string LineComment => After.TrimEnd();

        public string LineEnd => After.Substring(LineComment.Length);

        public bool Hides(bool endsLine) => Inner.Contains("//") || (LineComment.Contains("//") && !endsLine);
    }
}
