using System.CommandLine;

namespace Kan.Tool;

/// <summary>The commands of the tool.</summary>
internal static class CommandList
{
    private const string Description = """
        Small trained networks that are piecewise linear: look at them, check them, hand them on.

          kan info net.onnx                                  what it is
          kan convert net.onnx -o net.c                      C, ONNX, safetensors, .kan.json, VNN-LIB
          kan verify net.onnx net.kan.json                   the same function? proved, or refuted by a point
          kan compile net.onnx -o Net.g.cs                   the C# of the generator
          kan eval net.onnx --input data.csv -o out.csv      any number of rows
          kan plot net.onnx -o net.svg                       a picture

        """;

    public static RootCommand Create() => new(Description + ExitCode.Help)
    {
        InfoCommand.Create(),
        ConvertCommand.Create(),
        VerifyCommand.Create(),
        CompileCommand.Create(),
        PlotCommand.Create(),
        RegionsCommand.Create(),
        BenchCommand.Create(),
        EvalCommand.Create(),
        ImportCommand.Create(),
    };
}
