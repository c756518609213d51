using System.Collections.Generic;
using System.Linq;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Names of inputs and outputs as identifiers, and the members that a network has because of them.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("engine speed", "EngineSpeed", "engineSpeed")]
    [InlineData("URLCount", "URLCount", "urlCount")]
    [InlineData("URL", "URL", "url")]
    [InlineData("A", "A", "a")]
    [InlineData("Ab", "Ab", "ab")]
    [InlineData("x1", "X1", "x1")]
    [InlineData("2 doors", "_2Doors", "_2Doors")]
    [InlineData("2doors", "_2doors", "_2doors")]
    [InlineData("n-th (max.)", "NThMax", "nThMax")]
    [InlineData("mm2area", "Mm2area", "mm2area")]
    [InlineData("température", "Température", "température")]
    [InlineData("e\u0301", "E\u0301", "e\u0301")]
    [InlineData("\u0301e", "E", "e")]
    [InlineData("class", "Class", "@class")]
    [InlineData("a_b", "AB", "ab")]
    [InlineData("x 5 y", "X5Y", "x5Y")]
    [InlineData("", "Input0", "input0")]
    [InlineData("!?", "Input0", "input0")]
    public void A_name_becomes_an_identifier(string name, string identifier, string parameter)
    {
        var identifiers = Identifiers.Of([name], "Input", new HashSet<string>());
        Assert.Equal([identifier], identifiers);
        Assert.Equal([parameter], Identifiers.Parameters(identifiers));
    }

    [Fact]
    public void Names_that_give_one_identifier_are_told_apart_by_their_index()
    {
        Assert.Equal(["MaxSpeed_0", "Load", "MaxSpeed_2"],
            Identifiers.Of(["max speed", "load", "Max-Speed"], "Input", new HashSet<string>()));
        Assert.Equal(["Equals_0", "Other"], Identifiers.Of(["equals", "other"], "Input", new HashSet<string> { "Equals" }));
        Assert.Equal(["urlCount_0", "urlCount_1"], Identifiers.Parameters(["URLCount", "UrlCount"]));
        Assert.Equal(["Input0", "Input1"], Identifiers.Of(["", "?"], "Input", new HashSet<string>()));
    }

    /// <summary>The keywords of C#, as its specification lists them.</summary>
    [Theory]
    [InlineData("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double")]
    [InlineData("else enum")]
    [InlineData("event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long")]
    [InlineData("namespace new null object operator out override params private protected public readonly ref return sbyte sealed short")]
    [InlineData("sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using")]
    [InlineData("virtual void volatile while")]
    public void A_parameter_may_be_named_by_a_keyword(string keywords) =>
        Assert.All(keywords.Split(' '), static keyword => Assert.Equal(["@" + keyword, "other"],
            Identifiers.Parameters(Identifiers.Of([keyword, "other"], "Input", new HashSet<string>()))));

    [Fact]
    public void Names_without_letters_are_numbered()
    {
        var members = NamedMembers.Of(new NetworkLabels(["!", "?"], [], [], ["!", "?"]) { Classes = ["!", "?"] }, 2, 2);
        Assert.Equal(["Input0", "Input1"], members.Features);
        Assert.Equal(["Output0", "Output1"], members.Results);
        Assert.Equal(["Label0", "Label1"], members.Classes);
    }

    [Fact]
    public void A_long_name_is_cut()
    {
        Assert.Equal(["A" + new string('a', 127)], Identifiers.Of([new string('a', 200)], "Input", new HashSet<string>()));
        Assert.Equal(["A" + new string('a', 126)], Identifiers.Of([new string('a', 127)], "Input", new HashSet<string>()));
    }

    [Fact]
    public void Names_give_records_and_parameters()
    {
        var members = NamedMembers.Of(new NetworkLabels(["engine speed", "features"], [], [], ["load", "result"])
        {
            Classes = ["low", "high"]
        }, 2, 2);
        Assert.Equal(["EngineSpeed", "Features_1"], members.Features);
        Assert.Equal(["engineSpeed", "features_1"], members.Parameters);
        Assert.Equal(["Load", "Result_1"], members.Results);
        Assert.Equal(["Low", "High"], members.Classes);
        Assert.Equal("Label", members.Decision);
    }

    [Theory]
    [InlineData("ToString")]
    [InlineData("GetHashCode")]
    [InlineData("Deconstruct")]
    [InlineData("MemberwiseClone")]
    [InlineData("Equals")]
    [InlineData("GetType")]
    [InlineData("PrintMembers")]
    [InlineData("Finalize")]
    [InlineData("ReferenceEquals")]
    public void A_field_is_not_named_like_a_member_of_every_record(string name) =>
        Assert.Equal([name + "_0", "B"], NamedMembers.Of(Labels([name, "b"]), 2, 1).Features);

    [Fact]
    public void Without_names_there_are_no_such_members()
    {
        var none = NamedMembers.Of(Labels([]), 2, 2);
        Assert.Equal(NamedMembers.None.Features, none.Features);
        Assert.True(none.Features.IsEmpty && none.Parameters.IsEmpty && none.Results.IsEmpty && none.Classes.IsEmpty);
        Assert.Null(none.Decision);
    }

    /// <summary>From one number to one nothing is mixed up; past 256 fields nobody is helped.</summary>
    [Fact]
    public void Records_have_more_than_one_field_and_at_most_256()
    {
        Assert.Empty(NamedMembers.Of(Labels(["a"]), 1, 1).Features);
        Assert.Equal(["a"], NamedMembers.Of(Labels(["a"]), 1, 1).Parameters);
        Assert.Equal(["A"], NamedMembers.Of(Labels(["a"]), 1, 2).Features);
        Assert.Equal(256, NamedMembers.Of(Labels(Names(256)), 256, 1).Features.Length);
        var many = NamedMembers.Of(Labels(Names(257)), 257, 1);
        Assert.Empty(many.Features);
        Assert.Empty(many.Parameters);
        var outputs = Labels(["a", "b"]) with { OutputNames = [.. Names(257)] };
        Assert.Empty(NamedMembers.Of(outputs, 2, 257).Results);
        Assert.Equal(256, NamedMembers.Of(outputs with { OutputNames = [.. Names(256)] }, 2, 256).Results.Length);
        Assert.Empty(NamedMembers.Of(outputs with { OutputNames = ["y"] }, 2, 1).Results);

        // Names of outputs alone give no record: there is nothing to give them.
        Assert.Empty(NamedMembers.Of(Labels([]) with { OutputNames = ["y", "z"] }, 2, 2).Results);
    }

    [Theory]
    [InlineData(false, NetworkHead.None, 3, null)]
    [InlineData(false, NetworkHead.ArgMax, 3, "int")]
    [InlineData(false, NetworkHead.Softmax, 1024, "int")]
    [InlineData(false, NetworkHead.Softmax, 1025, null)]
    [InlineData(false, NetworkHead.Sigmoid, 1, "bool")]
    [InlineData(false, NetworkHead.Sigmoid, 2, "int")]
    [InlineData(false, NetworkHead.Softmax, 1, null)]
    [InlineData(true, NetworkHead.None, 3, "Label")]
    [InlineData(true, NetworkHead.None, 1, null)]
    [InlineData(true, NetworkHead.None, 1024, "Label")]
    [InlineData(true, NetworkHead.None, 1025, null)]
    public void A_decision_is_a_label_an_index_or_a_side(bool classes, NetworkHead head, int outputs, string? expected)
    {
        var labels = Labels([]) with { Classes = classes ? [.. Names(outputs)] : [], Head = head };
        Assert.Equal(expected, NamedMembers.Of(labels, 2, outputs).Decision);
    }

    [Fact]
    public void A_head_gives_probabilities()
    {
        Assert.Empty(NamedMembers.ProbabilityMembers(NetworkHead.None));
        Assert.Empty(NamedMembers.ProbabilityMembers(NetworkHead.ArgMax));
        Assert.Equal([("Probabilities", "ProbabilitiesBatch", "probabilities")], NamedMembers.ProbabilityMembers(NetworkHead.Softmax));
        Assert.Equal(
            [("Probabilities", "ProbabilitiesBatch", "probabilities"), ("LogProbabilities", "LogProbabilitiesBatch", "logProbabilities")],
            NamedMembers.ProbabilityMembers(NetworkHead.LogSoftmax));
        Assert.Equal(["Probabilities", "LogProbabilities", "Decide"], NamedMembers.HeadMembers(NetworkHead.LogSoftmax, 3));
        Assert.Equal(["Probabilities"], NamedMembers.HeadMembers(NetworkHead.Softmax, 1));
        Assert.Equal(["Decide"], NamedMembers.HeadMembers(NetworkHead.ArgMax, 2));
        Assert.Empty(NamedMembers.HeadMembers(NetworkHead.None, 2));
    }

    [Fact]
    public void The_members_that_a_type_gets_are_known_before_they_are_made()
    {
        Assert.Equal(["Features", "IsInRange", "Result", "Label", "Decide", "Probabilities", "ProbabilitiesBatch"],
            NamedMembers.Added(true, true, true, true, NetworkHead.Softmax, 2, 2));
        Assert.Equal(["Features"], NamedMembers.Added(true, false, false, false, NetworkHead.None, 2, 2));
        Assert.Equal(["Features", "Result"], NamedMembers.Added(true, true, false, false, NetworkHead.None, 2, 2));
        Assert.Empty(NamedMembers.Added(false, true, false, true, NetworkHead.None, 2, 2));
        Assert.Equal(["Decide", "Probabilities", "ProbabilitiesBatch"],
            NamedMembers.Added(false, false, false, false, NetworkHead.Sigmoid, 2, 1));
        Assert.Equal(9, NamedMembers.All.Distinct().Count());
    }

    private static NetworkLabels Labels(IEnumerable<string> names) => new([.. names], [], [], []);

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(static i => "n" + i);
}
