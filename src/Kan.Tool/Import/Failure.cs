using System.Globalization;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Why a command cannot go on.</summary>
/// <param name="File">The path as the user wrote it.</param>
/// <param name="Code">A diagnostic of the catalogue, such as KAN0302.</param>
/// <param name="Message">The message; what others wrote in it is escaped and cut where it is printed.</param>
/// <param name="Line">From 1, or 0.</param>
/// <param name="Column">From 1, or 0.</param>
internal sealed record Failure(string File, string Code, string Message, int Line = 0, int Column = 0)
{
    public static Failure From(ModelFileException exception) =>
        new(exception.File, exception.DiagnosticId, exception.Reason, exception.Line, exception.Column);

    /// <summary>The line that MSBuild and editors recognise.</summary>
    public string ToCanonicalLine()
    {
        string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Line},{Column})") : " ";
        return $"{MessageText.Escape(File)}{place}: error {Code}: {MessageText.Bound(Message)}";
    }

    /// <summary>The parts, for the build.</summary>
    public string ToRecord() =>
        Records.Line("failure", Code, File, Line.ToString(CultureInfo.InvariantCulture), Column.ToString(CultureInfo.InvariantCulture),
            MessageText.Bound(Message));
}
