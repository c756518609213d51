extern alias generators;

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Generators.Tests.Harness;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>What is required of the members of a class, of which <c>F</c> is the edge.</summary>
internal static class Snippets
{
    /// <summary>Requires that an edge compiles to what running it gives.</summary>
    public static void AssertSame(string members)
    {
        var compilation = new FunctionCompilation(members);

        // An integer division is what the code says, and perhaps not what was meant.
        Assert.True(Array.TrueForAll(compilation.Mistakes("F"), static mistake => mistake.StartsWith("KAN0216", StringComparison.Ordinal)),
            compilation.Describe("F"));
        using var stream = new MemoryStream();
        Assert.True(compilation.Compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        var method = Assembly.Load(stream.ToArray()).GetType("Edges")!.GetMethod("F", BindingFlags.Static | BindingFlags.NonPublic)!;
        bool isSingle = method.ReturnType == typeof(float);
        for (int i = -40; i <= 40; i++)
        {
            double x = i / 4.0, expected =
                Convert.ToDouble(method.Invoke(null, [isSingle ? (object)(float)x : x]), CultureInfo.InvariantCulture);
            Assert.Equal(expected, compilation.Value("F", Exact.FromDouble(x)).ToDouble(),
                (isSingle ? 1e-5 : 1e-12) * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>Requires exactly the marked mistakes, and what the first of them says.</summary>
    public static void AssertFlagged(string marked, string fact)
    {
        var (_, messages) = Flag(marked);
        Assert.Contains(fact, messages.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    /// <summary>Requires exactly the marked mistakes, and the whole message of the last of them.</summary>
    /// <param name="marked">The members, with marks.</param>
    /// <param name="fact">What the message says of the code.</param>
    /// <param name="remedy">What it proposes.</param>
    public static void AssertSays(string marked, string fact, string remedy)
    {
        var (markup, messages) = Flag(marked);
        var (id, span) = markup.Marks[^1];
        string code = markup.Source.Substring(span.Start, span.Length), consequence = id switch
        {
            "KAN0206" => ", but an edge may depend only on its parameters: ",
            "KAN0207" => ", which cannot be compiled into an edge: ",
            "KAN0209" => ", but an edge must have a finite value at every input: ",
            _ => ": ",
        };
        Assert.Equal("'" + code + "' " + fact + consequence + remedy, messages[^1]);
    }

    private static (Markup Markup, string[] Messages) Flag(string marked)
    {
        var markup = Markup.Parse(marked);
        var compilation = new FunctionCompilation(markup.Source);
        string[] expected = [.. markup.Marks.Select(mark => $"{mark.Id} '{markup.Source.Substring(mark.Span.Start, mark.Span.Length)}'")];
        Assert.Equal(expected, compilation.Mistakes("F"));
        return (markup, compilation.Messages("F"));
    }
}
