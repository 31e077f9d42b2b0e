/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hit shows: the densest part of its text with the words that
 * matched, whatever their inflection, as byte ranges. */
#include <math.h>

#include "searcher.h"

/* ---- Reading a stored document again ----------------------------------- */

struct reader_state {
    struct arena *arena;
    struct seen_token *seen;
    size_t seen_count;
    size_t seen_capacity;
    struct placed_token *placed;
    size_t placed_count;
    size_t placed_capacity;
    bool title;
    uint32_t base;
    uint32_t next; /* position after the last word */
    bool failed;
};

static int on_token(const struct token *token, void *payload)
{
    struct reader_state *state = payload;
    if (!array_grow((void **)&state->seen, &state->seen_capacity,
                    state->seen_count + token->stem_count,
                    sizeof *state->seen) ||
        !array_grow((void **)&state->placed, &state->placed_capacity,
                    state->placed_count + 1, sizeof *state->placed)) {
        state->failed = true;
        return 1;
    }
    state->placed[state->placed_count++] =
        (struct placed_token){.from = token->from,
                              .to = token->to,
                              .seen = state->seen_count,
                              .seen_count = token->stem_count,
                              .rules = token->rules,
                              .lexicon = token->lexicon};
    uint64_t form = hash64(token->form, token->form_length);
    uint32_t position = state->base + token->position;
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        state->seen[state->seen_count++] = (struct seen_token){
            .stem = signature_stem(stem->text, stem->length, stem->russian),
            .form = form,
            .position = position,
            .title = state->title};
    }
    state->next = position + 1;
    return 0;
}

/* Moves an array into the arena. */
static void *settle(struct arena *arena, void *items, size_t bytes)
{
    void *copy = arena_alloc(arena, bytes > 0 ? bytes : 1);
    if (copy != NULL && bytes > 0) {
        memcpy(copy, items, bytes);
    }
    return copy;
}

enum shukach_status reading_make(struct analyser *analyser,
                                 const char *const fields[SHUKACH_FIELDS],
                                 const size_t lengths[SHUKACH_FIELDS],
                                 struct arena *arena, struct reading *out,
                                 struct shukach_error *err)
{
    struct reader_state state = {.arena = arena, .title = true};
    enum shukach_status status = analyser_run(
        analyser, ANALYSE_DOCUMENT, fields[SHUKACH_LANG], fields[SHUKACH_TITLE],
        lengths[SHUKACH_TITLE], on_token, &state, err);
    out->title_count = state.placed_count;
    state.title = false;
    state.base = state.next > 0 ? state.next + SIGNATURE_GAP : 0;
    if (status == SHUKACH_OK) {
        status = analyser_run(analyser, ANALYSE_DOCUMENT, fields[SHUKACH_LANG],
                              fields[SHUKACH_TEXT], lengths[SHUKACH_TEXT],
                              on_token, &state, err);
    }
    struct seen_token *seen =
        settle(arena, state.seen, state.seen_count * sizeof *state.seen);
    out->title =
        settle(arena, state.placed, state.placed_count * sizeof *state.placed);
    free(state.seen);
    free(state.placed);
    if (state.failed || seen == NULL || out->title == NULL) {
        return error_nomem(err);
    }
    out->text = out->title + out->title_count;
    out->text_count = state.placed_count - out->title_count;
    out->seen = (struct seen){.tokens = seen,
                              .count = state.seen_count,
                              .full = true,
                              .fields = fields,
                              .lengths = lengths,
                              .analyser = analyser,
                              .arena = arena};
    return status;
}

/* ---- Which tokens matched ---------------------------------------------- */

struct match {
    size_t from;
    size_t to;
    size_t word; /* which word of the query */
    bool shown;  /* in a fragment that was chosen before */
};

struct matches {
    struct match *items;
    size_t count;
};

/* A stretch of positions at which something stands for words of the query. */
struct stretch {
    uint32_t from;
    uint32_t to;
    size_t word; /* the first of them */
};

struct stretches {
    struct stretch *items;
    size_t count;
};

