using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Kan.Generators.Tests.Shape;

/// <summary>One method as the JIT listed it, for x64 or Arm64.</summary>
/// <param name="Name">The method's name, without type and parameters.</param>
/// <param name="Header">The first line of its listing, which names the method in full and the level of optimisation.</param>
/// <param name="Lines">Labels and instructions, in order.</param>
internal sealed partial record MachineCode(string Name, string Header, IReadOnlyList<string> Lines)
{
    /// <summary>The instructions.</summary>
    public IReadOnlyList<string> Instructions { get; } = [.. Lines.Where(static line => !line.EndsWith(':'))];

    /// <summary>Calls, by jump too.</summary>
    public IEnumerable<string> Calls => Instructions.Where(static line => Call().IsMatch(line));

    /// <summary>Whether it multiplies and adds in one instruction.</summary>
    public bool IsFused => Instructions.Any(static line => Fused().IsMatch(line));

    /// <summary>Vectors moved to or from the stack, where a kernel has more values than the machine has registers.</summary>
    public IEnumerable<string> VectorSpills =>
        Instructions.Where(static line => VectorOnStack().IsMatch(line));

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

    /// <summary>Reads the listings that <c>DOTNET_JitStdOutFile</c> received, but not one that its process did not live to end.</summary>
    public static IReadOnlyList<MachineCode> Read(string text)
    {
        var methods = new List<MachineCode>();
        foreach (string listing in text.Split("; Assembly listing for method ").Skip(1).Where(IsWhole))
        {
            string[] lines = listing.Split('\n');
            var code = lines.Skip(1).Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != ';');
            methods.Add(new MachineCode(MethodName().Match(lines[0]).Groups[1].Value, lines[0].Trim(), [.. code]));
        }

        return methods;
    }

    private static bool IsWhole(string listing) => listing.Contains("; Total bytes of code", StringComparison.Ordinal);

    [GeneratedRegex(@"^(call|tail\.jmp|blr?) ")]
    private static partial Regex Call();

    [GeneratedRegex(@"^(vfn?m(add|sub)|fn?m(la|ls|add|sub) )")]
    private static partial Regex Fused();

    [GeneratedRegex(@"^(vmov.*\[(rsp|rbp)|(ld|st)u?[rp] +q\d+.*\[(fp|sp))")]
    private static partial Regex VectorOnStack();

    [GeneratedRegex(@"^(?:j(?!mp)[a-z]+|b(?:eq|ne|[gl][et]|h[is]|l[os]|mi|pl)|cbn?z +\w+,|tbn?z +\w+, #\d+,) +(?:SHORT )?(\w+)")]
    private static partial Regex ConditionalJump();

    [GeneratedRegex(@":(\w+)[\[(]")]
    private static partial Regex MethodName();
}
