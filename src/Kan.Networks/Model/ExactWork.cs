using System;
using System.Numerics;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// A limit of what exact arithmetic may cost. Rationals grow: squaring one doubles its digits, and adding fractions multiplies
/// denominators, so a few lines of input can ask for numbers that fill the memory. While a limit is in force on a thread, each operation on
/// a <see cref="Rational"/> is charged before it is done, and copies of lists and forms charge what they copy.
/// </summary>
/// <remarks>
/// The unit is a step on a word of 32 bits, about a nanosecond. Charges depend on the operands alone, so whether a limit is exceeded does
/// not depend on the machine. Limits nest: an inner one never allows more than is left of the outer one, and what it used counts there too.
/// </remarks>
public sealed class ExactWork : IDisposable
{
    /// <summary>Steps of an operation on the smallest numbers: it allocates and reduces.</summary>
    private const int Operation = 50;

    /// <summary>Steps between two looks at the token: about a millisecond.</summary>
    private const long Interval = 1_000_000;

    [ThreadStatic]
    private static ExactWork? t_current;

    private readonly ExactWork? _outer;
    private readonly ExactWork? _restored;
    private readonly long _limit;
    private readonly long _mostWords;
    private readonly CancellationToken _cancellation;
    private long _spent;
    private long _nextLook = Interval;
    private long _largestWords;
    private bool _isDisposed;

    private ExactWork(ExactWork? outer, long steps, long words, CancellationToken cancellation)
    {
        _restored = t_current;
        _outer = outer;
        _limit = outer is null ? steps : Math.Min(steps, Math.Max(0, outer._limit - Interlocked.Read(ref outer._spent)));
        _mostWords = outer is null ? words : Math.Min(words, outer._mostWords);
        _cancellation = cancellation;
    }

    /// <summary>The limit in force on this thread, or null.</summary>
    public static ExactWork? Current => t_current;

    /// <summary>Steps done so far.</summary>
    public long Spent => Interlocked.Read(ref _spent);

    /// <summary>Puts a limit in force on this thread until it is disposed.</summary>
    /// <param name="steps">The most steps; <see cref="long.MaxValue"/> for no limit.</param>
    /// <param name="bits">The maximum number of bits of a numerator or denominator; <see cref="int.MaxValue"/> for no limit.</param>
    /// <param name="cancellation">Cancels the computation; observed every million steps, even within a single long computation.</param>
    public static ExactWork Limit(long steps, int bits = int.MaxValue, CancellationToken cancellation = default) =>
        t_current = new ExactWork(t_current, steps, bits == int.MaxValue ? long.MaxValue : (bits + 31) / 32, cancellation);

    /// <summary>
    /// Puts the limit of another thread in force on this one, for work that is done in parallel, until the result is disposed.
    /// </summary>
    /// <param name="shared">The limit of the thread that waits; null for none.</param>
    public static ExactWork? Join(ExactWork? shared) =>
        shared is null ? null : t_current = new ExactWork(shared, long.MaxValue, long.MaxValue, CancellationToken.None);

    /// <summary>Charges work that is not an operation on rationals: copies of lists, searches, cells.</summary>
    /// <param name="steps">Steps of about a nanosecond.</param>
    /// <exception cref="ExactWorkException">The limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">The token of a limit in force was cancelled.</exception>
    public static void Charge(long steps) => t_current?.Add(steps);

    /// <summary>
    /// Charges an operation that takes steps in proportion to the digits of its operands, such as a comparison over one denominator.
    /// </summary>
    internal static void ChargeLinear(Rational left, Rational right)
    {
        if (t_current is { } work) work.Add(Operation + work.Words(left) + work.Words(right));
    }

    /// <summary>Charges a comparison of a sort, which may not be interrupted: the next operation is.</summary>
    internal static void ChargeComparison(Rational left, Rational right)
    {
        if (t_current is not { } work) return;
        long a = work.Words(left), b = work.Words(right), steps = Operation + (left.Denominator == right.Denominator ? a + b : a * b);
        work._spent = steps > work._limit - work._spent ? work._limit : work._spent + steps;
    }

