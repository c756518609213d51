using System.Collections.Generic;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace SampleApp.Service;

/// <summary>One picture or several: give <c>pixels</c> or <c>samples</c>.</summary>
/// <param name="Pixels">784 numbers from 0 (paper) to 1 (ink), row by row.</param>
/// <param name="Samples">Rows of 784 such numbers.</param>
internal sealed record ClassifyRequest(float[]? Pixels, float[][]? Samples);

/// <summary>What a network said.</summary>
/// <param name="Model">The network.</param>
/// <param name="EvaluationMicroseconds">The time of the evaluation alone.</param>
/// <param name="Results">One result for each sample, in order.</param>
internal sealed record ClassifyResponse(string Model, double EvaluationMicroseconds, IReadOnlyList<Classification> Results);

/// <summary>One classification.</summary>
/// <param name="Digit">The output with the largest logit.</param>
/// <param name="Logits">The ten outputs of the network.</param>
internal sealed record Classification(int Digit, float[] Logits);

/// <summary>A drawing to explain.</summary>
/// <param name="Pixels">784 numbers from 0 to 1.</param>
/// <param name="Previous">The drawing before the last stroke, or nothing.</param>
internal sealed record ExplainRequest(float[]? Pixels, float[]? Previous);

/// <summary>What each network says of a drawing, and why.</summary>
/// <param name="Models">One explanation for each network.</param>
internal sealed record ExplainResponse(IReadOnlyList<Explanation> Models);

/// <summary>Why a network says what it says of a drawing.</summary>
/// <param name="Model">The network.</param>
/// <param name="Digit">The output that won.</param>
/// <param name="RunnerUp">The output that came second.</param>
/// <param name="Logits">The ten outputs.</param>
/// <param name="EvaluationMicroseconds">The median time of one evaluation of this drawing.</param>
/// <param name="Contributions">What each pixel added to the lead of the winner: (J[winner] - J[runner-up]) x.</param>
/// <param name="Offset">What no pixel added.</param>
/// <param name="Region">The linear region that the drawing is in.</param>
/// <param name="Nodes">For a KAN, the nodes of the layer before the outputs that decided; otherwise empty.</param>
internal sealed record Explanation(
    string Model, int Digit, int RunnerUp, float[] Logits, double EvaluationMicroseconds, float[] Contributions, double Offset,
    Region Region, IReadOnlyList<DecidingNode> Nodes);

/// <summary>A linear region, by a fingerprint of its affine map.</summary>
/// <param name="Id">Equal where the map is equal, to the bit.</param>
/// <param name="Crossed">How many borders of regions are on the way from the drawing before the last stroke to this one.</param>
/// <param name="StrokesToNext">How many more strokes like the last one until the next border; nothing where none is within two.</param>
internal sealed record Region(string Id, int Crossed, double? StrokesToNext);

/// <summary>A node of the KAN, the function on its edge to the winning digit, and the functions of the pixels that moved it most.</summary>
/// <param name="Node">Its place in the layer.</param>
/// <param name="Change">What it added to the output that won, compared with a blank page.</param>
/// <param name="ToWinner">Its edge to the output that won.</param>
/// <param name="FromPixels">Its edges from the pixels whose values differ most from what paper gives.</param>
internal sealed record DecidingNode(int Node, double Change, EdgeCurve ToWinner, IReadOnlyList<EdgeCurve> FromPixels);

/// <summary>An edge function and where it is evaluated.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Input">The input of the layer.</param>
/// <param name="Output">The output of the layer.</param>
/// <param name="X">Breakpoints and a point beyond each end.</param>
/// <param name="Y">The values there.</param>
/// <param name="At">Where the drawing puts the input.</param>
/// <param name="Value">The value there.</param>
internal sealed record EdgeCurve(int Layer, int Input, int Output, double[] X, double[] Y, double At, double Value);

/// <summary>A network as a user may want to know it.</summary>
/// <param name="Name">The name to classify by.</param>
/// <param name="ContentHash">The hash of its exact parameters.</param>
/// <param name="Widths">Inputs, then the outputs of each layer.</param>
/// <param name="Precision">The number type.</param>
/// <param name="ErrorBound">The certified bound of the rounding error on the declared input range.</param>
/// <param name="TableBytes">The bytes of its tables.</param>
/// <param name="Layers">Its layers as compiled.</param>
internal sealed record ModelDescription(
    string Name, string ContentHash, IReadOnlyList<int> Widths, string Precision, double ErrorBound, int TableBytes,
    IReadOnlyList<LayerSummary> Layers);

/// <summary>A layer as compiled.</summary>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Edges">The edges that are not zero.</param>
/// <param name="Segments">Their linear segments.</param>
/// <param name="Lowering">The form it is computed in.</param>
/// <param name="Reason">Why.</param>
internal sealed record LayerSummary(int Inputs, int Outputs, int Edges, int Segments, string Lowering, string Reason);

/// <summary>The service is up.</summary>
/// <param name="Status">Always "ok".</param>
internal sealed record Health(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ClassifyRequest))]
[JsonSerializable(typeof(ClassifyResponse))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(ExplainResponse))]
[JsonSerializable(typeof(IReadOnlyList<ModelDescription>))]
[JsonSerializable(typeof(ModelDescription[]))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ServiceJson : JsonSerializerContext;
