/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hit shows: the part of its text that tells most of the query. */
#include <math.h>

#include "searcher.h"

/* ---- Letters ------------------------------------------------------------- */

/* Where `letters` letters from `at` on end, and how far back they begin. */
static size_t forward(const char *text, size_t length, size_t at,
                      size_t letters)
{
    while (at < length && letters > 0) {
        at++;
        while (at < length && ((unsigned char)text[at] & 0xc0) == 0x80) {
            at++;
        }
        letters--;
    }
    return at;
}

static size_t backward(const char *text, size_t at, size_t letters)
{
    while (at > 0 && letters > 0) {
        at = utf8_floor(text, at - 1);
        letters--;
    }
    return at;
}

static size_t letters_between(const char *text, size_t from, size_t to)
{
    size_t letters = 0;
    for (size_t i = from; i < to; i++) {
        letters += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return letters;
}

/* ---- The densest window -------------------------------------------------- */

/* What the words of the query weigh, by their bits. */
struct weights {
    double words[MATCH_BITS];
    double least;
    double sum;
    uint64_t all;
};

/* No word counts less than this share of the heaviest. */
#define LEAST_WEIGHT 0.01

static struct weights weigh(const struct scoring *scoring)
{
    struct weights out = {.least = 1};
    double most = 0;
    for (size_t w = 0; w < scoring->count; w++) {
        most = fmax(most, scoring->words[w]->idf);
    }
    for (size_t w = 0; w < scoring->count; w++) {
        size_t bit = w < MATCH_BITS ? w : MATCH_BITS - 1;
        double share = most > 0 ? scoring->words[w]->idf / most : 1;
        out.words[bit] = fmax(out.words[bit], fmax(share, LEAST_WEIGHT));
        out.all |= match_bit(w);
    }
    for (size_t w = 0; w < MATCH_BITS && (out.all >> w & 1) != 0; w++) {
        out.least = fmin(out.least, out.words[w]);
        out.sum += out.words[w];
    }
    return out;
}

/* What a window holds of the query. */
struct tally {
    size_t counts[MATCH_BITS];
    size_t firm[MATCH_BITS];
    uint64_t words;
    size_t repeated;
};

static void tally_add(struct tally *tally, const struct match *match)
{
    for (size_t w = 0; w < MATCH_BITS; w++) {
        if ((match->words >> w & 1) != 0) {
            tally->repeated += tally->counts[w]++ > 0;
            tally->firm[w] += match->firm >> w & 1;
        }
    }
    tally->words |= match->words;
}

static void tally_remove(struct tally *tally, const struct match *match)
{
    for (size_t w = 0; w < MATCH_BITS; w++) {
        if ((match->words >> w & 1) != 0) {
            bool last = --tally->counts[w] == 0;
            tally->repeated -= !last;
            tally->words &= ~((uint64_t)last << w);
            tally->firm[w] -= match->firm >> w & 1;
        }
    }
}

/* Each word of the query counts once by its weight; next what stands in a
 * phrase of the query, which all together counts less than any word that is
 * missing; last repetitions, however many less than any phrase. */
static double tally_score(const struct tally *tally,
                          const struct weights *weights)
{
    double score = 0;
    double firm = 0;
    double repeated = (double)tally->repeated;
    for (size_t w = 0; w < MATCH_BITS; w++) {
        score += tally->counts[w] > 0 ? weights->words[w] : 0;
        firm += tally->firm[w] > 0 ? weights->words[w] : 0;
    }
    return score + 0.5 * weights->least / weights->sum *
                       (firm + weights->least * repeated / (repeated + 1));
}

struct window {
    size_t first; /* matches */
    size_t last;
};

/* The matches that stand within so many letters and score best, of those not
 * yet shown; false if there are none. */
static bool best_window(const struct weights *weights,
                        const struct matches *matches, size_t letters,
                        struct window *out)
{
    const struct match *items = matches->items;
    struct tally tally = {0};
    double best = 0;
    size_t next = 0;
    for (size_t first = 0; first < matches->count; first++) {
        if (items[first].shown) {
            next = first + 1;
            continue;
        }
        while (
            next < matches->count && !items[next].shown &&
            (next == first ||
             items[next].letters_to - items[first].letters_from <= letters)) {
            tally_add(&tally, &items[next++]);
        }
        double score = tally_score(&tally, weights);
        if (score > best) {
            best = score;
            *out = (struct window){.first = first, .last = next - 1};
        }
        tally_remove(&tally, &items[first]);
    }
    return best > 0;
}

/* The shortest window of at most `words` words of the text that holds all
 * words of the query; false if there is none. */
static bool whole_window(const struct weights *weights,
                         const struct matches *matches, size_t words,
                         struct window *out)
{
    const struct match *items = matches->items;
    struct tally tally = {0};
    size_t least = SIZE_MAX;
    size_t next = 0;
    for (size_t first = 0; first < matches->count; first++) {
        while (next < matches->count && tally.words != weights->all) {
            tally_add(&tally, &items[next++]);
        }
        if (tally.words != weights->all) {
            break;
        }
        size_t letters = items[next - 1].letters_to - items[first].letters_from;
        if (letters < least &&
            items[next - 1].position - items[first].position < words) {
            least = letters;
            *out = (struct window){.first = first, .last = next - 1};
        }
        tally_remove(&tally, &items[first]);
    }
    return least < SIZE_MAX;
}

static uint64_t window_words(const struct matches *matches,
                             struct window window)
{
    uint64_t words = 0;
    for (size_t i = window.first; i <= window.last; i++) {
        words |= matches->items[i].words;
    }
    return words;
}

/* ---- Its borders --------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The last character before `at`, and where it begins. */
static uint32_t before(const char *text, size_t at, size_t *from)
{
    uint32_t code = 0;
    *from = at;
    if (at > 0) {
        *from = utf8_floor(text, at - 1);
        (void)utf8_decode(text + *from, at - *from, &code);
    }
    return code;
}

static bool is_letter(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           (code >= 0x400 && code <= 0x52f);
}

static bool is_small(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 0x430 && code <= 0x45f) ||
           code == 0x491;
}

