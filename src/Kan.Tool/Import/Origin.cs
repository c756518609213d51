using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Kan.Analysis;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// What a converted document was made from, next to it as <c>.origin</c>: the converter, the metadata, the hashes of all files read, and in
/// the last line the hash of the document itself. While all of these are the same the document is, whatever the times of the files say; a
/// document that was damaged or edited is not.
/// </summary>
/// <param name="Text">The lines of the file without the last.</param>
/// <param name="Dependencies">The files that the model reads in addition to its own.</param>
internal sealed record Origin(string Text, ImmutableArray<string> Dependencies)
{
    private const string Extension = ".origin";

    // A build of the same sources has the same identity.
    private static readonly string s_converter =
        string.Join(' ', new[] { typeof(Origin), typeof(ModelImporter), typeof(KanDocument), typeof(RelaxedBounds) }
        .Select(static type => type.Assembly.ManifestModule.ModuleVersionId.ToString("N")));

    /// <summary>What an item would be made from now.</summary>
    public static Origin Of(ImportItem item)
    {
        var dependencies = ModelImporter.DependenciesOf(item.Input).AddRange(item.Files);
        var text = new StringBuilder(s_converter).Append('\n').Append(item.Description).Append('\n');
        foreach (string file in dependencies.Prepend(item.Input)) text.Append(Records.Line(Hash(file), file));
        return new Origin(text.ToString(), dependencies);
    }

    /// <summary>Whether a document was made from this, and is what was made.</summary>
    public bool IsOf(string document)
    {
        try
        {
            return File.Exists(document) && File.Exists(document + Extension)
                && RegularFile.ReadAllText(document + Extension) == Complete(Hash(document));
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            return false;
        }
    }

    /// <summary>Notes that a document was made from this.</summary>
    /// <param name="document">The path of the document.</param>
    /// <param name="text">What was written there.</param>
    /// <exception cref="ToolException">The note cannot be written.</exception>
    public void WriteBeside(string document, string text) =>
        Conversion.WriteAtomically(document + Extension, Complete(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));

    private string Complete(string hash) => Text + Records.Line(hash, "document");

    private static string Hash(string file)
    {
        try
        {
            using var stream = RegularFile.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            return "missing";
        }
    }
}
