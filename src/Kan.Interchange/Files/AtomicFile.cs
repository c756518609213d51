using System;
using System.IO;
using System.Security.Cryptography;

namespace Kan.Interchange;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file; where it cannot be written whole, what was there stays.</summary>
    /// <exception cref="IOException">The file cannot be written: a full disk, a folder of its name.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        RegularFile.RequirePath(path);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = TemporaryFor(full);
        bool isCreated = false;
        try
        {
            // A file that is there already, or a link, is somebody else's.
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                isCreated = true;
                stream.Write(bytes);
            }

            // A link of that name is replaced, not followed.
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            if (isCreated) File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// A name in the folder of a file, so that a move to it is a rename. It cannot be foretold, so nobody can have put something there; and
    /// another build of the same project may run next to this one. A long name is cut: a file system has a limit.
    /// </summary>
    private static string TemporaryFor(string full)
    {
        string name = Path.GetFileName(full);
        if (name.Length > 64) name = name[..(char.IsHighSurrogate(name[63]) ? 63 : 64)];
        return Path.Combine(Path.GetDirectoryName(full)!, name + "." + RandomNumberGenerator.GetHexString(32, lowercase: true) + ".tmp");
    }
}
