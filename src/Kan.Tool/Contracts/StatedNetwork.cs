using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Kan.Tool;

/// <summary>A network with contracts, as the compiler wrote it down.</summary>
/// <param name="Type">The qualified name of the class.</param>
/// <param name="ContentHash">The hash of the exact network.</param>
/// <param name="ErrorBound">The certified bound of |computed - exact|, or infinity.</param>
/// <param name="Precision">The number type of the code.</param>
/// <param name="Lowering">The lowering that was asked for.</param>
/// <param name="Ranges">The declared range of each input.</param>
/// <param name="Document">The document of a network that is declared in code; null for a model in a file.</param>
/// <param name="Contracts">The contracts.</param>
internal sealed record StatedNetwork(
    string Type, string ContentHash, double ErrorBound, Precision Precision, Lowering Lowering,
    ImmutableArray<InputRange> Ranges, string? Document, ImmutableArray<StatedContract> Contracts)
{
    private const int Version = 1;

    /// <summary>The names of the inputs, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>The names of the outputs, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Reads what the compiler wrote.</summary>
    /// <exception cref="FormatException">It is of another version.</exception>
    public static StatedNetwork Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        if (root.GetProperty("version").GetInt32() != Version)
            throw new FormatException("The contracts were written by another version of Kan.Generators: build the project again.");
        return new StatedNetwork(
            Text(root, "type"), Text(root, "hash"), Number(root, "bound"), Enum.Parse<Precision>(Text(root, "precision")),
            Enum.Parse<Lowering>(Text(root, "lowering")),
            [.. root.GetProperty("ranges").EnumerateArray().Select(static range => ReadRange(range.GetString()!))],
            root.TryGetProperty("network", out var network) ? network.GetString() : null,
            [.. root.GetProperty("contracts").EnumerateArray().Select(ReadContract)])
        {
            InputNames = [.. root.GetProperty("inputs").EnumerateArray().Select(static name => name.GetString()!)],
            OutputNames = [.. root.GetProperty("outputs").EnumerateArray().Select(static name => name.GetString()!)],
        };
    }

    private static InputRange ReadRange(string text)
    {
        string[] ends = text.Split(' ');
        return ends.Length == 2 && Rational.TryParse(ends[0], out var low) && Rational.TryParse(ends[1], out var high)
            ? new InputRange(low, high)
            : throw new FormatException($"'{text}' is not a range.");
    }

    private static StatedContract ReadContract(JsonElement contract) => new(
        Text(contract, "kind"), Text(contract, "text"), Text(contract, "file"), Number(contract, "low"), Number(contract, "high"),
        contract.GetProperty("increasing").GetBoolean(),
        Index(contract, "input"), Index(contract, "output"), Text(contract, "path"), Math.Max(0, contract.GetProperty("line").GetInt32()),
        Math.Max(0, contract.GetProperty("column").GetInt32()))
    {
        Box = contract.TryGetProperty("box", out var box)
            ? [.. box.EnumerateArray().Select(static range => ReadRange(range.GetString()!))]
            : [],
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static double Number(JsonElement element, string name) => double.Parse(Text(element, name), CultureInfo.InvariantCulture);

    private static int? Index(JsonElement element, string name) =>
        element.GetProperty(name).GetInt32() is >= 0 and var index ? index : null;
}

/// <summary>A contract as the compiler wrote it down.</summary>
/// <param name="Kind">The name of its attribute.</param>
/// <param name="Text">The promise, without the end of a sentence.</param>
/// <param name="File">The file that it is about, relative to the project.</param>
/// <param name="Low">The lower end of an interval.</param>
/// <param name="High">The upper end of an interval, a bound or a radius.</param>
/// <param name="IsIncreasing">Which way a monotone output goes.</param>
/// <param name="Input">The input, or null for each.</param>
/// <param name="Output">The output, or null for each.</param>
/// <param name="Path">The source file, relative to the project.</param>
/// <param name="Line">From 1, or 0 where it is not known.</param>
/// <param name="Column">From 1, or 0 where it is not known.</param>
internal sealed record StatedContract(
    string Kind, string Text, string File, double Low, double High, bool IsIncreasing, int? Input, int? Output, string Path, int Line,
    int Column)
{
    /// <summary>The ranges of all inputs that it is limited to; empty for the declared ones.</summary>
    public ImmutableArray<InputRange> Box { get; init; } = [];
}
