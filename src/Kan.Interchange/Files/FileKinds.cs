using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kan.Interchange;

/// <summary>
/// What a path or a handle is, asked of the system without opening anything: .NET tells folders and links, but not named pipes, sockets and
/// devices. On systems other than Linux, macOS and Windows, only folders are distinguished.
/// </summary>
internal static class FileKinds
{
    private const int CurrentFolder = -100, EmptyPath = 0x1000, TypeMask = 1, StatxBytes = 256, StatxModeOffset = 28, MacStatBytes = 144,
        MacModeOffset = 4;

    private const int TypeBits = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000, Folder = 0x4000, BlockDevice = 0x6000, Regular = 0x8000,
        Socket = 0xC000;

    private const int DiskFile = 1;

    /// <summary>
    /// What a path leads to in words, "a named pipe"; null for a regular file, and where nothing can be found out: opening it tells.
    /// </summary>
    public static string? OfPath(string path)
    {
        if (Directory.Exists(path)) return "a folder";
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return null;
        string full = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var buffer = new byte[StatxBytes];
                return Statx(CurrentFolder, full, 0, TypeMask, buffer) == 0
                    ? Describe(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(StatxModeOffset)))
                    : null;
            }

            if (OperatingSystem.IsMacOS())
            {
                var buffer = new byte[MacStatBytes];
                int result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? MacStat64(full, buffer) : MacStat(full, buffer);
                return result == 0 ? Describe(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(MacModeOffset))) : null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than these functions: devices that cannot be positioned are still refused once they are open.
        }

        return null;
    }

    /// <summary>What an open handle is in words; null for a regular file.</summary>
    public static string? OfHandle(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows()) return GetFileType(handle) == DiskFile ? null : "a device or a pipe";
        if (OperatingSystem.IsLinux())
        {
            try
            {
                var buffer = new byte[StatxBytes];
                if (StatxOfHandle(handle, "", EmptyPath, TypeMask, buffer) == 0)
                    return Describe(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(StatxModeOffset)));
            }
            catch (EntryPointNotFoundException)
            {
                // As above.
            }
        }

        using var stream = new FileStream(new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read,
            bufferSize: 0);
        return stream.CanSeek ? null : "a device or a pipe";
    }

    private static string? Describe(int mode) => (mode & TypeBits) switch
    {
        Regular => null,
        Pipe => "a named pipe",
        Socket => "a socket",
        CharacterDevice or BlockDevice => "a device",
        Folder => "a folder",
        _ => "a special file",
    };

    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    private static extern int StatxOfHandle(SafeFileHandle handle, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "stat", ExactSpelling = true)]
    private static extern int MacStat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "stat$INODE64", ExactSpelling = true)]
    private static extern int MacStat64([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

    [DllImport("kernel32", EntryPoint = "GetFileType", ExactSpelling = true)]
    private static extern int GetFileType(SafeFileHandle handle);
}
