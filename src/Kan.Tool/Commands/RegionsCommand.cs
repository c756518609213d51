using System;
using System.CommandLine;
using System.Linq;
using Kan.Analysis;

namespace Kan.Tool;

/// <summary><c>kan regions MODEL --inputs 0,1 --at x.json -o regions.svg</c>: the linear regions in a plane of two inputs.</summary>
internal static class RegionsCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var output = new Option<string?>("--output",
            "-o")
        { Description = PictureFile.Help + " Default: none, only the counts are printed.", HelpName = "file" };
        var inputs = new Option<string>("--inputs")
        {
            Description = "The zero-based indices of the two inputs that vary: horizontal, "
            + "vertical.",
            DefaultValueFactory = static _ => "0,1",
            HelpName = "i,j"
        };
        var at = new Option<string?>("--at")
        {
            Description = "The values of all inputs; those of the two varying inputs are ignored. Not "
            + "needed for a network of two inputs. " + PointText.Help,
            HelpName = "sample"
        };
        var box = ModelOptions.BoxOption("The ranges of the two inputs that vary. Default: the ranges that the model declares.");
        var colors = new Option<RegionColors>("--colors")
        {
            Description = "What the colors show: map, one color per affine map; "
            + "decision, the largest output; value, the mean of the output --show.",
            DefaultValueFactory = static _ =>
            RegionColors.Map,
            HelpName = "map|decision|value"
        };
        var show = new Option<int>("--show")
        {
            Description = "The zero-based index of the output that --colors value shows.",
            HelpName = "output"
        };
        var limit = new Option<int>("--limit")
        {
            Description = "The maximum number of cells to search for.",
            DefaultValueFactory = static _ => LinearRegions.DefaultCellLimit,
            HelpName = "cells"
        };
        limit.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("The limit must be at least one cell.");
        });
        var options = new ModelOptions();
        var names = new NameOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("regions",
            "Count the linear regions of a network in the plane of two inputs, exactly, and draw them.") { model, output, inputs, at, box,
            colors, show, limit, json };
        names.AddTo(command);
        options.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            if (result.GetValue(output) is { } picture) PictureFile.Require(picture);
            var document = names.Apply(result, options.Read(result, screen, result.GetValue(model)!).Document);
            var network = document.ToNetwork();
            int n = network.InputCount;
            var pair = PlotCommand.Integers(result.GetValue(inputs)!, "--inputs", 2);
            if (pair[0] >= n || pair[1] >= n || pair[0] == pair[1]) throw ToolException.Option($"--inputs {result.GetValue(inputs)}: "
                + $"expected two different inputs out of {n}, counted from 0.");
            if (result.GetValue(show) < 0 || result.GetValue(show) >= network.OutputCount)
                throw ToolException.Option(
                    $"--show {result.GetValue(show)}: the network has {NumberText.Count(network.OutputCount, "output")}, counted from 0.");
            if (result.GetValue(at) is null && n > 2)
                throw ToolException.Option($"The network has {n} inputs: use --at to specify the values of the others.");

            var point = result.GetValue(at) is { } text ? PointText.Read(text, n) : new Rational[n];
            var (x, y) = Domain(result.GetValue(box), document, pair[0], pair[1]);
            if (x.Low >= x.High || y.Low >= y.High)
                throw ToolException.Option("The box has no interior: each of its two ranges must go from a smaller to a larger number.");
            var plane = ConvexPolygon.Box(x.Low, x.High, y.Low, y.High);
            var regions = screen.Wait("Searching regions",
                () => LinearRegions.Of(network, Slice.OfInputs(point, pair[0], pair[1]), plane, result.GetValue(limit), token));
            if (regions.Limit is { } stopped) throw ToolException.Option($"The search is {stopped} (--limit, --box).");

            string? file = result.GetValue(output);
            if (file is not null)
            {
                Conversion.WriteAtomically(file, regions.ToSvg(new RegionPictureOptions
                {
                    Title = document.Name,
                    XLabel = Name(document, pair[0]),
                    YLabel = Name(document, pair[1]),
                    Colors = result.GetValue(colors),
                    Output = result.GetValue(show),
                    OutputNames = document.OutputNames,
                    Marks = result.GetValue(at) is not null && plane.Contains(new PlanePoint(point[pair[0]], point[pair[1]]))
                        ? [(new PlanePoint(point[pair[0]], point[pair[1]]), "sample")]
                        : [],
                }));
            }

            Report(screen, regions, file, (x, y));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Report(Screen screen, LinearRegions regions, string? file, (InputRange X, InputRange Y) box)
    {
        var counts = regions.Counts;
        if (screen.Json)
        {
            screen.WriteJson(new
            {
                counts.Cells,
                counts.Regions,
                counts.Maps,
                counts.Vertices,
                counts.Edges,
                counts.InteriorEdges,
                Box = new[] { box.X, box.Y }.Select(static range => new[] { range.Low.ToDouble(), range.High.ToDouble() }),
                File = file
            });
            return;
        }

        screen.Line($"box      {NumberText.Range(box.X)} x {NumberText.Range(box.Y)}");
        screen.Line($"cells    {NumberText.Count(counts.Cells)} (every node stays on one segment)");
        screen.Line($"regions  {NumberText.Count(counts.Regions)} (adjacent cells with the same map joined)");
        screen.Line($"maps     {NumberText.Count(counts.Maps)} different affine maps");
    }

    private static (InputRange X, InputRange Y) Domain(string? box, KanDocument document, int first, int second)
    {
        if (box is not null)
        {
            var ranges = ModelOptions.ForEach(ModelOptions.Ranges(box), 2, "--box");
            return (ranges[0], ranges[1]);
        }

        if (document.InputRanges.IsEmpty) throw ToolException.Option("The model declares no range of its inputs: use --box to specify "
            + "which part of the plane to examine.");
        var declared = ModelOptions.ForEach(document.InputRanges, document.Layers[0].InputCount, "The model");
        return (declared[first], declared[second]);
    }

    private static string Name(KanDocument document, int input) => document.InputNames.IsEmpty ? $"x{input}" : document.InputNames[input];
}
