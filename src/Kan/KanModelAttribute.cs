using System;

namespace Kan;

/// <summary>Names a trained model that the project lists as a <c>&lt;KanModel Include="..." /&gt;</c> item.</summary>
/// <param name="file">The file name of the item, or its link or relative path where two items share a file name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class KanModelAttribute(string file) : Attribute
{
    /// <summary>The file name, link or relative path of the item.</summary>
    public string File { get; } = file;

    /// <summary>The number type of the generated code; <see cref="Precision.Single"/> when silent.</summary>
    public Precision Precision { get; set; }

    /// <summary>How layers that bend are compiled; <see cref="Lowering.Auto"/> when silent.</summary>
    public Lowering Lowering { get; set; }
}
