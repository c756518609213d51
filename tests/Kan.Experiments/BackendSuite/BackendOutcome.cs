using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Experiments.BackendSuite;

/// <summary>What becomes of a test.</summary>
internal enum BackendClass
{
    /// <summary>It has no input of floating-point numbers, or no such output.</summary>
    DoesNotFit,

    /// <summary>An exact network, whose numbers are those recorded.</summary>
    Passes,

    /// <summary>An approximation, whose numbers are those recorded within its certificate.</summary>
    PassesWithinTolerance,

    /// <summary>A network and a step behind it, whose numbers are those recorded.</summary>
    PassesWithHead,

    /// <summary>The numbers of one sample after the other, which are recorded side by side.</summary>
    OtherAxis,

    /// <summary>A document is made, which is too large to compile.</summary>
    CannotCompile,

    /// <summary>The importer says what it does not support.</summary>
    Refused,

    /// <summary>The importer calls the file damaged, which no file of the suite is.</summary>
    CalledDamaged,

    /// <summary>Something failed that should not.</summary>
    Crashed,

    /// <summary>Other numbers than those recorded.</summary>
    Wrong,
}

/// <summary>The outcome of a test.</summary>
/// <param name="Test">Its name.</param>
/// <param name="Class">What became of it.</param>
/// <param name="Message">The refusal, or what is wrong.</param>
internal sealed record BackendOutcome(string Test, BackendClass Class, string Message)
{
    /// <summary>The largest difference in float and in double, divided by the largest recorded number where that is above 1.</summary>
    public (double Single, double Double) Difference { get; init; }

    /// <summary>Whether the numbers are recorded in 16 bits.</summary>
    public bool IsOfSixteenBits { get; init; }

    /// <summary>Whether this is nothing that the reader should do.</summary>
    public bool IsFault => Class is BackendClass.CannotCompile or BackendClass.CalledDamaged or BackendClass.Crashed or BackendClass.Wrong;

    public string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"{Test}\t{Class}\t{Difference.Single:R}\t{Difference.Double:R}\t{IsOfSixteenBits}\t{Message.ReplaceLineEndings(" ")}");

    /// <summary>The outcomes of a file of lines.</summary>
    public static IReadOnlyList<BackendOutcome> ReadAll(string file) =>
        [.. File.ReadLines(file).Select(static line => line.Split('\t')).Select(static cells =>
            new BackendOutcome(cells[0], Enum.Parse<BackendClass>(cells[1]), cells[5])
            {
                Difference = (double.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture)),
                IsOfSixteenBits = bool.Parse(cells[4]),
            })];
}
