using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Kan.Panels;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>Windows of sparse weights take up each weight once, in order, and read nothing outside the inputs.</summary>
public sealed class WindowScheduleTests
{
    private static readonly Gen<(int Inputs, int Lanes, int Sums, int Zeros, int Seed)> s_matrices =
        Gen.Select(Gen.Int[33, 400], Gen.Int[3, 4].Select(static i => 1 << i), Gen.Int[0, 3].Select(static i => 1 << i), Gen.Int[0, 100],
        Gen.Int);

    [Fact]
    public void Each_lane_takes_its_weights_once_in_increasing_order() => s_matrices.Sample(
        static (inputs, lanes, sums, zeros, seed) =>
        {
            var random = new Random(seed);
            bool[] isPresent = [.. Enumerable.Range(0, inputs * lanes).Select(_ => random.Next(100) >= zeros)];
            for (int sum = 0; sum < sums; sum++)
            {
                var windows = WindowSchedule.Of(inputs, sum, sums, lanes, (p, lane) => isPresent[(p * lanes) + lane]);
                for (int lane = 0; lane < lanes; lane++)
                {
                    var taken = new List<int>();
                    foreach (var window in windows)
                    {
                        for (int step = 0; step < WindowSchedule.Steps; step++)
                        {
                            int pick = window.Picks[(step * lanes) + lane];
                            Assert.InRange(pick, Window.Nothing, (2 * lanes) - 1);
                            if (pick != Window.Nothing) taken.Add(window.Start + pick);
                        }
                    }

                    Assert.Equal(Enumerable.Range(0, inputs).Where(p => p % sums == sum && isPresent[(p * lanes) + lane]), taken);
                }
            }
        },
        iter: 200);

    [Fact]
    public void Windows_lie_within_whole_panels_of_inputs() => s_matrices.Sample(
        static (inputs, lanes, sums, zeros, seed) =>
        {
            var random = new Random(seed);
            int readable = (inputs + lanes - 1) / lanes * lanes;
            foreach (var window in WindowSchedule.Of(inputs, seed & (sums - 1), sums, lanes, (_, _) => random.Next(100) >= zeros))
            {
                Assert.Equal(0, window.Start % lanes);
                Assert.InRange(window.Start, 0, readable - (2 * lanes));
            }
        },
        iter: 200);
}
