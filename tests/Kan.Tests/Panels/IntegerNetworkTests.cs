using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Panels;
using Xunit;

namespace Kan.Tests.Panels;

public sealed class IntegerNetworkTests
{
    /// <summary>Weights as a file may have them: pairs of them leave 16 bits with codes of 255.</summary>
    [Theory]
    [InlineData(3, 2)]
    [InlineData(64, 16)]
    [InlineData(130, 70)]
    [InlineData(255, 129)]
    public void Sums_are_exact_for_all_weights(int inputs, int outputs)
    {
        var random = new Random(inputs);
        sbyte[] weights = [.. Enumerable.Range(0, inputs * outputs)
            .Select(_ => random.Next(3) switch { 0 => sbyte.MinValue, 1 => sbyte.MaxValue, _ => (sbyte)random.Next(-128, 128) })];
        int[] biases = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-1_000_000, 1_000_000))];
        const int Rows = 9;
        byte[] codes = [.. Enumerable.Range(0, Rows * inputs).Select(i => i < inputs ? (byte)255 : (byte)random.Next(256))];
        RequireSums(Network(weights, biases, inputs, outputs, fitsPairs: false), weights, biases, codes, outputs);
    }

    /// <summary>Groups of four codes of 0 are left out, in wide layers: of one row, of rows that are taken together, and of a batch of both.</summary>
    [Theory]
    [InlineData(256, 16, 50)]
    [InlineData(300, 70, 12)]
    [InlineData(1023, 129, 300)]
    [InlineData(600, 33, 1)]
    public void Codes_of_zero_add_nothing(int inputs, int outputs, int oneIn)
    {
        var random = new Random(outputs);
        const int Rows = 71;
        foreach (bool fits in (bool[])[true, false])
        {
            int most = fits ? 64 : 127;
            sbyte[] weights = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (sbyte)random.Next(-most, most + 1))];
            int[] biases = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-1_000_000, 1_000_000))];
            byte[] codes = new byte[Rows * inputs];
            for (int row = 0; row < Rows; row++)
            {
                // Rows without any, with all, with the first or the last alone, and some in between.
                for (int p = 0; p < inputs; p++)
                    codes[(row * inputs) + p] = (byte)(row % 9 == 4 || (row % 9 != 0 && random.Next(oneIn) == 0) ? random.Next(256) : 0);
                if (row % 9 == 1) codes[row * inputs] = 255;
                if (row % 9 == 2) codes[((row + 1) * inputs) - 1] = 1;
            }

            RequireSums(Network(weights, biases, inputs, outputs, fits), weights, biases, codes, outputs);
        }
    }

    [Fact]
    public void Codes_are_rounded_to_even_and_saturated()
    {
        // The identity: code by code.
        sbyte[] weights = new sbyte[100 * 100];
        for (int i = 0; i < 100; i++) weights[i * 101] = 1;
        var network = Network(weights, new int[100], 100, 100, fitsPairs: true);
        float[] inputs = new float[100], outputs = new float[100];
        (float Input, float Output)[] cases =
            [(0.5f, 0), (1.5f, 2), (2.5f, 2), (254.5f, 254), (255.5f, 255), (-0.6f, 0), (1e30f, 255), (float.NegativeInfinity, 0),
            (float.PositiveInfinity, 255), (127.49999f, 127)];
        for (int i = 0; i < 100; i++) inputs[i] = cases[i % cases.Length].Input;
        network.Evaluate(inputs, outputs);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => cases[i % cases.Length].Output), outputs);
        inputs[99] = float.NaN;
        network.Evaluate(inputs, outputs);
        Assert.All(outputs, static output => Assert.True(float.IsNaN(output)));
    }

    [Fact]
    public void Layers_beyond_the_table_are_refused()
    {
        var table = AlignedTable<int>.Create(new int[200]);
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [new(4, 4, 64, 0, true), new(5, 4, 64, 0, true)], 1, -1, 0));
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [new(40, 4, 64, 0, true)], 1, -1, 0));
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [new(4, 4, 64, 256, true)], 1, -1, 0));
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [new(4, 4, 64, 0, true, 256)], 1, -1, 0));
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [new(4, 4, 64, 0, true)], 1, 190, 0));
        Assert.Throws<ArgumentException>(() => new IntegerNetwork(table, [], 1, -1, 0));
    }

    private static void RequireSums(IntegerNetwork network, sbyte[] weights, int[] biases, byte[] codes, int outputs)
    {
        int inputs = weights.Length / outputs, rows = codes.Length / inputs;
        float[] found = new float[rows * outputs], single = new float[outputs], numbers = [.. codes.Select(static code => (float)code)];
        network.EvaluateBatch(numbers, found, rows);
        for (int row = 0; row < rows; row++)
        {
            network.Evaluate(numbers.AsSpan(row * inputs, inputs), single);
            for (int q = 0; q < outputs; q++)
            {
                long sum = biases[q];
                for (int p = 0; p < inputs; p++) sum += codes[(row * inputs) + p] * weights[(p * outputs) + q];
                Assert.Equal((float)sum, found[(row * outputs) + q]);
                Assert.Equal((float)sum, single[q]);
            }
        }
    }

    /// <summary>One layer, whose inputs are codes as they are.</summary>
    private static IntegerNetwork Network(sbyte[] weights, int[] biases, int inputs, int outputs, bool fitsPairs)
    {
        var table = new List<int>();
        foreach (int first in (int[])[BitConverter.SingleToInt32Bits(1), 0, BitConverter.SingleToInt32Bits(0),
            BitConverter.SingleToInt32Bits(255)]) Add([first]);
        int groups = (inputs + 3) / 4, panels = (outputs + 15) / 16;
        for (int block = 0; block < panels; block += 4)
        {
            for (int group = 0; group < groups; group++)
            {
                for (int q = block * 16; q < Math.Min(panels, block + 4) * 16; q++)
                {
                    byte[] four = [.. Enumerable.Range(group * 4, 4)
                        .Select(p => p < inputs && q < outputs ? (byte)weights[(p * outputs) + q] : (byte)0)];
                    table.Add(BitConverter.ToInt32(four));
                }
            }
        }

        Add(biases);
        Add([.. Enumerable.Repeat(BitConverter.SingleToInt32Bits(1), outputs)]);
        return new IntegerNetwork(AlignedTable<int>.Create([.. table]), [new(inputs, outputs, 64, 0, fitsPairs)], 1, -1, 0);

        void Add(int[] numbers)
        {
            table.AddRange(numbers);
            while (table.Count % 16 != 0) table.Add(0);
        }
    }
}
