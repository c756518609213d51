using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A form whose lower bends are taken for inputs of any value from 0 on. If it is 0 for all of these, it is 0 for those that the bends
/// have; if not, nothing is known. Many equalities, such as that of maxima in another order, hold whatever lies below them, and the cells
/// of what lies below need not be visited then.
/// </summary>
internal sealed class FreeBends
{
    private readonly BendTable _source;
    private readonly int _level;
    private readonly Dictionary<int, int> _inputs = [];
    private readonly Dictionary<int, BendForm> _forms = [];

    /// <summary>Takes a form for one of its inputs and bends.</summary>
    /// <param name="source">The bends.</param>
    /// <param name="form">The form.</param>
    /// <param name="level">The highest level of bends that are taken for inputs, below that of the form.</param>
    public FreeBends(BendTable source, BendForm form, int level)
    {
        (_source, _level) = (source, level);
        Collect(form, []);
        Table = new BendTable(_inputs.Count);
        Form = Rebuilt(form);
    }

    /// <summary>The bends above the level.</summary>
    public BendTable Table { get; }

    /// <summary>The form in them.</summary>
    public BendForm Form { get; }

    /// <summary>For each input of <see cref="Table"/>, the variable of the source that it stands for.</summary>
    public IEnumerable<int> Variables => _inputs.OrderBy(static input => input.Value).Select(static input => input.Key);

    private bool IsFree(int variable) => variable < _source.InputCount || _source.LevelOf(BendForm.Of(variable)) <= _level;

    private void Collect(BendForm form, HashSet<int> seen)
    {
        foreach (int variable in form.Variables)
        {
            if (!seen.Add(variable)) continue;
            if (IsFree(variable)) _inputs.Add(variable, _inputs.Count);
            else Collect(_source.ArgumentOf(variable), seen);
        }
    }

    private BendForm Rebuilt(BendForm form)
    {
        var sum = new BendSum();
        sum.Add(form.Constant);
        for (int i = 0; i < form.Variables.Length; i++)
        {
            int variable = form.Variables[i];
            if (_inputs.TryGetValue(variable, out int input))
            {
                sum.Add(form.Factors[i], input);
                continue;
            }

            if (!_forms.TryGetValue(variable, out var bend))
                _forms.Add(variable, bend = Table.Relu(Rebuilt(_source.ArgumentOf(variable))));
            sum.Add(form.Factors[i], bend);
        }

        return sum.ToForm();
    }
}
