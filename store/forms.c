/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the list of forms; forms.h says how it lies in its file. */
#include "forms.h"

enum shukach_status forms_damaged(struct shukach_error *err, const char *what)
{
    return error_set(err, SHUKACH_CORRUPT,
                     "the list of word forms is damaged (%s); rebuild the "
                     "index",
                     what);
}

/* Whether the number, the table and the length of the file agree. */
static bool table_fits(struct forms_list *list)
{
    size_t length = list->file.length;
    const unsigned char *data = list->file.data;
    if (length < FORMS_HEAD + FORMS_TAIL ||
        memcmp(data, FORMS_MAGIC, FORMS_HEAD) != 0 ||
        memcmp(data + length - FORMS_HEAD, FORMS_MAGIC, FORMS_HEAD) != 0) {
        return false;
    }
    const unsigned char *tail = data + length - FORMS_TAIL;
    uint64_t count = forms_number(tail, 8);
    uint64_t blocks = count / FORMS_BLOCK + (count % FORMS_BLOCK != 0);
    if (blocks > (length - FORMS_HEAD - FORMS_TAIL) / FORMS_ROW) {
        return false;
    }
    list->count = count;
    list->blocks = blocks;
    list->table = tail - FORMS_ROW * (size_t)blocks;
    return hash64(list->table, FORMS_ROW * (size_t)blocks + 8) ==
           forms_number(tail + 8, 8);
}

