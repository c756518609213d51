using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Kan.Interchange.Keras;
using Kan.Interchange.NNet;
using Kan.Interchange.NumPy;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Pykan;
using Kan.Interchange.RTNeural;
using Kan.Interchange.Safetensors;
using Kan.Interchange.StateDicts;
using Kan.Interchange.Torch;

namespace Kan.Interchange;

/// <summary>Reads trained models of other tools' formats, exactly.</summary>
public static class ModelImporter
{
    private const string KanExtension = ".kan.json";

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a model with default options; see <see cref="Import(string, ImportOptions)"/>.</summary>
    /// <param name="path">The file; its extension selects the format.</param>
    /// <param name="range">The range of the inputs, if known; it overrides the range in the file.</param>
    /// <returns>The model, named after the file.</returns>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds what is not supported.</exception>
    public static KanDocument Import(string path, InputRange? range = null) =>
        Import(path, ImportOptions.None with { Range = range }).Document;

    /// <summary>
    /// Reads a model: <c>.onnx</c> (a graph of piecewise-linear operators), <c>.pt</c>, <c>.pth</c> and <c>.safetensors</c> (the state dict
    /// of a plain network or of efficient-kan), <c>NAME_config.yml</c> (a checkpoint of pykan, with <c>NAME_state</c> next to it),
    /// <c>.npz</c> (the KAN layout <c>layerL_values</c>, <c>layerL_range</c>), <c>.nnet</c> (ReLU networks as text), <c>.keras</c>
    /// and <c>.h5</c> (models of Keras that are a chain), <c>.json</c> (a network of RTNeural) or <c>.kan.json</c>; each also compressed,
    /// with <c>.gz</c> behind it, except the checkpoints of pykan.
    /// </summary>
    /// <param name="path">The file; its extension selects the format.</param>
    /// <param name="options">Options for what the file does not contain.</param>
    /// <returns>The model, named after the file, and a report of the import.</returns>
    /// <exception cref="ModelFileException">The file is missing, damaged, too costly to read, or holds what is not supported.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token of an <see cref="ExactWork"/> in force on this thread was cancelled.
    /// </exception>
    public static ImportResult Import(string path, ImportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        var file = ModelFile.Read(path);
        bool isKan = file.Name.EndsWith(KanExtension, StringComparison.OrdinalIgnoreCase);

        // Each stage puts its own steps in force, once it is known how many bytes there are.
        using var work = ExactWork.Limit(long.MaxValue, isKan ? int.MaxValue : ModelLimits.NumberBits);
        try
        {
            return isKan ? ImportKan(file, options) : Import(file, options);
        }
        catch (ExactWorkException exception)
        {
            throw file.TooCostly(exception);
        }
        catch (Exception exception) when (exception is not (ModelFileException or OperationCanceledException))
        {
            // The last resort: a fault of a reader ends as the refusal of the file that shows it, and says so.
            throw new ModelFileException(
                path,
                ModelFileProblem.Unsupported,
                $"{file.WorkingOn} made the reader fail ({exception.GetType().Name}: {exception.Message.TrimEnd('.')}). This is a bug in "
                + $"the reader, whatever the file holds: please report it.",
                innerException: exception)
            {
                IsFault = true,
            };
        }
    }

