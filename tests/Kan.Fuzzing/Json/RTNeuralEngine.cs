using System.Collections.Generic;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Json;

/// <summary>Networks in the JSON of RTNeural, value by value.</summary>
internal sealed class RTNeuralEngine : StructuredEngine<JsonTree>
{
    private static readonly string[] s_documents =
    [
        """
        {"in_shape":[null,null,2],"layers":[
        {"type":"dense","activation":"relu","shape":[null,null,2],"weights":[[[1.0,3.0],[2.0,-1.0]],[0.5,0.0]]},
        {"type":"batchnorm","activation":"","shape":[null,null,2],"weights":[[2.0,2.0],[0.0,0.0],[1.0,2.0],[3.0,3.0]],"epsilon":1.0},
        {"type":"prelu","activation":"","shape":[null,null,2],"weights":[[[0.5,0.25]]]},
        {"type":"time-distributed-dense","activation":"softmax","shape":[null,null,1],"weights":[[[2.0],[-4.0]]]}]}
        """,
        """
        {"in_shape":[null,1],"layers":[{"type":"dense","shape":[null,1],"weights":[[[0.5]],[0.25]]},{"type":"activation","activation":"tanh","shape":[null,1],"weights":[]}]}
        """,
    ];

    private static readonly string[] s_fields =
    [
        "in_shape", "layers", "type", "activation", "shape", "weights", "epsilon", "dense", "time-distributed-dense", "prelu", "batchnorm",
            "gru", "conv1d", "relu", "tanh", "elu", "softmax",
    ];

    /// <inheritdoc/>
    public override string Name => "rtneural";

    /// <inheritdoc/>
    public override string Subject => "JSON of RTNeural by value";

    /// <inheritdoc/>
    public override int SeedCount => s_documents.Length;

    /// <inheritdoc/>
    public override double Weight => 0.5;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override JsonTree Seed(int index) => JsonTree.Parse(s_documents[index]);

    /// <inheritdoc/>
    protected override void Mutate(JsonTree model, FuzzRandom random) => JsonMutator.Mutate(model, random, s_fields);

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(JsonTree model) => [new FuzzFile("m.json", Encoding.UTF8.GetBytes(model.ToString()))];
}
