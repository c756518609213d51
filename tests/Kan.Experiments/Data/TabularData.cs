using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Kan.Testing;

namespace Kan.Experiments.Data;

/// <summary>
/// Rows of a table whose last column is to be predicted from the others, each input standardized: less its mean on the training rows, over its deviation there.
/// </summary>
/// <param name="Names">The names of the inputs.</param>
/// <param name="Training">Rows to train on.</param>
/// <param name="Test">Rows that no training sees.</param>
internal sealed record TabularData(string[] Names, TabularRows Training, TabularRows Test)
{
    private const double TrainingPart = 0.7;

    /// <summary>
    /// Wisconsin Diagnostic Breast Cancer (W. N. Street, W. H. Wolberg and O. L. Mangasarian, 1993; UCI Machine Learning Repository): 569 tumors, 30 measurements
    /// of cell nuclei, and whether the tumor is benign.
    /// </summary>
    public static TabularData BreastCancer() => Load("breast-cancer.csv", scaleTarget: false);

    /// <summary>
    /// Diabetes (B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression, 2004): 442 patients, 10 measurements, and the progression of the
    /// disease a year later, standardized as the inputs are.
    /// </summary>
    public static TabularData Diabetes() => Load("diabetes.csv", scaleTarget: true);

    /// <summary>The least and largest value of each input in any row.</summary>
    public InputRange[] Box() => [.. Names.Select((_, p) =>
    {
        var values = Training.Inputs.Concat(Test.Inputs).Select(row => row[p]);
        return new InputRange(Rational.FromSingle(values.Min()), Rational.FromSingle(values.Max()));
    })];

    private static TabularData Load(string file, bool scaleTarget)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("tests/Kan.Experiments/Data/" + file));
        string[] names = lines[0].Split(',');
        double[][] rows = [.. lines.Skip(1).Select(static line => Array.ConvertAll(line.Split(','), static text => double.Parse(text, CultureInfo.InvariantCulture)))];
        new Random(1).Shuffle(rows);
        int training = (int)(TrainingPart * rows.Length);
        for (int column = 0; column < names.Length - (scaleTarget ? 0 : 1); column++) Standardize(rows, column, training);
        return new TabularData(names[..^1], RowsOf(rows[..training]), RowsOf(rows[training..]));
    }

    private static void Standardize(double[][] rows, int column, int training)
    {
        double mean = rows.Take(training).Average(row => row[column]);
        double deviation = Math.Sqrt(rows.Take(training).Average(row => (row[column] - mean) * (row[column] - mean)));
        foreach (double[] row in rows) row[column] = (row[column] - mean) / deviation;
    }

    private static TabularRows RowsOf(double[][] rows) =>
        new([.. rows.Select(static row => Array.ConvertAll(row[..^1], static x => (float)x))], [.. rows.Select(static row => (float)row[^1])]);
}

/// <summary>Some rows of a table.</summary>
/// <param name="Inputs">The inputs of each.</param>
/// <param name="Targets">What is to be predicted.</param>
internal sealed record TabularRows(float[][] Inputs, float[] Targets);
