/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manifest of a generation, lines of text:
 *   shukach manifest 1
 *   fact NAME VALUE
 *   file NAME SIZE XXH3-128
 *   sum XXH3-64 (of all bytes before this line) */
#include <inttypes.h>
#include <stdlib.h>

#include "store.h"

#define HEAD "shukach manifest 1\n"
#define MANIFEST_MAX ((size_t)1 << 20)

struct entry {
    char *name;
    char *value;
};

struct manifest_item {
    char *name;
    uint64_t size;
    struct hash128 sum;
};

struct manifest {
    struct arena arena;
    struct entry *facts;
    size_t fact_count;
    size_t fact_capacity;
    struct manifest_item *files;
    size_t file_count;
    size_t file_capacity;
};

enum shukach_status manifest_new(struct manifest **out,
                                 struct shukach_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? error_nomem(err) : SHUKACH_OK;
}

void manifest_free(struct manifest *manifest)
{
    if (manifest == NULL) {
        return;
    }
    free(manifest->facts);
    free(manifest->files);
    arena_free(&manifest->arena);
    free(manifest);
}

/* Whether a word can stand in a line: not empty, no space, no newline. */
static bool is_word(const char *text)
{
    return *text != '\0' && strpbrk(text, " \n") == NULL;
}

enum shukach_status manifest_set(struct manifest *manifest, const char *name,
                                 const char *value, struct shukach_error *err)
{
    if (!is_word(name) || strchr(value, '\n') != NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "the fact \"%s\" does not fit in a line", name);
    }
    struct entry fact = {
        .name = arena_copy(&manifest->arena, name, strlen(name)),
        .value = arena_copy(&manifest->arena, value, strlen(value)),
    };
    if (fact.name == NULL || fact.value == NULL ||
        !array_grow((void **)&manifest->facts, &manifest->fact_capacity,
                    manifest->fact_count + 1, sizeof fact)) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < manifest->fact_count; i++) {
        if (strcmp(manifest->facts[i].name, name) == 0) {
            manifest->facts[i] = fact;
            return SHUKACH_OK;
        }
    }
    manifest->facts[manifest->fact_count++] = fact;
    return SHUKACH_OK;
}

const char *manifest_fact(const struct manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->fact_count; i++) {
        if (strcmp(manifest->facts[i].name, name) == 0) {
            return manifest->facts[i].value;
        }
    }
    return "";
}

static enum shukach_status add_file(struct manifest *manifest, const char *name,
                                    uint64_t size, struct hash128 sum,
                                    struct shukach_error *err)
{
    struct manifest_item file = {
        .name = arena_copy(&manifest->arena, name, strlen(name)),
        .size = size,
        .sum = sum,
    };
    if (file.name == NULL ||
        !array_grow((void **)&manifest->files, &manifest->file_capacity,
                    manifest->file_count + 1, sizeof file)) {
        return error_nomem(err);
    }
    manifest->files[manifest->file_count++] = file;
    return SHUKACH_OK;
}

enum shukach_status manifest_add_file(struct manifest *manifest,
                                      const char *dir, const char *name,
                                      struct shukach_error *err)
{
    if (!is_word(name)) {
        return error_set(err, SHUKACH_INVALID,
                         "the name of the file \"%s\" does not fit in a line",
                         name);
    }
    char *path;
    if (asprintf(&path, "%s/%s", dir, name) < 0) {
        return error_nomem(err);
    }
    uint64_t size;
    struct hash128 sum;
    enum shukach_status status = file_size(path, &size, err);
    if (status == SHUKACH_OK) {
        status = file_hash(path, &sum, err);
    }
    if (status == SHUKACH_OK) {
        status = add_file(manifest, name, size, sum, err);
    }
    free(path);
    return status;
}

enum shukach_status manifest_copy_file(struct manifest *manifest,
                                       const struct manifest *from,
                                       const char *name,
                                       struct shukach_error *err)
{
    for (size_t i = 0; i < from->file_count; i++) {
        const struct manifest_item *file = &from->files[i];
        if (strcmp(file->name, name) == 0) {
            return add_file(manifest, name, file->size, file->sum, err);
        }
    }
    return error_set(err, SHUKACH_CORRUPT,
                     "the manifest does not name %s; rebuild the index", name);
}