    /// <summary>Charges a sum of numbers over powers of two, one of which is multiplied to the denominator of the other.</summary>
    internal static void ChargeSum(Rational left, Rational right)
    {
        if (t_current is { } work) work.Add(Operation + (work.Words(left) * work.Words(right)));
    }

    /// <summary>Charges a product of two numbers, without the division by what they have in common.</summary>
    internal static void ChargeProduct(Rational left, Rational right)
    {
        if (t_current is not { } work) return;
        long a = work.Words(left), b = work.Words(right);
        work.Expect(a + b);
        work.Add(Operation + (a * b));
    }

    /// <summary>Charges a sum, product or quotient whose parts are divided by their greatest common divisor.</summary>
    internal static void ChargeFraction(Rational left, Rational right)
    {
        if (t_current is not { } work) return;
        long a = work.Words(left), b = work.Words(right);
        work.Expect(a + b);
        work.Add(Operation + (a * b) + ((a + b) * (a + b) / 4));
    }

    /// <summary>Charges a division or a change of radix within one number.</summary>
    internal static void ChargeConversion(Rational value)
    {
        if (t_current is not { } work) return;
        long words = work.Words(value);
        work.Add(Operation + (words * words));
    }

    /// <summary>Charges a whole power.</summary>
    internal static void ChargePower(Rational value, int exponent)
    {
        if (t_current is not { } work) return;
        long words = Math.Min(work.Words(value) * exponent, int.MaxValue);
        work.Expect(words);
        work.Add(Operation + (words * words));
    }

    /// <summary>Takes the limit out of force; what it used counts in the one around it.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        t_current = _restored;
        if (_outer is null) return;
        Interlocked.Add(ref _outer._spent, _spent);
        _outer._largestWords = Math.Max(_outer._largestWords, _largestWords);
    }

    private void Add(long steps)
    {
        if (steps > _limit - _spent)
        {
            // What was begun is not done: the next small operation is refused too.
            _spent = _limit;
            throw Exceeded();
        }

        _spent += steps;
        if (_spent >= _nextLook) Look();
    }

    private void Look()
    {
        _nextLook = _spent + Interval;
        for (var work = this; work is not null; work = work._outer) work._cancellation.ThrowIfCancellationRequested();
    }

    private void Expect(long words)
    {
        if (words <= _mostWords) return;
        _largestWords = Math.Max(_largestWords, words);
        throw new ExactWorkException(
            FormattableString.Invariant($"exact numbers grow to {Digits(_largestWords):N0} digits; the limit is {Digits(_mostWords):N0}"),
            _largestWords * 32);
    }

    private ExactWorkException Exceeded() => new(
        _largestWords > 32
            ? FormattableString.Invariant(
                $"exact numbers grow to {Digits(_largestWords):N0} digits, and computing with them needs more than {_limit:N0} steps")
            : FormattableString.Invariant($"exact arithmetic needs more than {_limit:N0} steps"),
        _largestWords * 32);

    /// <summary>Decimal digits of a number of some words, roughly.</summary>
    private static long Digits(long words) => (long)Math.Min(1e15, words * 9.632959861247398);

    private long Words(Rational value)
    {
        long words = Words(value.Numerator) + Words(value.Denominator);
        if (words > _largestWords) _largestWords = words;
        return words;
    }

    private static long Words(BigInteger value)
    {
        if (value.CompareTo(long.MaxValue) <= 0 && value.CompareTo(long.MinValue) >= 0) return 2;
#if NET
        return 1 + (value.GetBitLength() / 32);
#else
        // The length is not public here. A double has it in its exponent; beyond its range the logarithm, which is slower, reads the
        // leading words only.
        double nearest = (double)value;
        return double.IsInfinity(nearest)
            ? 1 + (long)(BigInteger.Log(BigInteger.Abs(value), 2) / 32)
            : 1 + ((((BitConverter.DoubleToInt64Bits(nearest) >> 52) & 0x7FF) - 1022) / 32);
#endif
    }
}
