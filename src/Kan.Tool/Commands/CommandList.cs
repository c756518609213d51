using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;

namespace Kan.Tool;

/// <summary>The commands of the tool.</summary>
internal static class CommandList
{
    private const string Description = """
        Inspect, verify, convert and run small trained networks that are piecewise linear.

          kan info net.onnx                                  shapes, sizes, hash, certified bound
          kan convert net.onnx -o net.c                      C, C#, ONNX, safetensors, .kan.json, VNN-LIB
          kan simplify net.onnx -o net.kan.json --range 0,1  the same on these ranges, with fewer parts
          kan quantize net.onnx --calibration rows.csv -o q.onnx   the same in integers of 8 bits
          kan verify net.onnx net.kan.json                   same function? proved, or refuted by a point
          kan prove net.onnx --range 0,1                     does it always? proved, or refuted by inputs
          kan compile net.onnx -o Net.g.cs                   the generated C#
          kan eval net.onnx --input data.csv -o out.csv      outputs for any number of rows
          kan score "rows/*.parquet" -m net.onnx -o out      a folder of Parquet, CSV or JSON lines
          kan plot net.onnx -o net.svg                       a picture

        """;

    public static RootCommand Create()
    {
        var root = new RootCommand(Description + ExitCode.Help)
        {
            InfoCommand.Create(),
            ConvertCommand.Create(),
            SimplifyCommand.Create(),
            QuantizeCommand.Create(),
            VerifyCommand.Create(),
            ProveCommand.Create(),
            CompileCommand.Create(),
            PlotCommand.Create(),
            RegionsCommand.Create(),
            BenchCommand.Create(),
            EvalCommand.Create(),
            ScoreCommand.Create(),
            ImportCommand.Create(static (document, samples) => Calibration.Apply(document, samples)),
            ContractsCommand.Create(),
            CompletionCommand.Create(),
        };

        // Without the spellings of other systems, which completion would offer.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h"));
        return root;
    }
}
