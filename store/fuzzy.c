/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms that are a few edits away: the whole list is gone through, but the
 * table of distances keeps the rows of what a form shares with the one
 * before it, and a beginning that is too far away already is not looked at
 * again (the list as a trie; Damerau's distance with adjacent letters
 * exchanged once, https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance,
 * "optimal string alignment"). */
#include "forms.h"

/* Letters of a form or of the word looked for. */
#define LETTERS FORM_BYTES

struct fuzzy {
    uint32_t word[LETTERS];
    size_t length;
    unsigned most;

    uint32_t letters[LETTERS]; /* of the form at work */
    size_t ends[LETTERS + 1];  /* how many bytes the first n of them take */
    size_t count;
    size_t dead; /* letters that are too far away already, or SIZE_MAX */
    uint8_t rows[LETTERS + 1][LETTERS + 1];
};

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Fills the row of the first `n` letters, n > 0; whether any cell is near
 * enough. Cells further than `most` off the diagonal cannot be. */
static bool fill_row(struct fuzzy *fuzzy, size_t n)
{
    const uint8_t *above = fuzzy->rows[n - 1];
    uint8_t *row = fuzzy->rows[n];
    unsigned far = fuzzy->most + 1;
    unsigned best = far;
    size_t from = n > fuzzy->most ? n - fuzzy->most : 0;
    size_t to =
        n + fuzzy->most < fuzzy->length ? n + fuzzy->most : fuzzy->length;
    uint32_t letter = fuzzy->letters[n - 1];
    if (from > 0) {
        row[from - 1] = (uint8_t)far;
    }
    for (size_t i = from; i <= to; i++) {
        unsigned cell = above[i] + 1u;
        if (i > 0) {
            cell = least(cell, row[i - 1] + 1u);
            cell = least(cell, above[i - 1] +
                                   (fuzzy->word[i - 1] == letter ? 0u : 1u));
        }
        if (i > 1 && n > 1 && fuzzy->word[i - 2] == letter &&
            fuzzy->word[i - 1] == fuzzy->letters[n - 2]) {
            cell = least(cell, fuzzy->rows[n - 2][i - 2] + 1u);
        }
        row[i] = (uint8_t)least(cell, far);
        best = least(best, row[i]);
    }
    if (to < fuzzy->length) {
        row[to + 1] = (uint8_t)far;
    }
    return best <= fuzzy->most;
}

/* Takes the form that the cursor has read. CORRUPT (no UTF-8). */
static enum shukach_status take(struct fuzzy *fuzzy,
                                const struct forms_cursor *cursor,
                                size_t shared, struct shukach_error *err)
{
    const struct form *form = &cursor->form;
    while (fuzzy->count > 0 && fuzzy->ends[fuzzy->count] > shared) {
        fuzzy->count--;
    }
    if (fuzzy->count >= fuzzy->dead) {
        return SHUKACH_OK;
    }
    fuzzy->dead = SIZE_MAX;
    size_t at = fuzzy->ends[fuzzy->count];
    while (at < form->length) {
        uint32_t code;
        size_t n = utf8_decode(form->text + at, form->length - at, &code);
        if (n == 0) {
            return forms_damaged(err, "the encoding of a form");
        }
        at += n;
        fuzzy->letters[fuzzy->count++] = code;
        fuzzy->ends[fuzzy->count] = at;
        if (!fill_row(fuzzy, fuzzy->count)) {
            fuzzy->dead = fuzzy->count;
            return SHUKACH_OK;
        }
    }
    return SHUKACH_OK;
}

/* How many bytes two forms share at their beginnings. */
static size_t common(const char *a, size_t a_length, const char *b,
                     size_t b_length)
{
    size_t n = 0;
    while (n < a_length && n < b_length && a[n] == b[n]) {
        n++;
    }
    return n;
}