enum shukach_status forms_append(struct forms *forms, const char *path,
                                 struct shukach_error *err)
{
    struct forms_list list;
    if (!array_grow((void **)&forms->lists, &forms->capacity, forms->count + 1,
                    sizeof list)) {
        return error_nomem(err);
    }
    enum shukach_status status = file_map(path, &list.file, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (!table_fits(&list)) {
        file_unmap(&list.file);
        return forms_damaged(err, path);
    }
    forms->lists[forms->count++] = list;
    return SHUKACH_OK;
}

enum shukach_status forms_open(const char *path, struct forms **out,
                               struct shukach_error *err)
{
    *out = NULL;
    struct forms *forms = calloc(1, sizeof *forms);
    if (forms == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = forms_append(forms, path, err);
    if (status != SHUKACH_OK) {
        forms_free(forms);
        return status;
    }
    *out = forms;
    return SHUKACH_OK;
}

uint64_t forms_count(const struct forms *forms)
{
    uint64_t count = 0;
    for (size_t i = 0; i < forms->count; i++) {
        count += forms->lists[i].count;
    }
    return count;
}

void forms_free(struct forms *forms)
{
    if (forms == NULL) {
        return;
    }
    for (size_t i = 0; i < forms->count; i++) {
        file_unmap(&forms->lists[i].file);
    }
    free(forms->lists);
    free(forms);
}

/* ---- Blocks -------------------------------------------------------------- */

size_t forms_in_block(const struct forms_list *list, uint64_t block)
{
    uint64_t left = list->count - block * FORMS_BLOCK;
    return left < FORMS_BLOCK ? (size_t)left : FORMS_BLOCK;
}

/* Where a block begins; past the last one, where the blocks end. */
static uint64_t block_begins(const struct forms_list *list, uint64_t block)
{
    return block < list->blocks
               ? forms_number(list->table + FORMS_ROW * block, 8)
               : (uint64_t)(list->table - list->file.data);
}

static uint32_t block_most(const struct forms_list *list, uint64_t block)
{
    return (uint32_t)forms_number(list->table + FORMS_ROW * block + 8, 4);
}

enum shukach_status forms_block(const struct forms_list *list, uint64_t block,
                                struct forms_cursor *out,
                                struct shukach_error *err)
{
    uint64_t from = block_begins(list, block);
    uint64_t to = block_begins(list, block + 1);
    uint64_t end = block_begins(list, list->blocks);
    if (from < FORMS_HEAD || to > end || from > to || to - from < FORMS_CHECK) {
        return forms_damaged(err, "the table of its blocks");
    }
    const unsigned char *at = list->file.data + from;
    size_t length = (size_t)(to - from) - FORMS_CHECK;
    if ((uint32_t)hash64(at + FORMS_CHECK, length) !=
        forms_number(at, FORMS_CHECK)) {
        return forms_damaged(err, "the check of a block");
    }
    out->at = at + FORMS_CHECK;
    out->end = out->at + length;
    out->form.length = 0;
    return SHUKACH_OK;
}

enum shukach_status forms_next(struct forms_cursor *cursor,
                               struct shukach_error *err)
{
    struct form *form = &cursor->form;
    const unsigned char *at = cursor->at;
    if (cursor->end - at < 2) {
        return forms_damaged(err, "a block ends early");
    }
    size_t shared = *at++;
    size_t rest = *at++;
    uint64_t number;
    if (shared > form->length || shared + rest > FORM_BYTES ||
        shared + rest == 0 || rest > (size_t)(cursor->end - at)) {
        return forms_damaged(err, "the length of a form");
    }
    memcpy(form->text + shared, at, rest);
    at += rest;
    if (!varint_read(&at, cursor->end, &number) || number >> 2 > UINT32_MAX) {
        return forms_damaged(err, "the frequency of a form");
    }
    form->length = shared + rest;
    form->text[form->length] = '\0';
    form->frequency = (uint32_t)(number >> 2);
    form->casing = (enum form_casing)(number & 3);
    cursor->shared = shared;
    cursor->at = at;
    return SHUKACH_OK;
}

enum shukach_status forms_give(const struct form *form, unsigned distance,
                               forms_sink sink, void *payload,
                               struct shukach_error *err)
{
    if (!utf8_valid(form->text, form->length, NULL)) {
        return forms_damaged(err, "the encoding of a form");
    }
    return sink(form, distance, payload) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_CANCELLED, "stopped by the callback");
}

/* ---- Finding ------------------------------------------------------------- */

int forms_compare(const struct form *form, const char *text, size_t length,
                  bool cut)
{
    size_t own = cut && form->length > length ? length : form->length;
    return bytes_compare(form->text, own, text, length);
}

/* The last block that begins with a form not after the text, or the first
 * block. */
static enum shukach_status last_block(const struct forms_list *list,
                                      const char *text, size_t length, bool cut,
                                      uint64_t *out, struct shukach_error *err)
{
    uint64_t low = 0;
    uint64_t high = list->blocks;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        struct forms_cursor cursor;
        enum shukach_status status = forms_block(list, middle, &cursor, err);
        if (status == SHUKACH_OK) {
            status = forms_next(&cursor, err);
        }
        if (status != SHUKACH_OK) {
            return status;
        }
        if (forms_compare(&cursor.form, text, length, cut) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    *out = low;
    return SHUKACH_OK;
}

static enum shukach_status find_in_list(const struct forms_list *list,
                                        const char *text, size_t length,
                                        struct form *out,
                                        struct shukach_error *err)
{
    uint64_t block;
    struct forms_cursor cursor;
    enum shukach_status status =
        last_block(list, text, length, false, &block, err);
    if (status == SHUKACH_OK) {
        status = forms_block(list, block, &cursor, err);
    }
    for (size_t left = status == SHUKACH_OK ? forms_in_block(list, block) : 0;
         left > 0; left--) {
        status = forms_next(&cursor, err);
        int order = status == SHUKACH_OK
                        ? forms_compare(&cursor.form, text, length, false)
                        : 1;
        if (order == 0) {
            *out = cursor.form;
        }
        if (order >= 0) {
            break;
        }
    }
    return status;
}

enum shukach_status forms_find(const struct forms *forms, const char *text,
                               size_t length, struct form *out,
                               struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    *out = (struct form){.length = 0};
    for (size_t i = 0; i < forms->count && status == SHUKACH_OK; i++) {
        struct form form = {.length = 0};
        if (forms->lists[i].count > 0) {
            status = find_in_list(&forms->lists[i], text, length, &form, err);
        }
        if (out->frequency == 0) {
            *out = form;
        } else {
            forms_add_up(out, &form);
        }
    }
    return status;
}

enum shukach_status forms_range(const struct forms_list *list,
                                const char *prefix, size_t length,
                                uint64_t *first, uint64_t *last,
                                struct shukach_error *err)
{
    enum shukach_status status =
        last_block(list, prefix, length, false, first, err);
    return status == SHUKACH_OK
               ? last_block(list, prefix, length, true, last, err)
               : status;
}

enum shukach_status forms_each(const struct forms *forms, const char *prefix,
                               size_t length, forms_sink sink, void *payload,
                               struct shukach_error *err)
{
    struct forms_walk walk;
    struct form form = {.length = 1};
    enum shukach_status status =
        forms_walk_begin(forms, prefix, length, &walk, err);
    while (status == SHUKACH_OK) {
        status = forms_walk_next(&walk, &form, err);
        if (status != SHUKACH_OK || form.length == 0) {
            break;
        }
        status = forms_give(&form, 0, sink, payload, err);
    }
    forms_walk_end(&walk);
    return status;
}

/* Hands out the forms of a block that begin so. */
static enum shukach_status each_in_block(const struct forms_list *list,
                                         uint64_t block, const char *prefix,
                                         size_t length, forms_sink sink,
                                         void *payload,
                                         struct shukach_error *err)
{
    struct forms_cursor cursor;
    enum shukach_status status = forms_block(list, block, &cursor, err);
    for (size_t left = forms_in_block(list, block);
         left > 0 && status == SHUKACH_OK; left--) {
        status = forms_next(&cursor, err);
        if (status == SHUKACH_OK &&
            forms_compare(&cursor.form, prefix, length, true) == 0) {
            status = forms_give(&cursor.form, 0, sink, payload, err);
        }
    }
    return status;
}

/* ---- The most frequent --------------------------------------------------- */

/* A heap with the least frequent at its top. Of equals the one that comes
 * later in the list is the lesser. */
struct top {
    struct form *items;
    size_t count;
    size_t most;
    uint64_t seen;
};

static bool is_less(const struct form *a, const struct form *b)
{
    return a->frequency != b->frequency ? a->frequency < b->frequency
                                        : strcmp(a->text, b->text) > 0;
}

static void swap(struct form *a, struct form *b)
{
    struct form kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_down(struct form *items, size_t count, size_t at)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_less(&items[child + 1], &items[child])) {
            child++;
        }
        if (!is_less(&items[child], &items[at])) {
            return;
        }
        swap(&items[child], &items[at]);
        at = child;
    }
}

