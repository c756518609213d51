using System;
using System.Collections.Generic;

namespace Kan.Interchange.Symbolic;

/// <summary>Sums many multiples of forms; used again and again.</summary>
internal sealed class FormAccumulator
{
    // Of a unit that is sorted and kept.
    private const int SortSteps = 20;

    private readonly List<int> _touched = [];
    private Rational[] _factors = [];
    private bool[] _isTouched = [];
    private Rational _constant;

    public void Add(Rational constant) => _constant += constant;

    public void Add(AffineCombination form, Rational factor)
    {
        if (factor.IsZero) return;
        if (!form.Constant.IsZero) _constant += form.Constant * factor;
        if (form.Units.Length > 0 && form.Units[^1] >= _factors.Length) Grow(form.Units[^1] + 1);
        for (int i = 0; i < form.Units.Length; i++)
        {
            int unit = form.Units[i];
            if (!_isTouched[unit])
            {
                _isTouched[unit] = true;
                _touched.Add(unit);
            }

            _factors[unit] += form.Factors[i] * factor;
        }
    }

    /// <summary>The sum; the accumulator is empty afterwards.</summary>
    public AffineCombination Take()
    {
        ExactWork.Charge(SortSteps * (1L + _touched.Count));
        _touched.Sort();
        var units = new List<int>(_touched.Count);
        var factors = new List<Rational>(_touched.Count);
        foreach (int unit in _touched)
        {
            if (!_factors[unit].IsZero)
            {
                units.Add(unit);
                factors.Add(_factors[unit]);
            }

            _factors[unit] = Rational.Zero;
            _isTouched[unit] = false;
        }

        _touched.Clear();
        var form = new AffineCombination([.. units], [.. factors], _constant);
        _constant = Rational.Zero;
        return form;
    }

    private void Grow(int size)
    {
        size = Math.Max(size, _factors.Length * 2);
        Array.Resize(ref _factors, size);
        Array.Resize(ref _isTouched, size);
    }
}
