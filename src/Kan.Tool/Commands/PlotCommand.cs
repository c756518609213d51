using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Kan.Analysis;

namespace Kan.Tool;

/// <summary>
/// <c>kan plot MODEL -o net.svg</c>: the network with its edges, some edges with axes, or an output over one input or two.
/// </summary>
internal static class PlotCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var output = new Option<string>("--output", "-o") { Description = PictureFile.Help, Required = true };
        var edge = new Option<string[]>("--edge")
        {
            Description =
            "Plot this edge with axes instead of the network: zero-based layer, input and output. Can be repeated.",
            HelpName = "l,i,o"
        };
        var title = new Option<string?>("--title") { Description = "The heading. Default: the name of the model.", HelpName = "text" };
        var most = new Option<int>("--edges")
        {
            Description = "The maximum number of edges to draw per layer; the strongest are drawn.",
            DefaultValueFactory = static _ => 20,
            HelpName = "count"
        };
        most.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("At least one edge per layer must be drawn.");
        });
        var options = new ModelOptions();
        var names = new NameOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("plot", "Draw a network in the style of the KAN papers, with a plot of each edge's function; or draw "
            + "some edges with axes, or how an output varies with one input or two.") { model, output, edge, title, most, json };
        var outputs = new OutputPlotOptions();
        outputs.AddTo(command);
        names.AddTo(command);
        options.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string file = result.GetValue(output)!;
            PictureFile.Require(file);
            var document = names.Apply(result, options.Read(result, screen, result.GetValue(model)!).Document);
            var network = document.ToNetwork();
            string heading = result.GetValue(title) ?? document.Name;
            if (outputs.AreGiven(result))
            {
                var plot = screen.Wait("Drawing", () => outputs.Draw(result, document, network, heading, token));
                Conversion.WriteAtomically(file, plot.Svg);
                if (screen.Json)
                    screen.WriteJson(new
                    {
                        File = file,
                        plot.Output,
                        plot.Inputs,
                        plot.Least,
                        plot.Greatest,
                        RoundingBound = double.IsFinite(plot.Bound) ? plot.Bound : (double?)null
                    });
                return ExitCode.Success;
            }

            var places = (result.GetValue(edge) ?? []).Select(text => Place(text, network)).ToList();
            string svg = screen.Wait("Drawing", () => places.Count == 0
                ? network.ToSvg(new NetworkPictureOptions
                {
                    Title = heading,
                    InputRanges = document.InputRanges,
                    InputNames = document.InputNames,
                    OutputNames = document.OutputNames,
                    EdgesPerLayer = result.GetValue(most)
                })
                : EdgeSheet.ToSvg(network, places,
                    new EdgeSheetOptions
                    {
                        Title = heading,
                        InputRanges = document.InputRanges,
                        InputNames = document.InputNames,
                        OutputNames = document.OutputNames
                    }));
            Conversion.WriteAtomically(file, svg);
            if (screen.Json)
                screen.WriteJson(new
                {
                    File = file,
                    network.Widths,
                    Edges = places.Select(static place => new { place.Layer, place.Input, place.Output })
                });
            return ExitCode.Success;
        });
        return command;
    }

    private static EdgePlace Place(string text, KanNetwork network)
    {
        int[] parts = [.. Integers(text, "--edge", 3)];
        if (parts[0] >= network.Layers.Length) throw ToolException.Option($"--edge {text}: the network has "
            + $"{NumberText.Count(network.Layers.Length, "layer")}, counted from 0.");
        var layer = network.Layers[parts[0]];
        if (parts[1] >= layer.InputCount || parts[2] >= layer.OutputCount)
            throw ToolException.Option(
                $"--edge {text}: layer {parts[0]} has {layer.InputCount} inputs and {layer.OutputCount} outputs, counted from 0.");
        return new EdgePlace(parts[0], parts[1], parts[2]);
    }

    /// <summary>Numbers of nodes, as <c>0,3</c>.</summary>
    internal static IReadOnlyList<int> Integers(string text, string option, int count)
    {
        var parts = text.Split(',');
        if (parts.Length != count) throw ToolException.Option($"{option} {text}: expected {count} numbers separated by commas.");
        return Array.ConvertAll(parts, part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw ToolException.Option($"{option} {text}: '{part}' is not a node number."));
    }
}
