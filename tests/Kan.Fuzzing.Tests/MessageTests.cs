using Kan.Fuzzing.Checks;
using Xunit;

namespace Kan.Fuzzing.Tests;

/// <summary>What a message may hold.</summary>
public sealed class MessageTests
{
    [Theory]
    [InlineData("The tensor 'a' has the shape [1, 2].", true)]
    [InlineData("caf\u00E9 \u4E2D \U0001F600", true)]
    [InlineData("two\nlines", false)]
    [InlineData("\u001B[31mred", false)]
    [InlineData("a\u202Eb", false)]
    [InlineData("a\u2066b", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("\u0085", false)]
    [InlineData("", false)]
    public void One_printable_line(string message, bool isSound) => Assert.Equal(isSound, Messages.Fault(message) is null);

    [Fact]
    public void Not_longer_than_the_limit()
    {
        Assert.Null(Messages.Fault(new string('a', Messages.MaximumLength)));
        Assert.NotNull(Messages.Fault(new string('a', Messages.MaximumLength + 1)));
    }

    [Fact]
    public void Names_and_numbers_make_no_other_shape() =>
        Assert.Equal(Messages.Shape("The tensor 'a' has 12 numbers, not 3."),
            Messages.Shape("The tensor 'weights' has 4 numbers, not 1000."));
}
