using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.ModelFiles;

/// <summary>Finds what is wrong with the models that declarations name.</summary>
internal sealed class ModelValidator
{
    private readonly Func<SourceText, CancellationToken, ModelReading> _read;
    private readonly List<ModelItem> _items = [];
    private readonly List<AdditionalText> _files = [];

    /// <summary>A validator for the models of a compilation.</summary>
    /// <param name="options">Lists the additional files.</param>
    /// <param name="read">Reads a text, from a cache where there is one.</param>
    public ModelValidator(AnalyzerOptions options, Func<SourceText, CancellationToken, ModelReading> read)
    {
        _read = read;
        foreach (var file in options.AdditionalFiles)
        {
            if (ModelText.ItemOf(file, options.AnalyzerConfigOptionsProvider) is not { } item) continue;
            _items.Add(item);
            _files.Add(file);
        }
    }

    /// <summary>The mistakes of a model, at the argument that names it; the argument may be null.</summary>
    public ImmutableArray<Problem> Validate(AttributeData attribute, string? name, CancellationToken cancellation)
    {
        var place = new Place.Argument(attribute, "file");
        if (name is null)
            return [new Problem(Descriptors.ModelItemNotFound, place, "null", ModelMatch.DescribeOthers(_items, string.Empty))];
        var found = ModelMatch.Find(_items, name);
        if (found.Length == 0) return [new Problem(Descriptors.ModelItemNotFound, place, name, ModelMatch.DescribeOthers(_items, name))];
        return found.Length > 1
            ? [new Problem(Descriptors.ModelIsAmbiguous, place, name,
                ModelMatch.List(ImmutableArray.CreateRange(found, i => _items[i].Path)))]
            : Validate(found[0], place, cancellation);
    }

    /// <summary>What the model of a name says of its inputs and outputs; null unless exactly one matches and is readable.</summary>
    public NetworkFacts? FactsOf(string name, CancellationToken cancellation) =>
        ModelMatch.Find(_items, name) is [var index] ? Read(_files[index], cancellation).Facts : null;

    /// <summary>The mistake of a declared type that an item makes too, at the attribute; nothing where no item does.</summary>
    public ImmutableArray<Problem> ValidateName(INamedTypeSymbol type, AttributeData attribute)
    {
        string name = DeclarationParser.QualifiedName(type);
        int index = _items.FindIndex(item => item.Class.Length > 0 && ItemParser.QualifiedName(item) == name);
        if (index < 0) return [];
        string attributeName = attribute.AttributeClass!.Name.Replace("Attribute", "");
        return
        [
            new Problem(Descriptors.ItemClassIsTaken, new Place.AttributeName(attribute), name, _items[index].Path,
                "the type has [" + attributeName + "]", "remove the attribute, or the Class of the item"),
        ];
    }

    /// <summary>The item of a file, if it has a Class.</summary>
    public ModelItem? ItemWithClass(AdditionalText file) =>
        IndexOf(file) is >= 0 and var index && _items[index].Class.Length > 0 ? _items[index] : null;

    /// <summary>
    /// The mistakes in the metadata of an item, and those of its model where the item makes a class of it: no declaration would report
    /// them.
    /// </summary>
    public ImmutableArray<Problem> Validate(AdditionalText file, CancellationToken cancellation)
    {
        int index = IndexOf(file);
        if (index < 0) return [];
        var item = _items[index];
        var parsed = ItemParser.Parse(item);
        if (item.Contracts.Length > 0 && Read(file, cancellation).Facts is { } known)
        {
            var contracts = ContractLines.Parse(item.Contracts, out _);
            parsed = parsed with
            {
                Problems =
                parsed.Problems.AddRange(ContractCheck.Problems(item.Path, new Place.OtherFile(item.Project), contracts, known))
            };
        }

        if (parsed.Spec is null) return parsed.Problems;
        string name = ItemParser.QualifiedName(item);
        int first = _items.FindIndex(other => other.Class.Length > 0 && ItemParser.QualifiedName(other) == name);
        if (first < index)
        {
            return parsed.Problems.Add(new Problem(Descriptors.ItemClassIsTaken, new Place.OtherFile(item.Project), name,
                _items[first].Path,
                item.Path == _items[first].Path ? "another item for the same file has it too" : "'" + item.Path + "' has it too",
                "give each item a different class"));
        }

        var problems = parsed.Problems.AddRange(Validate(index, null, cancellation));
        return Read(file, cancellation).Facts is { } facts && MemberNames.Added(facts).Contains(item.Class)
            ? problems.Add(new Problem(
                Descriptors.ItemMetadataIsWrong, new Place.OtherFile(item.Project), item.Path, nameof(item.Class), item.Class,
                "another name, since a member of the class has this one"))
            : problems;
    }

    // At the declaration that names the model, or, for an item without one, in the text, and at the project where there is none.
    private ImmutableArray<Problem> Validate(int index, Place? place, CancellationToken cancellation)
    {
        var (item, file) = (_items[index], _files[index]);
        var reading = Read(file, cancellation);
        if (reading.Fault == Descriptors.ModelFileMissing)
            return [new Problem(Descriptors.ModelFileMissing, place ?? new Place.OtherFile(item.Project), item.Path)];
        return reading.Fault is null
            ? []
            :
            [
                new Problem(Descriptors.ModelNotReadable, place ?? new Place.OtherFile(file.Path, reading.Line, reading.Column),
                    item.Path, Path.GetFileName(file.Path), Text(reading.Line), Text(reading.Column), reading.Message),
            ];
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

        return text is null ? ModelReading.Check(null, cancellation) : _read(text, cancellation);
    }

    private int IndexOf(AdditionalText file) => _files.FindIndex(known => known.Path == file.Path);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
