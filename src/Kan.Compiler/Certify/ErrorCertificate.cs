namespace Kan.Compiler.Certify;

/// <summary>What is certified of the rounding of a network.</summary>
/// <param name="Bound">
/// A bound of |computed - exact| over all outputs, for all inputs in the declared ranges; infinite where there is none.
/// </param>
/// <param name="Reason">Why the bound is infinite, as a clause without a full stop; empty where it is finite.</param>
public readonly record struct ErrorCertificate(double Bound, string Reason)
{
    /// <summary>Nothing is certified, since nothing is known of the inputs.</summary>
    internal static ErrorCertificate WithoutRange => Infinite("no input range is declared");

    /// <summary>Nothing is certified.</summary>
    internal static ErrorCertificate Infinite(string reason) => new(double.PositiveInfinity, reason);
}
