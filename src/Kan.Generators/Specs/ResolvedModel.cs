namespace Kan.Generators.Specs;

/// <summary>A declaration together with the text of its model.</summary>
/// <param name="Spec">The declaration.</param>
/// <param name="Text">The text; null if no file matches, more than one matches, or the file is missing.</param>
/// <param name="DiagnosticId">The mistake where there is no text.</param>
internal sealed record ResolvedModel(Spec Spec, string? Text, string DiagnosticId);

/// <summary>A class that a <c>KanModel</c> item alone asks for.</summary>
/// <param name="Model">What to generate.</param>
/// <param name="DocumentPath">The path of its text, which tells items apart.</param>
internal sealed record ItemClass(ResolvedModel Model, string DocumentPath);
