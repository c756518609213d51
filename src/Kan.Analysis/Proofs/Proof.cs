using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Analysis.Proofs;

namespace Kan.Analysis;

/// <summary>
/// The steps of a proof: how boxes are split, and what is claimed of each part. It is a small text file, bound to the hashes of network and
/// statement, that <see cref="Check"/> follows without the prover.
/// </summary>
public sealed class Proof
{
    private const string Header = "kan-proof 1", Leaf = "leaf", Claim = "claim", Split = "split";
    private const int DeepestSplit = 100_000;

    internal Proof(string networkHash, string statementHash, IReadOnlyList<ProofNode> roots)
    {
        NetworkHash = networkHash;
        StatementHash = statementHash;
        Roots = roots;
    }

    /// <summary>The <see cref="ContentHash"/> of the network.</summary>
    public string NetworkHash { get; }

    /// <summary>The <see cref="Statement.Hash"/> of the statement.</summary>
    public string StatementHash { get; }

    /// <summary>One for each box of the statement.</summary>
    internal IReadOnlyList<ProofNode> Roots { get; }

    /// <summary>The number of parts that are not split further.</summary>
    public int LeafCount
    {
        get
        {
            int leaves = 0;
            Visit(static _ => { }, () => leaves++);
            return leaves;
        }
    }

    /// <summary>Writes the proof as text.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"{Header}\nnetwork {NetworkHash}\nstatement {StatementHash}\n");
        Visit(
            node =>
            {
                foreach (var claim in node.Claims)
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Claim} {claim.Case} {string.Join(',', claim.Factors)}\n"));
                if (node.Level >= 0)
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Split} {node.Level} {node.Node} {node.At:R}\n"));
            },
            () => writer.Write(Leaf + "\n"));
    }

    /// <summary>Reads a proof that <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a proof; the message names the line.</exception>
    public static Proof Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int line = 0;
        string Next() =>
            reader.ReadLine() is { } text ? At(++line, text) : throw new FormatException($"Line {line + 1}: the proof ends in the middle.");
        static string At(int _, string text) => text;
        if (Next() != Header) throw new FormatException($"Line 1: expected '{Header}'.");
        string network = Field(Next(), "network "), statement = Field(Next(), "statement ");
        var roots = new List<ProofNode>();
        while (reader.Peek() >= 0)
        {
            var open = new Stack<ProofNode>([new ProofNode()]);
            roots.Add(open.Peek());
            while (open.TryPop(out var node))
            {
                for (string text = Next(); text != Leaf; text = Next())
                {
                    string[] words = text.Split(' ');
                    if (words[0] == Claim && words.Length == 3
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                        && TryFactors(words[2], out int[] factors)) node.Claims.Add(new ProofClaim(index, [.. factors]));
                    else if (words[0] == Split && words.Length == 4
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int level)
                        && int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int place)
                        && double.TryParse(words[3], NumberStyles.Float, CultureInfo.InvariantCulture, out double at) && double.IsFinite(at)
                        && open.Count < DeepestSplit)
                    {
                        (node.Level, node.Node, node.At, node.Below, node.Above) = (level, place, at, new ProofNode(), new ProofNode());
                        open.Push(node.Above);
                        open.Push(node.Below);
                        break;
                    }
                    else
                    {
                        throw new FormatException(
                            $"Line {line}: expected '{Claim} CASE FACTORS', '{Split} LEVEL NODE NUMBER' or '{Leaf}'.");
                    }
                }
            }
        }

        return new Proof(network, statement, roots);

        string Field(string text, string name) => text.StartsWith(name, StringComparison.Ordinal)
            ? text[name.Length..]
            : throw new FormatException($"Line {line}: expected '{name}HASH'.");
    }

    /// <summary>Derives every step of the proof again, with the checker alone.</summary>
    /// <param name="network">The network.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>Null if the proof holds; otherwise why not, in a sentence.</returns>
    public string? Check(KanNetwork network, Statement statement, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(statement);
        if (ContentHash.ComputeUnlessCancelled(network, cancellation) != NetworkHash) return "The proof is about another network.";
        if (statement.Hash != StatementHash) return "The proof is about another statement.";
        return ProofWalk.Follow(network, statement, Roots, cancellation);
    }

    private static bool TryFactors(string text, out int[] factors)
    {
        string[] words = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        factors = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out factors[i])) return false;
        }

        return true;
    }

    /// <summary>Visits all parts, those below a split before those above it.</summary>
    private void Visit(Action<ProofNode> enter, Action leaf)
    {
        foreach (var root in Roots)
        {
            var open = new Stack<ProofNode>([root]);
            while (open.TryPop(out var node))
            {
                enter(node);
                if (node.Level < 0)
                {
                    leaf();
                    continue;
                }

                open.Push(node.Above!);
                open.Push(node.Below!);
            }
        }
    }
}
