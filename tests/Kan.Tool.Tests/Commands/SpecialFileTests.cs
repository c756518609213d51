using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Testing;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Whatever a command is told to read, it opens regular files only: a pipe that nobody writes to would stop it for ever.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string[]> Readers => new()
    {
        { "x.onnx", ["info", "SPECIAL"] },
        { "x.kan.json", ["info", "SPECIAL"] },
        { "x.npz", ["info", "SPECIAL"] },
        { "x.pt", ["info", "SPECIAL"] },
        { "x.safetensors", ["info", "SPECIAL"] },
        { "x_config.yml", ["info", "SPECIAL"] },
        { "x_state", ["info", "FOLDER/x_config.yml"] },
        { "weights.bin", ["info", "FOLDER/external.onnx"] },
        { "x.csv", ["eval", "MODEL", "--input", "SPECIAL", "-o", "FOLDER/out.csv"] },
        { "x.npy", ["eval", "MODEL", "--input", "SPECIAL", "-o", "FOLDER/out.csv"] },
        { "x.csv", ["verify", "MODEL", "SPECIAL"] },
        { "x.json", ["verify", "MODEL", "SPECIAL"] },
        { "x.npz", ["verify", "MODEL", "SPECIAL"] },
        { "x.gz", ["verify", "MODEL", "FOLDER/images.json", "--images", "SPECIAL"] },
        { "x.json", ["convert", "MODEL", "-o", "FOLDER/out.vnnlib", "--at", "SPECIAL"] },
        { "list", ["import", "SPECIAL"] },
        { "out.csv.part", ["eval", "MODEL", "--input", "FOLDER/rows.csv", "-o", "FOLDER/out.csv", "--resume"] },
    };

    private string[] Arguments(string special, string[] command)
    {
        string model = _scratch.PathOf("model.kan.json");
        File.Copy(TestFiles.Model("breast-cancer-mlp.onnx"), _scratch.PathOf("model.onnx"), overwrite: true);
        File.WriteAllText(model, KanDocumentWriter.Write(ModelImporter.Import(_scratch.PathOf("model.onnx"))));
        string row = string.Join(',', Enumerable.Repeat("0", 30));
        File.WriteAllText(_scratch.PathOf("rows.csv"), row + "\n");
        File.WriteAllText(_scratch.PathOf("images.json"), """{"outputs": [[0]], "image_indices": [0]}""");
        if (special != "x_config.yml")
            File.Copy(TestFiles.Model("pykan-masks_config.yml"), _scratch.PathOf("x_config.yml"), overwrite: true);
        File.WriteAllBytes(_scratch.PathOf("external.onnx"), ExternalModel());
        return Array.ConvertAll(command,
            word => word.Replace("MODEL", model, StringComparison.Ordinal)
            .Replace("SPECIAL", _scratch.PathOf(special), StringComparison.Ordinal)
            .Replace("FOLDER", _scratch.Folder, StringComparison.Ordinal));
    }

    // y = x W, whose W is in weights.bin, by the rules of protocol buffers: the tests of this project have no builder of ONNX files.
    private static byte[] ExternalModel()
    {
        static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
        static byte[] Name(int number, string text) => Field(number, System.Text.Encoding.UTF8.GetBytes(text));
        static byte[] Number(int number, byte value) => [(byte)(number << 3), value];
        byte[] entry = [.. Name(1, "location"), .. Name(2, "weights.bin")];
        byte[] tensor = [.. Number(1, 2), .. Number(1, 2), .. Number(2, 1), .. Name(8, "w"), .. Field(13, entry), .. Number(14, 1)];
        byte[] node = [.. Name(1, "x"), .. Name(1, "w"), .. Name(2, "y"), .. Name(4, "MatMul")];
        byte[] shape = [.. Field(1, Number(1, 1)), .. Field(1, Number(1, 2))];
        byte[] input = [.. Name(1, "x"), .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, shape)]))];
        byte[] graph = [.. Field(1, node), .. Field(5, tensor), .. Field(11, input), .. Field(12, Name(1, "y"))];
        return [.. Number(1, 8), .. Field(7, graph), .. Field(8, Number(2, 13))];
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_pipe_is_refused_by_name(string special, string[] command)
    {
        string[] arguments = Arguments(special, command);
        string path = SpecialFiles.Pipe(_scratch.PathOf(special));
        var (code, output, error) = await Task.Run(() => KanRun.Run(arguments))
            .WaitAsync(HangGuard.Limit, TestContext.Current.CancellationToken);
        Assert.True(code is ExitCode.ModelFailed or ExitCode.InputOutput, error);
        Assert.Empty(output);
        Assert.StartsWith($"{path} : error KAN0308: ", error, StringComparison.Ordinal);
        Assert.Contains("a named pipe, not a regular file", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Sockets_devices_and_folders_are_refused_and_links_to_files_are_read()
    {
        string[] arguments = Arguments("s.kan.json", ["info", "SPECIAL"]);
        using (SpecialFiles.Socket(_scratch.PathOf("s.kan.json")))
            Assert.Contains("KAN0308: The file cannot be read: it is a socket", await KanRun.Failure(ExitCode.ModelFailed, arguments),
                StringComparison.Ordinal);
        File.CreateSymbolicLink(_scratch.PathOf("d.csv"), "/dev/zero");
        Assert.Contains("KAN0308: The file cannot be read: it is a device",
            await KanRun.Failure(ExitCode.ModelFailed, Arguments("d.csv", ["eval", "MODEL", "--input", "SPECIAL", "-o", "FOLDER/out.csv"])),
            StringComparison.Ordinal);
        Directory.CreateDirectory(_scratch.PathOf("f.onnx"));
        Assert.Contains("KAN0308: The file cannot be read: it is a folder",
            await KanRun.Failure(ExitCode.ModelFailed, "info", _scratch.PathOf("f.onnx")), StringComparison.Ordinal);
        File.CreateSymbolicLink(_scratch.PathOf("l.kan.json"), _scratch.PathOf("model.kan.json"));
        await KanRun.Succeed("info", _scratch.PathOf("l.kan.json"));
    }

    [Fact]
    public async Task A_pipe_in_an_item_or_beside_it_does_not_stop_the_others()
    {
        Arguments("a.onnx", []);
        SpecialFiles.Pipe(_scratch.PathOf("a.onnx"));
        SpecialFiles.Pipe(_scratch.PathOf("out.kan.json"));
        string list = _scratch.PathOf("list");
        await File.WriteAllTextAsync(list, Records.Line(_scratch.PathOf("a.onnx"), _scratch.PathOf("a.kan.json"))
            + Records.Line(_scratch.PathOf("model.onnx"), _scratch.PathOf("out.kan.json")), TestContext.Current.CancellationToken);
        var (code, _, error) = await Task.Run(() => KanRun.Run("import", list))
            .WaitAsync(HangGuard.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains("a.onnx : error KAN0308: ", error, StringComparison.Ordinal);

        // The pipe in the place of the output is replaced, like anything else of that name.
        Assert.Equal(30,
            KanDocumentReader.Read(await File.ReadAllTextAsync(_scratch.PathOf("out.kan.json"), TestContext.Current.CancellationToken))
            .ToNetwork().InputCount);
    }

    [Fact]
    public async Task A_part_is_made_anew_and_a_link_is_never_followed()
    {
        string[] arguments = Arguments("x", ["eval", "MODEL", "--input", "FOLDER/rows.csv", "-o", "FOLDER/out.csv"]);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string victim = _scratch.Write("victim", "precious"u8.ToArray()), part = _scratch.PathOf("out.csv.part");
        File.CreateSymbolicLink(part, victim);
        Assert.Contains("KAN0308: The file cannot be written: it is a link",
            await KanRun.Failure(ExitCode.InputOutput, [.. arguments, "--resume"]), StringComparison.Ordinal);
        await KanRun.Succeed(arguments);
        Assert.Equal("precious", await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken));
        Assert.Null(new FileInfo(_scratch.PathOf("out.csv")).LinkTarget);

        // An output that is a link is replaced as well.
        File.Delete(_scratch.PathOf("out.csv"));
        File.CreateSymbolicLink(_scratch.PathOf("out.csv"), victim);
        await KanRun.Succeed(arguments);
        Assert.Equal("precious", await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken));
    }
}
