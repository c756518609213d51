using System.CommandLine;

namespace Kan.Tool;

/// <summary><c>kan completion SHELL</c>: a script that lets a shell complete commands and options.</summary>
internal static class CompletionCommand
{
    // Each script asks the program itself what fits, and leaves files to the shell.
    private const string Bash = """
        _kan() {
            local words
            words=$(kan "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            mapfile -t COMPREPLY < <(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _kan kan
        """;

    private const string Zsh = """
        #compdef kan
        _kan() {
            local -a words_found
            words_found=("${(@f)$(kan "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _kan kan
        """;

    private const string Fish = """
        function __kan_complete
            set -l line (commandline -cp)
            kan "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c kan -a '(__kan_complete)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName kan -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            kan "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell: bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        var command = new Command("completion", "Print a script that completes the commands and options of kan in a shell.") { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write((result.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => PowerShell,
            }).ReplaceLineEndings("\n") + "\n");
            return ExitCode.Success;
        });
        return command;
    }
}
