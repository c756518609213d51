using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Experiments.Reports;

/// <summary>A folder of pages, their images and the index.</summary>
/// <param name="path">The folder; it is made if need be.</param>
internal sealed class ReportFolder(string path)
{
    private const string IndexFile = "README.md";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a page with its images, removes images it no longer has, and brings the index up to date.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(Page page)
    {
        string markdown = page.ToMarkdown();
        string images = Path.Combine(path, "images");
        Directory.CreateDirectory(images);
        foreach (string old in Directory.EnumerateFiles(images, page.Name + "-*.svg"))
        {
            if (page.Images.All(image => image.File != Path.GetFileName(old))) File.Delete(old);
        }

        foreach (var (file, svg) in page.Images) File.WriteAllText(Path.Combine(images, file), svg, s_utf8);
        File.WriteAllText(Path.Combine(path, page.Name + ".md"), markdown, s_utf8);
        WriteIndex();
    }

    /// <summary>Writes a page that is not about the paper's claims, and brings the index up to date.</summary>
    public void Write(string name, string markdown)
    {
        File.WriteAllText(Path.Combine(path, name + ".md"), markdown, s_utf8);
        WriteIndex();
    }

    private void WriteIndex()
    {
        var index = new StringBuilder("# Experiments\n\n");
        index.Append(
            "The claims of arXiv 2503.01702, measured. Each page has its figures, the machine, and the command that produced it:\n\n");
        index.Append("```\ndotnet run -c Release --project tests/Kan.Experiments -- all      # every page, about twenty minutes\n");
        index.Append(
            "dotnet run -c Release --project tests/Kan.Experiments -- --help   # one at a time; --quick for a look in seconds\n```\n\n");
        index.Append("| experiment | result |\n|---|---|\n");
        foreach (string file in Directory.EnumerateFiles(path, "*.md").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            if (name == IndexFile) continue;
            index.Append($"| [{Path.GetFileNameWithoutExtension(name)}]({name}) | {ResultOf(File.ReadLines(file))} |\n");
        }

        File.WriteAllText(Path.Combine(path, IndexFile), index.ToString(), s_utf8);
    }

    private static string ResultOf(IEnumerable<string> lines) =>
        lines.FirstOrDefault(static line => line.StartsWith(Page.ResultMark, StringComparison.Ordinal))?[Page.ResultMark.Length..] ?? "";
}
