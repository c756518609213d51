using System;
using System.IO;

namespace Kan.Interchange;

/// <summary>What the system says when a file cannot be read or written, in the words of this product.</summary>
internal static class FileFailure
{
    /// <summary>Whether an exception says that a file cannot be read or written. (Paths that are none are looked for before.)</summary>
    public static bool Covers(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The failure to read a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="exception">What the system said.</param>
    /// <param name="remedy">What to do where there is no such file.</param>
    public static ModelFileException OfReading(string path, Exception exception, string remedy) =>
        exception is FileNotFoundException or DirectoryNotFoundException
        ? new ModelFileException(path, ModelFileProblem.NotFound, "The file does not exist. " + remedy, innerException: exception)
        : new ModelFileException(path, ModelFileProblem.Inaccessible, "The file cannot be read: " + Reason(exception),
            innerException: exception);

    /// <summary>Why, in one sentence or two.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "access is denied. Check the permissions of the file and of its folder.",
        PathTooLongException => "its path is longer than the system allows.",
        EndOfStreamException => "it became shorter while it was read.",
        NotRegularFileException => char.ToLowerInvariant(exception.Message[0]) + exception.Message[1..],
        _ => exception.Message,
    };
}
