using System;
using System.IO;

namespace Kan.Tool;

/// <summary>The files that pictures are written to.</summary>
internal static class PictureFile
{
    public const string Help = "The SVG file to write; its name ends in .svg.";

    /// <exception cref="ToolException">The name promises another format than SVG.</exception>
    public static void Require(string file)
    {
        string type = Path.GetExtension(file);
        if (type.Equals(".svg", StringComparison.OrdinalIgnoreCase)) return;
        throw ToolException.Option($"'{file}' must end in .svg: pictures are SVG, which browsers and office programs open. For PNG or "
            + $"PDF, write {Path.ChangeExtension(Path.GetFileName(file), ".svg")} and convert it, for example with rsvg-convert or "
            + $"Inkscape.");
    }
}
