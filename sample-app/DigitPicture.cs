using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SampleApp;

/// <summary>A digit next to the pixels that decided, two pixel rows to a line of text.</summary>
internal static class DigitPicture
{
    private const string Ink = " .:-=+*#%@";
    private const string For = " .+*#";
    private const string Against = " .-=%";
    private const string Gap = "    ";

    /// <summary>Lines of half blocks in Spectre markup.</summary>
    public static IEnumerable<string> InColour(float[] pixels, float[] contributions)
    {
        float scale = Largest(contributions);
        for (int y = 0; y < MnistData.Side; y += 2)
        {
            var line = new StringBuilder("  ");
            for (int x = 0; x < MnistData.Side; x++) HalfBlock(line, Grey(pixels[At(x, y)]), Grey(pixels[At(x, y + 1)]));
            line.Append(Gap);
            for (int x = 0; x < MnistData.Side; x++)
                HalfBlock(line, Diverging(contributions[At(x, y)] / scale), Diverging(contributions[At(x, y + 1)] / scale));
            yield return line.ToString();
        }
    }

    /// <summary>Lines of plain characters.</summary>
    public static IEnumerable<string> Plain(float[] pixels, float[] contributions)
    {
        float scale = Largest(contributions);
        for (int y = 0; y < MnistData.Side; y += 2)
        {
            var line = new StringBuilder("  ");
            for (int x = 0; x < MnistData.Side; x++) line.Append(Step(Ink, (pixels[At(x, y)] + pixels[At(x, y + 1)]) / 2));
            line.Append(Gap);
            for (int x = 0; x < MnistData.Side; x++)
            {
                float sum = (contributions[At(x, y)] + contributions[At(x, y + 1)]) / scale;
                line.Append(Step(sum >= 0 ? For : Against, MathF.Sqrt(Math.Abs(sum))));
            }

            yield return line.ToString().TrimEnd();
        }
    }

    private static int At(int x, int y) => (y * MnistData.Side) + x;

    private static float Largest(float[] values)
    {
        float largest = float.Epsilon;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private static char Step(string ramp, float value) => ramp[(int)Math.Round(Math.Clamp(value, 0, 1) * (ramp.Length - 1))];

    private static void HalfBlock(StringBuilder line, (int R, int G, int B) top, (int R, int G, int B) bottom) =>
        line.Append(
            CultureInfo.InvariantCulture,
            $"[rgb({top.R},{top.G},{top.B}) on rgb({bottom.R},{bottom.G},{bottom.B})]▀[/]");

    private static (int R, int G, int B) Grey(float value) => Mix((24, 26, 30), (245, 245, 240), value);

    /// <summary>Blue for the winner, orange for the runner-up: a pair that color-blind readers tell apart.</summary>
    private static (int R, int G, int B) Diverging(float value) =>
        Mix((24, 26, 30), value >= 0 ? (70, 160, 255) : (255, 140, 30), MathF.Sqrt(Math.Abs(value)));

    private static (int R, int G, int B) Mix((int R, int G, int B) from, (int R, int G, int B) to, float part)
    {
        return (Channel(from.R, to.R), Channel(from.G, to.G), Channel(from.B, to.B));

        int Channel(int a, int b) => a + (int)((b - a) * Math.Clamp(part, 0, 1));
    }
}
