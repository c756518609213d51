namespace Kan.Tool;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>At least one model or data file could not be used; each has one error line.</summary>
    public const int ModelFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>An output or the list could not be read or written.</summary>
    public const int InputOutput = 3;

    /// <summary>The networks are not equal, the recorded outputs are not met, or a statement does not hold.</summary>
    public const int Different = 4;

    /// <summary>Whether the networks are equal, or a statement holds, could not be decided.</summary>
    public const int Undecided = 5;

    /// <summary>The program itself is at fault, or there is not enough memory.</summary>
    public const int Fault = 6;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Cancelled = 130;

    public const string Help = "Exit codes: 0 success; 1 a model or data file cannot be used (one error line each); 2 wrong command "
        + "line; 3 a file cannot be written or read; "
        + "4 verify: different, prove: refuted; 5 verify, prove: undecided; 6 an internal error in kan; 130 stopped.";
}
