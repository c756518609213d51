using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
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

    /// <summary>The proof that none of the cases of several statements about one network happens.</summary>
    /// <param name="parts">
    /// The statements and their proofs. It is a proof of the statement of all their cases, in this order; no two may share a box.
    /// </param>
    /// <exception cref="ArgumentException">A proof of another statement or network, or a box that two statements share.</exception>
    public static Proof Join(IReadOnlyList<(OutputStatement Statement, Proof Proof)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("There is no statement.", nameof(parts));
        var boxes = new HashSet<string>();
        var roots = new List<ProofNode>();
        int cases = 0;
        foreach (var (statement, proof) in parts)
        {
            if (proof.StatementHash != statement.Hash || proof.NetworkHash != parts[0].Proof.NetworkHash)
                throw new ArgumentException("A proof is of another statement, or about another network.", nameof(parts));
            if (statement.Cases.Select(static forbidden => string.Join(';', forbidden.Box)).Distinct().Any(box => !boxes.Add(box)))
                throw new ArgumentException("Two statements are about the same box.", nameof(parts));
            roots.AddRange(proof.Roots.Select(root => Moved(root, cases)));
            cases += statement.Cases.Length;
        }

        var all = new OutputStatement(parts.SelectMany(static part => part.Statement.Cases));
        return new Proof(parts[0].Proof.NetworkHash, all.Hash, roots);
    }

    /// <summary>The same steps about cases that come later.</summary>
    private static ProofNode Moved(ProofNode root, int cases)
    {
        var result = new ProofNode();
        var open = new Stack<(ProofNode From, ProofNode To)>([(root, result)]);
        while (open.TryPop(out var pair))
        {
            var (from, to) = pair;
            to.Claims.AddRange(from.Claims.Select(claim => claim with { Case = claim.Case + cases }));
            (to.Level, to.Node, to.At) = (from.Level, from.Node, from.At);
            if (from.Level < 0) continue;
            (to.Below, to.Above) = (new ProofNode(), new ProofNode());
            open.Push((from.Below!, to.Below));
            open.Push((from.Above!, to.Above));
        }

        return result;
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
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture,
                        $"{Claim} {claim.Case} {string.Join(',', claim.Factors)}{Weights(claim)}\n"));
                }

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
                    if (words[0] == Claim && words.Length is 3 or 4
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                        && TryNumbers(words[2], NumberStyles.None, out int[] factors)
                        && TryNumbers(words.Length > 3 ? words[3] : "", NumberStyles.Float, out double[] weights))
                        node.Claims.Add(new ProofClaim(index, [.. factors], [.. weights]));
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
                            $"Line {line}: expected '{Claim} CASE FACTORS [WEIGHTS]', '{Split} LEVEL NODE NUMBER' or '{Leaf}'.");
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

    /// <summary>The weights of sides, if there are any.</summary>
    private static string Weights(ProofClaim claim) => claim.Weights.IsEmpty
        ? ""
        : " " + string.Join(',', claim.Weights.Select(static weight => weight.ToString("R", CultureInfo.InvariantCulture)));

    private static bool TryNumbers<T>(string text, NumberStyles style, out T[] numbers)
        where T : INumber<T>
    {
        string[] words = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        numbers = new T[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!T.TryParse(words[i], style, CultureInfo.InvariantCulture, out numbers[i]!)) return false;
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
