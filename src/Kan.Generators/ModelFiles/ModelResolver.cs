using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Contracts;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;

namespace Kan.Generators.ModelFiles;

/// <summary>Gives each declaration the text of its model, and no other, so that a change of one model touches one class.</summary>
internal static class ModelResolver
{
    /// <summary>A declaration with its text, and with the options of its item where it is silent itself.</summary>
    public static ResolvedModel Resolve(Spec spec, ImmutableArray<ModelText> files)
    {
        if (spec is not ModelSpec model) return new ResolvedModel(spec, null, string.Empty);
        var found = ModelMatch.Find([.. files.Select(static file => file.Item)], model.File);
        if (found.Length != 1)
            return new ResolvedModel(spec, null, (found.Length == 0 ? Descriptors.ModelItemNotFound : Descriptors.ModelIsAmbiguous).Id);
        var file = files[found[0]];
        var (precision, lowering) = ItemParser.Options(file.Item);
        var resolved = model with
        {
            Precision = model.Precision ?? precision,
            Lowering = model.Lowering ?? lowering,
            Contracts = model.Contracts.Items.AddRange(ContractLines.Parse(file.Item.Contracts, out _)),
            EvaluateWithBound = model.EvaluateWithBound || ItemParser.EvaluateWithBound(file.Item),
        };
        return new ResolvedModel(resolved, file.Text, file.Text is null ? Descriptors.ModelFileMissing.Id : string.Empty);
    }

    /// <summary>The class that an item asks for; null if it asks for none, or for none that can be made.</summary>
    public static ItemClass? OfItem(ModelText file)
    {
        if (ItemParser.Parse(file.Item).Spec is not { } spec) return null;
        string diagnosticId = file.Text is null ? Descriptors.ModelFileMissing.Id : string.Empty;
        return new ItemClass(new ResolvedModel(spec, file.Text, diagnosticId), file.DocumentPath);
    }
}
