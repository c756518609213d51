using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Threading;
using DuckDB.NET.Data;
using Kan.DuckDB;
using Kan.Interchange;

namespace Kan.Tool.Scoring;

/// <summary>
/// Scores files or parts of them one after the other, each in a separate query: rows stream through DuckDB and the compiled network into a
/// file ending in .part, which takes the name of the results when it is whole. What has its results is passed over.
/// </summary>
internal sealed class ScoreJob : IDisposable
{
    private const double SecondsBetweenManifests = 1;

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly ScoreQuery _query;
    private readonly string _folder;

    /// <param name="query">What is asked of each file.</param>
    /// <param name="model">The compiled network.</param>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="megabytes">What DuckDB may use of memory for its buffers.</param>
    public ScoreJob(ScoreQuery query, Type model, string folder, int threads, int megabytes)
    {
        _query = query;
        _folder = folder;
        _connection.Open();

        // Nothing is fetched, and nothing is written but the results.
        foreach (string setting in (string[])
            [
                "autoinstall_known_extensions = false", "autoload_known_extensions = false", "enable_progress_bar = true",
                    "enable_progress_bar_print = false",
                string.Create(CultureInfo.InvariantCulture, $"threads = {threads}"),
                    string.Create(CultureInfo.InvariantCulture, $"memory_limit = '{megabytes}MB'"),
            ]) Sql.Execute(_connection, "SET " + setting);
        var register = typeof(Registration).GetMethod(nameof(Registration.Register))!;
        try
        {
            register.MakeGenericMethod(model, query.Precision == Precision.Single ? typeof(float) : typeof(double))
                .Invoke(null, [_connection, ScoreQuery.Function]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }
    }

    /// <summary>The files of a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="rows">The rows of a part, at least; null for whole files.</param>
    public IReadOnlyList<ScoreFile> Find(string pattern, long? rows)
    {
        var files = ScoreFiles.Find(_connection, pattern);
        return rows is { } each ? [.. files.SelectMany(file => ScoreFiles.Divide(_connection, file, each))] : files;
    }

    /// <summary>Scores files, and writes the manifest as it goes.</summary>
    /// <param name="files">The files.</param>
    /// <param name="manifest">What is in the folder already, of the same run.</param>
    /// <param name="format">The format of the results; null for that of each file.</param>
    /// <param name="fail">Called for a file that cannot be used; the others are scored.</param>
    /// <param name="report">Called with the share that is done.</param>
    /// <param name="token">Stops the job; whole files stay.</param>
    /// <returns>The manifest, and the rows that were scored now.</returns>
    public (ScoreManifest Manifest, long Rows) Run(IReadOnlyList<ScoreFile> files, ScoreManifest manifest, RowFormat? format,
        Action<ToolException> fail, Action<double> report, CancellationToken token)
    {
        var scored = manifest.Files.ToDictionary(static file => file.Output, StringComparer.Ordinal);
        double total = Math.Max(1, files.Sum(static file => new FileInfo(file.Path).Length * file.Share)), done = 0;
        long now = 0;
        int failed = 0;
        var written = Stopwatch.StartNew();
        ScoreManifest Current(bool isComplete) => manifest with
        {
            IsComplete = isComplete,
            Files = [.. scored.Values.OrderBy(static file => file.Output, StringComparer.Ordinal)],
            Rows = scored.Values.Sum(static file => file.Rows),
        };

        RemoveFormerParts(files, scored, format);
        try
        {
            foreach (var file in files)
            {
                var input = new FileInfo(file.Path);
                var type = format ?? file.Format;
                string output = ScoreFiles.OutputName(file, type);
                if (!scored.TryGetValue(output, out var before) || !before.IsUpToDate(_folder, output, input))
                {
                    scored.Remove(output);
                    try
                    {
                        double start = done, length = input.Length * file.Share;
                        scored[output] = Score(file, input, output, type, share => report((start + (share * length)) / total), token);
                        now += scored[output].Rows;
                    }
                    catch (ToolException exception) when (exception.ExitCode == ExitCode.ModelFailed)
                    {
                        failed++;
                        fail(exception);
                    }
                }

                done += input.Length * file.Share;
                report(done / total);
                if (written.Elapsed.TotalSeconds < SecondsBetweenManifests) continue;
                Current(isComplete: false).Write(_folder);
                written.Restart();
            }
        }
        catch
        {
            Current(isComplete: false).Write(_folder);
            throw;
        }

        var last = Current(failed == 0);
        last.Write(_folder);
        return (last, now);
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>A file that has fewer row groups than it had leaves no results of rows that are gone.</summary>
    private void RemoveFormerParts(IReadOnlyList<ScoreFile> files, Dictionary<string, ScoredFile> scored, RowFormat? format)
    {
        var names = files.Select(static file => file.Name).ToHashSet(StringComparer.Ordinal);
        var outputs = files.Select(file => ScoreFiles.OutputName(file, format ?? file.Format)).ToHashSet(StringComparer.Ordinal);
        var extensions = outputs.Select(static output => Path.GetExtension(output)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var former in scored.Values.Where(file => names.Contains(file.Input) && !outputs.Contains(file.Output)
            && extensions.Contains(Path.GetExtension(file.Output))).ToArray())
        {
            Output.Write(former.Output, () => File.Delete(Path.Combine(_folder, former.Output)));
            scored.Remove(former.Output);
        }
    }

    private ScoredFile Score(ScoreFile file, FileInfo input, string output, RowFormat format, Action<double> report,
        CancellationToken token)
    {
        string path = Path.Combine(_folder, output), part = path + ".part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(part);
            long rows = Copy(file, part, format, report, token);
            using (var stream = File.OpenRead(part))
            {
                var result = new ScoredFile(file.Name, input.Length, input.LastWriteTimeUtc, output, rows, stream.Length,
                    Convert.ToHexStringLower(SHA256.HashData(stream)));
                stream.Dispose();
                File.Move(part, path, overwrite: true);
                return result;
            }
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw Output.Failure(path, exception);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Runs the query into a file.</summary>
    private long Copy(ScoreFile file, string part, RowFormat format, Action<double> report, CancellationToken token)
    {
        string form = format switch
        {
            RowFormat.Parquet => "FORMAT parquet",
            RowFormat.Csv => "FORMAT csv, HEADER true",
            _ => "FORMAT json"
        };
        using var command = _connection.CreateCommand();
        try
        {
            command.CommandText = $"COPY ({_query.Of(_connection, file)}) TO {Sql.Text(part)} ({form})";
            token.ThrowIfCancellationRequested();
            using var stop = token.Register(command.Cancel);
            using var progress = new Timer(_ => report(Math.Clamp(_connection.GetQueryProgress().Percentage / 100, 0, 1)), null, 200, 200);
            return command.ExecuteNonQuery();
        }
        catch (DuckDBException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
        catch (DuckDBException exception)
        {
            string message = exception.Message.ReplaceLineEndings(" ");
            if (message.Contains(part, StringComparison.Ordinal) || message.Contains("No space left", StringComparison.Ordinal))
                throw new ToolException(new Failure(part, "KAN0308", "The file cannot be written: " + message), ExitCode.InputOutput);
            throw ToolException.BadData(file.Path, "DuckDB cannot read it: " + message);
        }
    }
}
