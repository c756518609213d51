using Kan.Compiler.Lower;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>How layers over images run.</summary>
public sealed class WindowPlanTests
{
    private static readonly WindowGeometry s_image = new()
    {
        Channels = 4,
        Height = 5,
        Width = 9,
        KernelHeight = 3,
        KernelWidth = 2,
        PadTop = 1,
        PadBottom = 2,
        PadLeft = 1
    };

    private static readonly WindowGeometry s_plain = new() { Channels = 4, Height = 5, Width = 9, KernelHeight = 3, KernelWidth = 2 };

    [Fact]
    public void A_padded_image_is_copied_with_its_padding()
    {
        var plan = WindowPlan.Of(Convolution(s_image, 6, 2), 1, Precision.Single)!;
        Assert.True(plan.IsCopied);
        Assert.False(plan.IsByChannel);
        Assert.False(plan.IsMaximum);
        Assert.Equal((1, 1, 8, 10, 40, 320), (plan.Above, plan.Before, plan.Rows, plan.Columns, plan.Pitch, plan.ImageLength));
        Assert.Equal(12, WindowPlan.Of(Convolution(s_image with { PadRight = 2 }, 6, 2), 1, Precision.Single)!.Columns);
        Assert.Equal((6, 2, 3, 2, 12), (plan.Filters, plan.Groups, plan.GroupFilters, plan.GroupChannels, plan.Terms));
    }

    [Fact]
    public void An_image_is_read_as_it_is_where_nothing_is_to_be_changed()
    {
        Assert.False(WindowPlan.Of(Convolution(s_plain, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.False(WindowPlan.Of(Convolution(s_plain, 6, 1), 0, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain with { PadTop = 1 }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain with { PadLeft = 1 }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain with { PadBottom = 1 }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain with { PadRight = 1 }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain with { ChannelsFirst = true }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.False(WindowPlan.Of(Convolution(s_plain with { ChannelsFirst = true, Channels = 1 }, 6, 1), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain, 6, 1) with { Ends = new FiniteEnds(true, true) }, 1, Precision.Single)!.IsCopied);
    }

    /// <summary>Each channel by itself stands in lanes, which the caller's memory has no room for past its end.</summary>
    [Fact]
    public void Channels_that_do_not_see_each_other_stand_in_lanes()
    {
        var plan = WindowPlan.Of(Convolution(s_plain, 4, 4), 1, Precision.Single)!;
        Assert.True(plan.IsByChannel);
        Assert.Equal((1, 4, 1, 6), (plan.Groups, plan.GroupFilters, plan.GroupChannels, plan.Terms));
        Assert.False(plan.IsCopied);
        Assert.True(WindowPlan.Of(Convolution(s_plain, 4, 4), 0, Precision.Single)!.IsCopied);
        Assert.False(WindowPlan.Of(Convolution(s_plain, 8, 4), 1, Precision.Single)!.IsByChannel);
        Assert.False(WindowPlan.Of(Convolution(s_plain, 4, 2), 1, Precision.Single)!.IsByChannel);
        Assert.False(WindowPlan.Of(Convolution(s_plain with { Channels = 1 }, 1, 1), 1, Precision.Single)!.IsByChannel);
    }

    /// <summary>
    /// A row of places costs its tiles, each its places and 1.4 more: 9 places are two tiles of 5 (12.8) rather than of 8 (18.8) or three
    /// of
    /// 3 (13.2).
    /// </summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 4, 4)]
    [InlineData(6, 6, 3)]
    [InlineData(8, 8, 4)]
    [InlineData(9, 5, 3)]
    [InlineData(10, 5, 4)]
    [InlineData(16, 8, 4)]
    [InlineData(17, 6, 3)]
    public void Tiles_waste_least_at_the_end_of_a_row(int places, int wide, int narrow)
    {
        var plan = WindowPlan.Of(Convolution(s_plain with { Width = places + 1 }, 6, 1), 1, Precision.Single)!;
        Assert.Equal((wide, narrow), (plan.Wide.Columns, plan.Narrow.Columns));
    }

    [Fact]
    public void A_maximum_reads_the_image_without_its_padding()
    {
        var plan = WindowPlan.Of(new MaximumForm(s_image), 1, Precision.Single)!;
        Assert.True(plan.IsMaximum);
        Assert.True(plan.IsByChannel);
        Assert.False(plan.IsCopied);
        Assert.Equal((0, 0, 5, 9, 36, 180), (plan.Above, plan.Before, plan.Rows, plan.Columns, plan.Pitch, plan.ImageLength));
        Assert.Equal((4, 1, 1, 1), (plan.Filters, plan.Groups, plan.Wide.Columns, plan.Narrow.Columns));
        Assert.True(WindowPlan.Of(new MaximumForm(s_image), 0, Precision.Single)!.IsCopied);
        var first = s_image with { ChannelsFirst = true };
        Assert.True(WindowPlan.Of(new MaximumForm(first), 1, Precision.Single)!.IsCopied);
        Assert.True(WindowPlan.Of(new MaximumForm(first), 1, Precision.Single)!.Geometry.ChannelsFirst);

        // One channel has no order.
        Assert.False(WindowPlan.Of(new MaximumForm(first with { Channels = 1 }), 1, Precision.Single)!.IsCopied);
        Assert.False(WindowPlan.Of(new MaximumForm(first with { Channels = 1 }), 1, Precision.Single)!.Geometry.ChannelsFirst);
    }

    [Fact]
    public void Other_layers_have_none() => Assert.Null(WindowPlan.Of(Plans.Dense(2, 3).Form, 0, Precision.Single));

    [Fact]
    public void An_image_that_is_copied_has_room_in_scratch()
    {
        var plan = Plans.Document(Precision.Single, Lowering.Auto, [new ConvolutionDescription(
            s_image with { Channels = 1 }, 1, 1, [1, 2, 3, 4, 5, 6], [])]);
        var layer = Assert.Single(plan.Layers);

        // 8 rows of 10 columns, in five panels; the outputs are 6 * 9 = 54, and a panel more is loaded past them.
        Assert.Equal(new LayerScratch(0, 80, 80), plan.Run.Scratch[layer]);
        Assert.Equal(80 + 64 + 16, plan.Run.Scratch.Length);

        // The taps on the image: 2, 3, 3, 3, 2 and 1 rows of the kernel, and 1 column at the first place, 2 at the eight others.
        Assert.Equal(14 * 17, layer.EdgeCount);
    }

    private static ConvolutionForm Convolution(WindowGeometry geometry, int filters, int groups) => new(geometry, filters, groups,
        [.. new double[filters]], [.. new double[filters * (geometry.Channels / groups) * geometry.KernelHeight * geometry.KernelWidth]],
        default);
}
