using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>Terms of a panel of outputs whose inputs stand one behind the other in the image.</summary>
/// <param name="First">The number of the first, among all terms of an output.</param>
/// <param name="Place">Where its input is, counted from the first input under the window.</param>
/// <param name="Count">How many there are.</param>
/// <param name="IsDiagonal">
/// Whether each lane has one term, that of its own number: one vector of inputs times one of weights. So values pass a convolution.
/// </param>
internal readonly record struct TermRun(int First, int Place, int Count, bool IsDiagonal)
{
    /// <summary>Vectors of weights.</summary>
    public int Vectors => IsDiagonal ? 1 : Count;
}

/// <summary>
/// The terms of a convolution that are not zero for all outputs of a panel, where others are many: what passes a convolution unchanged is
/// multiplied by one tap, and the others of its kernel are zero.
/// </summary>
/// <param name="Panels">For each panel of outputs its terms, in order; a run is of one row of the kernel.</param>
internal sealed record WindowRuns(ImmutableArray<ImmutableArray<TermRun>> Panels)
{
    /// <summary>Numbers of the table for each run, and for each row of the kernel.</summary>
    public const int Numbers = 3, RowNumbers = 2;

    // What a run costs by itself, in terms; what must be left of all terms before some are left out; and lanes that make a diagonal.
    private const double RunOverhead = 1.5, WorthShare = 0.85;
    private const int LeastDiagonal = 4;

    /// <summary>Vectors of weights of all panels.</summary>
    public int VectorCount => VectorsBefore(Panels.Length);

    /// <summary>Runs of all panels.</summary>
    public int RunCount => RunsBefore(Panels.Length);

    /// <summary>Vectors of weights of the panels before one.</summary>
    public int VectorsBefore(int panel) => Panels.Take(panel).Sum(static runs => runs.Sum(static run => run.Vectors));

    /// <summary>Runs of the panels before one.</summary>
    public int RunsBefore(int panel) => Panels.Take(panel).Sum(static runs => runs.Length);

    /// <summary>Whether two panels have the same terms, so that one kernel may compute both.</summary>
    /// <param name="panel">The first.</param>
    /// <param name="other">The other.</param>
    /// <param name="lanes">Outputs of a panel.</param>
    public bool AreAlike(int panel, int other, int lanes) => Panels[panel].Length == Panels[other].Length
        && Panels[panel].Zip(Panels[other], (a, b) => a.IsDiagonal == b.IsDiagonal
            && (a.IsDiagonal ? b.Place == a.Place + ((other - panel) * lanes) : (a.Place, a.Count) == (b.Place, b.Count)))
            .All(static alike => alike);

    /// <summary>The runs of a convolution of one group; null where it is as fast to compute all terms.</summary>
    /// <param name="form">The convolution. Its inputs are bounded, so that those of zero weights add zeros.</param>
    /// <param name="plan">The geometry of the image as the kernel reads it.</param>
    /// <param name="lanes">Outputs of a panel.</param>
    public static WindowRuns? TryFind(ConvolutionForm form, WindowPlan plan, int lanes)
    {
        if (plan.Groups != 1 || plan.IsByChannel || form.Ends != new FiniteEnds(true, true)) return null;
        int panels = (plan.Filters + lanes - 1) / lanes;
        var found = new WindowRuns([.. Enumerable.Range(0, panels)
            .Select(panel => Of(form, plan, panel * lanes, System.Math.Min(lanes, plan.Filters - (panel * lanes))))]);
        return found.VectorCount + (RunOverhead * found.RunCount) < WorthShare * plan.Terms * panels ? found : null;
    }

    private static ImmutableArray<TermRun> Of(ConvolutionForm form, WindowPlan plan, int first, int count)
    {
        var runs = new List<TermRun>();
        int terms = plan.Terms, row = plan.Geometry.KernelWidth * plan.GroupChannels;
        for (int term = 0; term < terms; term++)
        {
            if (!Exists(term, static _ => true)) continue;
            int place = plan.PlaceOf(term);
            if (IsDiagonal(term))
            {
                runs.Add(new TermRun(term, place, count, IsDiagonal: true));
                term += count - 1;
            }
            else if (runs.Count > 0 && runs[runs.Count - 1] is { IsDiagonal: false } last && last.First + last.Count == term
                && last.Place + last.Count == place && term % row != 0)
            {
                runs[runs.Count - 1] = last with { Count = last.Count + 1 };
            }
            else
            {
                runs.Add(new TermRun(term, place, 1, IsDiagonal: false));
            }
        }

        return [.. runs];

        bool Exists(int term, System.Func<int, bool> among)
        {
            for (int lane = 0; lane < count; lane++)
            {
                if (among(lane) && form.Weights[((first + lane) * terms) + term] != 0) return true;
            }

            return false;
        }

        bool IsDiagonal(int term)
        {
            if (count < LeastDiagonal || (term % row) + count > row || plan.PlaceOf(term + count - 1) != plan.PlaceOf(term) + count - 1)
                return false;
            for (int i = 0; i < count; i++)
            {
                if (Exists(term + i, lane => lane != i)) return false;
            }

            return true;
        }
    }
}
