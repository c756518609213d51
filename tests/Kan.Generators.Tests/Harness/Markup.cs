using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.Tests.Harness;

/// <summary>A source whose mistakes are marked as <c>{|KAN0001:Risk|}</c>; marks may nest.</summary>
internal sealed record Markup(string Source, ImmutableArray<(string Id, TextSpan Span)> Marks)
{
    /// <summary>Takes the marks out of a text.</summary>
    public static Markup Parse(string text)
    {
        var source = new StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        var marks = new List<(string Id, TextSpan Span)>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("{|KAN"))
            {
                int colon = text.IndexOf(':', i);
                open.Push((text[(i + 2)..colon], source.Length));
                i = colon;
            }
            else if (open.Count > 0 && text.AsSpan(i).StartsWith("|}"))
            {
                var (id, start) = open.Pop();
                marks.Add((id, TextSpan.FromBounds(start, source.Length)));
                i++;
            }
            else
            {
                source.Append(text[i]);
            }
        }

        return new Markup(source.ToString(),
            [.. marks.OrderBy(static mark => mark.Span.Start).ThenBy(static mark => mark.Id, StringComparer.Ordinal)]);
    }
}
