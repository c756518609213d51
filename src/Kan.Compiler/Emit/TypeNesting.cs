using System;
using System.Collections.Generic;

namespace Kan.Compiler.Emit;

/// <summary>Opens the namespace and the partial types that generated members go into.</summary>
internal static class TypeNesting
{
    /// <summary>Opens them; the closing braces come when the result is disposed.</summary>
    /// <param name="writer">The text.</param>
    /// <param name="target">The type.</param>
    /// <param name="baseType">What the innermost type implements, or empty.</param>
    public static IDisposable Open(CodeWriter writer, TargetType target, string baseType)
    {
        if (target.Namespace.Length > 0) writer.Line($"namespace {target.Namespace};\n");

        var blocks = new Stack<IDisposable>();
        for (int i = 0; i < target.Declarations.Length; i++)
        {
            bool isInnermost = i == target.Declarations.Length - 1;
            if (isInnermost && target.Summary.Length > 0)
                writer.Prose("/// ", "<summary>" + DocumentationEmitter.Xml(MessageText.Bound(target.Summary)) + "</summary>");
            blocks.Push(writer.Braces(target.Declarations[i] + (isInnermost && baseType.Length > 0 ? " : " + baseType : "")));
        }

        return new Closing(blocks);
    }

    private sealed class Closing(Stack<IDisposable> blocks) : IDisposable
    {
        public void Dispose()
        {
            while (blocks.Count > 0) blocks.Pop().Dispose();
        }
    }
}
