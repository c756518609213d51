using System.Collections.Generic;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Archives;

/// <summary>Files of <c>torch.save</c>: pickle by operation, archive by entry.</summary>
internal sealed class TorchEngine : StructuredEngine<TorchModel>
{
    /// <inheritdoc/>
    public override string Name => "torch";

    /// <inheritdoc/>
    public override string Subject => "`.pt`: pickle by operation, ZIP by entry, storages by number";

    /// <inheritdoc/>
    public override int SeedCount => TorchSeeds.Count;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override TorchModel Seed(int index) => TorchSeeds.Create(index);

    /// <inheritdoc/>
    protected override void Mutate(TorchModel model, FuzzRandom random) => model.Mutate(random);

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(TorchModel model) => [new FuzzFile("m.pt", model.Zip.ToBytes())];
}
