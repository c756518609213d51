using System;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Kan.ML;

/// <summary>
/// A step that learns nothing: it checks that the column of the inputs is there and has their number, and leaves the rest to another step.
/// </summary>
/// <param name="inner">The step that evaluates.</param>
/// <param name="column">The column of the inputs.</param>
/// <param name="inputs">The number of inputs.</param>
/// <param name="network">The name of the network.</param>
internal sealed class KanEstimator(IEstimator<ITransformer> inner, string column, int inputs, string network) : IEstimator<ITransformer>
{
    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema.GetColumnOrNull(column) is not { } found) throw Fault("is missing", nameof(input));

        // A vector of unknown length is checked row by row.
        if (found.Type is not VectorDataViewType { ItemType: NumberDataViewType item } vector || item != NumberDataViewType.Single
            || (vector.Size != 0 && vector.Size != inputs))
            throw Fault("is " + found.Type, nameof(input));
        return inner.Fit(input);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);

    private ArgumentException Fault(string fact, string parameter) =>
        new($"The column '{column}' {fact}; the network {network} expects a vector of {inputs} numbers of type Single.", parameter);
}
