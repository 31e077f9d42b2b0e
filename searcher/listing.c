/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that the documents of a query hold, most frequent first. */
#include "mentions.h"

/* A hit is read for its names. */
static int on_hit(const struct shukach_hits *hit, void *payload)
{
    struct name_reader *reader = payload;
    struct shukach_error err;
    if (names_read(reader, hit->items[0].fields, hit->items[0].lengths, &err) ==
        SHUKACH_OK) {
        return 0;
    }
    reader->error = err;
    return 1;
}

/* The best `sample` documents that match; 0: all. */
static enum shukach_status read_matches(struct name_reader *reader,
                                        const struct shukach_query *query,
                                        uint64_t sample,
                                        struct shukach_hits **out,
                                        struct shukach_error *err)
{
    struct shukach_query plain = *query;
    plain.offset = 0;
    plain.limit = sample;
    plain.sort = SHUKACH_SORT_RELEVANCE;
    plain.snippet = 0;
    plain.explain = false;
    plain.suggest = false;
    enum shukach_status status =
        search(reader->index, &plain, on_hit, reader, out, err);
    /* Stopped by the callback above, or by who watches the search. */
    if (status == SHUKACH_CANCELLED && reader->error.status != SHUKACH_OK) {
        status = (enum shukach_status)reader->error.status;
        if (err != NULL) {
            *err = reader->error;
        }
    }
    return status;
}

/* `sample` of all documents that are not deleted, evenly spread over the
 * index. */
static enum shukach_status read_all(struct name_reader *reader, uint64_t sample,
                                    struct shukach_hits **out,
                                    struct shukach_error *err)
{
    const struct store_reader *store = reader->index->store;
    uint64_t count = shukach_index_count(reader->index);
    uint64_t due = 0; /* of `count`, which is a document to read */
    reader->index->work = 0;
    struct arena arena = {0};
    enum shukach_status status = SHUKACH_OK;
    sample = sample == 0 || sample > count ? count : sample;
    for (uint64_t i = 0;
         status == SHUKACH_OK && sample > 0 && i < store->dead.documents; i++) {
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        due += tombstones_has(&store->dead, i) ? 0 : sample;
        if (due < count) {
            continue;
        }
        due -= count;
        arena_reset(&arena);
        status = index_work(reader->index, err);
        if (status == SHUKACH_OK) {
            status =
                records_fields(store->records, i, &arena, fields, lengths, err);
        }
        if (status == SHUKACH_OK) {
            status = names_read(reader, fields, lengths, err);
        }
    }
    arena_free(&arena);
    if (status == SHUKACH_OK) {
        *out = calloc(1, sizeof **out);
        status = *out == NULL ? error_nomem(err) : SHUKACH_OK;
    }
    if (status == SHUKACH_OK) {
        (*out)->lower = count;
        (*out)->upper = count;
    }
    return status;
}

/* ---- The list -------------------------------------------------------------
 */

static int by_documents(const void *a, const void *b)
{
    const struct shukach_name *x = a;
    const struct shukach_name *y = b;
    if (x->documents != y->documents) {
        return x->documents < y->documents ? 1 : -1;
    }
    return strcmp(x->text, y->text);
}

static int by_form_documents(const void *a, const void *b)
{
    const struct shukach_name_form *x = a;
    const struct shukach_name_form *y = b;
    if (x->documents != y->documents) {
        return x->documents < y->documents ? 1 : -1;
    }
    return strcmp(x->text, y->text);
}

/* What each name was written as: pieces by the name that they are joined to,
 * in order, one name's behind another's. */
static uint32_t *order_pieces(const struct joined_names *joined,
                              struct mentions *out)
{
    uint32_t *first = calloc(joined->name_table.count + 1, sizeof *first);
    bool good = first != NULL;
    for (size_t i = 0; good && i < joined->piece_table.count; i++) {
        uint32_t name = joined->pieces[i].name;
        good = mention_add(out, joined->names[name].whole, (uint32_t)i);
    }
    if (!good) {
        free(first);
        return NULL;
    }
    mentions_unique(out);
    for (size_t i = out->count; i > 0; i--) {
        first[out->items[i - 1].what] = (uint32_t)(i - 1);
    }
    return first;
}

