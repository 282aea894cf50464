/* The scan over packed cases: a lower bound of each distance, and the rows that can be among the nearest.
 *
 * A case is `width` words; the low and the high byte of a word each look up a table of 256 small numbers, and
 * their sum is the case's bound. What is kept is every allowed row whose bound is at most the k-th smallest
 * plus `slack`; the caller ranks those exactly. Plain C; where compiler and processor have byte permutations
 * (AVX-512 VBMI) 32 cases are looked up at once, with the same sums. models/engines.py says it in Python.
 */
#include <stdint.h>
#include <string.h>

#define BLOCK 512
#define FIRST_TIDYING 4096

int64_t skoen_abi(void) { return 1; }

/* The place of the lowest bit that is set. */
static int lowest(uint64_t bits) {
#ifdef __GNUC__
    return __builtin_ctzll(bits);
#else
    int place = 0;
    while (!(bits >> place & 1)) place++;
    return place;
#endif
}

/* bounds[i] for `count` (at most BLOCK) rows from `first`; bit i of `hits` where it is at most `limit`. */
typedef void (*bounds_of)(const uint16_t *words, int64_t n, int64_t width, const uint8_t *tables,
                          int64_t first, int64_t count, uint16_t limit, uint16_t *bounds, uint64_t *hits);

static void plain(const uint16_t *words, int64_t n, int64_t width, const uint8_t *tables,
                  int64_t first, int64_t count, uint16_t limit, uint16_t *bounds, uint64_t *hits) {
    memset(bounds, 0, sizeof(uint16_t) * BLOCK);
    for (int64_t w = 0; w < width; w++) {
        const uint16_t *word = words + w * n + first;
        const uint8_t *low = tables + 512 * w, *high = low + 256;
        for (int64_t i = 0; i < count; i++)
            bounds[i] = (uint16_t)(bounds[i] + low[word[i] & 255] + high[word[i] >> 8]);
    }
    memset(hits, 0, BLOCK / 8);
    for (int64_t i = 0; i < count; i++)
        hits[i / 64] |= (uint64_t)(bounds[i] <= limit) << (i % 64);
}

#if !defined(SKOEN_PLAIN) && defined(__x86_64__) && defined(__GNUC__)
#define HAS_WIDE 1
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi")))
#define EVEN 0x5555555555555555ull
#define AHEAD 1024 /* words: the columns are read side by side, which the processor does not foresee by itself */

/* The numbers of 64 codes, of which those in `wanted` count; a table that is 0 from 128 on takes one look. */
static inline __attribute__((always_inline)) WIDE
__m512i looked_up(const __m512i *t, __m512i code, __mmask64 upper, __mmask64 wanted, int all) {
    const __m512i low = _mm512_maskz_permutex2var_epi8(wanted & ~upper, t[0], code, t[1]);
    return all ? _mm512_or_si512(low, _mm512_maskz_permutex2var_epi8(wanted & upper, t[2], code, t[3])) : low;
}

/* Add one word of 256 cases to their sums. */
static inline __attribute__((always_inline)) WIDE
void add_word(const uint16_t *word, const __m512i *t, __m512i *sum, int low_all, int high_all) {
    const __m512i one = _mm512_set1_epi8(1);
    for (int each = 0; each < 8; each++) {
        _mm_prefetch((const char *)(word + 32 * each + AHEAD), _MM_HINT_T0);
        const __m512i code = _mm512_loadu_si512(word + 32 * each);
        const __mmask64 upper = _mm512_movepi8_mask(code);
        const __m512i both = _mm512_or_si512(looked_up(t, code, upper, EVEN, low_all),
                                             looked_up(t + 4, code, upper, ~EVEN, high_all));
        sum[each] = _mm512_add_epi16(sum[each], _mm512_maddubs_epi16(both, one));
    }
}

/* Whether a table has a number from 128 on. */
static WIDE int any(const __m512i *t) {
    return _mm512_test_epi8_mask(_mm512_or_si512(t[2], t[3]), _mm512_set1_epi8(-1)) != 0;
}

