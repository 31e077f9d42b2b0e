/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of lists into the table of a Xapian database, where a list is cut
 * into chunks. The chunk of a term, or of the lengths of documents, holds the
 * frequency, count and first document less 1, if it is the first; '1' if it is
 * the last, else '0'; the last document less the first; the items. Another's
 * key ends in a NUL, unless it is of lengths, and its first document. A chunk
 * of values holds items, and its key always ends in its first document. */
#include <stdlib.h>

#include "glass.h"
#include "postings_writer.h"

/* Bytes of items that end a chunk, as Xapian has it. */
#define CHUNK 2000

/* A list of a run at work. */
struct cursor {
    struct mapping run;
    const unsigned char *at;   /* what follows in the run */
    const unsigned char *held; /* from here on it takes memory */
    bool ended;
    const unsigned char *key;
    size_t key_length;
    uint64_t frequency;
    uint64_t count;
    uint32_t first;
    const unsigned char *items;
    const unsigned char *items_end;
};

struct merge {
    const struct runs *runs;
    struct cursor *cursors;
    size_t cursor_count;
    struct glass *glass;
    struct buf key;
    struct buf tag;
    struct buf chunk; /* items */
};

static enum shukach_status run_damaged(struct shukach_error *err)
{
    return error_set(err, SHUKACH_CORRUPT,
                     "a temporary file of postings is damaged");
}

/* Reads the next list of a run. */
static enum shukach_status cursor_next(struct cursor *cursor,
                                       struct shukach_error *err)
{
    const unsigned char *end = cursor->run.data + cursor->run.length;
    const unsigned char *at = cursor->at;
    uint64_t length;
    uint64_t first;
    file_release(&cursor->held, at);
    cursor->ended = at == end;
    if (cursor->ended) {
        return SHUKACH_OK;
    }
    if (!varint_read(&at, end, &length) || length > (size_t)(end - at)) {
        return run_damaged(err);
    }
    cursor->key = at;
    cursor->key_length = (size_t)length;
    at += length;
    if (!varint_read(&at, end, &cursor->frequency) ||
        !varint_read(&at, end, &cursor->count) ||
        !varint_read(&at, end, &first) || !varint_read(&at, end, &length) ||
        length > (size_t)(end - at)) {
        return run_damaged(err);
    }
    cursor->first = (uint32_t)first;
    cursor->items = at;
    cursor->at = at + length;
    cursor->items_end = cursor->at;
    return SHUKACH_OK;
}

static int compare_keys(const struct cursor *a, const struct cursor *b)
{
    return bytes_compare(a->key, a->key_length, b->key, b->key_length);
}

enum kind { TERM, LENGTHS, VALUES };

static enum kind kind_of(const unsigned char *key, size_t length)
{
    if (length >= 2 && memcmp(key, KEY_VALUES, KEY_BYTES) == 0) {
        return VALUES;
    }
    return length == 2 && memcmp(key, KEY_LENGTHS, KEY_BYTES) == 0 ? LENGTHS
                                                                   : TERM;
}

/* A number whose bytes are in its order. */
static void add_ordered(struct buf *out, uint32_t value)
{
    unsigned char bytes[5];
    size_t length = 2;
    for (uint32_t high = value >> 15; high != 0; high >>= 7) {
        length++;
    }
    uint64_t rest = value;
    for (size_t i = length; i-- > 0; rest >>= 8) {
        bytes[i] = (unsigned char)rest;
    }
    bytes[0] |= (unsigned char)(0xff << (10 - length));
    buf_add(out, bytes, length);
}

/* The list being written. */
struct output {
    enum kind kind;
    const unsigned char *key;
    size_t key_length;
    uint64_t frequency;
    uint64_t count;
    bool begun;     /* a chunk was written */
    uint32_t first; /* document of the chunk */
    uint32_t last;
};

