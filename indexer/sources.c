/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that documents come from. In a generation, little-endian:
 *   magic, 8 bytes
 *   the number of sources (varint)
 *   for each: length of its path (varint) and the path; 0 or, if it can be
 *     told that it did not change, 1, its size (varint), when it was changed
 *     (8 bytes), its XXH3-128 (low 8 bytes, high 8 bytes) and how many
 *     documents it gave (varint)
 *   the number of documents (varint)
 *   for each the number of its source, from 1; 0 for none (varint)
 *   XXH3-64 of all before, 8 bytes */
#include "indexer.h"

static const char magic[8] = "shuksrc1";

#define FILE_MAX ((size_t)64 << 30)

/* ---- The table ------------------------------------------------------------
 */

static size_t place_of(const struct sources *sources, const char *path)
{
    size_t place =
        (size_t)hash64(path, strlen(path)) & (sources->table_size - 1);
    while (sources->table[place] != 0 &&
           strcmp(sources->items[sources->table[place] - 1].path, path) != 0) {
        place = (place + 1) & (sources->table_size - 1);
    }
    return place;
}

static bool grow(struct sources *sources)
{
    if (2 * (sources->count + 1) <= sources->table_size) {
        return true;
    }
    size_t size = sources->table_size == 0 ? 1024 : 2 * sources->table_size;
    uint32_t *table = calloc(size, sizeof *table);
    if (table == NULL) {
        return false;
    }
    free(sources->table);
    sources->table = table;
    sources->table_size = size;
    for (size_t i = 0; i < sources->count; i++) {
        table[place_of(sources, sources->items[i].path)] = (uint32_t)i + 1;
    }
    return true;
}

enum shukach_status sources_number(struct sources *sources, const char *path,
                                   uint32_t *out, struct shukach_error *err)
{
    if (!grow(sources)) {
        return error_nomem(err);
    }
    size_t place = place_of(sources, path);
    if (sources->table[place] == 0) {
        struct source source = {
            .path = arena_copy(&sources->arena, path, strlen(path))};
        if (source.path == NULL ||
            !array_grow((void **)&sources->items, &sources->capacity,
                        sources->count + 1, sizeof source)) {
            return error_nomem(err);
        }
        sources->items[sources->count++] = source;
        sources->table[place] = (uint32_t)sources->count;
    }
    *out = sources->table[place];
    return SHUKACH_OK;
}

void sources_free(struct sources *sources)
{
    arena_free(&sources->arena);
    free(sources->items);
    free(sources->table);
    free(sources->links);
    free(sources->lists);
    free(sources->begins);
    *sources = (struct sources){0};
}

/* ---- Reading --------------------------------------------------------------
 */

static bool read_fixed(const unsigned char **at, const unsigned char *end,
                       uint64_t *out)
{
    if (end - *at < 8) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < 8; i++) {
        *out |= (uint64_t)(*at)[i] << (8 * i);
    }
    *at += 8;
    return true;
}

/* One source; INVALID for what is malformed. */
static enum shukach_status read_source(struct sources *sources,
                                       const unsigned char **at,
                                       const unsigned char *end)
{
    uint64_t length;
    if (!varint_read(at, end, &length) || length >= (size_t)(end - *at)) {
        return SHUKACH_INVALID;
    }
    char *path = strndup((const char *)*at, (size_t)length);
    if (path == NULL) {
        return SHUKACH_NOMEM;
    }
    uint32_t number;
    size_t before = sources->count;
    enum shukach_status status = sources_number(sources, path, &number, NULL);
    free(path);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct source *source = &sources->items[number - 1];
    *at += length;
    source->known = *(*at)++ == 1;
    uint64_t modified = 0;
    if (source->known && (!varint_read(at, end, &source->size) ||
                          !read_fixed(at, end, &modified) ||
                          !read_fixed(at, end, &source->sum.low) ||
                          !read_fixed(at, end, &source->sum.high) ||
                          !varint_read(at, end, &source->documents))) {
        return SHUKACH_INVALID;
    }
    source->modified = (int64_t)modified;
    return sources->count > before ? SHUKACH_OK : SHUKACH_INVALID;
}

static enum shukach_status read_links(struct sources *sources,
                                      const unsigned char **at,
                                      const unsigned char *end,
                                      uint64_t documents)
{
    uint64_t count;
    if (!varint_read(at, end, &count) || count != documents) {
        return SHUKACH_INVALID;
    }
    sources->links = calloc((size_t)count + 1, sizeof *sources->links);
    if (sources->links == NULL) {
        return SHUKACH_NOMEM;
    }
    sources->link_count = count;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number;
        if (!varint_read(at, end, &number) || number > sources->count) {
            return SHUKACH_INVALID;
        }
        sources->links[i] = (uint32_t)number;
    }
    return *at == end ? SHUKACH_OK : SHUKACH_INVALID;
}

