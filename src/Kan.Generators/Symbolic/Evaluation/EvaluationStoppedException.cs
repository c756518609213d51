using System;

namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Leaves an evaluation that cannot go on; what is wrong has been noted, or the C# compiler says it.</summary>
internal sealed class EvaluationStoppedException : Exception
{
}
