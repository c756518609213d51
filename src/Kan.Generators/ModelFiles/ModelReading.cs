using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.ModelFiles;

/// <summary>The document in a model's text, or what is wrong with it.</summary>
/// <param name="Document">The document, or null.</param>
/// <param name="Fault">The mistake, or null.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record ModelReading(KanDocument? Document, DiagnosticDescriptor? Fault = null, string Message = "", int Line = 1,
    int Column = 1)
{
    /// <summary>What a sound document says of its inputs and outputs.</summary>
    public NetworkFacts? Facts { get; init; }

    // Every class that names a model, and the analyzer, are handed the same text: it is parsed for the first that asks.
    private static readonly ConditionalWeakTable<SourceText, string> s_texts = new();
    private static readonly ConditionalWeakTable<string, Entry> s_entries = new();

    /// <summary>The text of a file; one object for one file as long as that stays the same.</summary>
    public static string TextOf(SourceText text) => s_texts.GetValue(text, static text => text.ToString());

    /// <summary>Reads a text. Generator and analyzer share this, so that what the one leaves out the other reports.</summary>
    public static ModelReading Read(string? text, CancellationToken cancellation = default) =>
        text is null ? new ModelReading(null, Descriptors.ModelFileMissing) : s_entries.GetOrCreateValue(text).Read(text, cancellation);

    /// <summary>What is wrong with a text; where nothing is, the document may be missing.</summary>
    public static ModelReading Check(string? text, CancellationToken cancellation = default) =>
        text is null ? new ModelReading(null, Descriptors.ModelFileMissing) : s_entries.GetOrCreateValue(text).Check(text, cancellation);

    /// <summary>How often a text was parsed.</summary>
    public static int ParseCount(string text) => s_entries.GetOrCreateValue(text).ParseCount;

    private static ModelReading Parse(string text, CancellationToken cancellation)
    {
        try
        {
            var document = KanDocumentReader.ReadUnlessCancelled(text, cancellation);
            return new ModelReading(document) { Facts = NetworkFacts.Of(document) };
        }
        catch (KanFormatException exception)
        {
            return new ModelReading(null, Descriptors.ModelNotReadable, exception.Message.TrimEnd('.'), exception.Line, exception.Column);
        }
    }

    /// <summary>What is known of a text: its mistake for good, its document, which is large, while something uses it.</summary>
    private sealed class Entry
    {
        private readonly object _gate = new();
        private readonly WeakReference<ModelReading> _reading = new(null!);
        private ModelReading? _known;

        public int ParseCount { get; private set; }

        public ModelReading Read(string text, CancellationToken cancellation)
        {
            lock (_gate)
            {
                if (_known is { Fault: not null } faulty) return faulty;
                if (_reading.TryGetTarget(out var reading)) return reading;
                reading = Parse(text, cancellation);
                ParseCount++;
                _known = reading with { Document = null };
                _reading.SetTarget(reading);
                return reading;
            }
        }

        public ModelReading Check(string text, CancellationToken cancellation)
        {
            lock (_gate) return _known ?? Read(text, cancellation);
        }
    }
}
