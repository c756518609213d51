using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Kan.Analysis;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>What a verdict depends on, as a name: an edit of anything else proves nothing again.</summary>
internal static class ContractKey
{
    /// <summary>All that decides a verdict: a version of the prover that was mended proves everything again.</summary>
    private static readonly string s_code = string.Join(' ', new[]
    {
        typeof(ContractKey), typeof(Prover), typeof(NetworkCompiler), typeof(ModelImporter), typeof(KanNetwork),
    }.Select(static type => type.Module.ModuleVersionId));

    /// <summary>The key of a contract.</summary>
    /// <param name="network">The network.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="file">The file that it is about, or null.</param>
    public static string Of(StatedNetwork network, StatedContract contract, string? file)
    {
        string[] parts =
        [
            s_code, network.ContentHash, Text(network.ErrorBound),
                network.Precision.ToString(), network.Lowering.ToString(),
            string.Join(' ', network.Ranges.Concat(contract.Box).Select(static range => $"{range.Low} {range.High}")), contract.Kind,
                Text(contract.Low), Text(contract.High),
            contract.IsIncreasing.ToString(), $"{contract.Input} {contract.Output}", HashOf(file),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Records.Line(parts))))[..32];
    }

    private static string HashOf(string? file)
    {
        if (file is null) return "";
        try
        {
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The prover says what is wrong with it.
            return "unreadable";
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
