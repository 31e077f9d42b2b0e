/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the list of forms in bounded memory: forms are counted in a hash
 * table; when it is full, its forms go to a temporary file in order, a run,
 * and the runs are merged at the end. A run is a sequence of forms: length
 * (1 byte), bytes, frequency, and how often it was written in each casing
 * but the first (varints). */
#include <fcntl.h>
#include <unistd.h>

#include "forms.h"

/* Forms counted before they go to a run: about 16 MB, and what one document
 * adds. */
#define COUNTED_MAX ((size_t)1 << 18)
#define FLUSH_AT ((size_t)1 << 20)
#define CASINGS 4

/* A form being counted, two of them in a line of the cache: each word of each
 * document comes here. It is known by its hash, so that its text, which lies
 * elsewhere, is not touched; a collision, one in a million for ten million
 * forms, loses the rarer form. */
struct counted {
    uint64_t hash;
    uint32_t text;     /* offset into `texts` */
    uint32_t document; /* the last one it was seen in */
    uint32_t frequency;
    uint16_t written[CASINGS];
    uint8_t length; /* 0 for an empty place */
};

/* Forms wait here until there are enough of them to fetch the places of the
 * table ahead: to wait for memory took most of the time of counting. */
#define WAITING 256
#define AHEAD 8

struct waiting {
    uint64_t hash;
    uint16_t text; /* offset */
    uint8_t length;
    uint8_t casing;
};

/* A file being written. */
struct output {
    char *path;
    int fd;
    uint64_t length;
    struct buf pending;
};

struct run {
    struct mapping file;
    const unsigned char *at;
    const unsigned char *held; /* from here on it takes memory */
    struct form form;
    uint32_t written[CASINGS];
};

struct forms_writer {
    char *path;
    size_t counted_max;
    uint32_t document;
    bool failed; /* out of memory */
    struct counted *table;
    size_t size; /* a power of two */
    size_t count;
    char *texts;
    size_t texts_length;
    size_t texts_capacity;
    unsigned runs;
    size_t waiting;
    size_t waiting_length; /* of their texts */
    struct waiting items[WAITING];
    char waiting_texts[WAITING * FORM_BYTES];
};

/* ---- Counting ------------------------------------------------------------ */

enum shukach_status forms_create(const char *path, size_t counted_max,
                                 struct forms_writer **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct forms_writer *writer = calloc(1, sizeof *writer);
    char *copy = strdup(path);
    if (writer == NULL || copy == NULL) {
        free(writer);
        free(copy);
        return error_nomem(err);
    }
    writer->path = copy;
    writer->counted_max = counted_max > 0 ? counted_max : COUNTED_MAX;
    writer->document = 1;
    *out = writer;
    return SHUKACH_OK;
}

/* The place of a form, or the empty one for it. */
static struct counted *place_of(struct counted *table, size_t size,
                                uint64_t hash)
{
    size_t at = (size_t)hash & (size - 1);
    while (table[at].length != 0 && table[at].hash != hash) {
        at = (at + 1) & (size - 1);
    }
    return &table[at];
}

/* Room for all forms that wait, with the table at most half full. */
static bool grow(struct forms_writer *writer)
{
    if (writer->texts_length > UINT32_MAX - sizeof writer->waiting_texts ||
        !array_grow((void **)&writer->texts, &writer->texts_capacity,
                    writer->texts_length + sizeof writer->waiting_texts, 1)) {
        return false;
    }
    if (2 * (writer->count + WAITING) <= writer->size) {
        return true;
    }
    size_t size = writer->size == 0 ? 4096 : writer->size * 2;
    struct counted *table = calloc(size, sizeof *table);
    if (table == NULL) {
        return false;
    }
    for (size_t i = 0; i < writer->size; i++) {
        if (writer->table[i].length != 0) {
            *place_of(table, size, writer->table[i].hash) = writer->table[i];
        }
    }
    free(writer->table);
    writer->table = table;
    writer->size = size;
    return true;
}

/* Counts in 16 bits are halved together rather than overflow. */
static void count_casing(uint16_t written[CASINGS], uint8_t casing)
{
    if (written[casing] == UINT16_MAX) {
        for (size_t i = 0; i < CASINGS; i++) {
            written[i] /= 2;
        }
    }
    written[casing]++;
}

static void count_one(struct forms_writer *writer, const struct waiting *form)
{
    struct counted *item = place_of(writer->table, writer->size, form->hash);
    if (item->length == 0) {
        *item = (struct counted){.hash = form->hash,
                                 .text = (uint32_t)writer->texts_length,
                                 .length = form->length};
        memcpy(writer->texts + writer->texts_length,
               writer->waiting_texts + form->text, form->length);
        writer->texts_length += form->length;
        writer->count++;
    }
    item->frequency += item->document != writer->document;
    item->document = writer->document;
    count_casing(item->written, form->casing);
}

