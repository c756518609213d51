using System;

namespace Kan.Fuzzing.Cases;

/// <summary>Values at which readers and arithmetic change their ways.</summary>
internal static class Borders
{
    public static long[] Integers { get; } =
    [
        0, 1, -1, 2, 3, 7, 8, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1023, 1024, 4096, 32767, 32768, 65535, 65536, 1 << 20, (1 << 20) + 1,
            1 << 24, (1 << 24) + 1,
        1 << 30, int.MaxValue, int.MinValue, 1L << 31, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, long.MaxValue / 8, -2, -1024,
    ];

    public static double[] Numbers { get; } =
    [
        0, -0.0, 1, -1, 0.5, 0.1, 1.0 / 3, 1e-3, 1e6, 1e-10, 1e10, 1e30, 1e38, 3.4028234663852886e38, 3.4028235677973366e38, -3.4e38, 1e39,
            1e300, double.MaxValue, double.MinValue, double.Epsilon,
        float.Epsilon, 1.1754943508222875e-38, 1e-45, 1e-310, 2.2250738585072014e-308, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, 16777217, 9007199254740993,
    ];

    public static string[] Names { get; } =
    [
        "", " ", "x", "y", "class", "a.b", "../../etc/passwd", "/etc/passwd", "C:\\con", "a/b", "a\\b", "a\0b", "\0", "a\nb", "a\r\nb",
            "\t", "\u0085", "\u2028x", "\u202Egnp.exe", "\u2066a\u2069", "\u200F", "\uFEFFx",
        "\u001B[31mred", "*/", "/*", "//", "\"", "\\", "\\u000a", "'", "`", "$(touch x)", "%41", "@(x)", "{0}", "{{", "<summary>",
            "</summary>", "&amp;", "--", "#if", "//\r", "\u00E9", "e\u0301", "\U0001F600", "\u4E2D",
        "NaN", "null", "-1", "0", "1e9", "__proto__", "constructor", "weight", "bias", "a:b", "a;b", "a,b", "\u007F", "\u0080", "\uFFFD",
            "\uFFFF",
    ];

    public static int[] CodePoints { get; } =
        [0, 1, 7, 10, 13, 27, 0x7F, 0x85, 0x9B, 0xA0, 0xAD, 0xE9, 0x301, 0x61C, 0x200B, 0x200E, 0x202A, 0x202E, 0x2028, 0x2029, 0x2066,
        0x2069, 0xD7FF, 0xE000, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F600, 0x10FFFF];
}
