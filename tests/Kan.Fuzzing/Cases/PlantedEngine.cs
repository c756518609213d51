using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Cases;

/// <summary>
/// Lists of numbers whose reader has known faults, to test the fuzzer itself: it throws for 7 and 3 in one list, never ends for 11, fills
/// the memory for 13 and overflows its stack for 17. Longer lists have more different outcomes.
/// </summary>
internal sealed class PlantedEngine : StructuredEngine<List<byte>>
{
    public const string EngineName = "planted";

    /// <inheritdoc/>
    public override string Name => EngineName;

    /// <inheritdoc/>
    public override string Subject => "planted faults";

    /// <inheritdoc/>
    public override int SeedCount => 3;

    /// <inheritdoc/>
    public override int SegmentLength => 100;

    // A flipped bit would make a number that ends the process.
    /// <inheritdoc/>
    protected override bool EditsBytes => false;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        byte[] numbers = input.Files[0].Bytes;
        if (numbers.Contains((byte)11))
        {
            while (true) GC.KeepAlive(numbers);
        }

        if (numbers.Contains((byte)13))
        {
            var kept = new List<byte[]>();
            while (true) kept.Add(new byte[1 << 20]);
        }

        if (numbers.Contains((byte)17)) Overflow(0);
        try
        {
            if (numbers.Contains((byte)7) && numbers.Contains((byte)3)) throw new InvalidOperationException("7 and 3");
            return new Verdict("accepted", "accepted " + numbers.Length);
        }
        catch (InvalidOperationException exception)
        {
            return Faults.Thrown("reading", exception);
        }
    }

    /// <inheritdoc/>
    protected override List<byte> Seed(int index) => [1, (byte)index];

    /// <inheritdoc/>
    protected override void Mutate(List<byte> model, FuzzRandom random) => model.Add((byte)random.Pick<int>([1, 2, 3, 4, 5, 6, 7, 8]));

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(List<byte> model) => [new FuzzFile("m.planted", [.. model])];

    private static int Overflow(int depth) => depth == int.MaxValue ? 0 : Overflow(depth + 1) + 1;
}
