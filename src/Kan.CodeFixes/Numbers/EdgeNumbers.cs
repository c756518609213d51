using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Numbers;

/// <summary>The numbers of an attribute that gives a function.</summary>
/// <param name="Breakpoints">k increasing numbers.</param>
/// <param name="Slopes">k + 1 slopes.</param>
/// <param name="ValueAtZero">The value at 0.</param>
internal sealed record EdgeNumbers(ImmutableArray<double> Breakpoints, ImmutableArray<double> Slopes, double ValueAtZero)
{
    private const int LineWidth = 120;

    /// <summary>The doubles nearest to the numbers of a function.</summary>
    public static EdgeNumbers Nearest(PiecewiseLinearFunction function) => new(
        [.. function.Breakpoints.Select(static number => number.ToDouble())],
        [.. function.Slopes.Select(static number => number.ToDouble())],
        function.Evaluate(Rational.Zero).ToDouble());

    /// <summary>The numbers of a function; null if one of them is not a double.</summary>
    public static EdgeNumbers? Exact(PiecewiseLinearFunction function)
    {
        var numbers = Nearest(function);
        return numbers.ToFunction() is { } again && again.Equals(function) ? numbers : null;
    }

    /// <summary>
    /// The function of the numbers as they are read from the code that <see cref="Arguments"/> writes; null if they give none.
    /// </summary>
    public PiecewiseLinearFunction? ToFunction()
    {
        if (Slopes.Length != Breakpoints.Length + 1) return null;
        if (Breakpoints.Concat(Slopes).Append(ValueAtZero).Any(static number => double.IsNaN(number) || double.IsInfinity(number)))
            return null;
        var breakpoints = Breakpoints.Select(Read).ToArray();
        for (int i = 1; i < breakpoints.Length; i++)
        {
            if (breakpoints[i] <= breakpoints[i - 1]) return null;
        }

        return PiecewiseLinearFunction.FromSlopes(breakpoints, [.. Slopes.Select(Read)], Rational.Zero, Read(ValueAtZero));
    }

    /// <summary>The arguments as C#.</summary>
    /// <param name="indent">What longer lists are indented by; null to keep all on one line.</param>
    /// <param name="newLine">The end of a line.</param>
    public string Arguments(string? indent, string newLine)
    {
        var parts = new List<string>();
        if (Breakpoints.Length > 0) parts.Add("Breakpoints = " + List(Breakpoints));
        parts.Add("Slopes = " + List(Slopes));
        if (ValueAtZero != 0) parts.Add("ValueAtZero = " + Literal(ValueAtZero));
        return string.Join(indent is null ? ", " : "," + newLine + indent, parts);

        string List(ImmutableArray<double> numbers)
        {
            string one = "[" + string.Join(", ", numbers.Select(Literal)) + "]";
            const int Name = 16;
            return indent is null || indent.Length + Name + one.Length <= LineWidth ? one : Wrapped(numbers, indent, newLine);
        }
    }

    /// <summary>The shortest literal that reads as a number.</summary>
    public static string Literal(double number)
    {
        if (number == 0) return "0";
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return ValueOf(text) == number ? text : number.ToString("G17", CultureInfo.InvariantCulture);
    }

    private static string Wrapped(ImmutableArray<double> numbers, string indent, string newLine)
    {
        var text = new StringBuilder("[");
        int width = LineWidth + 1;
        for (int i = 0; i < numbers.Length; i++)
        {
            string item = Literal(numbers[i]) + (i + 1 < numbers.Length ? "," : "]");
            if (width + 1 + item.Length > LineWidth)
            {
                text.Append(newLine).Append(indent).Append("    ");
                width = indent.Length + 4;
            }
            else
            {
                text.Append(' ');
                width++;
            }

            text.Append(item);
            width += item.Length;
        }

        return text.ToString();
    }

    private static Rational Read(double number) => Rational.FromDouble(ValueOf(Literal(number)));

    // The compiler's own reading, so that what is certified is what is compiled.
    private static double ValueOf(string literal) => SyntaxFactory.ParseExpression(literal) switch
    {
        LiteralExpressionSyntax { Token.Value: IConvertible value } => value.ToDouble(CultureInfo.InvariantCulture),
        PrefixUnaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.UnaryMinusExpression,
            Operand: LiteralExpressionSyntax { Token.Value: IConvertible value }
        } => -value.ToDouble(CultureInfo.InvariantCulture),
        _ => double.NaN,
    };
}
