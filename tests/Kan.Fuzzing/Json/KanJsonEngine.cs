using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Json;

/// <summary><c>.kan.json</c>, value by value.</summary>
internal sealed class KanJsonEngine : StructuredEngine<JsonTree>
{
    private static readonly string[] s_layers =
    [
        """{"kind":"affine","inputs":2,"outputs":2,"weights":[0.5,-1,"1/3",2],"bias":[0.1,0]}""",
        """{"kind":"activation","size":2,"function":"relu"}""",
        """{"kind":"activation","size":2,"functions":["relu",{"breakpoints":[-1,0],"slopes":[0,2,"1/3"],"anchor":[-1,0]}]}""",
        """{"kind":"kan","inputs":2,"outputs":2,"knots":[[-10,18,24,40],[0,50,100]],"values":[-1,0,0,0.5,0,0.5,-1,0,0.25,0.25,0,0.75,-0.5,1]}""",
        """{"kind":"kan","inputs":2,"outputs":2,"sharedKnots":[-1,0,"1/2",1],"values":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],"bias":[0,1]}""",
        """{"kind":"kan","inputs":2,"outputs":2,"edges":[{"input":0,"output":0,"breakpoints":[-1,0],"slopes":[0,2,"1/3"],"anchor":[-1,0]},{"input":1,"output":1,"slopes":[2],"anchor":[0,0.125]}],"bias":[0,1]}""",
        Packed,
    ];

    private const string Packed = """{"kind":"affine","inputs":2,"outputs":2,"weights":"f32:AACAPwAAAEAAAMA/AACAvw==","bias":"f64:AAAAAAAA8D8AAAAAAADgPw=="}""";

    private static readonly string[] s_fields =
    [
        "format", "version", "name", "source", "file", "sha256", "notes", "inputs", "names", "units", "ranges", "outputs", "layers", "kind",
            "weights", "bias", "size", "function", "functions", "knots",
        "sharedKnots", "values", "edges", "input", "output", "breakpoints", "slopes", "anchor",
    ];

    private static readonly string[] s_documents = [.. Documents()];

    /// <inheritdoc/>
    public override string Name => "json";

    /// <inheritdoc/>
    public override string Subject => "`.kan.json` by value";

    /// <inheritdoc/>
    public override int SeedCount => s_documents.Length;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override JsonTree Seed(int index) => JsonTree.Parse(s_documents[index]);

    /// <inheritdoc/>
    protected override void Mutate(JsonTree model, FuzzRandom random)
    {
        if (random.OneIn(12) && model.Members.FirstOrDefault(static member => member.Name == "layers").Value is { IsArray: true } layers)
        {
            for (int count = random.Size(5_000); count > 0; count--)
                layers.Members.Insert(random.Next(layers.Members.Count + 1), ("", JsonTree.Parse(random.Pick(s_layers))));
            return;
        }

        JsonMutator.Mutate(model, random, s_fields);
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(JsonTree model) => [new FuzzFile("m.kan.json", Encoding.UTF8.GetBytes(model.ToString()))];

    private static IEnumerable<string> Documents()
    {
        const string About = """
            "source":{"file":"a.onnx","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","notes":["The final Softmax was left out."]},"inputs":{"names":["a","b"],"units":["degC","%"],"ranges":[[-10,40],[0,100]]},"outputs":{"names":["c","d"]},
            """;
        foreach (string layer in s_layers) yield return $$"""{"format":"kan","version":1,"name":"n","layers":[{{layer}}]}""";
        yield return $$"""{"format":"kan","version":1,"name":"all",{{About}}"layers":[{{string.Join(',', s_layers)}}]}""";
        yield return $$"""{"format":"kan","version":1,"name":"ranged","inputs":{"ranges":[[-1,1]]},"layers":[{{s_layers[0]}},{{s_layers[1]}},{{s_layers[0]}}]}""";
    }
}
