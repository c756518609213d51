using System;
using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Output;

/// <summary>A file to add to the compilation.</summary>
/// <param name="HintName">Its name; empty for no file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Subject">The declaration it belongs to.</param>
/// <param name="Fault">What only the compiler of networks could find wrong, or null.</param>
internal sealed record GeneratedSource(string HintName, string Text, string Subject, GenerationFault? Fault = null);

/// <summary>Why a network was not compiled though its declaration is sound.</summary>
/// <param name="IsNumberRange">Whether its numbers leave the number type; else it is a fault of the generator.</param>
/// <param name="Message">What happened.</param>
internal sealed record GenerationFault(bool IsNumberRange, string Message)
{
    /// <summary>The diagnostic to report.</summary>
    public DiagnosticDescriptor Descriptor => IsNumberRange ? Descriptors.NumberLeavesType : Descriptors.InternalError;

    /// <summary>What an exception of the compiler of networks means.</summary>
    public static GenerationFault From(Exception exception) => exception is OverflowException
        ? new GenerationFault(true, exception.Message.TrimEnd('.'))
        : new GenerationFault(false, exception.GetType().Name + ": " + exception.Message);
}