static int on_top(const struct form *form, unsigned distance, void *payload)
{
    struct top *top = payload;
    (void)distance;
    top->seen++;
    if (top->count < top->most) {
        size_t at = top->count++;
        top->items[at] = *form;
        while (at > 0 && is_less(&top->items[at], &top->items[(at - 1) / 2])) {
            swap(&top->items[at], &top->items[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
    } else if (is_less(&top->items[0], form)) {
        top->items[0] = *form;
        sift_down(top->items, top->count, 0);
    }
    return 0;
}

/* The blocks of a single list that hold nothing frequent enough are passed
 * over. */
static enum shukach_status top_of_list(const struct forms_list *list,
                                       const char *prefix, size_t length,
                                       struct top *top,
                                       struct shukach_error *err)
{
    uint64_t first;
    uint64_t last;
    enum shukach_status status =
        forms_range(list, prefix, length, &first, &last, err);
    for (uint64_t block = first; status == SHUKACH_OK && block <= last;
         block++) {
        bool whole = block > first && block < last && top->count == top->most &&
                     block_most(list, block) <= top->items[0].frequency;
        if (whole) {
            top->seen += FORMS_BLOCK;
        } else {
            status =
                each_in_block(list, block, prefix, length, on_top, top, err);
        }
    }
    return status;
}

enum shukach_status forms_top(const struct forms *forms, const char *prefix,
                              size_t length, size_t most, struct arena *arena,
                              struct form **out, size_t *count, uint64_t *all,
                              struct shukach_error *err)
{
    uint64_t forms_in_all = forms_count(forms);
    most = most < forms_in_all ? most : (size_t)forms_in_all;
    struct top top = {.most = most};
    *out = top.items = arena_array(arena, most + 1, sizeof *top.items);
    *count = 0;
    *all = 0;
    if (top.items == NULL) {
        return error_nomem(err);
    }
    if (most == 0) {
        return SHUKACH_OK;
    }
    enum shukach_status status =
        forms->count == 1
            ? top_of_list(&forms->lists[0], prefix, length, &top, err)
            : forms_each(forms, prefix, length, on_top, &top, err);
    /* A sorted heap: the least goes last. */
    for (size_t left = top.count; left > 1;) {
        swap(&top.items[0], &top.items[--left]);
        sift_down(top.items, left, 0);
    }
    *count = top.count;
    *all = top.seen;
    return status;
}
