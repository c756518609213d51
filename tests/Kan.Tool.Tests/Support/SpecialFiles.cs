using System;
using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace Kan.Tool.Tests.Support;

/// <summary>Files that are not regular, as a Unix system has them.</summary>
internal static class SpecialFiles
{
    /// <summary>Makes a named pipe that nobody writes to: opening it waits for ever.</summary>
    public static string Pipe(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes among its files.");
        using var process = Process.Start(new ProcessStartInfo("mkfifo", [path]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>Makes a socket in the file system, there until it is disposed.</summary>
    public static IDisposable Socket(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sockets are not files of Windows.");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
