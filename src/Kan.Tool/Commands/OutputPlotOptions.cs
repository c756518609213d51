using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Analysis;

namespace Kan.Tool;

/// <summary>The options of <c>kan plot</c> that draw how an output varies with one input or two.</summary>
internal sealed class OutputPlotOptions
{
    private readonly Option<string?> _vary = new("--vary")
    {
        Description = "Plot how an output varies with this input, or with these two, the others at rest, instead of the network: names "
        + "or zero-based indices.",
        HelpName = "input[,input]"
    };
    private readonly Option<string?> _show = new("--show")
    {
        Description = "The output that --vary plots, by name or zero-based index. Default: the first.",
        HelpName = "output"
    };
    private readonly Option<string?> _at = new("--at")
    {
        Description = "The values of all inputs with --vary; those of the varying ones are ignored. Default: the middles of their ranges. "
        + PointText.Help,
        HelpName = "sample"
    };
    private readonly Option<string?> _box =
        ModelOptions.BoxOption("The ranges of the inputs that vary. Default: the ranges that the model declares.");
    private readonly Option<string?> _within = new("--within")
    {
        Description = "A range that the output must stay in: its ends are drawn, and where the output comes nearest to them.",
        HelpName = "lo,hi"
    };
    private readonly Option<string?> _monotone = new("--monotone")
    {
        Description = "The output must not fall (+) or not rise (-) when the one varying input rises: where it does, or nearly does, is "
        + "marked.",
        HelpName = "+|-"
    };
    private readonly CompilationOptions _compiled = new();

    public void AddTo(Command command)
    {
        Option[] details = [_show, _at, _box, _within, _monotone];
        command.Options.Add(_vary);
        foreach (var option in details) command.Options.Add(option);
        _compiled.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_vary) is { Implicit: false }) return;
            if (details.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
                result.AddError($"{alone.Name} goes with --vary.");
        });
        _within.Validators.Add(static result =>
        {
            string? text = result.GetValueOrDefault<string?>();
            if (text is not null && !RangeText.TryParse(text, out _)) result.AddError($"--within {text}: {RangeText.Expected}");
        });
        _monotone.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is not (null or "+" or "-")) result.AddError("--monotone: expected + or -.");
        });
    }

    /// <summary>Whether an output is to be drawn.</summary>
    public bool AreGiven(ParseResult result) => result.GetValue(_vary) is not null;

    /// <summary>The picture.</summary>
    /// <exception cref="ToolException">The options do not fit the model.</exception>
    public OutputPlot Draw(ParseResult result, KanDocument document, KanNetwork network, string title, CancellationToken token)
    {
        int n = network.InputCount;
        int[] varying = [.. result.GetValue(_vary)!.Split(',').Select(name =>
            StatementOptions.Node("--vary", name.Trim(), document.InputNames, n))];
        if (varying.Length > 2 || varying.Distinct().Count() < varying.Length)
            throw ToolException.Option($"--vary {result.GetValue(_vary)}: expected one input, or two different ones.");
        int output = result.GetValue(_show) is { } shown
            ? StatementOptions.Node("--show", shown, document.OutputNames, network.OutputCount)
            : 0;
        InputRange[] declared = document.InputRanges.IsEmpty ? [] : ModelOptions.ForEach(document.InputRanges, n, "The model");
        var ranges = Ranges(result, varying, declared);
        var point = Point(result, varying, declared, n);
        InputRange[] box = [.. point.Select((value, p) => System.Array.IndexOf(varying, p) is >= 0 and var at
            ? ranges[at]
            : new InputRange(value, value))];
        bool hasLimits = RangeText.TryParse(result.GetValue(_within) ?? "", out var within);
        string? direction = result.GetValue(_monotone);
        if (direction is not null && varying.Length == 2) throw ToolException.Option("--monotone goes with one varying input.");
        var options = new OutputPictureOptions
        {
            Title = title,
            XLabel = Name(document.InputNames, varying[0], "x"),
            YLabel = varying.Length == 2 ? Name(document.InputNames, varying[1], "x") : "",
            OutputLabel = Name(document.OutputNames, output, "y"),
            Output = output,
            Bound = ComputedCode.Of(document, [.. box], _compiled.Precision(result), _compiled.Lowering(result), token).Bound,
            Low = hasLimits ? within.Low : null,
            High = hasLimits ? within.High : null,
            IsIncreasing = direction is null ? null : direction == "+",
        };
        if (varying.Length == 1)
        {
            var curve = OutputCurve.Of(network, point, varying[0], ranges[0], output, token);
            return new OutputPlot(curve.ToSvg(options), output, varying, options.Bound,
                curve.Corners.Min(static corner => corner.Y).ToDouble(), curve.Corners.Max(static corner => corner.Y).ToDouble());
        }

        var plane = ConvexPolygon.Box(ranges[0].Low, ranges[0].High, ranges[1].Low, ranges[1].High);
        var regions = LinearRegions.Of(network, Slice.OfInputs(point, varying[0], varying[1]), plane, LinearRegions.DefaultCellLimit,
            token);
        if (regions.Limit is { } stopped) throw ToolException.Option($"The search is {stopped}: use a smaller --box.");
        double[] values = [.. regions.Cells.SelectMany(cell =>
            cell.Polygon.Vertices.Select(vertex => cell.Map.Evaluate(vertex.X, vertex.Y)[output].ToDouble()))];
        return new OutputPlot(OutputMap.ToSvg(regions, options), output, varying, options.Bound, values.Min(), values.Max());
    }

    private ImmutableArray<InputRange> Ranges(ParseResult result, int[] varying, InputRange[] declared)
    {
        if (result.GetValue(_box) is null && declared.Length == 0)
            throw ToolException.Option("The model declares no range of its inputs: use --box to specify that of the inputs that vary.");
        ImmutableArray<InputRange> ranges = result.GetValue(_box) is { } text
            ? [.. ModelOptions.ForEach(ModelOptions.Ranges(text), varying.Length, "--box")]
            : [.. varying.Select(p => declared[p])];
        if (ranges.Any(static range => range.Low >= range.High))
            throw ToolException.Option("The range of an input that varies must go from a smaller to a larger number.");
        return ranges;
    }

    private Rational[] Point(ParseResult result, int[] varying, InputRange[] declared, int inputs)
    {
        if (result.GetValue(_at) is { } text) return PointText.Read(text, inputs);
        if (declared.Length > 0) return System.Array.ConvertAll(declared, static range => (range.Low + range.High) / 2);
        if (inputs > varying.Length)
            throw ToolException.Option("The model declares no ranges of its inputs: use --at to specify the values of those that rest.");
        return new Rational[inputs];
    }

    private static string Name(ImmutableArray<string> names, int index, string letter) =>
        index < names.Length ? names[index] : string.Create(CultureInfo.InvariantCulture, $"{letter}{index}");
}

/// <summary>A picture of an output.</summary>
/// <param name="Svg">Its text.</param>
/// <param name="Output">The output.</param>
/// <param name="Inputs">The inputs that vary.</param>
/// <param name="Bound">The certified bound of |computed - exact| there, or infinity.</param>
/// <param name="Least">The least exact value.</param>
/// <param name="Greatest">The greatest.</param>
internal sealed record OutputPlot(string Svg, int Output, int[] Inputs, double Bound, double Least, double Greatest);
