using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Kan.Generators.Tests.Shape;

/// <summary>One method as the JIT listed it.</summary>
/// <param name="Name">The method's name, without type and parameters.</param>
/// <param name="Header">The first line of its listing, which names the method in full and the level of optimisation.</param>
/// <param name="Lines">Labels and instructions, in order.</param>
internal sealed partial record MachineCode(string Name, string Header, IReadOnlyList<string> Lines)
{
    /// <summary>The instructions.</summary>
    public IReadOnlyList<string> Instructions { get; } = [.. Lines.Where(static line => !line.EndsWith(':'))];

    /// <summary>Calls, by jump too.</summary>
    public IEnumerable<string> Calls =>
        Instructions.Where(static line => line.StartsWith("call", StringComparison.Ordinal)
            || line.StartsWith("tail.jmp", StringComparison.Ordinal));

    /// <summary>Vectors moved to or from the stack, where a kernel has more values than the machine has registers.</summary>
    public IEnumerable<string> VectorSpills =>
        Instructions.Where(static line => line.StartsWith("vmov", StringComparison.Ordinal) && StackOperand().IsMatch(line));

    /// <summary>Conditional jumps forward, which a loop over a counter does not need: they would decide on data.</summary>
    public IEnumerable<string> ForwardBranches
    {
        get
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string line in Lines)
            {
                if (line.EndsWith(':')) seen.Add(line[..^1]);
                else if (ConditionalJump().Match(line) is { Success: true } jump && !seen.Contains(jump.Groups[1].Value)) yield return line;
            }
        }
    }

    /// <summary>Reads the listings that <c>DOTNET_JitStdOutFile</c> received.</summary>
    public static IReadOnlyList<MachineCode> Read(string text)
    {
        var methods = new List<MachineCode>();
        foreach (string listing in text.Split("; Assembly listing for method ").Skip(1))
        {
            string[] lines = listing.Split('\n');
            var code = lines.Skip(1).Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != ';');
            methods.Add(new MachineCode(MethodName().Match(lines[0]).Groups[1].Value, lines[0].Trim(), [.. code]));
        }

        return methods;
    }

    [GeneratedRegex(@"\[(rsp|rbp)")]
    private static partial Regex StackOperand();

    [GeneratedRegex(@"^j(?!mp)[a-z]+ +(?:SHORT )?(\w+)")]
    private static partial Regex ConditionalJump();

    [GeneratedRegex(@":(\w+)[\[(]")]
    private static partial Regex MethodName();
}