/* The forms of one block; `last` is the form before it. */
static enum shukach_status search_block(struct fuzzy *fuzzy,
                                        const struct forms_list *list,
                                        uint64_t block, struct form *last,
                                        forms_sink sink, void *payload,
                                        struct shukach_error *err)
{
    struct forms_cursor cursor;
    enum shukach_status status = forms_block(list, block, &cursor, err);
    size_t count = forms_in_block(list, block);
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        status = forms_next(&cursor, err);
        if (status != SHUKACH_OK) {
            break;
        }
        const struct form *form = &cursor.form;
        size_t shared =
            i > 0 ? cursor.shared
                  : common(form->text, form->length, last->text, last->length);
        status = take(fuzzy, &cursor, shared, err);
        bool ends = fuzzy->count + fuzzy->most >= fuzzy->length &&
                    fuzzy->length + fuzzy->most >= fuzzy->count;
        if (status == SHUKACH_OK && fuzzy->dead == SIZE_MAX && ends) {
            unsigned distance = fuzzy->rows[fuzzy->count][fuzzy->length];
            if (distance <= fuzzy->most) {
                status = forms_give(form, distance, sink, payload, err);
            }
        }
    }
    if (status == SHUKACH_OK) {
        *last = cursor.form;
    }
    return status;
}

/* Goes through one list. */
static enum shukach_status search_list(struct fuzzy *fuzzy,
                                       const struct forms_list *list,
                                       forms_sink sink, void *payload,
                                       struct shukach_error *err)
{
    struct form last = {.length = 0};
    enum shukach_status status = SHUKACH_OK;
    fuzzy->count = 0;
    fuzzy->dead = SIZE_MAX;
    for (uint64_t b = 0; b < list->blocks && status == SHUKACH_OK; b++) {
        status = search_block(fuzzy, list, b, &last, sink, payload, err);
    }
    return status;
}

/* ---- Several lists --------------------------------------------------------
 */

/* What was found in all of them, since one form may stand in several. */
struct near {
    struct form form;
    unsigned distance;
};

struct nears {
    struct near *items;
    size_t count;
    size_t capacity;
    bool failed;
};

static int collect(const struct form *form, unsigned distance, void *payload)
{
    struct nears *nears = payload;
    if (!array_grow((void **)&nears->items, &nears->capacity, nears->count + 1,
                    sizeof *nears->items)) {
        nears->failed = true;
        return 1;
    }
    nears->items[nears->count++] =
        (struct near){.form = *form, .distance = distance};
    return 0;
}

static int by_text(const void *a, const void *b)
{
    const struct near *x = a;
    const struct near *y = b;
    return strcmp(x->form.text, y->form.text);
}

/* Hands them out in order, equal ones as one. */
static enum shukach_status give_all(const struct nears *nears, forms_sink sink,
                                    void *payload, struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < nears->count && status == SHUKACH_OK;) {
        struct near near = nears->items[i++];
        for (; i < nears->count && by_text(&near, &nears->items[i]) == 0; i++) {
            forms_add_up(&near.form, &nears->items[i].form);
        }
        status = forms_give(&near.form, near.distance, sink, payload, err);
    }
    return status;
}

static enum shukach_status search_lists(struct fuzzy *fuzzy,
                                        const struct forms *forms,
                                        forms_sink sink, void *payload,
                                        struct shukach_error *err)
{
    struct nears nears = {0};
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < forms->count && status == SHUKACH_OK; i++) {
        status = search_list(fuzzy, &forms->lists[i], collect, &nears, err);
    }
    if (nears.failed) {
        status = error_nomem(err);
    }
    if (status == SHUKACH_OK && nears.count > 0) {
        qsort(nears.items, nears.count, sizeof *nears.items, by_text);
        status = give_all(&nears, sink, payload, err);
    }
    free(nears.items);
    return status;
}

enum shukach_status forms_fuzzy(const struct forms *forms, const char *text,
                                size_t length, unsigned most, forms_sink sink,
                                void *payload, struct shukach_error *err)
{
    struct fuzzy *fuzzy = calloc(1, sizeof *fuzzy);
    if (fuzzy == NULL) {
        return error_nomem(err);
    }
    fuzzy->most = most < FORMS_EDITS ? most : FORMS_EDITS;
    for (size_t at = 0; at < length && fuzzy->length < LETTERS;) {
        size_t n =
            utf8_decode(text + at, length - at, &fuzzy->word[fuzzy->length++]);
        at = n > 0 ? at + n : length;
    }
    for (size_t i = 0; i <= fuzzy->length; i++) {
        fuzzy->rows[0][i] = (uint8_t)i;
    }
    enum shukach_status status =
        forms->count == 1
            ? search_list(fuzzy, &forms->lists[0], sink, payload, err)
            : search_lists(fuzzy, forms, sink, payload, err);
    free(fuzzy);
    return status;
}
