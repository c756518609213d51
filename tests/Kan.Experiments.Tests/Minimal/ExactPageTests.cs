using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Reports;
using Kan.Testing;
using Xunit;

namespace Kan.Experiments.Tests.Minimal;

/// <summary>Pages whose figures are exact are what their experiments give, to the byte.</summary>
public sealed class ExactPageTests
{
    public static TheoryData<string> Names => ["minimal-forms", "equal-budgets"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pages_are_what_their_experiments_give(string name)
    {
        var page = Run(name);
        Assert.Equal(Repository.Read($"docs/experiments/{name}.md"), page.ToMarkdown());
        foreach (var (file, svg) in page.Images) Assert.Equal(Repository.Read($"docs/experiments/images/{file}"), svg);
    }

    private static Page Run(string name) =>
        Experiments.All.Single(experiment => experiment.Name == name).Run(new Session(IsQuick: false, new Silence()));

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
