/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A corrected query for one that finds little: each word that the index does
 * not know is replaced by the word that was most likely meant. */
#include <math.h>

#include "index.h"

/* A word in so many documents is known. One in fewer may be a slip of a
 * document, if what was meant is so many times as frequent. */
#define KNOWN 3
#define RATIO 20
/* Shorter words are like too many others, and from LONG letters on there may
 * be two mistakes. */
#define SHORT 4
#define LONG 7
/* What a tenth of an edit takes off the logarithm of the frequency. */
#define COST_WEIGHT 0.35
/* Of a word typed in the wrong layout, in tenths of an edit. */
#define LAYOUT_COST 5
/* More words than this are not looked up: each goes through all forms. */
#define LOOKUPS 8

struct suggester {
    struct shukach_index *index;
    const struct shukach_query *query;
    struct arena *arena;
    struct shukach_error *err;
    struct buf out;
    size_t done; /* bytes of the query that are in `out` */
    unsigned lookups;

    /* The word at work. */
    const char *form;
    size_t length;
    unsigned extra;
    uint32_t frequency;
    struct form best;
    double score;
};

/* In how many documents a word stands, by its commonest stem. */
static enum shukach_status word_frequency(struct suggester *s,
                                          const struct query_word *word,
                                          uint32_t *out)
{
    enum shukach_status status = SHUKACH_OK;
    *out = 0;
    for (size_t i = 0; i < word->stem_count && status == SHUKACH_OK; i++) {
        char term[TERM_TEXT];
        uint32_t frequency = 0;
        size_t length = stem_term(&word->stems[i], term);
        status = store_postings_frequency(s->index->store->postings, term,
                                          length, &frequency, s->err);
        *out = frequency > *out ? frequency : *out;
    }
    return status;
}

/* ---- Candidates ------------------------------------------------------------
 */

static int on_candidate(const struct form *form, unsigned distance,
                        void *payload)
{
    struct suggester *s = payload;
    if (distance == 0 && s->extra == 0) {
        return 0;
    }
    if (s->frequency > 0 && form->frequency / RATIO < s->frequency) {
        return 0;
    }
    unsigned cost =
        s->extra + typo_cost(s->form, s->length, form->text, form->length);
    double score = log(1.0 + form->frequency) - COST_WEIGHT * cost;
    if (s->best.length == 0 || score > s->score) {
        s->best = *form;
        s->score = score;
    }
    return 0;
}

static size_t count_letters(const char *form, size_t length, bool *digits)
{
    size_t letters = 0;
    *digits = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)form[i];
        letters += (c & 0xc0) != 0x80;
        *digits = *digits || (c >= '0' && c <= '9');
    }
    return letters;
}

/* Looks for forms like this one; the best so far stays if it is better. */
static enum shukach_status look_for(struct suggester *s, const char *form,
                                    unsigned extra)
{
    bool digits;
    size_t length = strlen(form);
    size_t letters = count_letters(form, length, &digits);
    if (digits || letters < SHORT || length > FORM_BYTES) {
        return SHUKACH_OK;
    }
    s->form = form;
    s->length = length;
    s->extra = extra;
    return forms_fuzzy(s->index->store->forms, form, length,
                       letters >= LONG ? 2 : 1, on_candidate, s, s->err);
}

/* ---- The wrong layout ------------------------------------------------------
 */

