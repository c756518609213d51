using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Running;

/// <summary>A case that broke a promise.</summary>
/// <param name="Engine">The engine that made it.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Index">The case.</param>
/// <param name="Genome">What it is made of, minimised.</param>
/// <param name="Key">The promise.</param>
/// <param name="Details">What happened.</param>
/// <param name="Skipped">The cases of its segment that a worker did not survive.</param>
internal sealed record Finding(FuzzEngine Engine, int Seed, long Index, Genome Genome, string Key, string Details,
    IReadOnlyList<long> Skipped)
{
    /// <summary>The command that makes the case again.</summary>
    public string Command =>
        $"dotnet run -c Release --project tests/Kan.Fuzzing -- --engine {Engine.Name} --seed {Seed} --case {Index}"
            + (Skipped.Count > 0 ? " --skip " + string.Join(',', Skipped.Where(skipped => skipped != Index)) : "").TrimEnd();

    /// <summary>The command that makes the minimised case.</summary>
    public string MinimisedCommand => $"dotnet run -c Release --project tests/Kan.Fuzzing -- --engine {Engine.Name} --genome {Genome}";

    /// <summary>Writes the minimised files and a description into a folder of its own.</summary>
    /// <param name="root">The folder of all findings.</param>
    /// <returns>The folder of this one.</returns>
    public string Save(string root)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"{Engine.Name}-{Seed}-{Index}")).FullName;
        foreach (var file in Engine.Build(Genome).Files) File.WriteAllBytes(Path.Combine(folder, file.Name), file.Bytes);
        File.WriteAllText(Path.Combine(folder, "finding.txt"), $"{Key}\n\n{Command}\n{MinimisedCommand}\n\n{Details}\n");
        return folder;
    }
}
