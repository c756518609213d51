using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Text;

/// <summary>Changes a text token by token.</summary>
internal static class TokenMutator
{
    /// <summary>Changes the order, the number or the text of tokens.</summary>
    /// <param name="tokens">The tokens, with the space behind each.</param>
    /// <param name="random">The choices.</param>
    /// <param name="pieces">What the language has that a text may hold anywhere.</param>
    /// <param name="numbers">Numbers, right and wrong.</param>
    public static void Mutate(List<string> tokens, FuzzRandom random, IReadOnlyList<string> pieces, IReadOnlyList<string> numbers)
    {
        if (tokens.Count < 2)
        {
            tokens.Add(random.Pick(pieces));
            return;
        }

        int at = random.Next(tokens.Count), other = random.Next(tokens.Count), length = Math.Min(random.Next(1, 12), tokens.Count - at);
        switch (random.Next(12))
        {
            case 0 or 1:
                tokens.RemoveAt(at);
                break;
            case 2:
                tokens.Insert(at, tokens[at]);
                break;
            case 3:
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 4 when at + 1 < tokens.Count:
                (tokens[at], tokens[at + 1]) = (tokens[at + 1], tokens[at]);
                break;
            case 5 or 6:
                int number = Enumerable.Range(at, tokens.Count - at)
                    .FirstOrDefault(i => char.IsAsciiDigit(tokens[i].TrimStart().FirstOrDefault()), at);
                tokens[number] = random.Pick(numbers) + " ";
                break;
            case 7:
                tokens.Insert(at, random.Pick(pieces) + " ");
                break;
            case 8:
                tokens.RemoveRange(at, length);
                break;
            case 9:
                tokens.InsertRange(other, tokens.GetRange(at, length));
                break;
            case 10 when random.OneIn(6):
                var piece = tokens.GetRange(at, Math.Min(length, 4));
                for (int count = random.Size(400); count > 0; count--) tokens.InsertRange(at, piece);
                break;
            case 11 when random.OneIn(6):
                tokens.RemoveRange(at, tokens.Count - at);
                break;
            default:
                tokens[at] = tokens[other];
                break;
        }
    }
}
