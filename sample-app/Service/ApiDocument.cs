using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace SampleApp.Service;

/// <summary>
/// What the OpenAPI document says beyond what types say: lengths, ranges, bytes, the names of models, and what a header holds.
/// </summary>
internal static class ApiDocument
{
    /// <summary>Completes the document.</summary>
    public static void Describe(OpenApiOptions options)
    {
        // What generators of clients read.
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.AddDocumentTransformer(Complete);
    }

    /// <summary>Lets an endpoint answer <c>HEAD</c> as it answers <c>GET</c>; the server leaves out the body.</summary>
    public static TBuilder WithHead<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new HttpMethodMetadata([HttpMethod.Get.Method, HttpMethod.Head.Method]));

    private static Task Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Handwritten digits",
            Version = "1",
            Description = "Two networks that were compiled into C#: a ReLU network and a Kolmogorov-Arnold network, trained on MNIST.",
        };

        foreach (var path in document.Paths.Values) path.Operations?.Remove(HttpMethod.Head);

        var picture = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "A picture, row by row: numbers from 0 (paper) to 1 (ink).",
            MinItems = MnistData.PixelCount,
            MaxItems = MnistData.PixelCount,
            Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "float", Minimum = "0", Maximum = "1" },
        };
        var samples = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "Pictures.",
            MinItems = 1,
            MaxItems = RequestReader.MaxSamples,
            Items = picture
        };
        var classify = Closed("Exactly one of pixels and samples.", ("pixels", picture), ("samples", samples));
        classify.MinProperties = 1;
        classify.MaxProperties = 1;
        var explain = Closed("A drawing to explain.", ("pixels", picture), ("previous", picture));
        explain.Required = new HashSet<string> { "pixels" };
        var schemas = document.Components!.Schemas!;
        schemas[nameof(ClassifyRequest)] = classify;
        schemas[nameof(ExplainRequest)] = explain;

        Classify(document.Paths["/classify"].Operations![HttpMethod.Post], context.ApplicationServices.GetRequiredService<Catalogue>());
        return Task.CompletedTask;
    }

    private static void Classify(OpenApiOperation operation, Catalogue catalogue)
    {
        var names = catalogue.All.Select(static classifier => classifier.Info.Name).ToList();
        var model = operation.Parameters!.OfType<OpenApiParameter>().Single(static parameter => parameter.Name == "model");
        model.Description = "The network that classifies.";
        model.Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. names.Select(static name => (JsonNode)name)],
            Default = names[0]
        };

        operation.RequestBody!.Content![RequestReader.RawType].Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = "One picture after the other, a byte for each pixel, from 0 (paper) to 255 (ink).",
        };
        var answer = (OpenApiResponse)operation.Responses!["200"];
        answer.Headers = new Dictionary<string, IOpenApiHeader>
        {
            [ClassifyEndpoint.HashHeader] = new OpenApiHeader
            {
                Description = "The SHA-256 of the exact parameters of the network.",
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-f]{64}$" },
            },
        };
    }

    /// <summary>An object that has these fields alone.</summary>
    private static OpenApiSchema Closed(string description, params (string Name, OpenApiSchema Schema)[] fields) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Properties = fields.ToDictionary(static field => field.Name, static field => (IOpenApiSchema)field.Schema),
        AdditionalPropertiesAllowed = false,
    };
}
