using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Tool;

/// <summary>What became of a contract.</summary>
internal enum ContractVerdict
{
    /// <summary>It holds.</summary>
    Proved,

    /// <summary>Some inputs break it.</summary>
    Broken,

    /// <summary>Neither was shown.</summary>
    Undecided,

    /// <summary>It cannot be read: a file that it names is missing or wrong.</summary>
    Wrong,
}

/// <summary>The verdict on a contract, and why.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
/// <param name="Seconds">The limit of the search; a longer one may decide more.</param>
internal sealed record ContractResult(ContractVerdict Verdict, string Reason, double Seconds)
{
    /// <summary>The proof, as <c>kan prove --check</c> reads it; null if there is none.</summary>
    public string? Proof { get; init; }

    /// <summary>The code of the message.</summary>
    public string Code => Verdict switch
    {
        ContractVerdict.Proved => "KAN0512",
        ContractVerdict.Broken => "KAN0510",
        ContractVerdict.Undecided => "KAN0511",
        _ => "KAN0010",
    };

    /// <summary>Whether a search of some length need not be made again.</summary>
    public bool Settles(double seconds) =>
        Verdict is ContractVerdict.Proved or ContractVerdict.Broken || (Verdict == ContractVerdict.Undecided && Seconds >= seconds);

    /// <summary>The sentence about a contract.</summary>
    public string Message(string type, StatedContract contract)
    {
        string name = MessageText.Name(type[(type.LastIndexOf('.') + 1)..]), text = MessageText.Bound(contract.Text);
        return Verdict switch
        {
            ContractVerdict.Proved => $"'{name}' keeps its contract that {text}: {Reason}",
            ContractVerdict.Broken => $"'{name}' does not keep its contract that {text}: {Reason}",
            ContractVerdict.Undecided => $"It is not known whether '{name}' keeps its contract that {text}: {Reason}",
            _ => $"[{contract.Kind}] of '{name}' {Reason}",
        };
    }

    /// <summary>The result that a file holds; null if there is none that can be read.</summary>
    public static ContractResult? Load(string path)
    {
        try
        {
            return File.Exists(path) && Records.Read(File.ReadAllText(path)).FirstOrDefault() is [var verdict, var seconds, var reason]
                && Enum.TryParse(verdict, out ContractVerdict known)
                && double.TryParse(seconds, CultureInfo.InvariantCulture, out double limit)
                ? new ContractResult(known, reason, limit)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps the result. Without it the search is made again, so failing to write it does no harm.</summary>
    public void Save(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (Proof is not null) File.WriteAllText(Path.ChangeExtension(path, ".kanproof"), Proof);
            File.WriteAllText(path, Records.Line(Verdict.ToString(), Seconds.ToString(CultureInfo.InvariantCulture), Reason));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build of the project may be writing it.
        }
    }
}