static enum shukach_status find_stretches(const struct reading *reading,
                                          const struct scoring *scoring,
                                          struct arena *arena,
                                          struct stretches *out,
                                          struct shukach_error *err)
{
    const struct seen *seen = &reading->seen;
    *out = (struct stretches){0};
    if (scoring->alternative_count == 0) {
        return SHUKACH_OK;
    }
    out->items = arena_array(arena, seen->count, sizeof *out->items);
    if (out->items == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < seen->count; i++) {
        for (size_t a = 0; a < scoring->alternative_count; a++) {
            const struct node *node = scoring->alternatives[a].node;
            if (words_at(node, seen, i)) {
                uint32_t from = seen->tokens[i].position;
                out->items[out->count++] = (struct stretch){
                    .from = from,
                    .to = from + (uint32_t)node->word_count - 1,
                    .word = scoring->alternatives[a].first};
                break;
            }
        }
    }
    return SHUKACH_OK;
}

/* The word of the query that stands at a token, or SIZE_MAX. */
static size_t word_of(const struct reading *reading,
                      const struct scoring *scoring,
                      const struct stretches *stretches,
                      const struct placed_token *token)
{
    const struct seen_token *seen = &reading->seen.tokens[token->seen];
    for (size_t w = 0; w < scoring->count; w++) {
        for (size_t k = 0; k < token->seen_count; k++) {
            if (word_at(scoring->words[w], &reading->seen, &seen[k])) {
                return w;
            }
        }
    }
    for (size_t i = 0; i < stretches->count && token->seen_count > 0; i++) {
        if (stretches->items[i].from <= seen->position &&
            seen->position <= stretches->items[i].to) {
            return stretches->items[i].word;
        }
    }
    return SIZE_MAX;
}

/* The matching tokens among `placed`, in order, none within another. */
static enum shukach_status find_matches(const struct reading *reading,
                                        const struct scoring *scoring,
                                        const struct placed_token *placed,
                                        size_t count, struct arena *arena,
                                        struct matches *out,
                                        struct shukach_error *err)
{
    *out = (struct matches){
        .items = arena_array(arena, count + 1, sizeof *out->items)};
    if (out->items == NULL) {
        return error_nomem(err);
    }
    struct stretches stretches;
    enum shukach_status status =
        find_stretches(reading, scoring, arena, &stretches, err);
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        const struct placed_token *token = &placed[i];
        size_t word = word_of(reading, scoring, &stretches, token);
        bool inside =
            out->count > 0 && out->items[out->count - 1].to >= token->to;
        if (word != SIZE_MAX && !inside) {
            out->items[out->count++] = (struct match){
                .from = token->from, .to = token->to, .word = word};
        }
    }
    return status;
}

static enum shukach_status add_ranges(const struct matches *matches,
                                      size_t from, size_t to,
                                      struct arena *arena,
                                      struct marked_text *out,
                                      struct shukach_error *err)
{
    out->ranges = arena_array(arena, matches->count + 1, sizeof *out->ranges);
    if (out->ranges == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *match = &matches->items[i];
        if (match->from >= from && match->to <= to) {
            out->ranges[out->count++] = (struct shukach_range){
                .from = match->from - from, .to = match->to - from};
        }
    }
    return SHUKACH_OK;
}

enum shukach_status mark_title(const struct reading *reading,
                               const struct scoring *scoring, const char *title,
                               size_t length, struct arena *arena,
                               struct marked_text *out,
                               struct shukach_error *err)
{
    struct matches matches;
    *out = (struct marked_text){.text = title, .length = length};
    enum shukach_status status =
        find_matches(reading, scoring, reading->title, reading->title_count,
                     arena, &matches, err);
    return status == SHUKACH_OK
               ? add_ranges(&matches, 0, length, arena, out, err)
               : status;
}

/* ---- The densest window -------------------------------------------------- */

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

/* Each word of the query counts once by its weight; repetitions, however
 * many, count less than any word that is missing. */
