namespace Kan.Generators.Output;

/// <summary>A file to add to the compilation.</summary>
/// <param name="HintName">Its name; empty for no file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Subject">The declaration it belongs to.</param>
/// <param name="Failure">The generator's own fault, or null.</param>
internal sealed record GeneratedSource(string HintName, string Text, string Subject, string? Failure = null);
