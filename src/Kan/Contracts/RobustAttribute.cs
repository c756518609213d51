using System;

namespace Kan.Contracts;

/// <summary>
/// Promises that the largest output stays the largest around each row of a file: for all inputs that differ from the row by at most a
/// radius each, within the declared ranges. The build proves it of computed outputs, or fails with inputs that break it.
/// </summary>
/// <param name="file">The path of a CSV file with one column per input, relative to the project.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class RobustAttribute(string file) : Attribute
{
    /// <summary>The path of a CSV file with one column per input, relative to the project.</summary>
    public string File { get; } = file;

    /// <summary>How far each input may be from that of the row, positive.</summary>
    public double Radius { get; set; }
}
