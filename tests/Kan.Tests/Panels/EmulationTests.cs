using System;
using System.Globalization;
using System.Runtime.Intrinsics;
using Kan.Panels;
using Xunit;

namespace Kan.Tests.Panels;

/// <summary>
/// Fused multiply-add without the instruction against that of the framework, bit for bit, on random triples and on those that rounding
/// twice gets wrong. KAN_FMA_TRIPLES is the number of triples; 100,000,000 take some minutes.
/// </summary>
public sealed class EmulationTests
{
    private static readonly long s_count =
        long.TryParse(Environment.GetEnvironmentVariable("KAN_FMA_TRIPLES"), NumberStyles.Integer, CultureInfo.InvariantCulture,
        out long count) ? count : 1_000_000;

    private static readonly float[] s_singles =
    [
        0f, 1f, 3f, 0.1f, 1.0000001f, 0.99999994f, float.Epsilon, 1.1754942E-38f, 1.17549435E-38f, 1.1754945E-38f, float.MaxValue,
            1.8446743E+19f, 1.8446744E+19f,
        2.3509887E-38f, 2.6469780E-23f, 3.7433921E-23f, 5.9604645E-08f, 16777216f, 16777215f, float.PositiveInfinity, float.NaN,

        // Their product lies below 2^-150 by so little that the sum with the greatest subnormal number is half way in double.
        MathF.BitIncrement(2.6469780E-23f), MathF.BitDecrement(MathF.BitDecrement(2.6469780E-23f)),
    ];

    private static readonly double[] s_doubles =
    [
        0, 1, 3, 0.1, 1.0000000000000002, 0.9999999999999999, double.Epsilon, 2.225073858507201E-308, 2.2250738585072014E-308,
            double.MaxValue, 1.3407807929942596E+154,
        1.3407807929942597E+154, 1.5717277847026288E-162, 1e290, 1e-270, 1e-135, 1e145, 1.1102230246251565E-16, 9007199254740992,
            double.PositiveInfinity, double.NaN,
    ];

    [Fact]
    public void Singles_are_those_of_the_framework()
    {
        var random = new Bits(1);
        foreach (float a in s_singles)
        {
            foreach (float b in s_singles)
            {
                foreach (float c in s_singles)
                {
                    // One triple in all lanes: a lane in doubt has the others computed again, too.
                    Check(Vector128.Create(a), Vector128.Create(b), Vector128.Create(c));
                    Check(Vector128.Create(-a), Vector128.Create(b), Vector128.Create(c));
                    Check(Vector128.Create(a), Vector128.Create(b), Vector128.Create(-c));
                    Check(Vector128.Create(-a), Vector128.Create(b), Vector128.Create(-c));
                }
            }
        }

        Span<float> a4 = stackalloc float[4], b4 = stackalloc float[4], c4 = stackalloc float[4];
        for (long i = 0; i < s_count; i += 4)
        {
            for (int lane = 0; lane < 4; lane++) (a4[lane], b4[lane], c4[lane]) = random.Singles(random.Next() % 8);
            Check(Vector128.Create<float>(a4), Vector128.Create<float>(b4), Vector128.Create<float>(c4));
        }
    }

    [Fact]
    public void Doubles_are_those_of_the_framework()
    {
        var random = new Bits(2);
        foreach (double a in s_doubles)
        {
            foreach (double b in s_doubles)
            {
                foreach (double c in s_doubles)
                {
                    Check(Vector128.Create(a, -a), Vector128.Create(b, b), Vector128.Create(c, c));
                    Check(Vector128.Create(a, -a), Vector128.Create(b, b), Vector128.Create(-c, -c));
                }
            }
        }

        Span<double> a2 = stackalloc double[2], b2 = stackalloc double[2], c2 = stackalloc double[2];
        for (long i = 0; i < s_count; i += 2)
        {
            for (int lane = 0; lane < 2; lane++) (a2[lane], b2[lane], c2[lane]) = random.Doubles(random.Next() % 8);
            Check(Vector128.Create<double>(a2), Vector128.Create<double>(b2), Vector128.Create<double>(c2));
        }
    }

