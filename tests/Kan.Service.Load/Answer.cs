namespace Kan.Service.Load;

/// <summary>What became of a request.</summary>
internal enum Outcome
{
    /// <summary>Answered with the known outputs.</summary>
    Right,

    /// <summary>Answered with other outputs, or with an error.</summary>
    Wrong,

    /// <summary>No answer began.</summary>
    Refused,

    /// <summary>An answer began and did not end.</summary>
    CutOff,
}

/// <summary>One request as its client saw it.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Milliseconds">From the first byte sent to the last byte read.</param>
/// <param name="EvaluationMicroseconds">The time in the network, as the service states it; 0 where it stated none.</param>
internal readonly record struct Answer(Outcome Outcome, double Milliseconds, double EvaluationMicroseconds);
