using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Keras;

/// <summary>Damaged and hostile HDF5 files end as refusals, and open no other file.</summary>
public sealed class HostileKerasTests
{
    [Theory]
    [InlineData("external-link.h5", "it links to another file, and none is opened")]
    [InlineData("external-data.h5", "The dataset 'model_weights/a/a/kernel:0' is stored in other files")]
    [InlineData("virtual.h5", "The dataset 'model_weights/a/a/kernel:0' is stored in other files")]
    [InlineData("cycle.h5", "The file ")]
    public void No_other_file_is_opened(string name, string message)
    {
        // The file that is meant lies in the same folder.
        var refusal = Assert.Throws<ModelFileException>(() => ModelImporter.Import(TestFiles.Model("keras/" + name)));
        Assert.Contains(message, refusal.Reason, StringComparison.Ordinal);
        Assert.False(refusal.IsFault);
    }

    [Theory]
    [InlineData("dense.h5")]
    [InlineData("latest.h5")]
    [InlineData("keras1.h5")]
    [InlineData("dense.keras")]
    public void Files_that_end_early_are_refused(string name)
    {
        byte[] bytes = KerasModel.Bytes(name);
        AssertSafe(name, Enumerable.Range(0, bytes.Length / 64).Select(i => bytes[..((i * 64) + 1)]), mayBeRead: false);
    }

    [Theory]
    [InlineData("dense.h5")]
    [InlineData("latest.h5")]
    [InlineData("functional.h5")]
    public void Files_with_changed_bytes_are_read_or_refused(string name)
    {
        byte[] bytes = KerasModel.Bytes(name);
        AssertSafe(name, Changed(bytes, 1500), mayBeRead: true);
    }

    [Fact]
    public void Archives_with_changed_weights_are_read_or_refused() =>
        AssertSafe("bends.keras", Enumerable.Range(0, 1200).Select(round => KerasModel.Change(KerasModel.Bytes("bends.keras"),
            "model.weights.h5", content => Change(content, new Random(round)))), mayBeRead: true);

    private static IEnumerable<byte[]> Changed(byte[] bytes, int rounds) =>
        Enumerable.Range(0, rounds).Select(round => Change((byte[])bytes.Clone(), new Random(round)));

    /// <summary>One byte of structure becomes another, or a number becomes extreme.</summary>
    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length - 8);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = byte.MaxValue;
                break;
            case 2:
                bytes.AsSpan(at, 8).Fill(random.Next(2) == 0 ? byte.MaxValue : (byte)0);
                break;
            default:
                // Addresses are multiples of eight.
                BitConverter.TryWriteBytes(bytes.AsSpan(at & ~7), (long)random.Next(bytes.Length) & ~7);
                break;
        }

        return bytes;
    }

    private static void AssertSafe(string name, IEnumerable<byte[]> contents, bool mayBeRead)
    {
        using var scratch = new Scratch();
        int round = 0, refused = 0;
        foreach (byte[] content in contents)
        {
            string path = scratch.Write(name, content);
            try
            {
                ModelImporter.Import(path, ImportOptions.None);
                Assert.True(mayBeRead, $"Round {round} of {name} was read.");
            }
            catch (ModelFileException refusal)
            {
                Assert.False(refusal.IsFault, $"Round {round} of {name}: {refusal}");
                Assert.DoesNotContain('\n', refusal.Reason);
                refused++;
            }

            round++;
        }

        Assert.InRange(refused, 1, round);
    }
}
