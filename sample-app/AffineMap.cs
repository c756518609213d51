using System;
using Kan;

namespace SampleApp;

/// <summary>What a network is on the linear region of one image: y = J x + c.</summary>
internal sealed class AffineMap
{
    private readonly int _inputs;
    private readonly float[] _jacobian;
    private readonly float[] _offset;

    private AffineMap(int inputs, float[] jacobian, float[] offset)
    {
        _inputs = inputs;
        _jacobian = jacobian;
        _offset = offset;
    }

    public static AffineMap At<TModel>(ReadOnlySpan<float> image)
        where TModel : IKanModel<float>
    {
        var jacobian = new float[TModel.OutputCount * TModel.InputCount];
        var offset = new float[TModel.OutputCount];
        TModel.Explain(image, jacobian, offset);
        return new AffineMap(TModel.InputCount, jacobian, offset);
    }

    public double Offset(int output) => _offset[output];

    public double Apply(ReadOnlySpan<float> image, int output)
    {
        double sum = _offset[output];
        var row = Row(output);
        for (int p = 0; p < row.Length; p++) sum += (double)row[p] * image[p];
        return sum;
    }

    /// <summary>What each pixel adds to the lead of one output over another.</summary>
    public float[] Contributions(ReadOnlySpan<float> image, int winner, int runnerUp)
    {
        var contributions = new float[_inputs];
        var forWinner = Row(winner);
        var forRunnerUp = Row(runnerUp);
        for (int p = 0; p < contributions.Length; p++) contributions[p] = (forWinner[p] - forRunnerUp[p]) * image[p];
        return contributions;
    }

    private ReadOnlySpan<float> Row(int output) => _jacobian.AsSpan(output * _inputs, _inputs);
}
