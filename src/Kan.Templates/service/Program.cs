using System.Text.Json.Serialization;
using KanApp;

var builder = WebApplication.CreateBuilder(args);

// A feature that is missing, or that nobody knows, is an error and not a zero.
builder.Services.ConfigureHttpJsonOptions(static options =>
{
    options.SerializerOptions.RespectRequiredConstructorParameters = true;
    options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
});
builder.Services.AddProblemDetails();
var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();

#if (HasModel)
app.MapGet("/model", static () =>
    new { Model.Info.Name, Model.Info.ContentHash, Model.Info.InputNames, Model.Info.InputRanges, Model.Info.OutputNames });
app.MapPost("/evaluate", static (float[] inputs) =>
{
    if (inputs.Length != Model.InputCount)
        return Results.Problem($"{inputs.Length} inputs were sent, the model has {Model.InputCount}.",
            statusCode: StatusCodes.Status400BadRequest);
    var outputs = new float[Model.OutputCount];
    Model.Evaluate(inputs, outputs);
    return Results.Ok(new { Outputs = outputs, IsInRange = Model.Info.IsInRange(inputs) });
});
#else
app.MapGet("/model", static () => new { Score.Info.Name, Score.Info.ContentHash, Score.Info.InputNames, Score.Info.InputRanges });
app.MapPost("/score", static (Person person) =>
{
    var features = new Score.Features(Age: person.Age, Pressure: person.Pressure);
    return new { Risk = Score.Evaluate(features), IsInRange = Score.IsInRange(features) };
});
#endif

app.Run();
#if (!HasModel)

/// <summary>What a client sends.</summary>
internal sealed record Person(float Age, float Pressure);
#endif
