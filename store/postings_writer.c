/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The postings of a segment: lists collected in memory go to a file, a run,
 * whenever they are too many, and all runs are merged at the end. A run holds
 * for each list, in the order of keys: length of the key, key, frequency,
 * count, first document, length of the items, items; numbers are varints. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "postings_writer.h"

#define FLUSH_AT ((size_t)1 << 20)

struct postings_writer {
    char *dir;
    size_t memory;
    struct lists lists;
    struct runs runs;
    struct buf key; /* of a list */
    struct buf item;
};

enum shukach_status path_of(const char *dir, const char *name, char **out,
                            struct shukach_error *err)
{
    if (asprintf(out, "%s/%s", dir, name) < 0) {
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

enum shukach_status postings_writer_new(const char *dir, size_t memory,
                                        struct postings_writer **out,
                                        struct shukach_error *err)
{
    struct postings_writer *writer = calloc(1, sizeof *writer);
    *out = writer;
    if (writer == NULL) {
        return error_nomem(err);
    }
    writer->memory = memory;
    buf_init(&writer->key, SIZE_MAX / 2);
    buf_init(&writer->item, SIZE_MAX / 2);
    for (size_t i = 0; i < SLOTS; i++) {
        buf_init(&writer->runs.bounds[i].lower, SIZE_MAX / 2);
        buf_init(&writer->runs.bounds[i].upper, SIZE_MAX / 2);
    }
    writer->dir = strdup(dir);
    if (writer->dir == NULL) {
        postings_writer_close(writer);
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

/* ---- Runs ---------------------------------------------------------------- */

static void run_list(struct buf *out, const struct list *list)
{
    uint64_t length = 0;
    for (const struct slice *at = list->head; at != NULL; at = at->next) {
        length += at->used;
    }
    buf_add_varint(out, list->key_length);
    buf_add(out, list->key, list->key_length);
    buf_add_varint(out, list->frequency);
    buf_add_varint(out, list->count);
    buf_add_varint(out, list->first);
    buf_add_varint(out, length);
    for (const struct slice *at = list->head; at != NULL; at = at->next) {
        buf_add(out, at->bytes, at->used);
    }
}

static enum shukach_status run_fill(struct postings_writer *writer, int fd,
                                    const char *path, struct shukach_error *err)
{
    struct list **sorted = lists_sort(&writer->lists);
    if (sorted == NULL) {
        return error_nomem(err);
    }
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < writer->lists.count && status == SHUKACH_OK; i++) {
        run_list(&out, sorted[i]);
        if (out.length >= FLUSH_AT) {
            status = file_write_pending(fd, path, &out, err);
        }
    }
    if (status == SHUKACH_OK) {
        status = file_write_pending(fd, path, &out, err);
    }
    buf_free(&out);
    return status;
}

/* Writes what is in memory into a new run. */
static enum shukach_status run_write(struct postings_writer *writer,
                                     struct shukach_error *err)
{
    char name[40];
    char *path;
    struct runs *runs = &writer->runs;
    snprintf(name, sizeof name, "run-%zu", runs->count);
    if (!array_grow((void **)&runs->paths, &runs->capacity, runs->count + 1,
                    sizeof *runs->paths)) {
        return error_nomem(err);
    }
    enum shukach_status status = path_of(writer->dir, name, &path, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    runs->paths[runs->count++] = path;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return error_io(err, "create", path);
    }
    status = run_fill(writer, fd, path, err);
    if (close(fd) != 0 && status == SHUKACH_OK) {
        status = error_io(err, "write", path);
    }
    lists_reset(&writer->lists);
    return status;
}

/* ---- Documents ----------------------------------------------------------- */

/* A NUL in a key is followed by 0xff, so that it does not end the term. */
static void key_of_term(struct buf *key, const char *text, size_t length)
{
    buf_reset(key);
    for (const char *nul; (nul = memchr(text, '\0', length)) != NULL;) {
        size_t part = (size_t)(nul + 1 - text);
        buf_add(key, text, part);
        buf_add_char(key, '\xff');
        text += part;
        length -= part;
    }
    buf_add(key, text, length);
}

static struct list *find(struct postings_writer *writer)
{
    const struct buf *key = &writer->key;
    return key->failed == SHUKACH_OK
               ? lists_find(&writer->lists, key->data, key->length)
               : NULL;
}

static enum shukach_status add_number(struct postings_writer *writer,
                                      uint32_t document, uint32_t number,
                                      struct list *list,
                                      struct shukach_error *err)
{
    if (list == NULL) {
        return error_nomem(err);
    }
    buf_reset(&writer->item);
    buf_add_varint(&writer->item, number);
    if (writer->item.failed != SHUKACH_OK ||
        !lists_add(&writer->lists, list, document, writer->item.data,
                   writer->item.length)) {
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

static enum shukach_status add_term(struct postings_writer *writer,
                                    uint32_t document,
                                    const struct store_term *term,
                                    struct shukach_error *err)
{
    char cut[STORE_TERM_BYTES + 1];
    size_t length = term->length;
    const char *text = store_term_cut(term->text, &length, cut);
    struct list *list;
    if (length == 0) {
        return error_set(err, SHUKACH_INVALID, "a term is empty");
    }
    if (memchr(text, '\0', length) == NULL) {
        list = lists_find(&writer->lists, text, length);
    } else {
        key_of_term(&writer->key, text, length);
        list = find(writer);
    }
    if (list != NULL && list->frequency > 0 && list->last == document) {
        return error_set(err, SHUKACH_INVALID, "a term comes twice");
    }
    if (list != NULL) {
        list->count += term->count;
    }
    if (term->count > writer->runs.statistics.most) {
        writer->runs.statistics.most = term->count;
    }
    return add_number(writer, document, term->count, list, err);
}

static int compare(const struct store_value *value, const struct buf *buf)
{
    return bytes_compare(value->data, value->length, buf_text(buf),
                         buf->length);
}

static void set(struct buf *buf, const struct store_value *value)
{
    buf_reset(buf);
    buf_add(buf, value->data, value->length);
}

static enum shukach_status add_value(struct postings_writer *writer,
                                     uint32_t document,
                                     const struct store_value *value,
                                     struct shukach_error *err)
{
    if (value->slot >= SLOTS || value->length == 0) {
        return error_set(err, SHUKACH_INVALID,
                         "a value is empty, or its "
                         "slot is not known");
    }
    struct bounds *slot = &writer->runs.bounds[value->slot];
    if (slot->frequency == 0 || compare(value, &slot->lower) < 0) {
        set(&slot->lower, value);
    }
    if (slot->frequency == 0 || compare(value, &slot->upper) > 0) {
        set(&slot->upper, value);
    }
    slot->frequency++;
    buf_reset(&writer->key);
    buf_add(&writer->key, KEY_VALUES, KEY_BYTES);
    buf_add_varint(&writer->key, value->slot);
    buf_reset(&writer->item);
    buf_add_varint(&writer->item, value->length);
    buf_add(&writer->item, value->data, value->length);
    struct list *list = find(writer);
    if (list == NULL || writer->item.failed != SHUKACH_OK ||
        slot->lower.failed != SHUKACH_OK || slot->upper.failed != SHUKACH_OK ||
        !lists_add(&writer->lists, list, document, writer->item.data,
                   writer->item.length)) {
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

/* The length of the document, in the list of lengths and in all statistics. */
static enum shukach_status add_length(struct postings_writer *writer,
                                      uint32_t document, uint64_t length,
                                      struct shukach_error *err)
{
    struct glass_statistics *statistics = &writer->runs.statistics;
    uint32_t number = length > UINT32_MAX ? UINT32_MAX : (uint32_t)length;
    if (number > 0 &&
        (statistics->shortest == 0 || number < statistics->shortest)) {
        statistics->shortest = number;
    }
    if (number > statistics->longest) {
        statistics->longest = number;
    }
    statistics->total += number;
    buf_reset(&writer->key);
    buf_add(&writer->key, KEY_LENGTHS, KEY_BYTES);
    return add_number(writer, document, number, find(writer), err);
}

enum shukach_status postings_writer_add(struct postings_writer *writer,
                                        const struct store_document *document,
                                        struct shukach_error *err)
{
    if (writer->runs.statistics.documents == UINT32_MAX) {
        return error_set(err, SHUKACH_LIMIT, "too many documents in a segment");
    }
    uint32_t number = ++writer->runs.statistics.documents;
    uint64_t length = 0;
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < document->term_count && status == SHUKACH_OK; i++) {
        length += document->terms[i].count;
        status = add_term(writer, number, &document->terms[i], err);
    }
    for (size_t i = 0; i < document->value_count && status == SHUKACH_OK; i++) {
        status = add_value(writer, number, &document->values[i], err);
    }
    if (status == SHUKACH_OK) {
        status = add_length(writer, number, length, err);
    }
    if (status == SHUKACH_OK && writer->lists.bytes >= writer->memory) {
        status = run_write(writer, err);
    }
    return status;
}

static enum shukach_status remove_runs(struct runs *runs,
                                       struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < runs->count && status == SHUKACH_OK; i++) {
        status = file_remove(runs->paths[i], err);
    }
    return status;
}

enum shukach_status postings_writer_finish(struct postings_writer *writer,
                                           struct shukach_error *err)
{
    char *path = NULL;
    enum shukach_status status = run_write(writer, err);
    if (status == SHUKACH_OK) {
        status = path_of(writer->dir, SEGMENT_POSTINGS, &path, err);
    }
    if (status == SHUKACH_OK) {
        status = runs_merge(&writer->runs, path, err);
    }
    free(path);
    return status == SHUKACH_OK ? remove_runs(&writer->runs, err) : status;
}

void postings_writer_close(struct postings_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    for (size_t i = 0; i < writer->runs.count; i++) {
        free(writer->runs.paths[i]);
    }
    free(writer->runs.paths);
    for (size_t i = 0; i < SLOTS; i++) {
        buf_free(&writer->runs.bounds[i].lower);
        buf_free(&writer->runs.bounds[i].upper);
    }
    lists_free(&writer->lists);
    buf_free(&writer->key);
    buf_free(&writer->item);
    free(writer->dir);
    free(writer);
}
