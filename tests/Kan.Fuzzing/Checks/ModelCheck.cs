using System;
using System.IO;
using System.Linq;
using Kan.Fuzzing.Cases;
using Kan.Interchange;

namespace Kan.Fuzzing.Checks;

/// <summary>A model file: its reader gives a document that keeps all promises, or says in one line what is wrong.</summary>
internal static class ModelCheck
{
    /// <summary>
    /// Steps of exact arithmetic that reading may take: a part of what a build allows for approximations, so that a run has time for other
    /// cases. Time must follow steps, which the limit of processor time checks.
    /// </summary>
    public const long Steps = 3_000_000_000;

    private static readonly string?[] s_activations =
        [null, "relu", "relu", "leaky_relu(0.1)", "hardtanh", "silu", "tanh", "sigmoid", "softplus"];

    private static readonly double?[] s_tolerances = [null, 1, 0.25];

    /// <summary>The options of a variant.</summary>
    public static ImportOptions Options(int variant) => new()
    {
        Activation = s_activations[variant % s_activations.Length],
        Tolerance = s_tolerances[variant / 16 % s_tolerances.Length],
        Head = (variant / 64 % 4) switch { 0 => ModelHead.Drop, 2 => ModelHead.Keep, _ => ModelHead.Refuse },
        Domain = variant / 128 % 2 == 0 ? [] : [new InputRange(-1, 1)],
        Range = variant / 256 % 4 == 0 ? new InputRange(-2, 2) : null,
    };

    /// <summary>Reads the first file of an input.</summary>
    /// <param name="input">The files.</param>
    /// <param name="variant">Chooses what is done with a document.</param>
    /// <param name="folder">Where the files are written.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="check">What else must hold of a document that is accepted: the fault, or null.</param>
    public static Verdict Judge(FuzzInput input, int variant, string folder, ImportOptions options,
        Func<ImportResult, Verdict?>? check = null)
    {
        foreach (var file in input.Files) File.WriteAllBytes(Path.Combine(folder, file.Name), file.Bytes);
        string path = Path.Combine(folder, input.Files[0].Name);
        ImportResult result;
        try
        {
            using var work = ExactWork.Limit(Steps);
            result = ModelImporter.Import(path, options);
        }
        catch (ModelFileException exception)
        {
            if (!exception.File.StartsWith(folder, StringComparison.Ordinal))
                return Faults.Broken("a refusal names the file", exception.ToString());
            string message = exception.Reason;
            if (Messages.Fault(message) is { } fault)
                return Faults.Broken("the message of a refusal " + fault.Split(' ')[0], $"{fault}: {exception}");
            if (exception.InnerException is { } inner && (exception.IsFault || IsFaultOfCode(inner)))
                return Faults.Thrown("reading", inner);
            return new Verdict(exception.DiagnosticId,
                exception.DiagnosticId + " " + Messages.Shape(message.Replace(folder, "", StringComparison.Ordinal)));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Faults.Thrown("reading", exception);
        }

        return check?.Invoke(result) ?? DocumentCheck.Judge(result.Document, variant);
    }

    /// <summary>Whether an exception says that code is wrong, whatever it is wrapped in.</summary>
    private static bool IsFaultOfCode(Exception exception) =>
        exception is NullReferenceException or IndexOutOfRangeException or InvalidCastException or ArrayTypeMismatchException
        && !exception.StackTrace!.Contains("YamlDotNet", StringComparison.Ordinal)
        && !exception.StackTrace!.Contains("PureHDF", StringComparison.Ordinal);
}
