using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Kan.Orleans.Tests.Support;

/// <summary>
/// A folder of limited size: a tmpfs, which only a privileged process may mount. Elsewhere tests are skipped for the reason.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder, string? reason) => (Folder, Reason) = (folder, reason);

    public string Folder { get; }

    /// <summary>Why there is none; null if there is one.</summary>
    public string? Reason { get; }

    public static async Task<SmallDisk> MountAsync(string folder, int kilobytes)
    {
        if (!OperatingSystem.IsLinux()) return new SmallDisk(folder, "a disk of limited size is mounted on Linux alone");
        Directory.CreateDirectory(folder);
        string errors = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder);
        return new SmallDisk(folder, errors.Length == 0 ? null : "no disk of limited size can be mounted: " + errors);
    }

    public Task ResizeAsync(int kilobytes) => RunAsync("mount", "-o", $"remount,size={kilobytes}k", Folder);

    public void Dispose()
    {
        if (Reason is null) RunAsync("umount", "-l", Folder).GetAwaiter().GetResult();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return errors;
    }
}