static bool is_closing(uint32_t code)
{
    return code == '"' || code == ')' || code == ']' || code == 0xbb ||
           code == 0x2019 || code == 0x201c || code == 0x201d;
}

/* Whether a dot that ends at `at` belongs to a single letter: м. Київ,
 * В. Зеленський. */
static bool is_initial(const char *text, size_t at)
{
    size_t from;
    bool letter =
        before(text, at, &at) == '.' && is_letter(before(text, at, &from));
    return letter && !is_letter(before(text, from, &from));
}

/* Whether a sentence begins at `at`: docs/output.md has the rule. */
static bool sentence_begins(const char *text, size_t at)
{
    size_t end = at;
    size_t from;
    uint32_t code;
    for (; end > 0 && is_space(text[end - 1]); end--) {
        if (text[end - 1] == '\n') {
            return true;
        }
    }
    if (end == at || end == 0) {
        return end == 0;
    }
    while (is_closing(before(text, end, &from))) {
        end = from;
    }
    code = before(text, end, &from);
    if (code != '.' && code != '!' && code != '?' && code != 0x2026) {
        return false;
    }
    return (utf8_decode(text + at, strlen(text + at), &code) == 0 ||
            !is_small(code)) &&
           !is_initial(text, end);
}

/* Moves the window's ends outwards, within [low, high): to a sentence's
 * beginning if one is near enough, else to between words. */
