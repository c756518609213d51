using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>
/// The names of metadata are the same for all that read them: the tasks, the package's properties for the compiler, and the page.
/// </summary>
public sealed class MetadataNamesTests
{
    private static readonly Type s_names = Assembly.LoadFrom(TestFiles.Metadata("KanTasks"))
        .GetType("Kan.Build.ItemMetadata", throwOnError: true)!;

    [Fact]
    public void The_compiler_sees_what_the_generator_reads()
    {
        var properties = XDocument.Load(Path.Combine(TestFiles.Metadata("KanTargets"), "Kan.Generators.props"));
        string[] visible = [.. properties.Descendants("CompilerVisibleItemMetadata")
            .Select(static item => item.Attribute("MetadataName")!.Value)];
        Assert.Equal(visible.Order(StringComparer.Ordinal), Names("Generation").Append("ModelFile").Append("ContractResults")
            .Select(static name => "Kan" + name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_lists_every_name()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(TestFiles.Metadata("KanTargets"), "../../../docs/model-files.md"))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.All(Names("Conversion").Concat(Names("Generation")),
            name => Assert.Contains(rows, row => row.Split('|')[1].Contains('`' + name + '`', StringComparison.Ordinal)));
    }

    [Fact]
    public void The_page_lists_every_operator_and_no_other()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(TestFiles.Metadata("KanTargets"), "../../../docs/model-files.md"))];
        var rows = lines.SkipWhile(static line => !line.StartsWith("| operators |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(static line => line.StartsWith('|'));
        string[] listed = [.. rows.SelectMany(static row => row.Split('|')[1].Split('`').Where(static (_, i) => i % 2 != 0)).Distinct()
            .Order(StringComparer.Ordinal)];
        string[] heads = ["Softmax", "LogSoftmax", "ArgMax", "Hardmax"];
        var read = Interchange.Onnx.Operators.OnnxOperators.Names.Concat(Interchange.Onnx.Operators.ClassicOperators.Names)
            .Concat(Interchange.Onnx.Quantized.QuantizedReader.Names);
        Assert.Equal(read.Concat(heads).Order(StringComparer.Ordinal), listed);
    }

    private static string[] Names(string field) => (string[])s_names.GetField(field)!.GetValue(null)!;
}