enum shukach_status manifest_check_file(const struct manifest *manifest,
                                        const char *dir, size_t i,
                                        struct shukach_error *err)
{
    const struct manifest_item *file = &manifest->files[i];
    char *path;
    if (asprintf(&path, "%s/%s", dir, file->name) < 0) {
        return error_nomem(err);
    }
    struct hash128 sum;
    enum shukach_status status = file_hash(path, &sum, err);
    if (status == SHUKACH_OK && !hash_same(sum, file->sum)) {
        status =
            error_set(err, SHUKACH_CORRUPT, "%s has another checksum", path);
    }
    free(path);
    return status;
}

enum shukach_status manifest_write(const struct manifest *manifest,
                                   const char *dir, struct shukach_error *err)
{
    struct buf text;
    buf_init(&text, MANIFEST_MAX);
    buf_add_text(&text, HEAD);
    for (size_t i = 0; i < manifest->fact_count; i++) {
        buf_format(&text, "fact %s %s\n", manifest->facts[i].name,
                   manifest->facts[i].value);
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_item *file = &manifest->files[i];
        buf_format(&text, "file %s %" PRIu64 " %016" PRIx64 "%016" PRIx64 "\n",
                   file->name, file->size, file->sum.high, file->sum.low);
    }
    buf_format(&text, "sum %016" PRIx64 "\n",
               hash64(buf_text(&text), text.length));
    char *path = NULL;
    enum shukach_status status = SHUKACH_OK;
    if (text.failed != SHUKACH_OK) {
        status =
            error_set(err, text.failed, "cannot make the manifest in %s", dir);
    } else if (asprintf(&path, "%s/manifest", dir) < 0) {
        status = error_nomem(err);
    } else {
        status = file_write(path, buf_text(&text), text.length, err);
        free(path);
    }
    buf_free(&text);
    return status;
}

/* Reads digits up to `end` and nothing else. */
static bool parse_number(const char *text, const char *end, unsigned base,
                         uint64_t *out)
{
    static const char digits[] = "0123456789abcdef";
    *out = 0;
    for (const char *at = text; at < end; at++) {
        const char *digit = strchr(digits, *at);
        if (digit == NULL || (unsigned)(digit - digits) >= base ||
            __builtin_mul_overflow(*out, base, out) ||
            __builtin_add_overflow(*out, (uint64_t)(digit - digits), out)) {
            return false;
        }
    }
    return text < end;
}

/* Parses the line `file NAME SIZE SUM` after its first word. */
static enum shukach_status parse_file(struct manifest *manifest, char *line,
                                      struct shukach_error *err)
{
    char *size = strchr(line, ' ');
    char *sum = size == NULL ? NULL : strchr(size + 1, ' ');
    uint64_t bytes;
    struct hash128 hash;
    if (sum == NULL || size == line || strlen(sum + 1) != 32 ||
        !parse_number(size + 1, sum, 10, &bytes) ||
        !parse_number(sum + 1, sum + 17, 16, &hash.high) ||
        !parse_number(sum + 17, sum + 33, 16, &hash.low)) {
        return error_set(err, SHUKACH_CORRUPT, "malformed line for a file");
    }
    *size = '\0';
    return add_file(manifest, line, bytes, hash, err);
}

/* Parses the lines between the head and the sum; `text` is changed. */
static enum shukach_status parse_lines(struct manifest *manifest, char *text,
                                       struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    while (*text != '\0' && status == SHUKACH_OK) {
        char *end = strchr(text, '\n');
        *end = '\0';
        char *space =
            strncmp(text, "fact ", 5) == 0 ? strchr(text + 5, ' ') : NULL;
        if (space != NULL && space > text + 5) {
            *space = '\0';
            status = manifest_set(manifest, text + 5, space + 1, err);
        } else if (strncmp(text, "file ", 5) == 0) {
            status = parse_file(manifest, text + 5, err);
        } else {
            status = error_set(err, SHUKACH_CORRUPT, "unknown line");
        }
        text = end + 1;
    }
    return status;
}

