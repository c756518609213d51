namespace Kan.Fuzzing.Cases;

/// <summary>What became of a case.</summary>
/// <param name="Outcome">The kind of outcome that is counted: <c>accepted</c>, or the ID of a diagnostic.</param>
/// <param name="Signature">The outcome with the shape of its message or result; a new one makes the case a parent of later ones.</param>
/// <param name="Fault">What broke a promise; null where all were kept.</param>
internal sealed record Verdict(string Outcome, string Signature, Fault? Fault = null);

/// <summary>A broken promise.</summary>
/// <param name="Key">What stays the same while the case is made smaller: the promise, and the place of an exception.</param>
/// <param name="Details">What happened, for people.</param>
internal sealed record Fault(string Key, string Details);