    /// <summary>
    /// The additional files that <see cref="Import(string, ImportOptions)"/> reads for a model: for <c>NAME_config.yml</c> of pykan
    /// <c>NAME_state</c>, for <c>.onnx</c> the files of its external data. A build depends on them as it does on the model. The import
    /// itself says what is wrong with any file.
    /// </summary>
    /// <param name="path">The path of the model, which need not exist.</param>
    /// <returns>Full paths, in a fixed order; none if the model cannot be read.</returns>
    public static ImmutableArray<string> DependenciesOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (PykanFiles.IsConfig(path)) return [PykanFiles.StateOf(Path.GetFullPath(path))];
            return Path.GetExtension(GzipContent.NameOf(path)).Equals(".onnx", StringComparison.OrdinalIgnoreCase)
                ? [.. OnnxExternalData.FilesOf(ModelFile.Read(path))]
                : [];
        }
        catch (Exception exception) when (exception is ModelFileException or ArgumentException or NotSupportedException or IOException)
        {
            return [];
        }
    }

    private static ImportResult ImportKan(ModelFile file, ImportOptions options)
    {
        // The reader of documents has its own limit.
        var document = ReadKan(file);
        using var work = file.LimitWork();
        if (!options.GivenRanges.IsEmpty)
            document = document with { InputRanges = RangesFor(file, options, document.Layers[0].InputCount) };
        document = Complete(file, document, options, out _);
        return new ImportResult(document, ImportReport.Of(document.Compact(CancellationToken.None), document.SourceNotes));
    }

    private static ImportResult Import(ModelFile file, ImportOptions options)
    {
        var model = PykanFiles.IsConfig(file.Path)
            ? PykanImporter.Import(file, options)
            : Path.GetExtension(file.Name).ToUpperInvariant() switch
            {
                ".ONNX" => OnnxImporter.Import(file, options),
                ".NPZ" => NumPyKanImporter.Import(file),
                ".NNET" => NNetImporter.Import(file),
                ".JSON" => RTNeuralImporter.Import(file, options),
                ".H5" or ".HDF5" => KerasImporter.ImportHdf5(file, options),
                ".KERAS" => KerasImporter.ImportArchive(file, options),
                ".PT" or ".PTH" => StateDictImporter.Import(file, TorchArchive.Read(file), options),
                ".SAFETENSORS" => StateDictImporter.Import(file, SafetensorsReader.Read(file), options),
                _ when PykanFiles.IsState(file.Name) => StateDictImporter.Import(file, TorchArchive.Read(file), options),
                var other => throw file.Unsupported($"Files of type '{other.ToLowerInvariant()}' are not supported; .onnx, .pt, .pth, "
                    + $".safetensors, _config.yml (pykan), .npz, .nnet, .keras, .h5, .json (RTNeural) and .kan.json are. Export the model "
                    + $"to ONNX."),
            };
        return Result(file, model, options);
    }

    private static ImportResult Result(ModelFile file, ImportedModel model, ImportOptions options)
    {
        file.WorkingOn = "The network";
        using var work = file.LimitWork();
        RequireNumbers(file, model);
        if (model.Layers.Count > ModelLimits.Layers)
            throw file.Unsupported($"The model has {model.Layers.Count} layers; at most {ModelLimits.Layers} are supported. Compiled "
                + $"networks are small: reduce the model.");
        var document = new KanDocument
        {
            Name = model.Name ?? Path.GetFileNameWithoutExtension(file.Name),
            SourceFile = Path.GetFileName(file.Path),
            SourceHash = file.Hash,
            SourceNotes = model.Notes,
            InputNames = model.InputNames,
            OutputNames = model.OutputNames,
            Head = model.Head,
            InputRanges = !options.GivenRanges.IsEmpty ? RangesFor(file, options, model.Layers[0].InputCount) : model.Codes is { } codes
                ? [codes.InputRange]
                : model.Domain,
            Codes = model.Codes,
            Layers = [.. model.Layers],
        };
        document = Complete(file, document, options, out var scaling);
        var report = ImportReport.Of(document.Compact(CancellationToken.None), document.SourceNotes) with
        {
            CertifiedError = model.CertifiedError,
            SampledError = model.SampledError,
            Domain = scaling is null ? model.Domain : scaling.Ranges(model.Domain),
        };
        return new ImportResult(document, report);
    }

    /// <summary>The ranges given: one for all inputs, or one for each.</summary>
    private static ImmutableArray<InputRange> RangesFor(ModelFile file, ImportOptions options, int inputs)
    {
        var ranges = options.GivenRanges;
        if (ranges.Length != 1 && ranges.Length != inputs)
            throw file.Unsupported($"The range has {ranges.Length} intervals, but the model has {inputs} "
                + $"input{(inputs == 1 ? "" : "s")}. Specify one interval for all inputs, or one for each.");
        return ranges;
    }

    /// <summary>Adds what the options say of inputs and outputs.</summary>
    private static KanDocument Complete(ModelFile file, KanDocument document, ImportOptions options, out InputScaling? scaling)
    {
        scaling = InputScaling.Of(file, options, document.Layers[0].InputCount);
        if (scaling is not null && document.Codes is not null)
            throw file.DoesNotFit($"The model is an integer network, whose codes are those of its inputs: Mean and Scale would change "
                + $"them. Standardize the inputs yourself, before the model.");
        return NodeNames.Apply(file, scaling?.Fold(document, areRangesRaw: !options.GivenRanges.IsEmpty) ?? document, options);
    }

    /// <summary>Refuses what is far larger than its file before it is expanded: a view may repeat one number a million times.</summary>
    private static void RequireNumbers(ModelFile file, ImportedModel model)
    {
        // Segments of curves are counted on their own, and no file holds them.
        long count = model.CertifiedError > 0 ? 0 : model.Layers.Sum(CountOf), most = ModelLimits.NumbersOf(file.TotalBytes);
        if (count > most)
        {
            throw file.Unsupported($"The layers have {count:N0} numbers, which is far more than a file of {file.TotalBytes:N0} bytes "
                + $"holds; at most {most:N0} are read from one of this size. Save the model without views that repeat numbers, or reduce "
                + $"it.");
        }

        static long CountOf(LayerDescription layer) => layer switch
        {
            AffineDescription affine => affine.Weights.Length,
            GridDescription grid => grid.Values.Length,
            EdgesDescription edges => edges.Edges.Length,
            ActivationDescription activation => activation.Size,
            ConvolutionDescription convolution => convolution.Weights.Length,
            _ => 0,
        };
    }

    private static KanDocument ReadKan(ModelFile file)
    {
        string text;
        try
        {
            int start = file.Bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            text = s_strictUtf8.GetString(file.Bytes, start, file.Bytes.Length - start);
        }
        catch (DecoderFallbackException exception)
        {
            throw file.Malformed("The file is not UTF-8 text. Save it as UTF-8.", exception);
        }

        try
        {
            return KanDocumentReader.Read(text);
        }
        catch (KanFormatException exception)
        {
            throw new ModelFileException(file.Path, ModelFileProblem.Malformed, exception.Message, exception.Line, exception.Column,
                exception);
        }
    }
}