static WIDE void wide(const uint16_t *words, int64_t n, int64_t width, const uint8_t *tables,
                 int64_t first, int64_t count, uint16_t limit, uint16_t *bounds, uint64_t *hits) {
    if (count < BLOCK) {
        plain(words, n, width, tables, first, count, limit, bounds, hits);
        return;
    }
    const __m512i most = _mm512_set1_epi16((short)limit);
    for (int part = 0; part < BLOCK; part += 256) {
        __m512i sum[8];
        for (int each = 0; each < 8; each++) sum[each] = _mm512_setzero_si512();
        for (int64_t w = 0; w < width; w++) {
            const uint8_t *table = tables + 512 * w;
            __m512i t[8];
            for (int each = 0; each < 8; each++) t[each] = _mm512_loadu_si512(table + 64 * each);
            const uint16_t *word = words + w * n + first + part;
            const int low_all = any(t), high_all = any(t + 4);
            if (low_all && high_all) add_word(word, t, sum, 1, 1);
            else if (low_all) add_word(word, t, sum, 1, 0);
            else if (high_all) add_word(word, t, sum, 0, 1);
            else add_word(word, t, sum, 0, 0);
        }
        for (int each = 0; each < 8; each++) {
            const uint64_t hit = _mm512_cmple_epu16_mask(sum[each], most);
            const int at = part + 32 * each;
            _mm512_storeu_si512(bounds + at, sum[each]);
            if (at % 64) hits[at / 64] |= hit << 32; else hits[at / 64] = hit;
        }
    }
}
#endif

static bounds_of best(int64_t use_plain) {
#ifdef HAS_WIDE
    __builtin_cpu_init();
    if (!use_plain && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")) return wide;
#endif
    (void)use_plain;
    return plain;
}

/* Whether this processor looks up 32 cases at once. */
int64_t skoen_is_wide(void) { return best(0) != plain; }

static int64_t tidied(uint32_t *rows, uint16_t *found, int64_t count, uint16_t limit) {
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++)
        if (found[i] <= limit) {
            rows[kept] = rows[i];
            found[kept++] = found[i];
        }
    return kept;
}

/* Rows that can be among the k nearest, ascending, into `rows` with bounds in `found` (room for n each).
 * `counts` is room for 65536 numbers. `allowed` is one bit a case, or NULL. Returns how many. */
int64_t skoen_nearest(const uint16_t *words, int64_t n, int64_t width, const uint8_t *tables,
                      const uint64_t *allowed, int64_t k, int64_t slack, int64_t use_plain,
                      uint32_t *counts, uint32_t *rows, uint16_t *found) {
    const bounds_of compute = best(use_plain);
    uint16_t bounds[BLOCK];
    uint64_t hits[BLOCK / 64];
    int64_t top = width * 510, kth = top, limit = top, at_most_kth = 0, count = 0, tidy_at = FIRST_TIDYING;
    memset(counts, 0, sizeof(uint32_t) * (size_t)(top + 1));
    for (int64_t first = 0; first < n; first += BLOCK) {
        const int64_t size = n - first < BLOCK ? n - first : BLOCK;
        compute(words, n, width, tables, first, size, (uint16_t)limit, bounds, hits);
        for (int64_t part = 0; part * 64 < size; part++) {
            uint64_t hit = hits[part];
            if (allowed) hit &= allowed[first / 64 + part];
            for (; hit; hit &= hit - 1) {
                const int64_t at = part * 64 + lowest(hit);
                const int64_t bound = bounds[at];
                if (bound > limit) continue;
                rows[count] = (uint32_t)(first + at);
                found[count++] = (uint16_t)bound;
                if (bound > kth) continue;
                counts[bound]++;
                at_most_kth++;
                while (kth > 0 && at_most_kth - counts[kth] >= k) at_most_kth -= counts[kth--];
                limit = kth + slack < top ? kth + slack : top;
            }
        }
        if (count >= tidy_at) {
            count = tidied(rows, found, count, (uint16_t)limit);
            tidy_at = 2 * count < FIRST_TIDYING ? FIRST_TIDYING : 2 * count;
        }
    }
    return tidied(rows, found, count, (uint16_t)limit);
}

/* Allowed rows whose bound is from `low` to `high`, ascending, into `rows`; `below` tells how many lie under. */
int64_t skoen_between(const uint16_t *words, int64_t n, int64_t width, const uint8_t *tables,
                      const uint64_t *allowed, int64_t low, int64_t high, int64_t use_plain,
                      int64_t *below, uint32_t *rows) {
    const bounds_of compute = best(use_plain);
    uint16_t bounds[BLOCK];
    uint64_t hits[BLOCK / 64];
    int64_t count = 0, under = 0;
    for (int64_t first = 0; first < n; first += BLOCK) {
        const int64_t size = n - first < BLOCK ? n - first : BLOCK;
        compute(words, n, width, tables, first, size, (uint16_t)high, bounds, hits);
        for (int64_t part = 0; part * 64 < size; part++) {
            uint64_t hit = hits[part];
            if (allowed) hit &= allowed[first / 64 + part];
            for (; hit; hit &= hit - 1) {
                const int64_t at = part * 64 + lowest(hit);
                if (bounds[at] < low) under++;
                else rows[count++] = (uint32_t)(first + at);
            }
        }
    }
    *below = under;
    return count;
}