static void settle_window(const char *text, size_t low, size_t high,
                          size_t letters, size_t *from, size_t *to)
{
    size_t used = letters_between(text, *from, *to);
    size_t spare = letters > used ? letters - used : 0;
    size_t earliest = backward(text, *from, spare);
    earliest = earliest < low ? low : earliest;
    size_t at = *from;
    while (at > earliest && !sentence_begins(text, at)) {
        at--;
    }
    if (!sentence_begins(text, at)) {
        at = backward(text, *from, spare / 2);
        at = at < low ? low : at;
        while (at < *from && at > 0 && !is_space(text[at - 1])) {
            at++;
        }
    }
    spare -= letters_between(text, at, *from) < spare
                 ? letters_between(text, at, *from)
                 : spare;
    *from = at;
    size_t end = forward(text, high, *to, spare);
    while (end > *to && text[end] != '\0' && !is_space(text[end])) {
        end--;
    }
    *to = end;
}

/* ---- Fragments ----------------------------------------------------------- */

static bool is_blank(const char *text, size_t from, size_t to)
{
    while (from < to && is_space(text[from])) {
        from++;
    }
    return from == to;
}

/* Puts a fragment among the others, which stand in the order of the text:
 * settled between its neighbours. `place` is where it belongs. */
static void insert_fragment(const char *text, size_t length, size_t letters,
                            size_t from, size_t to,
                            struct shukach_range *fragments, size_t count)
{
    size_t place = 0;
    while (place < count && fragments[place].from < from) {
        place++;
    }
    size_t low = place > 0 ? fragments[place - 1].to : 0;
    size_t high = place < count ? fragments[place].from : length;
    settle_window(text, low, high, letters, &from, &to);
    memmove(&fragments[place + 1], &fragments[place],
            (count - place) * sizeof *fragments);
    fragments[place] = (struct shukach_range){.from = from, .to = to};
}

/* Marks the matches that stand in a fragment, be it in part. */
static void mark_shown(struct matches *matches,
                       const struct shukach_range *fragments, size_t count)
{
    for (size_t i = 0; i < matches->count; i++) {
        struct match *match = &matches->items[i];
        for (size_t f = 0; f < count && !match->shown; f++) {
            match->shown =
                match->from < fragments[f].to && fragments[f].from < match->to;
        }
    }
}

/* The fragments that tell most, at most `most` of them, in the order of the
 * text; those with nothing but white space between them as one. */
static size_t choose_fragments(const struct scoring *scoring,
                               const struct shukach_query *query,
                               struct matches *matches, const char *text,
                               size_t length, size_t most,
                               struct shukach_range *fragments)
{
    const struct weights weights = weigh(scoring);
    size_t letters = query->snippet;
    size_t count = 0;
    struct window window;
    while (count < most && best_window(&weights, matches, letters, &window)) {
        if (count == 0 && query->stretch > 0 &&
            window_words(matches, window) != weights.all) {
            (void)whole_window(&weights, matches, query->stretch, &window);
        }
        insert_fragment(text, length, letters,
                        matches->items[window.first].from,
                        matches->items[window.last].to, fragments, count++);
        mark_shown(matches, fragments, count);
    }
    if (count == 0) {
        insert_fragment(text, length, letters, 0, 0, fragments, count++);
    }
    size_t kept = 1;
    for (size_t f = 1; f < count; f++) {
        struct shukach_range *before = &fragments[kept - 1];
        if (is_blank(text, before->to, fragments[f].from)) {
            before->to = fragments[f].to;
        } else {
            fragments[kept++] = fragments[f];
        }
    }
    return kept;
}

/* Copies a fragment in one line: every run of white space is one space.
 * Matches that stand in it as a whole become ranges of the copy. */
