using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>The lines that the build and the tool exchange.</summary>
public sealed class RecordsTests
{
    [Fact]
    public void Any_fields_come_back()
    {
        var character = Gen.OneOf(Gen.Char, Gen.OneOf('\\', '\t', '\n', '\r', 't', 'n', 'r', 'a'));
        // A record of one empty field is an empty line, which separates nothing.
        var record = Gen.String[character, 0, 8].Array[1, 5].Where(static fields => fields.Length > 1 || fields[0].Length > 0);
        record.Array[0, 5].Sample(records => Assert.Equal(records,
            Records.Read(string.Concat(records.Select(static fields => Records.Line(fields)))).ToArray()), iter: 20_000);
    }

    [Fact]
    public void Records_are_lines()
    {
        Assert.Equal("a\\tb\t\\\\c\\n\n", Records.Line("a\tb", "\\c\n"));
        Assert.Equal([["a\tb", "\\c\n"], ["d"]], Records.Read("a\\tb\t\\\\c\\n\r\n\n\r\nd").ToArray());
    }
}