static double window_score(const struct scoring *scoring,
                           const struct matches *matches, size_t first,
                           size_t last)
{
    double score = 0;
    double least = HUGE_VAL;
    double repeated = 0;
    for (size_t w = 0; w < scoring->count; w++) {
        least = fmin(least, scoring->words[w]->idf);
    }
    for (size_t i = first; i <= last; i++) {
        bool again = false;
        for (size_t k = first; k < i && !again; k++) {
            again = matches->items[k].word == matches->items[i].word;
        }
        double idf = scoring->words[matches->items[i].word]->idf;
        score += again ? 0 : idf;
        repeated += again ? 1 : 0;
    }
    return score + 0.5 * least * repeated / (repeated + 1);
}

/* A window never needs more words of the query than this to be told from
 * another. */
#define WINDOW_MATCHES 64

/* The matches [*first, *last] that fit into the window and score best, of
 * those not yet shown; false if there are none. */
static bool best_window(const struct scoring *scoring,
                        const struct matches *matches, const char *text,
                        size_t letters, size_t *first, size_t *last)
{
    double best = -1;
    *first = 0;
    *last = 0;
    for (size_t i = 0; i < matches->count; i++) {
        size_t k = i;
        if (matches->items[i].shown) {
            continue;
        }
        while (k + 1 < matches->count && k - i < WINDOW_MATCHES &&
               !matches->items[k + 1].shown &&
               matches->items[k + 1].to - matches->items[i].from <=
                   4 * letters &&
               letters_between(text, matches->items[i].from,
                               matches->items[k + 1].to) <= letters) {
            k++;
        }
        double score = window_score(scoring, matches, i, k);
        if (score > best + 1e-9) {
            best = score;
            *first = i;
            *last = k;
        }
    }
    return best >= 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Whether a sentence begins at `at`: at the start, after a line break, or
 * after .!?… and a space. */
static bool sentence_begins(const char *text, size_t at)
{
    if (at == 0 || text[at - 1] == '\n') {
        return true;
    }
    if (!is_space(text[at - 1]) || at < 2) {
        return false;
    }
    char before = text[at - 2];
    bool ellipsis = at >= 4 && memcmp(text + at - 4, "…", 3) == 0;
    return before == '.' || before == '!' || before == '?' || ellipsis;
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

/* The fragments that tell most, at most `most` of them, in the order of the
 * text; those with nothing but white space between them as one. */
static size_t choose_fragments(const struct scoring *scoring,
                               struct matches *matches, const char *text,
                               size_t length, size_t letters, size_t most,
                               struct shukach_range *fragments)
{
    size_t count = 0;
    size_t first;
    size_t last;
    while (count < most &&
           best_window(scoring, matches, text, letters, &first, &last)) {
        insert_fragment(text, length, letters, matches->items[first].from,
                        matches->items[last].to, fragments, count++);
        for (size_t i = 0; i < matches->count; i++) {
            struct match *match = &matches->items[i];
            for (size_t f = 0; f < count && !match->shown; f++) {
                match->shown = match->from < fragments[f].to &&
                               fragments[f].from < match->to;
            }
        }
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

enum shukach_status snippet_make(const struct reading *reading,
                                 const struct scoring *scoring,
                                 const char *text, size_t length,
                                 size_t letters, size_t fragments,
                                 struct arena *arena, struct marked_text *out,
                                 struct shukach_error *err)
{
    struct matches matches;
    *out = (struct marked_text){.text = ""};
    enum shukach_status status =
        find_matches(reading, scoring, reading->text, reading->text_count,
                     arena, &matches, err);
    if (status != SHUKACH_OK || letters == 0) {
        return status;
    }
    if (letters == SHUKACH_WHOLE_TEXT) {
        out->text = arena_copy(arena, text, length);
        out->length = length;
        return out->text != NULL
                   ? add_ranges(&matches, 0, length, arena, out, err)
                   : error_nomem(err);
    }
    size_t most = fragments < matches.count ? fragments : matches.count;
    struct shukach_range *chosen = arena_array(arena, most + 1, sizeof *chosen);
    if (chosen == NULL) {
        return error_nomem(err);
    }
    size_t count = choose_fragments(scoring, &matches, text, length, letters,
                                    most, chosen);
    return copy_fragments(text, length, chosen, count, &matches, arena, out,
                          err);
}
