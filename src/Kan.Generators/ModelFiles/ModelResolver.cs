using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;

namespace Kan.Generators.ModelFiles;

/// <summary>Gives each declaration the text of its model, and no other, so that a change of one model touches one class.</summary>
internal static class ModelResolver
{
    /// <summary>A declaration with its text.</summary>
    public static ResolvedModel Resolve(Spec spec, ImmutableArray<ModelFile> files)
    {
        if (spec is not ModelSpec model) return new ResolvedModel(spec, null, string.Empty);
        var found = ModelMatch.Find([.. files.Select(static file => file.Path)], model.File);
        if (found.Length != 1)
            return new ResolvedModel(spec, null, (found.Length == 0 ? Descriptors.ModelItemNotFound : Descriptors.ModelIsAmbiguous).Id);
        string? text = files[found[0]].Text;
        return new ResolvedModel(spec, text, text is null ? Descriptors.ModelFileMissing.Id : string.Empty);
    }
}
