using System;
using System.CommandLine;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Kan.Tool;

/// <summary>
/// Where a command writes: results to the output, everything else to the error stream; color and progress on terminals only.
/// </summary>
internal sealed class Screen
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _error;

    public Screen(InvocationConfiguration configuration, bool json)
    {
        Json = json;
        Output = configuration.Output;
        Error = configuration.Error;
        _output = Create(Output, IsTerminal(Output, Console.Out, Console.IsOutputRedirected));
        HasErrorTerminal = IsTerminal(Error, Console.Error, Console.IsErrorRedirected);
        _error = Create(Error, HasErrorTerminal);
    }

    /// <summary>Whether machines read the output.</summary>
    public bool Json { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    private bool HasErrorTerminal { get; }

    /// <summary>A line of the output; what is not a plain text in it, a name perhaps, is escaped.</summary>
    public void Line(string text = "") => Output.Write(MessageText.Escape(text) + "\n");

    /// <summary>A line of the output whose first word has a color where there are colors.</summary>
    public void Verdict(string word, Color color, string rest)
    {
        _output.Write(new Text(word, new Style(color, decoration: Decoration.Bold)));
        Line(rest);
    }

    /// <summary>Columns of the output, aligned; cells are plain text.</summary>
    public void Table(string[] headings, bool[] isNumber, System.Collections.Generic.IEnumerable<string[]> rows)
    {
        // No wrapping where lines are not for eyes: their width would depend on the terminal.
        var table = new Spectre.Console.Table { Border = TableBorder.None, ShowHeaders = true, Expand = false };
        for (int i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(new Text(headings[i])) { Padding = new Padding(0, 0, 2, 0), NoWrap = true };
            if (isNumber[i]) column.RightAligned();
            table.AddColumn(column);
        }

        foreach (string[] row in rows) table.AddRow(Array.ConvertAll(row, static cell => new Text(MessageText.Escape(cell))));
        foreach (string line in Rendered(table).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Line(line.TrimEnd());
    }

    /// <summary>The output for machines.</summary>
    public void WriteJson(object value) => Output.Write(JsonSerializer.Serialize(value, s_json) + "\n");

    /// <summary>A remark for people, on the error stream; machines find it in the result.</summary>
    public void Note(string text)
    {
        if (Json) return;
        _error.Write(new Text("note: ", new Style(Color.Yellow)));
        Error.Write(MessageText.Bound(text) + "\n");
    }

    /// <summary>The line that says why nothing came of it.</summary>
    public void Failure(string line)
    {
        // Only a few letters have a color: what Spectre writes it also wraps.
        int start = Math.Max(0, line.IndexOf("error KAN", StringComparison.Ordinal)),
            end = Math.Min(line.Length, start + "error KAN0000".Length);
        Error.Write(line[..start]);
        _error.Write(new Text(line[start..end], new Style(Color.Red)));
        Error.Write(line[end..] + "\n");
    }

    /// <summary>Runs work that reports how far it is, from 0 to 1; a bar shows it on a terminal, nothing elsewhere.</summary>
    public TResult Progress<TResult>(string title, Func<Action<double>, TResult> work)
    {
        if (!HasErrorTerminal) return work(static _ => { });
        return _error.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return work(value => task.Value = value);
            });
    }

    /// <summary>Runs work that cannot say how far it is; something moves on a terminal.</summary>
    public TResult Wait<TResult>(string title, Func<TResult> work) =>
        HasErrorTerminal ? _error.Status().Start(Markup.Escape(title), _ => work()) : work();

    private static bool IsTerminal(TextWriter writer, TextWriter console, bool isRedirected) =>
        ReferenceEquals(writer, console) && !isRedirected;

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        bool hasColor = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
    }

    private static string Rendered(Spectre.Console.Rendering.IRenderable table)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console =
            AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No
            });
        console.Profile.Width = 2_000;
        console.Write(table);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
