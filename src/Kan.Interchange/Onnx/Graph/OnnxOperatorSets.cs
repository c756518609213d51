using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>The versions of the standard operators that this reader knows: an operator of a later one may mean something else.</summary>
internal static class OnnxOperatorSets
{
    /// <summary>The newest version that was published when the operators were read.</summary>
    public const int Newest = 26;

    /// <summary>The newest version of the format at that time.</summary>
    public const int NewestFormat = 13;

    /// <exception cref="ModelFileException">The model asks for a version that is not known.</exception>
    public static void RequireKnown(ModelProto model, ModelFile file)
    {
        if (model.IrVersion is < 0 or > NewestFormat)
            throw file.Unsupported($"The file is of version {model.IrVersion} of the ONNX format (ir_version), which is unknown; known "
                + $"versions are 1 to {NewestFormat}. Export the model for an earlier one.");
        foreach (var set in model.OpsetImport.Where(static set => set.Domain is "" or "ai.onnx"))
        {
            if (set.Version is < 1 or > Newest)
                throw file.Unsupported($"The model asks for operator set {set.Version} of ONNX, which is unknown; known versions are 1 "
                    + $"to {Newest}. Export the model with opset_version={Newest} or lower.");
        }
    }
}
