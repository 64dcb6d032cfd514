/* One backtest as plain C does it: the limit that bench/peers.py measures everybody against.
 *
 * SMA cross, Wilder ATR, entry at the next open, stop and target in ATR measured from the fill and looked for from the
 * entry bar on, a gap filled at the open, stop before target, an opposite cross turns the position: one pass over the
 * bars, running sums, warm arrays that the caller has allocated. Compiled in three ways:
 *   SAME      our operations in our order (sums begun anew every window, no contraction): equal to the last bit
 *   PLAIN     the textbook's divisions
 *   (none)    as one would write it for speed alone: reciprocals, and whatever contraction the compiler likes
 *   EQUITY    also writes the marked equity of every bar
 *   EXCURSIONS also follows how far each trade went against and for
 * Without -ffast-math: results may not depend on the order that a compiler prefers.
 */
#include <math.h>
#include <stdint.h>

enum { STOP = 1, TARGET = 2, SIGNAL = 3, OPEN = 4 };

typedef struct {
    int64_t *restrict signal, *restrict entry, *restrict exit;
    int8_t *restrict side, *restrict reason, *restrict ambiguous;
    double *restrict entry_price, *restrict exit_price, *restrict stop, *restrict target, *restrict risk;
    double *restrict mae, *restrict mfe;
} Trades;

typedef struct {
    long signal, bar;
    int side;
    double price, stop, target, risk, lowest, highest;
} Position;

static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }

static inline long put(Trades *restrict t, long k, const Position *p, long bar, double price, int reason, int both) {
    t->signal[k] = p->signal, t->entry[k] = p->bar, t->exit[k] = bar;
    t->side[k] = (int8_t)p->side, t->reason[k] = (int8_t)reason, t->ambiguous[k] = (int8_t)both;
    t->entry_price[k] = p->price, t->exit_price[k] = price;
    t->stop[k] = p->stop, t->target[k] = p->target, t->risk[k] = p->risk;
#ifdef EXCURSIONS
    double below = larger(p->price - smaller(p->lowest, price), 0.0);
    double above = larger(larger(p->highest, price) - p->price, 0.0);
    t->mae[k] = p->side > 0 ? below : above;
    t->mfe[k] = p->side > 0 ? above : below;
#endif
    return k + 1;
}

/* Number of trades, an open one last. `tie`: averages closer than this share of the slow one are equal. */
long backtest(const double *restrict open, const double *restrict high, const double *restrict low,
              const double *restrict close, long n, long fast, long slow, long period, double stop_atr,
              double target_atr, double tie, Trades *restrict trades, double *restrict equity) {
#ifndef EQUITY
    (void)equity;
#endif
    double fast_sum = 0.0, slow_sum = 0.0, atr = 0.0, planned = 0.0, realised = 0.0;
    const long warm = fast > slow ? fast - 1 : slow - 1;
    int above = 2, pending = 0;
    long k = 0;
    Position p = {0};
#ifdef SAME
    double fast_anew = 0.0, slow_anew = 0.0;
    long fast_place = 0, slow_place = 0;
#endif
#ifndef PLAIN
    const double per_fast = 1.0 / (double)fast, per_slow = 1.0 / (double)slow;
    const double kept = (double)(period - 1) / (double)period, taken = 1.0 / (double)period;
#endif
    for (long i = 0; i < n; i++) {
        if (pending) {
            if (p.side == -pending) {
                realised += p.side * (open[i] - p.price);
                k = put(trades, k, &p, i, open[i], SIGNAL, 0);
                p.side = 0;
            }
            if (p.side == 0) {
                double risk = stop_atr * planned, reward = target_atr * planned;
                p = (Position){i - 1, i, pending, open[i], open[i] - pending * risk, open[i] + pending * reward, risk,
                               INFINITY, -INFINITY};
            }
            pending = 0;
        }
        if (p.side) {
            double price = 0.0;
            int reason = 0, both = 0;
            if (p.side > 0) {
                if (open[i] <= p.stop) reason = STOP, price = open[i];
                else if (open[i] >= p.target) reason = TARGET, price = open[i];
                else if (low[i] <= p.stop) reason = STOP, price = p.stop, both = high[i] >= p.target;
                else if (high[i] >= p.target) reason = TARGET, price = p.target;
            } else {
                if (open[i] >= p.stop) reason = STOP, price = open[i];
                else if (open[i] <= p.target) reason = TARGET, price = open[i];
                else if (high[i] >= p.stop) reason = STOP, price = p.stop, both = low[i] <= p.target;
                else if (low[i] <= p.target) reason = TARGET, price = p.target;
            }
            if (reason) {
                realised += p.side * (price - p.price);
                k = put(trades, k, &p, i, price, reason, both);
                p.side = 0;
            }
#ifdef EXCURSIONS
            else p.lowest = smaller(p.lowest, low[i]), p.highest = larger(p.highest, high[i]);
#endif
        }
#ifdef EQUITY
        equity[i] = realised + (p.side ? p.side * (close[i] - p.price) : 0.0);
#endif
        double range = i ? larger(high[i], close[i - 1]) - smaller(low[i], close[i - 1]) : high[i] - low[i];
        fast_sum += i >= fast ? close[i] - close[i - fast] : close[i];
        slow_sum += i >= slow ? close[i] - close[i - slow] : close[i];
#ifdef SAME
        fast_anew += close[i], slow_anew += close[i];
        if (++fast_place == fast) fast_place = 0, fast_sum = fast_anew, fast_anew = 0.0;
        if (++slow_place == slow) slow_place = 0, slow_sum = slow_anew, slow_anew = 0.0;
#endif
#ifdef PLAIN
        atr = i < period - 1 ? atr + range : i == period - 1 ? (atr + range) / (double)period
                                                             : (atr * (double)(period - 1) + range) / (double)period;
        double slow_mean = slow_sum / (double)slow, distance = fast_sum / (double)fast - slow_mean;
#else
        atr = i < period - 1 ? atr + range : i == period - 1 ? (atr + range) / (double)period : atr * kept + range * taken;
        double slow_mean = slow_sum * per_slow, distance = fast_sum * per_fast - slow_mean;
#endif
        if (i < warm) continue;
        int now = distance > tie * slow_mean ? 1 : distance < -tie * slow_mean ? -1 : 0;
        if (now != above) {
            if (above != 2 && now != 0 && i >= period - 1 && atr > 0.0) pending = now, planned = atr;
            above = now;
        }
    }
    if (p.side) k = put(trades, k, &p, n - 1, close[n - 1], OPEN, 0);
    return k;
}
