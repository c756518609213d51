using System;
using System.Globalization;
using System.Threading;

namespace Kan.Bits;

/// <summary>
/// Hashes of what compiled networks compute, to be compared between machines: <c>compile networks.dll</c> once, <c>hash networks.dll</c> on
/// each. <c>kernels listing.txt</c> checks what the JIT of a machine listed meanwhile.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["compile", string assembly]:
                NetworkAssembly.Write(assembly, CancellationToken.None);
                return 0;
            case ["hash", string assembly, .. var rest] when rest is [] or [_]:
                int first = rest is [string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
                foreach (string line in OutputHashes.Of(assembly, first)) Console.WriteLine(line);
                return 0;
            case ["kernels", string listing]:
                var (lines, isRight) = Kernels.Check(listing);
                foreach (string line in lines) Console.WriteLine(line);
                return isRight ? 0 : 1;
            default:
                Console.Error.WriteLine("usage: Kan.Bits compile <assembly> | hash <assembly> [<first network>] | kernels <listing>");
                return 2;
        }
    }
}
