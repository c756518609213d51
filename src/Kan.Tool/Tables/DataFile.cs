using System;
using System.IO;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// Data files that commands read: only regular files are opened, and what the system says about one becomes an error at that file.
/// </summary>
internal static class DataFile
{
    /// <summary>The maximum number of bytes of a file that is read whole.</summary>
    public const int LongestFile = 1 << 30;

    /// <summary>What the standard input and output are called where a file is named.</summary>
    public const string Standard = "-";

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="ToolException">The file is missing, not regular, too large, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path) => Read(path, () => RegularFile.ReadAllBytes(path, LongestFile));

    /// <summary>Opens a file that is read from its beginning to its end.</summary>
    /// <exception cref="ToolException">The file is missing, not regular, or cannot be opened.</exception>
    public static FileStream Open(string path) => Read(path, () => RegularFile.OpenRead(path, 1 << 16, FileOptions.SequentialScan));

    /// <summary>Runs an action that reads a file.</summary>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static TResult Read<TResult>(string path, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw new ToolException(Failure.From(FileFailure.OfReading(path, exception, "Correct the path of the data.")));
        }
    }
}
