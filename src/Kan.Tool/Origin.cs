using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// What a converted document was made from, beside it as <c>.origin</c>: the converter, the metadata, and the hashes of all files read.
/// While these are the same the document is, whatever the times of the files say.
/// </summary>
/// <param name="Text">The lines of the file.</param>
/// <param name="Dependencies">The files that the model reads beside its own.</param>
internal sealed record Origin(string Text, ImmutableArray<string> Dependencies)
{
    private const string Extension = ".origin";

    // A build of the same sources has the same identity.
    private static readonly string s_converter = string.Join(' ', new[] { typeof(Origin), typeof(ModelImporter), typeof(KanDocument) }
        .Select(static type => type.Assembly.ManifestModule.ModuleVersionId.ToString("N")));

    /// <summary>What an item would be made from now.</summary>
    public static Origin Of(ModelItem item)
    {
        var dependencies = ModelImporter.DependenciesOf(item.Input);
        var text = new StringBuilder(s_converter).Append('\n').Append(item.Description).Append('\n');
        foreach (string file in dependencies.Prepend(item.Input)) text.Append(Hash(file)).Append(' ').Append(file).Append('\n');
        return new Origin(text.ToString(), dependencies);
    }

    /// <summary>Whether a document was made from this.</summary>
    public bool IsOf(string document)
    {
        try
        {
            return File.Exists(document) && File.Exists(document + Extension) && File.ReadAllText(document + Extension) == Text;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Notes that a document was made from this.</summary>
    public void WriteBeside(string document) => Conversion.WriteAtomically(document + Extension, Text);

    private static string Hash(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "missing";
        }
    }
}
