using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Threading;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.ModelFiles;

/// <summary>Finds what is wrong with the models that declarations name.</summary>
internal sealed class ModelValidator
{
    private readonly Func<SourceText, ModelReading> _read;
    private readonly List<string> _paths = [];
    private readonly List<AdditionalText> _files = [];

    /// <summary>A validator for the models of a compilation.</summary>
    /// <param name="options">Lists the additional files.</param>
    /// <param name="read">Reads a text, from a cache where there is one.</param>
    public ModelValidator(AnalyzerOptions options, Func<SourceText, ModelReading> read)
    {
        _read = read;
        foreach (var file in options.AdditionalFiles)
        {
            if (ModelFile.PathOf(file, options.AnalyzerConfigOptionsProvider) is not { } path) continue;
            _paths.Add(path);
            _files.Add(file);
        }
    }

    /// <summary>The mistakes of a model, at the argument that names it.</summary>
    public ImmutableArray<Problem> Validate(AttributeData attribute, string name, CancellationToken cancellation)
    {
        var place = new Place.Argument(attribute, "file");
        var found = ModelMatch.Find(_paths, name);
        if (found.Length == 0) return [new Problem(Descriptors.ModelItemNotFound, place, name, ModelMatch.DescribeOthers(_paths, name))];
        if (found.Length > 1) return [new Problem(Descriptors.ModelIsAmbiguous, place, name, ModelMatch.List(ImmutableArray.CreateRange(found, i => _paths[i])))];

        string path = _paths[found[0]];
        var file = _files[found[0]];
        var reading = Read(file, cancellation);
        if (reading.Fault == Descriptors.ModelFileMissing) return [new Problem(Descriptors.ModelFileMissing, place, path)];
        return reading.Fault is null
            ? []
            : [new Problem(Descriptors.ModelNotReadable, place, path, Path.GetFileName(file.Path), Text(reading.Line), Text(reading.Column), reading.Message)];
    }

    private ModelReading Read(AdditionalText file, CancellationToken cancellation)
    {
        SourceText? text = null;
        try
        {
            text = file.GetText(cancellation);
        }
        catch (IOException)
        {
            // Read as missing, as the generator does.
        }

        return text is null ? ModelReading.Read(null) : _read(text);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
