using System;
using System.Numerics;

namespace Kan.Networks;

/// <content>Sums of units.</content>
public sealed partial class RunningBound<T>
{
    /// <content>Sums of units.</content>
    private sealed partial class Layer
    {
        /// <summary>
        /// The partial sums are computed once more, as those of rows. Of a chain, units that the input has passed err together, and one
        /// unit moves; of other units, the slopes of those that surely move add up with their signs.
        /// </summary>
        public T[] Units(UnitsForm form)
        {
            int n = form.InputCount, sums = SummationOrder.PartialSums(n, form.OutputCount, bound._form.Precision);
            var largest = T.Zero;
            for (int p = 0; p < n; p++)
            {
                T reach = T.Abs(x[p]) + errors[p];
                if (reach > largest) largest = reach;
            }

            int terms = RunningError.Terms(form);
            T inflation = T.CreateChecked(bound._error.Inflation(terms)), farthest = largest + T.CreateChecked(RunningError.Reach(form));
            T floor = (bound._tiny * T.CreateChecked(RunningError.Floor(terms))) + (bound._tiny * T.CreateChecked(2.0 * terms) * farthest);
            var bounds = new T[form.OutputCount];
            var parts = new T[sums];
            for (int q = 0; q < bounds.Length; q++)
            {
                T weighed = T.Zero, partial = T.Zero;
                for (int k = 0; k < sums; k++)
                {
                    parts[k] = k == 0 ? T.CreateChecked(form.Biases[q]) : T.Zero;
                    for (int p = k; p < n; p += sums) AddUnits(form, p, q, ref parts[k], ref weighed, ref partial);
                }

                foreach (var addition in SumTree.Additions(sums))
                {
                    parts[addition.To] += parts[addition.From];
                    partial += T.Abs(parts[addition.To]);
                }

                T rounded = (partial + Abs(form.Biases[q])) * bound._unit;
                bounds[q] = ((weighed + rounded) * inflation) + floor;
            }

            return bounds;
        }

        /// <summary>Adds the units of an input.</summary>
        /// <param name="form">The layer.</param>
        /// <param name="p">The input.</param>
        /// <param name="q">The output.</param>
        /// <param name="sum">Their partial sum.</param>
        /// <param name="weighed">What is off before the additions.</param>
        /// <param name="partial">The magnitudes of all that partial sums were.</param>
        private void AddUnits(UnitsForm form, int p, int q, ref T sum, ref T weighed, ref T partial)
        {
            var ops = default(FloatOps<T>);
            T input = x[p], error = errors[p], radius = bound.Radius(input, error) + (s_two * bound._tiny);
            T least = T.CreateChecked(4) * bound._tiny;
            T beside = bound.Units(RunningError.OfSlope(form)) * error, slope = T.Zero, steepest = T.Zero, longest = T.Zero;
            bool isChain = form.Scheme.IsChain;
            for (int i = 0; i < form.Kinds.Length; i++)
            {
                var kind = form.Kinds[i];
                var unit = form.Units[(p * form.Kinds.Length) + i];
                T point = T.CreateChecked(unit.Points[q]), weight = T.CreateChecked(unit.Weights[q]), size = T.Abs(weight);
                T height = unit.Heights.IsEmpty ? T.Zero : T.CreateChecked(unit.Heights[q]);

                // An end that the number type does not reach is not brought back to its largest number here, so that it shows.
                T bend = UnitTerm.Bend(ops, kind, input, point, height, default), length = T.Abs(bend), term = size * length;
                sum = T.FusedMultiplyAdd(weight, bend, sum);
                if (term != T.Zero) partial += T.Abs(sum);

                // The breakpoint rounds, and what is in proportion to the unit.
                T moved = T.FusedMultiplyAdd(T.Abs(point), bound._unit,
                    T.FusedMultiplyAdd(length, bound.Units(RunningError.OfUnit(kind)), least));
                var (mayMove, moves) = Moves(kind, input - point, height, radius);
                if (isChain)
                {
                    weighed = T.FusedMultiplyAdd(size, mayMove ? moved : least, weighed);
                    if (mayMove && size > steepest) steepest = size;
                    if (term > longest) longest = term;
                }
                else
                {
                    weighed = T.FusedMultiplyAdd(size, mayMove ? (moves != 0 ? beside : error) + moved : least, weighed);
                    if (moves != 0) slope += T.CreateChecked(moves) * weight;
                }
            }

            weighed = isChain
                ? T.FusedMultiplyAdd(longest, bound._unit, T.FusedMultiplyAdd(steepest, error, weighed))
                : T.FusedMultiplyAdd(T.Abs(slope), error, weighed);
        }

        /// <summary>Whether a unit moves where the exact input may be, and its slope if it surely has that one there, else 0.</summary>
        /// <param name="kind">The kind.</param>
        /// <param name="difference">The difference of the input and the breakpoint.</param>
        /// <param name="height">The height.</param>
        /// <param name="radius">How far the exact difference may be, but for what is in proportion to it.</param>
        private (bool MayMove, int Moves) Moves(UnitKind kind, T difference, T height, T radius)
        {
            var (below, above) = UnitTerm.FarSlopes(kind);
            if (UnitTerm.HasHeight(kind))
            {
                T end = T.FusedMultiplyAdd(difference, bound.Units(4), radius);
                return (difference >= -radius && !(difference - height > end), 0);
            }

            bool mayMove = (below != 0 && difference <= radius) || (above != 0 && difference >= -radius);
            return (mayMove, difference > radius ? above : difference < -radius ? below : 0);
        }
    }
}
