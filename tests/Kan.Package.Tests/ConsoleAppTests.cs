using System;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>What a stranger does in the first hour, in empty projects outside the repository.</summary>
[Collection(nameof(UserApps))]
public sealed class ConsoleAppTests(UserApps apps)
{
    // 2 * ((0.25 - 0.5) + 2); ten steps of one and five of three.
    [Fact]
    public async Task Attributes_and_curves_compile_and_run() => Assert.Equal("3.5\n25\n", await apps.Run("first"));

    [Fact]
    public async Task Models_in_files_of_equal_names_stay_apart()
    {
        string output = await apps.Run("models");
        Assert.StartsWith("30 784 30-", output, StringComparison.Ordinal);
        Assert.EndsWith(" 784-128-64-10\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_with_a_class_needs_no_code() =>
        Assert.StartsWith("cancer 30 True Double True\n", await apps.Run("item-only"), StringComparison.Ordinal);

    /// <summary>Int8 and the samples that give its ranges are metadata of the item.</summary>
    [Fact]
    public async Task An_item_is_calibrated_with_samples() => Assert.Contains(
        "\nInt8 True 3 samples of rows.csv gave the ranges of the values between layers, for integers.\n", await apps.Run("item-only"),
        StringComparison.Ordinal);

    /// <summary>Bounds of samples are asked for by metadata of the item, for this class and not for the next.</summary>
    [Fact]
    public async Task An_item_asks_for_bounds_of_samples() =>
        Assert.EndsWith("\nTrue True True\n", await apps.Run("item-only"), StringComparison.Ordinal);

    [Fact]
    public async Task Edges_and_networks_written_as_functions_compile_and_run() => Assert.Equal("12000 0\n", await apps.Run("functions"));

    [Fact]
    public async Task A_library_with_networks_is_consumed_without_the_package() => Assert.Equal("3.5\n30\n", await apps.Run("app"));

    [Fact]
    public void A_wrong_item_is_one_error_at_the_project()
    {
        string error = Assert.Single(apps.Errors("wrong-item"));
        Assert.StartsWith(
            apps.PathOf("wrong-item/wrong-item.csproj") + "(1,1): error KAN0306: The KanModel item 'cancer.onnx' has "
            + "Class=\"Nets.Cancer\": expected the name of a class", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_model_is_one_error_at_the_file()
    {
        string error = Assert.Single(apps.Errors("broken"));
        Assert.StartsWith(apps.PathOf("broken/models/cut.onnx") + " : error KAN0302: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_declaration_is_one_error_at_its_place()
    {
        string error = Assert.Single(apps.Errors("wrong"));
        Assert.StartsWith(apps.PathOf("wrong/Program.cs") + "(5,34): error KAN0102: ", error, StringComparison.Ordinal);
        Assert.Contains("/docs/diagnostics/KAN0102.md", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_compiler_is_one_error_that_names_the_sdk()
    {
        string error = Assert.Single(apps.Errors("old"));
        Assert.Contains("error KAN0901: Kan.Generators needs the C# compiler 5.0", error, StringComparison.Ordinal);
    }
}