static size_t copy_fragment(const char *text, struct shukach_range fragment,
                            const struct matches *matches, char *copy,
                            size_t at, struct marked_text *out)
{
    size_t match = 0;
    for (size_t i = fragment.from; i < fragment.to; i++) {
        while (match < matches->count && matches->items[match].from < i) {
            match++;
        }
        const struct match *next = &matches->items[match];
        if (match < matches->count && next->from == i &&
            next->to <= fragment.to) {
            size_t size = next->to - next->from;
            out->ranges[out->count++] = (struct shukach_range){at, at + size};
            memcpy(copy + at, text + i, size);
            at += size;
            i += size - 1;
        } else if (!is_space(text[i])) {
            copy[at++] = text[i];
        } else if (at > 0 && copy[at - 1] != ' ') {
            copy[at++] = ' ';
        }
    }
    return at;
}

/* Joins the fragments; … says that the text goes on. */
static enum shukach_status
copy_fragments(const char *text, size_t length,
               const struct shukach_range *fragments, size_t count,
               const struct matches *matches, struct arena *arena,
               struct marked_text *out, struct shukach_error *err)
{
    static const char more[] = "…";
    static const char between[] = " … ";
    size_t size = 2 * sizeof more;
    for (size_t f = 0; f < count; f++) {
        size += fragments[f].to - fragments[f].from + sizeof between;
    }
    char *copy = arena_alloc(arena, size);
    out->ranges = arena_array(arena, matches->count + 1, sizeof *out->ranges);
    if (copy == NULL || out->ranges == NULL) {
        return error_nomem(err);
    }
    size_t at = 0;
    size_t to = 0;
    if (fragments[0].from > 0 && !sentence_begins(text, fragments[0].from)) {
        memcpy(copy, more, sizeof more - 1);
        at = sizeof more - 1;
    }
    for (size_t f = 0; f < count; f++) {
        struct shukach_range fragment = fragments[f];
        to = fragment.to;
        while (to > fragment.from && is_space(text[to - 1])) {
            to--;
        }
        fragment.to = to;
        if (f > 0) {
            memcpy(copy + at, between, sizeof between - 1);
            at += sizeof between - 1;
        }
        at = copy_fragment(text, fragment, matches, copy, at, out);
    }
    if (to < length && letters_between(text, to, length) > 1) {
        memcpy(copy + at, more, sizeof more - 1);
        at += sizeof more - 1;
    }
    copy[at] = '\0';
    out->text = copy;
    out->length = at;
    return SHUKACH_OK;
}

/* Counts the letters of the text up to each match. */
static void count_letters(const char *text, struct matches *matches)
{
    size_t at = 0;
    size_t letters = 0;
    for (size_t i = 0; i < matches->count; i++) {
        struct match *match = &matches->items[i];
        letters += letters_between(text, at, match->from);
        match->letters_from = letters;
        letters += letters_between(text, match->from, match->to);
        match->letters_to = letters;
        at = match->to;
    }
}

enum shukach_status snippet_make(const struct reading *reading,
                                 const struct scoring *scoring,
                                 const struct shukach_query *query,
                                 struct arena *arena, struct marked_text *out,
                                 struct shukach_error *err)
{
    const char *text = reading->seen.fields[SHUKACH_TEXT];
    size_t length = reading->seen.lengths[SHUKACH_TEXT];
    struct matches matches;
    *out = (struct marked_text){.text = ""};
    enum shukach_status status =
        find_matches(reading, scoring, reading->text, reading->text_count,
                     arena, &matches, err);
    if (status != SHUKACH_OK || query->snippet == 0) {
        return status;
    }
    if (query->snippet == SHUKACH_WHOLE_TEXT) {
        out->text = arena_copy(arena, text, length);
        out->length = length;
        return out->text != NULL ? mark_ranges(&matches, arena, out, err)
                                 : error_nomem(err);
    }
    size_t most =
        query->fragments < matches.count ? query->fragments : matches.count;
    struct shukach_range *chosen = arena_array(arena, most + 1, sizeof *chosen);
    if (chosen == NULL) {
        return error_nomem(err);
    }
    count_letters(text, &matches);
    size_t count =
        choose_fragments(scoring, query, &matches, text, length, most, chosen);
    return copy_fragments(text, length, chosen, count, &matches, arena, out,
                          err);
}