static enum shukach_status end_chunk(struct merge *merge, struct output *output,
                                     bool end, struct shukach_error *err)
{
    struct buf *key = &merge->key;
    struct buf *tag = &merge->tag;
    buf_reset(key);
    buf_reset(tag);
    buf_add(key, output->key, output->key_length);
    if (output->kind == VALUES) {
        add_ordered(key, output->first);
    } else if (output->begun) {
        if (output->kind == TERM) {
            buf_add_char(key, '\0');
        }
        add_ordered(key, output->first);
    } else {
        bool term = output->kind == TERM;
        buf_add_varint(tag, term ? output->frequency : 0);
        buf_add_varint(tag, term ? output->count : 0);
        buf_add_varint(tag, output->first - 1);
    }
    if (output->kind != VALUES) {
        buf_add_char(tag, end ? '1' : '0');
        buf_add_varint(tag, output->last - output->first);
    }
    buf_add(tag, buf_text(&merge->chunk), merge->chunk.length);
    buf_reset(&merge->chunk);
    output->begun = true;
    if (key->failed != SHUKACH_OK || tag->failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    return glass_add(merge->glass, key->data, key->length, tag->data,
                     tag->length, err);
}

/* The items of a cursor's list behind those of the cursors before. */
static enum shukach_status copy_items(struct merge *merge,
                                      struct output *output,
                                      const struct cursor *cursor,
                                      struct shukach_error *err)
{
    struct buf *chunk = &merge->chunk;
    const unsigned char *at = cursor->items;
    const unsigned char *end = cursor->items_end;
    uint32_t document = cursor->first;
    for (bool first = true; at < end; first = false) {
        uint64_t number;
        if (!first) {
            if (!varint_read(&at, end, &number)) {
                return run_damaged(err);
            }
            document += (uint32_t)number + 1;
        }
        const unsigned char *item = at;
        if (!varint_read(&at, end, &number) ||
            (output->kind == VALUES && number > (size_t)(end - at))) {
            return run_damaged(err);
        }
        at += output->kind == VALUES ? number : 0;
        if (chunk->length >= CHUNK) {
            enum shukach_status status = end_chunk(merge, output, false, err);
            if (status != SHUKACH_OK) {
                return status;
            }
        }
        if (chunk->length == 0) {
            output->first = document;
        } else {
            buf_add_varint(chunk, document - output->last - 1);
        }
        buf_add(chunk, item, (size_t)(at - item));
        output->last = document;
    }
    return chunk->failed == SHUKACH_OK ? SHUKACH_OK : error_nomem(err);
}

/* Writes the list with the least key of all runs. */
static enum shukach_status merge_list(struct merge *merge,
                                      const struct cursor *least,
                                      struct shukach_error *err)
{
    /* The key stays where it is while its cursor goes on. */
    struct cursor model = *least;
    struct output output = {.kind = kind_of(model.key, model.key_length),
                            .key = model.key,
                            .key_length = model.key_length};
    for (size_t i = 0; i < merge->cursor_count; i++) {
        const struct cursor *cursor = &merge->cursors[i];
        if (!cursor->ended && compare_keys(cursor, &model) == 0) {
            output.frequency += cursor->frequency;
            output.count += cursor->count;
        }
    }
    if (output.count > UINT32_MAX) {
        output.count = UINT32_MAX; /* what Xapian can read */
    }
    enum shukach_status status = SHUKACH_OK;
    buf_reset(&merge->chunk);
    for (size_t i = 0; i < merge->cursor_count && status == SHUKACH_OK; i++) {
        struct cursor *cursor = &merge->cursors[i];
        if (!cursor->ended && compare_keys(cursor, &model) == 0) {
            status = copy_items(merge, &output, cursor, err);
            if (status == SHUKACH_OK) {
                status = cursor_next(cursor, err);
            }
        }
    }
    return status == SHUKACH_OK ? end_chunk(merge, &output, true, err) : status;
}

/* How many values each slot has, and between which they are. */
static enum shukach_status write_bounds(struct merge *merge,
                                        struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (unsigned i = 0; i < SLOTS && status == SHUKACH_OK; i++) {
        const struct bounds *slot = &merge->runs->bounds[i];
        struct buf *tag = &merge->tag;
        if (slot->frequency == 0) {
            continue;
        }
        unsigned char key[KEY_BYTES + 1];
        memcpy(key, KEY_BOUNDS, KEY_BYTES);
        key[KEY_BYTES] = (unsigned char)i;
        buf_reset(tag);
        buf_add_varint(tag, slot->frequency);
        buf_add_varint(tag, slot->lower.length);
        buf_add(tag, slot->lower.data, slot->lower.length);
        if (bytes_compare(slot->lower.data, slot->lower.length,
                          slot->upper.data, slot->upper.length) != 0) {
            buf_add(tag, slot->upper.data, slot->upper.length);
        }
        status = tag->failed != SHUKACH_OK
                     ? error_nomem(err)
                     : glass_add(merge->glass, key, KEY_BYTES + (i > 0),
                                 tag->data, tag->length, err);
    }
    return status;
}

static enum shukach_status open_runs(struct merge *merge,
                                     struct shukach_error *err)
{
    size_t count = merge->runs->count;
    merge->cursors = calloc(count + 1, sizeof *merge->cursors);
    if (merge->cursors == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        struct cursor *cursor = &merge->cursors[i];
        status = file_map(merge->runs->paths[i], &cursor->run, err);
        if (status == SHUKACH_OK) {
            merge->cursor_count++;
            cursor->at = cursor->run.data;
            cursor->held = cursor->at;
            status = cursor_next(cursor, err);
        }
    }
    return status;
}

static enum shukach_status merge_all(struct merge *merge,
                                     struct shukach_error *err)
{
    enum shukach_status status = write_bounds(merge, err);
    while (status == SHUKACH_OK) {
        const struct cursor *least = NULL;
        for (size_t i = 0; i < merge->cursor_count; i++) {
            const struct cursor *cursor = &merge->cursors[i];
            if (!cursor->ended &&
                (least == NULL || compare_keys(cursor, least) < 0)) {
                least = cursor;
            }
        }
        if (least == NULL) {
            return glass_finish(merge->glass, &merge->runs->statistics, err);
        }
        status = merge_list(merge, least, err);
    }
    return status;
}

enum shukach_status runs_merge(const struct runs *runs, const char *to,
                               struct shukach_error *err)
{
    struct merge merge = {.runs = runs};
    buf_init(&merge.key, SIZE_MAX / 2);
    buf_init(&merge.tag, SIZE_MAX / 2);
    buf_init(&merge.chunk, SIZE_MAX / 2);
    enum shukach_status status = open_runs(&merge, err);
    if (status == SHUKACH_OK) {
        status = glass_create(to, &merge.glass, err);
    }
    if (status == SHUKACH_OK) {
        status = merge_all(&merge, err);
    }
    for (size_t i = 0; i < merge.cursor_count; i++) {
        file_unmap(&merge.cursors[i].run);
    }
    free(merge.cursors);
    glass_close(merge.glass);
    buf_free(&merge.key);
    buf_free(&merge.tag);
    buf_free(&merge.chunk);
    return status;
}