/* Counts the forms that wait. */
static void count_waiting(struct forms_writer *writer)
{
    if (writer->failed || !grow(writer)) {
        writer->failed = true;
        writer->waiting = 0;
    }
    for (size_t i = 0; i < writer->waiting; i++) {
        if (i + AHEAD < writer->waiting) {
            uint64_t hash = writer->items[i + AHEAD].hash;
            __builtin_prefetch(
                &writer->table[(size_t)hash & (writer->size - 1)], 1);
        }
        count_one(writer, &writer->items[i]);
    }
    writer->waiting = 0;
    writer->waiting_length = 0;
}

void forms_add(struct forms_writer *writer, const char *text, size_t length,
               enum form_casing casing)
{
    if (length == 0 || length > FORM_BYTES) {
        return;
    }
    if (writer->waiting == WAITING) {
        count_waiting(writer);
    }
    writer->items[writer->waiting++] =
        (struct waiting){.hash = hash64(text, length),
                         .text = (uint16_t)writer->waiting_length,
                         .length = (uint8_t)length,
                         .casing = (uint8_t)casing};
    memcpy(writer->waiting_texts + writer->waiting_length, text, length);
    writer->waiting_length += length;
}

/* ---- Files --------------------------------------------------------------- */

static enum shukach_status output_open(struct output *output, const char *path,
                                       struct shukach_error *err)
{
    *output = (struct output){.fd = -1};
    buf_init(&output->pending, SIZE_MAX / 2);
    output->path = strdup(path);
    if (output->path == NULL) {
        return error_nomem(err);
    }
    output->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return output->fd < 0 ? error_io(err, "create", path) : SHUKACH_OK;
}

/* Writes what waits, if it is at least so much. */
static enum shukach_status output_flush(struct output *output, size_t least,
                                        struct shukach_error *err)
{
    size_t length = output->pending.length;
    if (length < least && output->pending.failed == SHUKACH_OK) {
        return SHUKACH_OK;
    }
    enum shukach_status status =
        file_write_pending(output->fd, output->path, &output->pending, err);
    output->length += status == SHUKACH_OK ? length : 0;
    return status;
}

static void output_close(struct output *output)
{
    if (output->fd >= 0) {
        close(output->fd);
    }
    free(output->path);
    buf_free(&output->pending);
}

static char *run_path(const struct forms_writer *writer, unsigned number)
{
    char *path;
    return asprintf(&path, "%s-%u", writer->path, number) < 0 ? NULL : path;
}

/* ---- Runs ---------------------------------------------------------------- */

/* A form to sort: its first bytes as a number, which decides mostly. */
struct sorted {
    uint64_t head;
    const char *text;
    const struct counted *item;
};

static int by_bytes(const void *a, const void *b)
{
    const struct sorted *x = a;
    const struct sorted *y = b;
    if (x->head != y->head) {
        return x->head < y->head ? -1 : 1;
    }
    size_t x_length = x->item->length;
    size_t y_length = y->item->length;
    int order =
        memcmp(x->text, y->text, x_length < y_length ? x_length : y_length);
    return order != 0 ? order : (x_length > y_length) - (x_length < y_length);
}

static struct sorted *sort(const struct forms_writer *writer)
{
    struct sorted *order = calloc(writer->count, sizeof *order);
    size_t count = 0;
    for (size_t i = 0; order != NULL && i < writer->size; i++) {
        const struct counted *item = &writer->table[i];
        if (item->length == 0) {
            continue;
        }
        struct sorted *next = &order[count++];
        next->item = item;
        next->text = writer->texts + item->text;
        for (size_t k = 0; k < sizeof next->head; k++) {
            unsigned char c =
                k < item->length ? (unsigned char)next->text[k] : 0;
            next->head = next->head << 8 | c;
        }
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, by_bytes);
    }
    return order;
}

static void put_counted(struct buf *out, const struct sorted *form)
{
    const struct counted *item = form->item;
    buf_add_char(out, (char)item->length);
    buf_add(out, form->text, item->length);
    buf_add_varint(out, item->frequency);
    for (size_t i = 0; i < CASINGS; i++) {
        buf_add_varint(out, item->written[i]);
    }
}