static bool ends_run(const char *text, size_t length, size_t at)
{
    static const char *const ends[] = {" ", "\t", "\n", "(", ")", "\"",
                                       "«", "»",  "“",  "”", "„", "\xc2\xa0"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (n <= length - at && memcmp(text + at, ends[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* All that was typed without a space around a word, from its sign or field
 * on: in the other layout ; and . are letters. */
static void find_run(const struct shukach_query *query, size_t *from,
                     size_t *to)
{
    while (*from > 0) {
        size_t before = utf8_floor(query->text, *from - 1);
        if (ends_run(query->text, query->length, before) ||
            strchr(":=+-", query->text[before]) != NULL) {
            break;
        }
        *from = before;
    }
    while (*to < query->length && !ends_run(query->text, query->length, *to)) {
        (*to)++;
    }
}

/* The word that the keys of a run type in the other layout; `*out` is NULL
 * if it is no word. */
static enum shukach_status swap_layout(struct suggester *s, size_t from,
                                       size_t to, const struct query_word **out)
{
    struct buf swapped;
    struct query_word *words;
    size_t count = 0;
    struct words_reader reader = {.analyser = s->index->analyser,
                                  .arena = s->arena};
    enum shukach_status status = SHUKACH_OK;
    *out = NULL;
    buf_init(&swapped, (size_t)4 * FORM_BYTES);
    if (layout_swap(s->query->text + from, to - from, &swapped)) {
        status = words_read(&reader, WORDS_WHOLE, swapped.data, swapped.length,
                            &words, &count, s->err);
    }
    if (swapped.failed == SHUKACH_NOMEM) {
        status = error_nomem(s->err);
    }
    if (status == SHUKACH_OK && count == 1 && words[0].from == 0 &&
        words[0].to == swapped.length) {
        *out = &words[0];
    }
    buf_free(&swapped);
    return status;
}

/* ---- One word --------------------------------------------------------------
 */

static bool is_capital(uint32_t code)
{
    return code - 'A' < 26 || (code >= 0x0400 && code < 0x0430) ||
           code == 0x0490;
}

/* How the asker wrote: a suggestion shall not look more modest. */
static enum form_casing typed_casing(const char *text, size_t length)
{
    size_t capitals = 0;
    size_t letters = 0;
    bool first = false;
    for (size_t at = 0; at < length; letters++) {
        uint32_t code = 0;
        size_t n = utf8_decode(text + at, length - at, &code);
        first = first || (at == 0 && is_capital(code));
        capitals += is_capital(code);
        at += n > 0 ? n : length;
    }
    return capitals == letters && letters > 1 ? FORM_CAPITALS
           : first                            ? FORM_CAPITAL
                                              : FORM_SMALL;
}

/* Puts a form in the place of bytes of the query. */
static void put_form(struct suggester *s, size_t from, size_t to,
                     const struct form *form)
{
    char text[FORM_BYTES + 1];
    enum form_casing typed = typed_casing(s->query->text + from, to - from);
    bool as_typed = typed == FORM_CAPITALS || form->casing == FORM_SMALL;
    form_write(form->text, as_typed ? typed : form->casing, text);
    buf_add(&s->out, s->query->text + s->done, from - s->done);
    buf_add_text(&s->out, text);
    s->done = to;
}

/* Takes what the run means in the other layout, if the index knows it. */
static enum shukach_status take_layout(struct suggester *s,
                                       const struct query_word *word,
                                       size_t from, size_t to, bool *taken)
{
    struct form form;
    uint32_t frequency;
    *taken = false;
    enum shukach_status status = word_frequency(s, word, &frequency);
    if (status == SHUKACH_OK && frequency > 0) {
        status = forms_find(s->index->store->forms, word->form,
                            strlen(word->form), &form, s->err);
    }
    if (status != SHUKACH_OK || frequency == 0 ||
        frequency / RATIO < s->frequency || strlen(word->form) > FORM_BYTES) {
        return status;
    }
    if (form.length == 0) {
        /* Another inflection of a word that is known. */
        form.length = strlen(word->form);
        memcpy(form.text, word->form, form.length + 1);
        form.casing = FORM_SMALL;
    }
    put_form(s, from, to, &form);
    *taken = true;
    return status;
}

static enum shukach_status correct(struct suggester *s,
                                   const struct query_word *word)
{
    size_t from = word->from;
    size_t to = word->to;
    const struct query_word *swapped;
    bool taken = false;
    find_run(s->query, &from, &to);
    if (from < s->done) {
        return SHUKACH_OK;
    }
    enum shukach_status status = swap_layout(s, from, to, &swapped);
    if (status == SHUKACH_OK && swapped == NULL) {
        /* What stands behind may be punctuation. */
        to = word->to;
        status = swap_layout(s, from, to, &swapped);
    }
    if (status == SHUKACH_OK && swapped != NULL) {
        status = take_layout(s, swapped, from, to, &taken);
    }
    if (status != SHUKACH_OK || taken) {
        return status;
    }
    s->best.length = 0;
    status = look_for(s, word->form, 0);
    double own = s->best.length > 0 ? s->score : -HUGE_VAL;
    if (status == SHUKACH_OK && swapped != NULL) {
        status = look_for(s, swapped->form, LAYOUT_COST);
    }
    if (status == SHUKACH_OK && s->best.length > 0) {
        bool other = s->score > own;
        put_form(s, other ? from : word->from, other ? to : word->to, &s->best);
    }
    return status;
}

/* Whether the index holds something of the same meaning. */
static bool has_meaning(const struct scoring *scoring,
                        const struct query_word *word)
{
    for (size_t i = 0; i < scoring->alternative_count; i++) {
        const struct alternative *other = &scoring->alternatives[i];
        for (size_t k = 0; k < other->count; k++) {
            if (scoring->words[other->first + k] == word) {
                return true;
            }
        }
    }
    return word->variants != NULL;
}

static int by_place(const void *a, const void *b)
{
    size_t x = (*(struct query_word *const *)a)->from;
    size_t y = (*(struct query_word *const *)b)->from;
    return (x > y) - (x < y);
}

enum shukach_status suggest_make(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 const struct scoring *scoring, bool few,
                                 struct shukach_hits *hits,
                                 struct shukach_error *err)
{
    struct suggester s = {
        .index = index, .query = query, .arena = &hits->arena, .err = err};
    enum shukach_status status = SHUKACH_OK;
    struct query_word **words =
        arena_array(s.arena, scoring->count + 1, sizeof *words);
    if (words == NULL) {
        return error_nomem(err);
    }
    buf_init(&s.out, 16 * QUERY_BYTES);
    memcpy(words, scoring->words, scoring->count * sizeof *words);
    qsort(words, scoring->count, sizeof *words, by_place);
    for (size_t i = 0;
         i < scoring->count && status == SHUKACH_OK && s.lookups < LOOKUPS;
         i++) {
        if (words[i]->prefix != NULL || words[i]->from < s.done ||
            (!few && has_meaning(scoring, words[i]))) {
            continue;
        }
        status = word_frequency(&s, words[i], &s.frequency);
        if (status == SHUKACH_OK && s.frequency < (few ? KNOWN : 1)) {
            s.lookups++;
            status = correct(&s, words[i]);
        }
    }
    if (status == SHUKACH_OK && s.done > 0) {
        buf_add(&s.out, query->text + s.done, query->length - s.done);
        hits->suggestion = arena_copy(s.arena, buf_text(&s.out), s.out.length);
        hits->suggestion_length = s.out.length;
        if (hits->suggestion == NULL || s.out.failed != SHUKACH_OK) {
            status = error_nomem(err);
        }
    }
    buf_free(&s.out);
    return status;
}
