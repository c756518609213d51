using Kan.Testing;

namespace Kan.Tests.Support;

/// <summary>The files of the repository these tests were built in.</summary>
internal static class RepositoryFiles
{
    /// <summary>A page of the documentation, with LF line ends.</summary>
    public static string Page(string name) => Repository.Read("docs/" + name);
}
