namespace Kan.Analysis;

/// <summary>Sets of cells that are joined two by two.</summary>
internal sealed class RegionNumbers
{
    private readonly int[] _parents;

    public RegionNumbers(int count)
    {
        _parents = new int[count];
        for (int i = 0; i < count; i++) _parents[i] = i;
        Count = count;
    }

    /// <summary>How many sets there are.</summary>
    public int Count { get; private set; }

    public void Join(int left, int right)
    {
        int a = Find(left), b = Find(right);
        if (a == b) return;
        Count--;

        // The first cell stands for its set, so that sets are numbered in the order of the cells.
        if (a < b) _parents[b] = a;
        else _parents[a] = b;
    }

    /// <summary>The number of the set of each cell, from 0 in the order of their first cells.</summary>
    public int[] Number()
    {
        int[] numbers = new int[_parents.Length];
        int next = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            int first = Find(i);
            numbers[i] = first == i ? next++ : numbers[first];
        }

        return numbers;
    }

    private int Find(int cell)
    {
        while (_parents[cell] != cell)
        {
            _parents[cell] = _parents[_parents[cell]];
            cell = _parents[cell];
        }

        return cell;
    }
}
