namespace Kan.Tool;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>At least one model was not converted; each has one error line.</summary>
    public const int ModelFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>An output or the list could not be read or written.</summary>
    public const int InputOutput = 3;

    public const string Help = "Exit codes: 0 success; 1 a model was not converted (one error line each); 2 wrong command line; 3 an output or a list cannot be written or read.";
}
