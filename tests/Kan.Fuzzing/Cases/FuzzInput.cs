using System.Collections.Immutable;

namespace Kan.Fuzzing.Cases;

/// <summary>A file of a case.</summary>
/// <param name="Name">Its name, which chooses the reader.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record FuzzFile(string Name, byte[] Bytes);

/// <summary>The files of a case; the first is the one that is opened.</summary>
/// <param name="Files">At least one.</param>
internal sealed record FuzzInput(ImmutableArray<FuzzFile> Files);