/* What was counted becomes a run, and counting begins anew. */
static enum shukach_status spill(struct forms_writer *writer,
                                 struct shukach_error *err)
{
    if (writer->count == 0) {
        return SHUKACH_OK;
    }
    struct output output = {.fd = -1};
    struct sorted *order = sort(writer);
    char *path = run_path(writer, writer->runs);
    enum shukach_status status = order == NULL || path == NULL
                                     ? error_nomem(err)
                                     : output_open(&output, path, err);
    for (size_t i = 0; i < writer->count && status == SHUKACH_OK; i++) {
        put_counted(&output.pending, &order[i]);
        status = output_flush(&output, FLUSH_AT, err);
    }
    if (status == SHUKACH_OK) {
        status = output_flush(&output, 0, err);
    }
    output_close(&output);
    free(path);
    free(order);
    writer->runs++;
    writer->count = 0;
    writer->texts_length = 0;
    memset(writer->table, 0, writer->size * sizeof *writer->table);
    return status;
}

enum shukach_status forms_end_document(struct forms_writer *writer,
                                       struct shukach_error *err)
{
    count_waiting(writer);
    if (writer->failed) {
        return error_nomem(err);
    }
    writer->document++;
    return writer->count >= writer->counted_max ? spill(writer, err)
                                                : SHUKACH_OK;
}

/* Reads the next form of a run; false at its end, or where it is damaged,
 * which `*bad` tells. */
static bool run_next(struct run *run, bool *bad)
{
    const unsigned char *end = run->file.data + run->file.length;
    uint64_t numbers[1 + CASINGS];
    if (run->at == end) {
        return false;
    }
    file_release(&run->held, run->at);
    size_t length = *run->at++;
    *bad = length > FORM_BYTES || length > (size_t)(end - run->at);
    if (*bad) {
        return false;
    }
    memcpy(run->form.text, run->at, length);
    run->form.text[length] = '\0';
    run->form.length = length;
    run->at += length;
    for (size_t i = 0; i < 1 + CASINGS; i++) {
        *bad = *bad || !varint_read(&run->at, end, &numbers[i]);
    }
    if (*bad) {
        return false;
    }
    run->form.frequency = (uint32_t)numbers[0];
    for (size_t i = 0; i < CASINGS; i++) {
        run->written[i] = (uint32_t)numbers[1 + i];
    }
    return true;
}

/* ---- Merging ------------------------------------------------------------- */

/* The list being written. */
struct list {
    struct output output;
    struct buf block; /* without its check */
    struct buf table;
    struct form last;
    uint32_t most; /* frequency in the block */
    uint64_t count;
};

static enum shukach_status end_block(struct list *list,
                                     struct shukach_error *err)
{
    struct output *output = &list->output;
    if (list->block.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    if (list->block.length == 0) {
        return SHUKACH_OK;
    }
    buf_add_fixed(&list->table, output->length + output->pending.length, 8);
    buf_add_fixed(&list->table, list->most, 4);
    buf_add_fixed(&output->pending,
                  hash64(buf_text(&list->block), list->block.length),
                  FORMS_CHECK);
    buf_add(&output->pending, buf_text(&list->block), list->block.length);
    if (list->table.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    buf_reset(&list->block);
    list->last.length = 0;
    list->most = 0;
    return output_flush(output, FLUSH_AT, err);
}

static enum shukach_status put_form(struct list *list, const struct form *form,
                                    struct shukach_error *err)
{
    size_t shared = 0;
    while (shared < list->last.length && shared < form->length &&
           list->last.text[shared] == form->text[shared]) {
        shared++;
    }
    buf_add_char(&list->block, (char)shared);
    buf_add_char(&list->block, (char)(form->length - shared));
    buf_add(&list->block, form->text + shared, form->length - shared);
    buf_add_varint(&list->block,
                   (uint64_t)form->frequency << 2 | (uint64_t)form->casing);
    list->last = *form;
    list->most = form->frequency > list->most ? form->frequency : list->most;
    list->count++;
    return list->count % FORMS_BLOCK == 0 ? end_block(list, err) : SHUKACH_OK;
}

/* The casing in which a form was written most often, the plainest first. */
static enum form_casing commonest(const uint64_t written[CASINGS])
{
    size_t best = 0;
    for (size_t i = 1; i < CASINGS; i++) {
        best = written[i] > written[best] ? i : best;
    }
    return (enum form_casing)best;
}

/* Puts the run at `at` in its place in a heap, the least form at its top. */
static void sift_down(struct run **heap, size_t count, size_t at)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count &&
            strcmp(heap[child + 1]->form.text, heap[child]->form.text) < 0) {
            child++;
        }
        if (strcmp(heap[child]->form.text, heap[at]->form.text) >= 0) {
            return;
        }
        struct run *kept = heap[at];
        heap[at] = heap[child];
        heap[child] = kept;
        at = child;
    }
}

