using System.Text.Json.Serialization;

namespace Kan.Orleans;

/// <summary>Jobs as text. Generated, since applications may do without reflection.</summary>
[JsonSerializable(typeof(ScoringJob))]
internal sealed partial class JobJson : JsonSerializerContext;
