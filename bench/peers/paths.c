/* Paths drawn one period at a time from anywhere (i.i.d.), with random numbers that are a hash of path and period:
 * what a plain loop takes, and what one takes that works on many paths side by side. Blocks ask for more. */

#include <stdint.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define LANES 128

static inline uint64_t scrambled(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static inline double number(uint64_t key, long draw)
{
    return (double)(scrambled(key + (uint64_t)draw * GOLDEN) >> 11) * 0x1p-53;
}

static inline uint64_t stream(uint64_t seed, long path)
{
    return scrambled(scrambled(seed) + (uint64_t)path * GOLDEN);
}

/* As anyone would write it down. */
void plain(const double *growth, long n, long horizon, uint64_t seed, long first, long paths, double *total, double *fall)
{
    for (long path = 0; path < paths; path++) {
        uint64_t key = stream(seed, first + path);
        double wealth = 1.0, peak = 1.0, deepest = 0.0;
        for (long period = 0; period < horizon; period++) {
            wealth *= growth[(long)(number(key, period) * n)];
            peak = wealth > peak ? wealth : peak;
            double now = 1.0 - wealth / peak;
            deepest = now > deepest ? now : deepest;
        }
        total[path] = wealth - 1.0;
        fall[path] = -deepest;
    }
}

/* Written for the processor: no division, and many paths at once. */
void together(const double *restrict growth, long n, long horizon, uint64_t seed, long first, long paths,
              double *restrict total, double *restrict fall)
{
    uint64_t key[LANES];
    double wealth[LANES], level[LANES], lowest[LANES];
    for (long begin = 0; begin < paths; begin += LANES) {
        for (int i = 0; i < LANES; i++) {
            key[i] = stream(seed, first + begin + i);
            wealth[i] = level[i] = lowest[i] = 1.0;
        }
        for (long period = 0; period < horizon; period++)
            for (int i = 0; i < LANES; i++) {
                double drawn = growth[(long)(number(key[i], period) * n)];
                double now = level[i] * drawn;
                wealth[i] *= drawn;
                level[i] = now < 1.0 ? now : 1.0;
                lowest[i] = now < lowest[i] ? now : lowest[i];
            }
        for (int i = 0; i < LANES && begin + i < paths; i++) {
            total[begin + i] = wealth[i] - 1.0;
            fall[begin + i] = lowest[i] - 1.0;
        }
    }
}