/* Sorts the documents by their sources. */
static enum shukach_status make_lists(struct sources *sources)
{
    sources->listed = sources->count;
    sources->begins = calloc(sources->count + 2, sizeof *sources->begins);
    sources->lists =
        calloc((size_t)sources->link_count + 1, sizeof *sources->lists);
    if (sources->begins == NULL || sources->lists == NULL) {
        return SHUKACH_NOMEM;
    }
    /* Filled from the back, so that each ends where it begins. */
    uint64_t *begins = sources->begins;
    for (uint64_t i = 0; i < sources->link_count; i++) {
        begins[sources->links[i]]++;
    }
    for (size_t s = 0; s < sources->count; s++) {
        begins[s + 1] += begins[s];
    }
    begins[sources->count + 1] = sources->link_count;
    for (uint64_t i = sources->link_count; i-- > 0;) {
        sources->lists[--begins[sources->links[i]]] = (uint32_t)i;
    }
    return SHUKACH_OK;
}

static enum shukach_status parse(struct sources *sources,
                                 const struct mapping *file, uint64_t documents)
{
    const unsigned char *at = file->data + file->length - 8;
    const unsigned char *end = at;
    uint64_t sum;
    uint64_t count;
    if (!read_fixed(&at, end + 8, &sum) ||
        sum != hash64(file->data, file->length - 8) ||
        memcmp(file->data, magic, sizeof magic) != 0) {
        return SHUKACH_INVALID;
    }
    at = file->data + sizeof magic;
    if (!varint_read(&at, end, &count)) {
        return SHUKACH_INVALID;
    }
    enum shukach_status status = SHUKACH_OK;
    for (; count > 0 && status == SHUKACH_OK; count--) {
        status = read_source(sources, &at, end);
    }
    if (status == SHUKACH_OK) {
        status = read_links(sources, &at, end, documents);
    }
    return status == SHUKACH_OK ? make_lists(sources) : status;
}

enum shukach_status sources_read(struct sources *sources, const char *path,
                                 uint64_t documents, struct shukach_error *err)
{
    struct mapping file;
    enum shukach_status status = file_map(path, &file, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    status = file.length < sizeof magic + 8 ? SHUKACH_INVALID
                                            : parse(sources, &file, documents);
    file_unmap(&file);
    if (status == SHUKACH_NOMEM) {
        return error_nomem(err);
    }
    return status == SHUKACH_OK
               ? status
               : error_set(err, SHUKACH_CORRUPT,
                           "%s is damaged; rebuild the index", path);
}

const uint32_t *sources_documents(const struct sources *sources,
                                  uint32_t number, uint64_t *count)
{
    *count = 0;
    if (number > sources->listed) {
        return NULL;
    }
    *count = sources->begins[number + 1] - sources->begins[number];
    return sources->lists + sources->begins[number];
}

/* ---- Writing --------------------------------------------------------------
 */

static void put_source(struct buf *out, const struct source *source)
{
    buf_add_varint(out, strlen(source->path));
    buf_add_text(out, source->path);
    buf_add_char(out, source->known ? 1 : 0);
    if (source->known) {
        buf_add_varint(out, source->size);
        buf_add_fixed(out, (uint64_t)source->modified, 8);
        buf_add_fixed(out, source->sum.low, 8);
        buf_add_fixed(out, source->sum.high, 8);
        buf_add_varint(out, source->documents);
    }
}

enum shukach_status sources_write(struct sources *sources, const char *path,
                                  const uint32_t *links, uint64_t count,
                                  struct shukach_error *err)
{
    struct buf file;
    buf_init(&file, FILE_MAX);
    uint32_t *numbers = calloc(sources->count + 1, sizeof *numbers);
    if (numbers == NULL) {
        return error_nomem(err);
    }
    for (uint64_t i = 0; i < count; i++) {
        if (links[i] > 0) {
            sources->items[links[i] - 1].used = true;
        }
    }
    uint32_t last = 0;
    for (size_t s = 0; s < sources->count; s++) {
        const struct source *source = &sources->items[s];
        numbers[s + 1] = source->used || source->seen ? ++last : 0;
    }
    buf_add(&file, magic, sizeof magic);
    buf_add_varint(&file, last);
    for (size_t s = 0; s < sources->count; s++) {
        if (numbers[s + 1] > 0) {
            put_source(&file, &sources->items[s]);
        }
    }
    buf_add_varint(&file, count);
    for (uint64_t i = 0; i < count; i++) {
        buf_add_varint(&file, numbers[links[i]]);
    }
    buf_add_fixed(&file, hash64(buf_text(&file), file.length), 8);
    enum shukach_status status =
        file.failed != SHUKACH_OK
            ? error_nomem(err)
            : file_write(path, file.data, file.length, err);
    buf_free(&file);
    free(numbers);
    return status;
}
