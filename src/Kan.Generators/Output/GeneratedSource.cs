using System;
using Kan.Compiler;
using Kan.Generators.Contracts;
using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Output;

/// <summary>A file to add to the compilation.</summary>
/// <param name="HintName">Its name; empty for no file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Subject">The declaration it belongs to.</param>
/// <param name="Tables">The text of a second file, which holds the numbers of long tables, or null.</param>
/// <param name="Tensors">The text of a file with overloads for tensors, or null.</param>
/// <param name="Fault">What only the compiler of networks could find wrong, or null.</param>
internal sealed record GeneratedSource(string HintName, string Text, string Subject, string? Tables = null, string? Tensors = null,
    GenerationFault? Fault = null)
{
    /// <summary>What the build's prover needs to know; null without contracts.</summary>
    public ContractData? Contracts { get; init; }
}

/// <summary>Why a network was not compiled though its declaration is sound.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">What happened.</param>
internal sealed record GenerationFault(GenerationFaultKind Kind, string Message)
{
    /// <summary>The diagnostic to report.</summary>
    public DiagnosticDescriptor Descriptor => Kind switch
    {
        GenerationFaultKind.NumberRange => Descriptors.NumberLeavesType,
        GenerationFaultKind.Size => Descriptors.NetworkTooLarge,
        GenerationFaultKind.Integers => Descriptors.NoIntegerForm,
        _ => Descriptors.InternalError,
    };

    /// <summary>What an exception of the compiler of networks means.</summary>
    public static GenerationFault From(Exception exception) => exception switch
    {
        OverflowException => new GenerationFault(GenerationFaultKind.NumberRange, exception.Message.TrimEnd('.')),
        NetworkTooLargeException => new GenerationFault(GenerationFaultKind.Size, exception.Message),
        NoIntegerFormException => new GenerationFault(GenerationFaultKind.Integers, exception.Message),
        _ => new GenerationFault(GenerationFaultKind.Internal, exception.GetType().Name + ": " + exception.Message),
    };
}

/// <summary>What keeps a sound declaration from being compiled.</summary>
internal enum GenerationFaultKind
{
    /// <summary>A fault of the generator.</summary>
    Internal,

    /// <summary>The numbers leave the number type.</summary>
    NumberRange,

    /// <summary>The tables are larger than the C# compiler can take in.</summary>
    Size,

    /// <summary>Integers cannot compute the network.</summary>
    Integers,
}
