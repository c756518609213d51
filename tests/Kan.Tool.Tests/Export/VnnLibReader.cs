using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Kan.Interchange;

namespace Kan.Tool.Tests.Export;

/// <summary>Reads properties of the kind that is written, as verifiers do: by their parentheses.</summary>
internal static class VnnLibReader
{
    public static VnnLibProperty Read(string text)
    {
        int inputs = 0, outputs = 0;
        var low = new Dictionary<int, Rational>();
        var high = new Dictionary<int, Rational>();
        var plain = new List<OutputConstraint>();
        List<List<OutputConstraint>>? alternatives = null;
        var tokens = new Queue<string>(Regex.Matches(string.Join('\n', text.Split('\n').Where(static line => !line.StartsWith(';'))), @"[()]|[^\s()]+").Select(static match => match.Value));
        while (tokens.Count > 0)
        {
            var statement = (List<object>)Parse(tokens);
            if ((string)statement[0] == "declare-const")
            {
                if (((string)statement[1])[0] == 'X') inputs++;
                else outputs++;
                continue;
            }

            var body = (List<object>)statement[1];
            if ((string)body[0] == "or")
            {
                alternatives = [.. body.Skip(1)
                    .Select(static all => ((List<object>)all).Skip(1).Select(static item => Constraint((List<object>)item)).ToList())];
                continue;
            }

            string left = (string)body[1];
            if (left[0] == 'X') ((string)body[0] == ">=" ? low : high)[Index(left)] = Number((string)body[2]);
            else plain.Add(Constraint(body));
        }

        return new VnnLibProperty(Enumerable.Range(0, inputs).Select(i => new InputRange(low[i], high[i])), outputs,
            alternatives ?? [plain]);
    }

    private static OutputConstraint Constraint(List<object> body)
    {
        string right = (string)body[2];
        bool isOutput = right[0] == 'Y';
        return new OutputConstraint(Index((string)body[1]), (string)body[0] == ">=", isOutput ? Index(right) : null,
            isOutput ? Rational.Zero : Number(right));
    }

    private static int Index(string name) => int.Parse(name[2..], CultureInfo.InvariantCulture);

    private static Rational Number(string text)
    {
        string digits = text.Replace(".", "", StringComparison.Ordinal);
        int places = text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal);
        return Rational.Create(System.Numerics.BigInteger.Parse(digits, CultureInfo.InvariantCulture),
            System.Numerics.BigInteger.Pow(10, places));
    }

    private static object Parse(Queue<string> tokens)
    {
        string token = tokens.Dequeue();
        if (token != "(") return token;
        var list = new List<object>();
        while (tokens.Peek() != ")") list.Add(Parse(tokens));
        tokens.Dequeue();
        return list;
    }
}
