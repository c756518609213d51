using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Testing;
using Xunit;

namespace Kan.Documentation.Tests;

/// <summary>
/// Lines of code and comments can be read side by side. Text in raw strings, which is printed as it is, and patterns may be longer.
/// </summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;

    private const string Raw = "\"\"\"";

    private static readonly string[] s_passedOver = ["bin", "obj"];

    [Theory]
    [InlineData("src")]
    [InlineData("sample-app")]
    public void No_line_is_longer_than_a_reader_sees(string folder)
    {
        var found = Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(static path => !path.EndsWith(".verified.cs", StringComparison.Ordinal) && !path.Split('/').Intersect(s_passedOver).Any())
            .Order(StringComparer.Ordinal)
            .SelectMany(static file => TooLong(Repository.Read(file)).Select(line => $"{file}({line})"));
        Assert.Empty(found);
    }

    [Fact]
    public void Only_lines_in_raw_strings_and_patterns_may_be_longer()
    {
        string filler = new('x', Longest);
        string text = string.Join('\n', filler, filler + "x", "a = " + Raw, filler + "xx", Raw + ";", filler + "xxx", "@\"" + filler);
        Assert.Equal([2, 6], TooLong(text));
    }

    private static IEnumerable<int> TooLong(string text)
    {
        bool isRaw = false;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool turns = (lines[i].Split(Raw).Length - 1) % 2 == 1;
            if (lines[i].Length > Longest && !isRaw && !turns && !lines[i].Contains("@\"", StringComparison.Ordinal)) yield return i + 1;
            isRaw ^= turns;
        }
    }
}
