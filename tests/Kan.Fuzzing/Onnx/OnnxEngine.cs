using System.Collections.Generic;
using Google.Protobuf;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Fuzzing.Onnx;

/// <summary>An ONNX file in memory.</summary>
/// <param name="proto">The message.</param>
internal sealed class OnnxModel(ModelProto proto)
{
    public ModelProto Proto => proto;

    /// <summary>Bytes behind the message, which the wire format reads as more fields of it.</summary>
    public byte[] Tail { get; set; } = [];
}

/// <summary>ONNX, field by field.</summary>
internal sealed class OnnxEngine : StructuredEngine<OnnxModel>
{
    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <inheritdoc/>
    public override string Subject => "ONNX by node, attribute, tensor, shape and field of the message";

    /// <inheritdoc/>
    public override int SeedCount => OnnxSeeds.Count;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        // Now and then values that are asked for by name.
        var options = ModelCheck.Options(variant);
        options = (variant % 16) switch
        {
            9 => options with { Inputs = ["x", "z"] },
            10 => options with { Outputs = ["v0"] },
            _ => options,
        };
        return ModelCheck.Judge(input, variant, folder, options);
    }

    /// <inheritdoc/>
    protected override OnnxModel Seed(int index) => new(OnnxSeeds.Create(index));

    /// <inheritdoc/>
    protected override void Mutate(OnnxModel model, FuzzRandom random)
    {
        if (random.OneIn(60)) model.Tail = Nested(random);
        else if (random.OneIn(4)) FieldMutator.Mutate(model.Proto, random);
        else GraphMutator.Mutate(model.Proto, random);
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(OnnxModel model) => [new FuzzFile("m.onnx", [.. model.Proto.ToByteArray(), .. model.Tail])];

    /// <summary>A field that is not known: groups or messages in each other, or without an end.</summary>
    private static byte[] Nested(FuzzRandom random)
    {
        var bytes = new byte[random.Size(50_000)];
        System.Array.Fill(bytes, random.Pick<byte>([0x0B, 0x3A, 0x63, 0x7B, 0x7C, 0xFF, 0x80]));
        return bytes;
    }
}