    private static void Check(Vector128<float> left, Vector128<float> right, Vector128<float> addend)
    {
        // As a panel of one vector does it.
        var ends = Vector128<int>.Zero;
        var sizes = Vector128<uint>.AllBitsSet;
        Vector128<float> first = Emulation.RoundTwice(left, right, addend, ref ends, ref sizes),
            second = Emulation.RoundOnce(left, right, addend);
        if (Emulation.IsInDoubt(ends, sizes)) first = second;
        for (int lane = 0; lane < 4; lane++)
        {
            float expected = MathF.FusedMultiplyAdd(left[lane], right[lane], addend[lane]);
            bool isSame(float actual) => BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual)
                || (float.IsNaN(expected) && float.IsNaN(actual));
            if (!isSame(first[lane]) || !isSame(second[lane])) Assert.Fail($"{left[lane]:R} * {right[lane]:R} + {addend[lane]:R} is "
                + $"{expected:R}, not {first[lane]:R} or {second[lane]:R}.");
        }
    }

    private static void Check(Vector128<double> left, Vector128<double> right, Vector128<double> addend)
    {
        var actual = Emulation.RoundOnce(left, right, addend);
        for (int lane = 0; lane < 2; lane++)
        {
            double expected = Math.FusedMultiplyAdd(left[lane], right[lane], addend[lane]);
            if (BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(actual[lane])
                && !(double.IsNaN(expected) && double.IsNaN(actual[lane])))
                Assert.Fail($"{left[lane]:R} * {right[lane]:R} + {addend[lane]:R} is {expected:R}, not {actual[lane]:R}.");
        }
    }

    /// <summary>
    /// A generator of triples: any bits, addends near the product, near a half of a unit of it, short significands, and small results.
    /// </summary>
    private struct Bits(ulong state)
    {
        public ulong Next()
        {
            state += 0x9E37_79B9_7F4A_7C15;
            ulong z = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }

        public (float Left, float Right, float Addend) Singles(ulong kind)
        {
            float a = Single(), b = Single();
            switch (kind)
            {
                case 0:
                    return (Any(), Any(), Any());
                case 1:
                    return (a, b, -(a * b));
                case 2:
                    return (a, b, MathF.ScaleB(Short(Single()), Exponent(a * b) + Range(60)));
                case 3:
                    return (Short(a), Short(b), MathF.ScaleB(Single(), Exponent(a * b) + Range(30)));
                case 4:
                    return (MathF.ScaleB(a, -80 + Range(30)), MathF.ScaleB(b, -66 + Range(30)), MathF.ScaleB(Single(), -130 + Range(25)));
                case 5:
                    return (MathF.ScaleB(a, 60 + Range(8)), MathF.ScaleB(b, 64 + Range(8)), MathF.ScaleB(Short(Single()), 125 + Range(4)));
                case 6:
                    // The product is half a unit of the addend, give or take the last bits of the factors.
                    float power = MathF.ScaleB(1, -24 + Range(3));
                    return (Near(1), MathF.CopySign(Near(power), b), Single());
                default:
                    return (Short(a), Short(b), Short(Single()));
            }
        }

        public (double Left, double Right, double Addend) Doubles(ulong kind)
        {
            double a = Double(), b = Double();
            switch (kind)
            {
                case 0:
                    return (AnyDouble(), AnyDouble(), AnyDouble());
                case 1:
                    return (a, b, -(a * b));
                case 2:
                    return (a, b, Math.ScaleB(Short(Double()), Range(120)));
                case 3:
                    return (Short(a), Short(b), Math.ScaleB(Double(), Range(60)));
                case 4:
                    return (Math.ScaleB(a, -500 + Range(60)), Math.ScaleB(b, -500 + Range(60)), Math.ScaleB(Double(), -1000 + Range(80)));
                case 5:
                    return (Math.ScaleB(a, 500 + Range(20)), Math.ScaleB(b, 500 + Range(20)),
                        Math.ScaleB(Short(Double()), 1010 + Range(13)));
                case 6:
                    double power = Math.ScaleB(1, -53 + Range(3));
                    return (Near(1.0), Math.CopySign(Near(power), b), Double());
                default:
                    return (Short(a), Short(b), Short(Double()));
            }
        }

        private static int Exponent(float value) => value == 0 ? -149 : Math.Clamp(MathF.ILogB(value), -149, 127);

        private static float Short(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF_F000);

        private static double Short(double value) =>
            BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) & 0xFFFF_FFFF_FC00_0000);

        private int Range(int size) => (int)(Next() % (ulong)((2 * size) + 1)) - size;

        private float Near(float power) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(power) + Range(3));

        private double Near(double power) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(power) + Range(3));

        private float Any() => BitConverter.UInt32BitsToSingle((uint)Next());

        private double AnyDouble() => BitConverter.UInt64BitsToDouble(Next());

        /// <summary>A number of either sign between 1 and 2.</summary>
        private float Single() => BitConverter.UInt32BitsToSingle(((uint)Next() & 0x807F_FFFF) | 0x3F80_0000);

        private double Double() => BitConverter.UInt64BitsToDouble((Next() & 0x800F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    }
}
