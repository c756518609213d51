using System;

namespace Kan;

/// <summary>
/// Compiles a trained model, listed in the project as a <c>&lt;KanModel Include="..." /&gt;</c> item, into the partial type.
/// </summary>
/// <param name="file">The item's file name, or its link or relative path if two items share a file name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class KanModelAttribute(string file) : Attribute
{
    /// <summary>The item's file name, link or relative path.</summary>
    public string File { get; } = file;

    /// <summary>
    /// The number type of the generated code. Default: <see cref="Precision.Single"/>; <see cref="Precision.Int8"/> for a model that is
    /// quantised already.
    /// </summary>
    public Precision Precision { get; set; }

    /// <summary>How layers that are not affine are compiled. Default: <see cref="Lowering.Auto"/>.</summary>
    public Lowering Lowering { get; set; }

    /// <summary>
    /// Whether the type also gets <c>EvaluateWithBound</c>: a sample with certified bounds of its own rounding errors. Default: no.
    /// </summary>
    public bool EvaluateWithBound { get; set; }
}
