using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Declarations;

/// <summary>
/// How deep code nests, measured in the syntax before the code is bound: for each level the C# compiler calls itself and takes up to 2 KiB
/// of stack when it is asked for operations, without a guard, so that code of a thousand levels ends the process.
/// </summary>
internal static class Nesting
{
    /// <summary>The most levels: 400 KiB of stack, less than half of the smallest stack that compilers run on.</summary>
    public const int MostLevels = 200;

    /// <summary>The limit in words.</summary>
    public static string Limit => MostLevels.ToString(CultureInfo.InvariantCulture) + " levels of nested code";

    /// <summary>Levels that a function within a function counts for: it is bound and analysed on its own.</summary>
    private const int LevelsOfFunction = 5;

    private const int BytesOfLevel = 2560;

    /// <summary>What the runtime guarantees wherever its own check succeeds, or less.</summary>
    private const int BytesGuaranteed = 64 * 1024;

    /// <summary>The first piece of code that is deeper than <see cref="MostLevels"/>; null if the code may be bound.</summary>
    /// <param name="code">A member, a body or an initializer.</param>
    /// <param name="levels">How deep it nests, as far as was looked.</param>
    public static SyntaxNode? TooDeep(SyntaxNode code, out int levels)
    {
        SyntaxNode? first = null;
        levels = 0;
        var open = new Stack<(SyntaxNode Node, int Depth)>();
        open.Push((code, 1));
        while (open.Count > 0)
        {
            var (node, depth) = open.Pop();
            levels = Math.Max(levels, depth);
            if (depth > MostLevels)
            {
                if (first is null || node.SpanStart < first.SpanStart) first = node;
                continue;
            }

            foreach (var child in node.ChildNodes()) open.Push((child, depth + LevelsOf(child, node)));
        }

        return first;
    }

    /// <summary>Whether this thread has the stack to bind code of some levels.</summary>
    public static bool FitsStack(int levels)
    {
        try
        {
            var start = default(Block);
            return HasStack(Math.Max(0, (levels * BytesOfLevel) - BytesGuaranteed), ref start);
        }
        catch (InsufficientExecutionStackException)
        {
            return false;
        }
    }

    // Sums of many terms and chains of "else if" are as deep as they are long in the syntax, but the compiler goes through them in loops.
    private static int LevelsOf(SyntaxNode node, SyntaxNode parent) => node switch
    {
        BinaryExpressionSyntax when parent is BinaryExpressionSyntax binary && binary.Left == node => 0,
        ElseClauseSyntax => 0,
        IfStatementSyntax when parent is ElseClauseSyntax => 0,
        AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax => LevelsOfFunction,
        _ => 1,
    };

    // The runtime tells only whether some stack is left here, so it is asked further down.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasStack(int bytes, ref Block above)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (bytes <= 0) return above.First == 0;
        var block = above;
        return HasStack(bytes - Block.Size, ref block);
    }

    /// <summary>A piece of stack.</summary>
    [StructLayout(LayoutKind.Sequential, Size = Size)]
    private struct Block
    {
        public const int Size = 16 * 1024;

        public byte First;
    }
}