/* Makes the name with its forms; false out of memory. */
static bool make_name(const struct name_reader *reader,
                      const struct joined_names *joined,
                      const struct mentions *pieces, uint32_t from,
                      struct arena *arena, struct shukach_name *out)
{
    uint32_t name = pieces->items[from].what;
    size_t count = 0;
    while (from + count < pieces->count &&
           pieces->items[from + count].what == name) {
        count++;
    }
    struct shukach_name_form *forms = arena_array(arena, count, sizeof *forms);
    for (size_t i = 0; forms != NULL && i < count; i++) {
        uint32_t number = pieces->items[from + i].document;
        const struct name_piece *piece = &joined->pieces[number];
        forms[i].text = piece_text(reader, piece, arena);
        if (forms[i].text == NULL) {
            return false;
        }
        forms[i].documents = piece->documents;
        if (number == joined->names[name].shown) {
            out->text = forms[i].text;
        }
    }
    if (forms == NULL) {
        return false;
    }
    qsort(forms, count, sizeof *forms, by_form_documents);
    out->documents = joined->names[name].documents;
    out->forms = forms;
    out->form_count = count;
    return true;
}

/* All names, in order, in the arena. */
static enum shukach_status make_list(const struct name_reader *reader,
                                     const struct joined_names *joined,
                                     struct arena *arena,
                                     struct shukach_name **out, size_t *count,
                                     struct shukach_error *err)
{
    struct mentions pieces = {0};
    uint32_t *first = order_pieces(joined, &pieces);
    *out = arena_array(arena, joined->name_table.count + 1, sizeof **out);
    *count = 0;
    bool good = first != NULL && *out != NULL;
    for (size_t i = 0; good && i < joined->name_table.count; i++) {
        if (joined->names[i].whole == i) {
            good = make_name(reader, joined, &pieces, first[i], arena,
                             &(*out)[(*count)++]);
        }
    }
    free(first);
    free(pieces.items);
    if (!good) {
        return error_nomem(err);
    }
    qsort(*out, *count, sizeof **out, by_documents);
    return SHUKACH_OK;
}

static enum shukach_status list_names(struct name_reader *reader, size_t limit,
                                      shukach_on_name callback, void *payload,
                                      struct shukach_error *err)
{
    struct joined_names joined;
    struct arena arena = {0};
    struct shukach_name *names = NULL;
    size_t count = 0;
    enum shukach_status status = names_join(reader, &joined, err);
    if (status == SHUKACH_OK) {
        status = make_list(reader, &joined, &arena, &names, &count, err);
    }
    count = limit > 0 && limit < count ? limit : count;
    for (size_t i = 0; status == SHUKACH_OK && i < count; i++) {
        if (callback(&names[i], payload) != 0) {
            status = error_set(err, SHUKACH_CANCELLED, "the caller stopped");
        }
    }
    arena_free(&arena);
    joined_names_free(&joined);
    return status;
}

enum shukach_status shukach_index_names(
    struct shukach_index *index, const struct shukach_query *query,
    uint64_t sample, size_t limit, shukach_on_name callback, void *payload,
    uint64_t *read, struct shukach_hits **out, struct shukach_error *err)
{
    if (index == NULL || callback == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "no index or callback was given");
    }
    struct name_reader reader = {.index = index};
    struct shukach_hits *hits = NULL;
    enum shukach_status status =
        query == NULL ? read_all(&reader, sample, &hits, err)
                      : read_matches(&reader, query, sample, &hits, err);
    if (status == SHUKACH_OK) {
        status = list_names(&reader, limit, callback, payload, err);
    }
    if (read != NULL) {
        *read = reader.documents;
    }
    name_reader_free(&reader);
    if (status != SHUKACH_OK || out == NULL) {
        shukach_hits_free(hits);
        hits = NULL;
    }
    if (out != NULL) {
        *out = hits;
    }
    return status;
}
