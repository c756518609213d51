using System.Collections.Generic;

namespace Kan.Interchange.Tensors;

/// <summary>The tensors of a model by name, as trainers save them.</summary>
/// <param name="Tensors">The tensors, each name once, in the order of the file.</param>
/// <param name="IsInModelOrder">
/// Whether the file keeps the order in which the model declares its parameters; else they are sorted in some other way.
/// </param>
internal sealed record StateDict(IReadOnlyList<StoredTensor> Tensors, bool IsInModelOrder);
