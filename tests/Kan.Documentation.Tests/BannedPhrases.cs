using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Kan.Documentation.Tests;

/// <summary>A phrase that a native reader stumbles over.</summary>
/// <param name="Pattern">What is found: a regular expression, without regard to case, between word boundaries.</param>
/// <param name="Instead">What to write.</param>
internal sealed record BannedPhrase(string Pattern, string Instead)
{
    private readonly Regex _regex = new($@"\b(?:{Pattern.Replace(" ", @"\s+", StringComparison.Ordinal)})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>What of it a line contains.</summary>
    public IEnumerable<string> In(string line) => _regex.Matches(line).Select(static match => match.Value);
}

/// <summary>Files that keep phrases for now.</summary>
/// <param name="Path">A file, or a folder with a slash at the end, from the root.</param>
/// <param name="Patterns">The phrases, as in the table.</param>
/// <param name="Reason">Why they stay.</param>
internal sealed record Exclusion(string Path, IReadOnlyList<string> Patterns, string Reason)
{
    public bool Covers(string file, BannedPhrase phrase) =>
        (Path.EndsWith('/') ? file.StartsWith(Path, StringComparison.Ordinal) : file == Path) && Patterns.Contains(phrase.Pattern);
}

/// <summary>
/// The phrases, what to write instead, and where some are still allowed. Mathematics keeps its words: a point may lie in an interval.
/// </summary>
internal static class BannedPhrases
{
    public static IReadOnlyList<BannedPhrase> All { get; } =
    [
        // Defaults and missing values.
        new("(?:when|where|while|if) silent", "Default: ..."),
        new("(?:stay|stays|may stay|is left) silent", "is optional, is not set"),
        new("when nothing is said", "by default"),
        new("unless told(?: otherwise)?", "by default"),
        new("nothing told", "no options"),
        new("(?:null|empty|NaN|infinite) where", "null if, empty if, ..."),

        // Places.
        new("(?:has|have|had) (?:a|no) place", "has a location, is reported at, does not belong to"),
        new("with(?:out)? a place", "at its exact location, without a location"),
        new("(?:diagnostic|error|warning|mistake) stands", "is reported at"),
        new("stands? (?:at|on|beside|apart|together|twice|in the way)", "is at, are stored together, prevents"),
        new("as (?:it|they) stands?", "as it is, as written"),
        new("beside (?:it|its|them|the|their|each|a|this)", "next to, in addition to, compared with"),
        new("lies? (?:in the assembly|beside|too deep)", "is in, is next to, is too deep"),

        // Messages.
        new("expected (?:is|are) (?:a|an|one|two|three|the|input|rows|drop|samples)", "expected a ..."),
        new("(?<!there )is no (?:float|double|number|string|text|list|array|object|integer|multiple|interval|file|row|range|sample|chain|tuple|constant)", "is not a ..."),
        new("leads? edges? (?:to|from)", "connect an edge to"),
        new("give one slope more", "specify one more slope"),
        new("name one of", "use one of"),
        new("say (?:a|an|the|one) (?:larger|smaller|range|largest)", "specify a ..."),
        new("has its bounds exchanged", "has its lower bound above its upper bound"),
        new("a fault of (?:its own|kan itself|the reader|kan)", "an internal error, a bug"),
        new("is there twice", "occurs twice"),
        new("the wrong way round", "the low end exceeds the high end"),
        new("not found out", "not decided"),
        new("further off than", "differs by more than"),

        // Verbs that read as translated.
        new("carr(?:y|ies|ied|ying) out", "runs, performs, applies"),
        new("carries nothing", "has no effect"),
        new("is had", "is obtained"),
        new("not to be had", "is not available"),
        new("be rid of", "turn off, remove"),
        new("hands? (?:them|it) on", "passes on, converts"),
        new("hand (?:them|it|you|me) (?:to|over to)", "pass to"),
        new("goes on (?:after|to|with|as)", "continues"),
        new("went on after", "resumed after"),
        new("takes? up (?:the|its|their|partial|intercepts)", "accumulates, adds, uses"),
        new("brought to (?:a|their|the) (?:normal form|normal forms|characters)", "converted to"),
        new("is asked for by name", "is requested"),
        new("as (?:it|they) (?:is|are) asked for", "as requested"),
        new("what it takes", "supported inputs, requirements"),
        new("takes what \\w+ing", "is bound by"),
        new("what the class gets", "generated members"),
        new("read on(?! (?:each|every|one|a|the|white))", "more documentation"),
        new("(?:created|made|written|starts?|starting|computed|converted) anew", "from scratch, again, newly created"),
        new("(?:a|an) (?:\\w+ )?of its own(?! (?:accord|operations))", "a separate ..., its own ..."),
        new("of their own", "their own ..., separate"),
        new("bit for bit as one by one", "bit-identical to single calls"),
        new("is the evaluation itself", "is the network"),
        new("some (?:thirty|twenty|hundred|\\d+)(?! of)", "about"),
        new("a sample a call", "one sample per call"),
        new("one sample a call", "one sample per call"),
    ];

    /// <summary>Where phrases are still allowed. Empty these lists as the files change.</summary>
    public static IReadOnlyList<Exclusion> Exclusions { get; } =
    [
        new("src/Kan.Compiler/",
            ["bit for bit as one by one", "(?:when|where|while|if) silent", "stands? (?:at|on|beside|apart|together|twice|in the way)"],
            "Emitted text, or next to it: a change moves the bytes of generated files, so it goes together with new snapshots."),
        new("src/Kan.Compiler/",
            [
                "(?:null|empty|NaN|infinite) where", "beside (?:it|its|them|the|their|each|a|this)",
                    "(?:a|an) (?:\\w+ )?of its own(?! (?:accord|operations))",
                "of their own", "some (?:thirty|twenty|hundred|\\d+)(?! of)",
            ],
            "Comments only: these can be rewritten whenever the files change."),
        new("docs/architecture.md", ["beside (?:it|its|them|the|their|each|a|this)",
            "(?:a|an) (?:\\w+ )?of its own(?! (?:accord|operations))"], "A page with its own edition."),
        new("docs/decisions/", ["(?:null|empty|NaN|infinite) where", "(?:a|an) (?:\\w+ )?of its own(?! (?:accord|operations))",
            "of their own"], "Records of decisions are kept as they were taken."),
        new("CONTRIBUTING.md", ["beside (?:it|its|them|the|their|each|a|this)", "carr(?:y|ies|ied|ying) out", "of their own"],
            "A page with its own edition."),
    ];
}
