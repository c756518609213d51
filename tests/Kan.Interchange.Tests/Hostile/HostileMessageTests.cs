using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Hostile;

/// <summary>Names that files print into messages: escaped, cut, and the rest of the message still there.</summary>
public sealed class HostileMessageTests
{
    private static readonly string s_evil = "a'\n: error KAN9999: \u202E*/\u0085\u001B[31m" + new string('n', 60_000);

    private static byte[] Onnx(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"])
            .Node("Relu", ["*"]).ToBytes());
        change(model);
        return model.ToByteArray();
    }

    private static byte[] Safetensors(string name, string type)
    {
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string,
            object>
        { [name] = new { dtype = type, shape = OnnxBuilder.Ints(1), data_offsets = OnnxBuilder.Ints(0, 4) } });
        return [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0];
    }

    public static TheoryData<string, byte[]> Files => new()
    {
        { "m.onnx", Onnx(static model => model.Graph.Node[1].OpType = s_evil) },
        { "m.onnx", Onnx(static model => (model.Graph.Node[1].Name, model.Graph.Node[1].OpType) = (s_evil, "Sin")) },
        { "m.onnx", Onnx(static model => model.Graph.Node[1].Domain = s_evil) },
        { "m.onnx", Onnx(static model => model.Graph.Node[1].Input[0] = s_evil) },
        { "m.onnx", Onnx(static model => model.Graph.Node[1].Attribute.Add(new AttributeProto { Name = s_evil })) },
        { "m.onnx", Onnx(static model => model.Graph.Output[0].Name = s_evil) },
        { "m.onnx", Onnx(static model => model.Graph.Output.Add(new ValueInfoProto { Name = s_evil })) },
        { "m.onnx", Onnx(static model => { model.Graph.Initializer[0].Name = s_evil; model.Graph.Initializer[0].FloatData.Clear(); }) },
        { "m.onnx",
            Onnx(static model => { model.Graph.Initializer[0].DataLocation = 1;
            model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = s_evil }); }) },
        { "m.safetensors", Safetensors(s_evil, "F32") },
        { "m.safetensors", Safetensors("a.weight", s_evil) },
        { "m.kan.json", Encoding.UTF8.GetBytes($"{{\"format\": {JsonSerializer.Serialize(s_evil)}}}") },
        { "m.kan.json", Encoding.UTF8.GetBytes($"{{\"format\": \"kan\", {JsonSerializer.Serialize(s_evil)}: 1}}") },
        { "m_config.yml", Encoding.UTF8.GetBytes($"width: {JsonSerializer.Serialize(s_evil)}\n") },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Messages_stay_one_short_line(string name, byte[] content)
    {
        using var scratch = new Scratch();
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write(name, content)));
        Assert.True(exception.Reason.Length < 5_000, exception.Reason);
        foreach (string text in (string[])[exception.Reason, exception.Message])
        {
            Assert.DoesNotContain(text, static c => char.GetUnicodeCategory(c) is
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        }
    }

    [Fact]
    public void Literal_parts_and_numbers_of_a_message_are_as_written()
    {
        MessageHandler handler = $"The tensor '{"a\nb"}' has {1234.5} {-3:D4} {(string?)null}{'x'}.";
        Assert.Equal("The tensor 'a\\u000ab' has 1234.5 -0003 x.", handler.ToString());
    }
}
