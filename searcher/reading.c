/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stored document read again for what a hit shows: its words, and which of
 * them stand for words of the query, whatever their inflection. */
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
    uint64_t form =
        token->stem_count > 0 ? hash64(token->form, token->form_length) : 0;
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

/* Asks the analyser for the words of a signature in title or text alone, and
 * where the others are, or not. */
static enum shukach_status want(struct analyser *analyser,
                                const struct seen *signature, bool title,
                                uint32_t base, bool others, struct arena *arena,
                                struct shukach_error *err)
{
    uint32_t *positions =
        arena_alloc(arena, (signature->count + 1) * sizeof *positions);
    size_t count = 0;
    if (positions == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < signature->count; i++) {
        if (signature->tokens[i].title == title) {
            positions[count++] = signature->tokens[i].position - base;
        }
    }
    analyser_want(analyser, positions, count, others);
    return SHUKACH_OK;
}

enum shukach_status reading_make(struct analyser *analyser,
                                 const struct seen *signature,
                                 const char *const fields[SHUKACH_FIELDS],
                                 const size_t lengths[SHUKACH_FIELDS],
                                 enum reading_text text, struct arena *arena,
                                 struct reading *out, struct shukach_error *err)
{
    struct reader_state state = {.arena = arena, .title = true};
    enum shukach_status status =
        want(analyser, signature, true, 0, true, arena, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    status = analyser_run(analyser, ANALYSE_DOCUMENT, fields[SHUKACH_LANG],
                          fields[SHUKACH_TITLE], lengths[SHUKACH_TITLE],
                          on_token, &state, err);
    out->title_count = state.placed_count;
    state.title = false;
    state.base = state.next > 0 ? state.next + SIGNATURE_GAP : 0;
    if (status == SHUKACH_OK && text != READING_NONE) {
        status = want(analyser, signature, false, state.base,
                      text == READING_ALL, arena, err);
    }
    if (status == SHUKACH_OK && text != READING_NONE) {
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

/* The bits of `count` words of the query from `first` on. */
static uint64_t bits(size_t first, size_t count)
{
    uint64_t mask = 0;
    for (size_t w = first; w < first + count; w++) {
        mask |= match_bit(w);
    }
    return mask;
}

/* What a token is because of the words beside it. */
struct mark {
    uint64_t words; /* it belongs to what stands for these */
    uint64_t firm;  /* it stands in a phrase of these */
};

/* Marks all tokens of a phrase, or of what stands for words, that begins at
 * token `i`. */
static void mark_run(const struct seen *seen, size_t i, size_t words,
                     struct mark mark, struct mark *marks)
{
    uint32_t from = seen->tokens[i].position;
    while (i > 0 && seen->tokens[i - 1].position == from) {
        i--;
    }
    for (; i < seen->count && seen->tokens[i].position - from < words; i++) {
        marks[i].words |= mark.words;
        marks[i].firm |= mark.firm;
    }
}

static size_t first_word(const struct scoring *scoring,
                         const struct node *phrase)
{
    size_t w = 0;
    while (w < scoring->count && scoring->words[w] != &phrase->words[0]) {
        w++;
    }
    return w;
}

/* A mark for every token; NULL out of memory. */
static struct mark *make_marks(const struct seen *seen,
                               const struct scoring *scoring,
                               struct arena *arena)
{
    struct mark *marks = arena_array(arena, seen->count + 1, sizeof *marks);
    for (size_t a = 0; a < scoring->alternative_count && marks != NULL; a++) {
        const struct alternative *other = &scoring->alternatives[a];
        struct mark mark = {.words = bits(other->first, other->count)};
        for (size_t i = 0; i < seen->count; i++) {
            if (words_at(other->node, seen, i)) {
                mark_run(seen, i, other->node->word_count, mark, marks);
            }
        }
    }
    for (size_t p = 0; p < scoring->phrase_count && marks != NULL; p++) {
        const struct node *phrase = scoring->phrases[p];
        size_t words = phrase->word_count;
        struct mark mark = {.firm = bits(first_word(scoring, phrase), words)};
        for (size_t i = 0; i < seen->count; i++) {
            if (words_at(phrase, seen, i)) {
                mark_run(seen, i, words, mark, marks);
            }
        }
    }
    return marks;
}

/* The words of the query that stand at a token. */
static uint64_t words_of(const struct seen *seen, const struct scoring *scoring,
                         const struct placed_token *token)
{
    uint64_t words = 0;
    for (size_t w = 0; w < scoring->count; w++) {
        for (size_t k = 0; k < token->seen_count; k++) {
            if (word_at(scoring->words[w], seen,
                        &seen->tokens[token->seen + k])) {
                words |= match_bit(w);
            }
        }
    }
    return words;
}

enum shukach_status find_matches(const struct reading *reading,
                                 const struct scoring *scoring,
                                 const struct placed_token *placed,
                                 size_t count, struct arena *arena,
                                 struct matches *out, struct shukach_error *err)
{
    const struct seen *seen = &reading->seen;
    struct mark *marks = make_marks(seen, scoring, arena);
    *out = (struct matches){
        .items = arena_array(arena, count + 1, sizeof *out->items)};
    if (out->items == NULL || marks == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct placed_token *token = &placed[i];
        if (token->seen_count == 0) {
            continue;
        }
        struct mark mark = marks[token->seen];
        uint64_t words = mark.words | words_of(seen, scoring, token);
        struct match *last = &out->items[out->count > 0 ? out->count - 1 : 0];
        if (words != 0 && (out->count == 0 || last->to < token->to)) {
            last = &out->items[out->count++];
            *last =
                (struct match){.from = token->from,
                               .to = token->to,
                               .position = seen->tokens[token->seen].position};
        }
        if (words != 0) {
            last->words |= words;
            last->firm |= words & mark.firm;
        }
    }
    return SHUKACH_OK;
}

enum shukach_status mark_ranges(const struct matches *matches,
                                struct arena *arena, struct marked_text *out,
                                struct shukach_error *err)
{
    out->ranges = arena_array(arena, matches->count + 1, sizeof *out->ranges);
    if (out->ranges == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *match = &matches->items[i];
        out->ranges[out->count++] =
            (struct shukach_range){.from = match->from, .to = match->to};
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
    return status == SHUKACH_OK ? mark_ranges(&matches, arena, out, err)
                                : status;
}