/* Merges runs whose first forms are read. */
static enum shukach_status merge(struct run **heap, size_t count,
                                 struct list *list, struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    bool bad = false;
    for (size_t i = count; i-- > 0;) {
        sift_down(heap, count, i);
    }
    while (count > 0 && status == SHUKACH_OK) {
        struct form form = heap[0]->form;
        uint64_t written[CASINGS] = {0};
        uint64_t frequency = 0;
        while (count > 0 && strcmp(heap[0]->form.text, form.text) == 0) {
            frequency += heap[0]->form.frequency;
            for (size_t i = 0; i < CASINGS; i++) {
                written[i] += heap[0]->written[i];
            }
            if (!run_next(heap[0], &bad)) {
                heap[0] = heap[--count];
            }
            sift_down(heap, count, 0);
        }
        form.frequency =
            frequency < UINT32_MAX ? (uint32_t)frequency : UINT32_MAX;
        form.casing = commonest(written);
        status = bad ? forms_damaged(err, "a temporary file")
                     : put_form(list, &form, err);
    }
    return status;
}

/* Maps every run, reads its first form and merges them. */
static enum shukach_status merge_runs(struct forms_writer *writer,
                                      struct list *list,
                                      struct shukach_error *err)
{
    struct run *runs = calloc(writer->runs + 1, sizeof *runs);
    struct run **heap = calloc(writer->runs + 1, sizeof *heap);
    enum shukach_status status =
        runs == NULL || heap == NULL ? error_nomem(err) : SHUKACH_OK;
    bool bad = false;
    for (unsigned i = 0; i < writer->runs && status == SHUKACH_OK; i++) {
        char *path = run_path(writer, i);
        status = path == NULL ? error_nomem(err)
                              : file_map(path, &runs[i].file, err);
        free(path);
        runs[i].at = runs[i].file.data;
        runs[i].held = runs[i].at;
        heap[i] = &runs[i];
        if (status == SHUKACH_OK && !run_next(&runs[i], &bad)) {
            status = forms_damaged(err, "a temporary file");
        }
    }
    if (status == SHUKACH_OK) {
        status = merge(heap, writer->runs, list, err);
    }
    for (unsigned i = 0; runs != NULL && i < writer->runs; i++) {
        file_unmap(&runs[i].file);
    }
    free(runs);
    free(heap);
    return status;
}

/* The last block, the table, and onto the disk. */
static enum shukach_status end_list(struct list *list,
                                    struct shukach_error *err)
{
    struct output *output = &list->output;
    enum shukach_status status = end_block(list, err);
    buf_add_fixed(&list->table, list->count, 8);
    if (status == SHUKACH_OK && list->table.failed != SHUKACH_OK) {
        status = error_nomem(err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    buf_add(&output->pending, list->table.data, list->table.length);
    buf_add_fixed(&output->pending,
                  hash64(list->table.data, list->table.length), 8);
    buf_add(&output->pending, FORMS_MAGIC, FORMS_HEAD);
    status = output_flush(output, 0, err);
    if (status == SHUKACH_OK && fsync(output->fd) != 0) {
        status = error_io(err, "write", output->path);
    }
    return status;
}

enum shukach_status forms_finish(struct forms_writer *writer,
                                 struct shukach_error *err)
{
    struct list list = {.output = {.fd = -1}};
    buf_init(&list.block, SIZE_MAX / 2);
    buf_init(&list.table, SIZE_MAX / 2);
    count_waiting(writer);
    enum shukach_status status =
        writer->failed ? error_nomem(err) : spill(writer, err);
    if (status == SHUKACH_OK) {
        status = output_open(&list.output, writer->path, err);
        buf_add(&list.output.pending, FORMS_MAGIC, FORMS_HEAD);
    }
    if (status == SHUKACH_OK) {
        status = merge_runs(writer, &list, err);
    }
    if (status == SHUKACH_OK) {
        status = end_list(&list, err);
    }
    for (; status == SHUKACH_OK && writer->runs > 0; writer->runs--) {
        char *path = run_path(writer, writer->runs - 1);
        status = path == NULL ? error_nomem(err) : file_remove(path, err);
        free(path);
    }
    output_close(&list.output);
    buf_free(&list.block);
    buf_free(&list.table);
    return status;
}

void forms_close(struct forms_writer *writer)
{
    if (writer != NULL) {
        free(writer->path);
        free(writer->table);
        free(writer->texts);
        free(writer);
    }
}
