using System.Globalization;
using System.Linq;
using System.Text.Json;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Output;

/// <summary>Names of a model that would end a comment, a string or a line, or turn the order of what is shown around.</summary>
public sealed class EvilNameTests
{
    private const string Evil = "a*/ int evil; /* \n#error x\r\u2028\u0085 \"\\\" ]]> </summary><b> %s {0} ??/ \u202E\u2066";

    private static readonly int[][] s_ranges = [[0, 1]];

    private static readonly string s_long = new('n', 60_000);

    private static string Model(string name) => JsonSerializer.Serialize(new
    {
        format = "kan",
        version = 1,
        name,
        layers = new[] { new { kind = "affine", inputs = 2, outputs = 1, weights = new[] { 1.5, -2 } } },
        source = new { file = name, notes = new[] { name } },
        inputs = new { names = new[] { name, name + "2" }, units = new[] { name, name }, ranges = s_ranges },
        outputs = new { names = new[] { name } },
    });

    private static void AssertPlain(string text) => Assert.DoesNotContain(text, static c => c != '\n' && char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate);

    [Fact]
    public void Generated_code_compiles_and_shows_them_as_they_are()
    {
        foreach (string name in (string[])[Evil, s_long])
        {
            // A line end in a path reaches the generator as {0A}.
            var assembly = GeneratorHarness.Build("", ($"m{{0A}}#error{{0D}}\u202E.onnx|Class=Net", Model(name)));
            Assert.NotNull(assembly);
            var run = GeneratorHarness.Run("", ($"m{{0A}}#error{{0D}}\u202E.onnx|Class=Net", Model(name)));
            foreach (string text in run.Sources.Values)
            {
                AssertPlain(text);

                // The description holds names and notes in full, as literals.
                Assert.All(text.Split('\n').Where(static line => !line.Contains(" = [\"") && !line.Contains(" Name = \"")),
                    static line => Assert.True(line.Length < 6_000, line));
            }
        }
    }

    [Fact]
    public void Messages_are_one_line_of_bounded_length()
    {
        string[] models =
        [
            Model(Evil).Replace("\"affine\"", JsonSerializer.Serialize(Evil)),
                Model(Evil).Replace("\"affine\"", JsonSerializer.Serialize(s_long)),
            Model(Evil).Replace("\"weights\"", JsonSerializer.Serialize(Evil)),
                Model(Evil).Replace("\"weights\"", JsonSerializer.Serialize(s_long)),
        ];
        var runs = models.Select(static model => GeneratorHarness.Run("", ("m.onnx|Class=Net", model)))
            .Append(GeneratorHarness.Run("", ($"{Evil.Replace("\n", "{0A}").Replace("\r", "{0D}")}.onnx|Class={s_long}-", Model("n"))))
            .Append(GeneratorHarness.Run($"[Kan.KanModel({JsonSerializer.Serialize(Evil + s_long)})] partial class Net;",
                ("m.onnx", Model("n"))));
        foreach (var run in runs)
        {
            Assert.NotEmpty(run.Diagnostics);
            foreach (var diagnostic in run.Diagnostics)
            {
                string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
                AssertPlain(message);
                Assert.DoesNotContain('\n', message);
                Assert.True(message.Length < 6_000, message);
            }
        }
    }
}
