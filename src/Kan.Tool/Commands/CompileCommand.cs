using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Kan.Compiler;
using Kan.Compiler.Emit;

namespace Kan.Tool;

/// <summary><c>kan compile MODEL -o Model.g.cs</c>: the code of the generator without the generator.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var output = new Option<string>("--output", "-o")
        {
            Description =
            "The C# file to write. Long tables go to a second one, whose name has .Tables before its extension.",
            Required = true
        };
        var space = new Option<string>("--namespace")
        {
            Description = "The namespace. Default: the global namespace.",
            DefaultValueFactory = static _ => "",
            HelpName = "name"
        };
        var type = new Option<string?>("--class")
        {
            Description = "The name of the class. Default: derived from the model's name.",
            HelpName = "name"
        };
        var allowUnsafe = new Option<bool>("--unsafe")
        {
            Description =
            "For projects with AllowUnsafeBlocks: do not clear scratch memory."
        };
        foreach (var names in (Option[])[space, type])
        {
            names.Validators.Add(result =>
            {
                foreach (var token in result.Tokens)
                {
                    if (token.Value.Split('.').Any(static part => !IsIdentifier(part))
                        || (names == type && token.Value.Contains('.', System.StringComparison.Ordinal)))
                        result.AddError($"'{token.Value}' is not a valid C# name.");
                }
            });
        }

        var options = new ModelOptions();
        var compiled = new CompilationOptions(integers: true);
        var json = CommandRunner.JsonOption();
        var command = new Command("compile", "Write the C# that the source generator adds for [KanModel]. It requires Kan.dll from the "
            + "package Kan.Generators.") { model, output, space, type, allowUnsafe, json };
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string file = result.GetValue(output)!;
            var (document, _) = options.Read(result, screen, result.GetValue(model)!);
            string name = result.GetValue(type) ?? ClassName(document.Name), inside = result.GetValue(space)!;
            var source = screen.Wait("Compiling", () => NetworkCompiler.Compile(document, new CompilerOptions
            {
                Target = new TargetType(inside, [$"partial class {name}"], IsStatic: false),
                Precision = compiled.Precision(result, document),
                Lowering = compiled.Lowering(result),
                AllowUnsafe = result.GetValue(allowUnsafe),
            }, token));
            string? tables = source.Tables is null ? null : NetworkSource.TablesName(file);
            Conversion.WriteAtomically(file, source.Code);
            if (tables is not null) Conversion.WriteAtomically(tables, source.Tables!);
            if (screen.Json)
            {
                string compiled = inside.Length > 0 ? inside + "." + name : name;
                screen.WriteJson(new
                {
                    File = file,
                    Tables = tables,
                    Class = compiled,
                    Bytes = source.Files.Sum(static text => Encoding.UTF8.GetByteCount(text))
                });
            }
            else if (tables is not null)
            {
                screen.Note($"The numbers are in {tables}.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The name of a class for a model: <c>mnist-mlp</c> gives <c>MnistMlp</c>.</summary>
    internal static string ClassName(string model)
    {
        var text = new StringBuilder();
        bool isStart = true;
        foreach (char c in model)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                isStart = true;
                continue;
            }

            if (text.Length == 0 && char.IsAsciiDigit(c)) text.Append("Model");
            text.Append(isStart ? char.ToUpperInvariant(c) : c);
            isStart = false;
        }

        return text.Length == 0 ? "Model" : text.ToString();
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(static c => char.IsLetterOrDigit(c) || c == '_');
}
