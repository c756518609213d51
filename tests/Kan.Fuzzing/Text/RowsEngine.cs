using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Kan.Fuzzing.Archives;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;
using Kan.Tool;

namespace Kan.Fuzzing.Text;

/// <summary>A file of rows in memory: text, or an array.</summary>
/// <param name="Text">The tokens of a CSV file; null for an array.</param>
/// <param name="Array">An array.</param>
internal sealed record RowsModel(List<string>? Text, NpyModel? Array);

/// <summary>Files of rows as <c>kan eval</c> reads them: CSV by token, <c>.npy</c> by field.</summary>
internal sealed partial class RowsEngine : StructuredEngine<RowsModel>
{
    private static readonly string[] s_texts =
        ["a,b\n1,2\n3.5,-4e3\n", "1;2\n3;4\n", "1\t2\r\n3\t4\r\n", "\"a\",\"b\"\n\"1\",\" 2 \"\nnan,inf\n", "0.1,0.2\n"];

    private static readonly string[] s_pieces =
        [",", ";", "\t", "\n", "\r", "\r\n", "\"", "\"\"", " ", "#", "\0", "\uFEFF", "\u202E", "a", "b", "inf", "-Infinity", "nan", "NaN",
        "1,2\n", "\"1\n2\"", "''"];

    private static readonly string[] s_numbers =
        ["1e400", "-1e400", "1e-400", "1e39", "0x10", "1_0", "1.", ".5", "+1", "--1", "1e", "\u0661", "99999999999999999999", "1,5", "1 2",
        "(1)", "$1", "1%", "-0", "3.4028235677973366e38"];

    /// <inheritdoc/>
    public override string Name => "rows";

    /// <inheritdoc/>
    public override string Subject => "rows of `kan eval`: CSV by token, `.npy` by field";

    /// <inheritdoc/>
    public override int SeedCount => s_texts.Length + 1;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        string path = Path.Combine(folder, input.Files[0].Name);
        File.WriteAllBytes(path, input.Files[0].Bytes);
        try
        {
            string?[] names = variant / 2 % 2 == 0 ? ["a", "b"] : [null, null];
            long rows = variant % 2 == 0 ? Read<float>(path, names) : Read<double>(path, names);
            return new Verdict("accepted", string.Create(CultureInfo.InvariantCulture, $"accepted {Math.Min(rows, 5)}"));
        }
        catch (ToolException exception)
        {
            // As it is printed: what others wrote is escaped and cut there.
            string message = exception.Failure.ToCanonicalLine().Replace(folder, "", StringComparison.Ordinal);
            if (!exception.Failure.File.StartsWith(folder, StringComparison.Ordinal))
                return Faults.Broken("a refusal names the file", exception.ToString());
            if (Messages.Fault(message) is { } fault)
                return Faults.Broken("the message of a refusal " + fault.Split(' ')[0], $"{fault}: {exception}");
            return new Verdict(exception.Failure.Code, exception.Failure.Code + " " + Messages.Shape(message));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("reading", exception);
        }
    }

    /// <inheritdoc/>
    protected override RowsModel Seed(int index) => index < s_texts.Length
        ? new RowsModel([.. Tokens().Matches(s_texts[index]).Select(static match => match.Value)], null)
        : new RowsModel(null, new NpyModel("(3, 2)", [1, 2, 3, 4, 5, 6]));

    /// <inheritdoc/>
    protected override void Mutate(RowsModel model, FuzzRandom random)
    {
        if (model.Array is { } array) array.Mutate(random);
        else if (random.OneIn(20)) model.Text!.Insert(random.Next(model.Text.Count + 1), random.Name());
        else TokenMutator.Mutate(model.Text!, random, s_pieces, s_numbers);
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(RowsModel model) => model.Array is { } array
        ? [new FuzzFile("m.npy", array.ToBytes())]
        : [new FuzzFile("m.csv", Encoding.UTF8.GetBytes(string.Concat(model.Text!)))];

    private static long Read<T>(string path, string?[] names)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using var source = RowSource<T>.Open(path, new RowColumns(names));
        var row = new T[2];
        while (source.Read(row))
        {
        }

        return source.Row;
    }

    [GeneratedRegex(@"[0-9.e+-]+|[a-z]+|.|\n")]
    private static partial Regex Tokens();
}
