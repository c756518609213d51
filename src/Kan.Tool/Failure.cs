using System.Globalization;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Why a model was not converted.</summary>
/// <param name="File">The path as the user wrote it.</param>
/// <param name="Code">KAN0301 to KAN0303.</param>
/// <param name="Message">One line.</param>
/// <param name="Line">From 1, or 0.</param>
/// <param name="Column">From 1, or 0.</param>
internal sealed record Failure(string File, string Code, string Message, int Line = 0, int Column = 0)
{
    public static Failure From(ModelFileException exception) =>
        new(exception.File, exception.DiagnosticId, OneLine(exception.Reason), exception.Line, exception.Column);

    private string Place => OneLine(File) + (Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Line},{Column})") : string.Empty);

    /// <summary>The line that MSBuild and editors recognise.</summary>
    public string ToCanonicalLine() => $"{Place}{(Line > 0 ? "" : " ")}: error {Code}: {Message}";

    /// <summary>The parts line by line, for the build target.</summary>
    public string ToRecord() => $"{Code}\n{Place}\n{Message}\n";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
