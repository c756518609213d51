using System;
using System.Threading;

namespace Kan.Compiler;

/// <summary>The way from a network to its C#: simplify, lower, emit.</summary>
public static class NetworkCompiler
{
    /// <summary>The source file of a network. Its text is the same on every machine and in every culture.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string Compile(KanDocument document, CompilerOptions options, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    /// <summary>The source file of one curve: the body of a partial method.</summary>
    /// <param name="function">The curve.</param>
    /// <param name="methodDeclaration">The method as it must be re-declared, without a body: <c>public static partial double Discount(double x)</c>.</param>
    /// <param name="parameterName">The name of its parameter.</param>
    /// <param name="options">The target type and the number type.</param>
    public static string CompileCurve(PiecewiseLinearFunction function, string methodDeclaration, string parameterName, CompilerOptions options) =>
        throw new NotSupportedException();
}