/* The text of a manifest whose own sum holds, without its last line. */
static enum shukach_status check_sum(struct buf *text,
                                     struct shukach_error *err)
{
    static const char tail[] = "sum 0123456789abcdef\n";
    size_t length = sizeof tail - 1;
    char wanted[sizeof tail];
    const char *bytes = buf_text(text);
    if (text->length < length + sizeof HEAD - 1 ||
        strlen(bytes) != text->length ||
        strncmp(bytes, "shukach manifest ", 17) != 0) {
        return error_set(err, SHUKACH_CORRUPT, "this is no manifest");
    }
    if (strncmp(bytes, HEAD, sizeof HEAD - 1) != 0) {
        return error_set(err, SHUKACH_VERSION,
                         "made by another version of shukach");
    }
    text->length -= length;
    snprintf(wanted, sizeof wanted, "sum %016" PRIx64 "\n",
             hash64(bytes, text->length));
    if (memcmp(bytes + text->length, wanted, length) != 0 ||
        bytes[text->length - 1] != '\n') {
        return error_set(err, SHUKACH_CORRUPT, "its checksum does not hold");
    }
    text->data[text->length] = '\0';
    return SHUKACH_OK;
}

static enum shukach_status check_sizes(const struct manifest *manifest,
                                       const char *dir,
                                       struct shukach_error *err)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_item *file = &manifest->files[i];
        char *path;
        if (asprintf(&path, "%s/%s", dir, file->name) < 0) {
            return error_nomem(err);
        }
        uint64_t size;
        enum shukach_status status = file_size(path, &size, err);
        if (status == SHUKACH_OK && size != file->size) {
            status = error_set(err, SHUKACH_CORRUPT,
                               "%s has %llu bytes instead of %llu; rebuild the "
                               "index",
                               path, (unsigned long long)size,
                               (unsigned long long)file->size);
        }
        free(path);
        if (status != SHUKACH_OK) {
            return status;
        }
    }
    return SHUKACH_OK;
}

enum shukach_status manifest_read(const char *dir, struct manifest **out,
                                  struct shukach_error *err)
{
    *out = NULL;
    char *path;
    if (asprintf(&path, "%s/manifest", dir) < 0) {
        return error_nomem(err);
    }
    struct buf text;
    buf_init(&text, MANIFEST_MAX);
    struct manifest *manifest = NULL;
    struct shukach_error why = {.message = ""};
    enum shukach_status status = file_read(path, &text, err);
    if (status != SHUKACH_OK) {
        if (status == SHUKACH_LIMIT) {
            status = error_set(err, SHUKACH_CORRUPT,
                               "%s is too large; rebuild the index", path);
        }
        goto end;
    }
    status = manifest_new(&manifest, err);
    if (status != SHUKACH_OK) {
        goto end;
    }
    status = check_sum(&text, &why);
    if (status == SHUKACH_OK) {
        status = parse_lines(manifest, text.data + sizeof HEAD - 1, &why);
    }
    if (status != SHUKACH_OK) {
        error_set(err, status, "%s: %s; rebuild the index", path, why.message);
        goto end;
    }
    status = check_sizes(manifest, dir, err);
end:
    buf_free(&text);
    free(path);
    if (status != SHUKACH_OK) {
        manifest_free(manifest);
        return status;
    }
    *out = manifest;
    return SHUKACH_OK;
}

uint64_t manifest_bytes(const struct manifest *manifest)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        sum += manifest->files[i].size;
    }
    return sum;
}

uint64_t manifest_file_bytes(const struct manifest *manifest, size_t i)
{
    return i < manifest->file_count ? manifest->files[i].size : 0;
}

const char *manifest_file(const struct manifest *manifest, size_t i)
{
    return i < manifest->file_count ? manifest->files[i].name : NULL;
}
