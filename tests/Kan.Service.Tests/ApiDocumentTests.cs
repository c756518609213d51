using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Kan.Service.Load;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag.CodeGeneration.CSharp;
using Xunit;

namespace Kan.Service.Tests;

/// <summary>The OpenAPI document says what the service does, closely enough for a generated client.</summary>
public sealed class ApiDocumentTests(SharedService shared) : IClassFixture<SharedService>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_described_to_the_last_number()
    {
        var document = await Document();
        Assert.Equal("Handwritten digits", (string?)document["info"]!["title"]);
        var request = document["components"]!["schemas"]!["ClassifyRequest"]!;
        var pixels = request["properties"]!["pixels"]!;
        Assert.Equal((784, 784), ((int)pixels["minItems"]!, (int)pixels["maxItems"]!));
        Assert.Equal(("number", 0, 1),
            ((string?)pixels["items"]!["type"], (int)pixels["items"]!["minimum"]!, (int)pixels["items"]!["maximum"]!));
        Assert.Equal((1, 1), ((int)request["minProperties"]!, (int)request["maxProperties"]!));
        Assert.Equal(["pixels", "samples"], request["properties"]!.AsObject().Select(static property => property.Key));

        var classify = document["paths"]!["/classify"]!["post"]!;
        Assert.Equal("binary", (string?)classify["requestBody"]!["content"]!["application/octet-stream"]!["schema"]!["format"]);
        var model = classify["parameters"]!.AsArray().Single(static parameter => (string?)parameter!["name"] == "model")!;
        Assert.Equal(Digits.Models, model["schema"]!["enum"]!.AsArray().Select(static name => (string?)name));
        Assert.NotNull(classify["responses"]!["200"]!["headers"]!["X-Model-Hash"]);
    }

    [Fact]
    public async Task Every_operation_has_an_id_of_its_own()
    {
        var operations = (await Document())["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()).ToList();
        Assert.DoesNotContain(operations, static operation => operation.Key == "head");
        string?[] ids = [.. operations.Select(static operation => (string?)operation.Value!["operationId"])];
        Assert.All(ids, Assert.NotNull);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_generated_client_compiles_and_gets_the_known_answer()
    {
        var document =
            await NSwag.OpenApiDocument.FromJsonAsync(await shared.Process.Client.GetStringAsync("/openapi/v1.json", Cancellation),
            Cancellation);
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "Client",
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson }
        };
        var client = Compile(new CSharpClientGenerator(document, settings).GenerateFile());
        var request = Activator.CreateInstance(client.Assembly.GetType("Generated.ClassifyRequest", throwOnError: true)!)!;
        request.GetType().GetProperty("Pixels")!.SetValue(request, Digits.Pixels(0).ToList());
        object instance = Activator.CreateInstance(client, shared.Process.Client)!;
        client.GetProperty("BaseUrl")?.SetValue(instance, shared.Process.Address.ToString());
        var method = client.GetMethods()
            .Single(static method => method.Name == "ClassifyAsync"
                && method.GetParameters().Any(static parameter => parameter.ParameterType == typeof(CancellationToken)));
        object?[] arguments = [.. method.GetParameters()
            .Select(parameter => parameter.ParameterType == typeof(CancellationToken)
                ? Cancellation
                : parameter.ParameterType == request.GetType() ? request : null)];
        var task = (Task)method.Invoke(instance, arguments)!;
        await task;
        object answer = task.GetType().GetProperty("Result")!.GetValue(task)!;
        object result = ((IEnumerable)answer.GetType().GetProperty("Results")!.GetValue(answer)!).Cast<object>().Single();
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(result, result.GetType()));
        Assert.True(Digits.IsAnswer(0, 0, json.RootElement));
    }

    private async Task<JsonNode> Document() =>
        JsonNode.Parse(await shared.Process.Client.GetStringAsync("/openapi/v1.json", Cancellation))!;

    private static Type Compile(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Generated", [CSharpSyntaxTree.ParseText(source, cancellationToken: Cancellation)],
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: Cancellation);
        Assert.True(emitted.Success, string.Join('\n',
            emitted.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
        return Assembly.Load(image.ToArray()).GetType("Generated.Client", throwOnError: true)!;
    }
}
