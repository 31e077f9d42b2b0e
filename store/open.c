/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the index directory. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generation.h"
#include "schema.h"

char *path_join(const char *dir, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

bool generation_parse(const char *name, uint64_t *number, bool *temporary)
{
    if (strncmp(name, "gen-", 4) != 0 || !isdigit((unsigned char)name[4])) {
        return false;
    }
    char *end;
    errno = 0;
    *number = strtoull(name + 4, &end, 10);
    *temporary = strcmp(end, ".tmp") == 0;
    return errno == 0 && *number < UINT64_MAX && (*end == '\0' || *temporary);
}

enum shukach_status generation_current(const char *dir, char **name,
                                       uint64_t *number,
                                       struct shukach_error *err)
{
    char target[NAME_MAX + 1];
    char *link = path_join(dir, "current");
    if (link == NULL) {
        return error_nomem(err);
    }
    ssize_t length = readlink(link, target, sizeof target - 1);
    int why = errno;
    free(link);
    if (length < 0 && (why == ENOENT || why == ENOTDIR || why == EINVAL)) {
        bool there = access(dir, F_OK) == 0;
        return error_set(err, there ? SHUKACH_CORRUPT : SHUKACH_NOT_FOUND,
                         there
                             ? N_("%s is not an index; make one with: shukach "
                                  "index --index DIR PATH…")
                             : N_("there is no index in %s; make one with: "
                                  "shukach index --index DIR PATH…"),
                         dir);
    }
    if (length < 0) {
        errno = why;
        return error_io(err, "open the index", dir);
    }
    target[length] = '\0';
    bool temporary;
    if (!generation_parse(target, number, &temporary) || temporary) {
        return error_set(err, SHUKACH_CORRUPT,
                         "%s/current names no generation; rebuild the index",
                         dir);
    }
    *name = strdup(target);
    return *name == NULL ? error_nomem(err) : SHUKACH_OK;
}

/* ---- The files of a generation ------------------------------------------- */

/* Adds a segment to those of the generations and segments before. */
static enum shukach_status add_segment(struct store_reader *reader,
                                       const struct store_generation *of,
                                       const char *name, size_t length,
                                       struct shukach_error *err)
{
    if (!array_grow((void **)&reader->segments, &reader->segment_capacity,
                    reader->segment_count + 1, sizeof *reader->segments)) {
        return error_nomem(err);
    }
    struct store_segment *segment = &reader->segments[reader->segment_count++];
    *segment = (struct store_segment){.name = strndup(name, length)};
    segment->path =
        segment->name == NULL ? NULL : path_join(of->path, segment->name);
    return segment->path == NULL ? error_nomem(err) : SHUKACH_OK;
}

/* The segments are those whose postings the manifest names. */
static enum shukach_status list_segments(struct store_reader *reader,
                                         const struct store_generation *of,
                                         struct shukach_error *err)
{
    static const char tail[] = "/" SEGMENT_POSTINGS;
    size_t before = reader->segment_count;
    enum shukach_status status = SHUKACH_OK;
    const char *file;
    for (size_t i = 0; status == SHUKACH_OK &&
                       (file = manifest_file(of->manifest, i)) != NULL;
         i++) {
        size_t length = strlen(file);
        if (length >= sizeof tail &&
            strcmp(file + length - (sizeof tail - 1), tail) == 0) {
            status =
                add_segment(reader, of, file, length - (sizeof tail - 1), err);
        }
    }
    if (status == SHUKACH_OK && reader->segment_count == before) {
        status = error_set(err, SHUKACH_CORRUPT,
                           "%s names no segment; rebuild the index", of->path);
    }
    return status;
}

/* Adds a list of forms to those of the segments before. */
static enum shukach_status open_forms(struct forms **forms, const char *path,
                                      struct shukach_error *err)
{
    return *forms == NULL ? forms_open(path, forms, err)
                          : forms_append(*forms, path, err);
}

/* Adds the records and lists of a segment to those of the ones before. */
static enum shukach_status open_segment(struct store_reader *reader,
                                        struct store_segment *segment,
                                        struct shukach_error *err)
{
    char *records = path_join(segment->path, SEGMENT_RECORDS);
    char *forms = path_join(segment->path, SEGMENT_FORMS);
    char *names = path_join(segment->path, SEGMENT_NAMES);
    enum shukach_status status = SHUKACH_OK;
    if (records == NULL || forms == NULL || names == NULL) {
        status = error_nomem(err);
    } else if (reader->records == NULL) {
        status = records_open(records, &reader->records, err);
    } else {
        segment->first = records_count(reader->records);
        status = records_append(reader->records, records, err);
    }
    if (status == SHUKACH_OK) {
        segment->count = records_count(reader->records) - segment->first;
        status = open_forms(&reader->forms, forms, err);
    }
    if (status == SHUKACH_OK) {
        status = open_forms(&reader->names, names, err);
    }
    free(records);
    free(forms);
    free(names);
    return status;
}

/* Opens the postings of all segments as one, and compares how many documents
 * they have. */
static enum shukach_status open_postings(struct store_reader *reader,
                                         struct shukach_error *err)
{
    size_t count = reader->segment_count;
    char **paths = calloc(count, sizeof *paths);
    enum shukach_status status = paths == NULL ? error_nomem(err) : SHUKACH_OK;
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        paths[i] = path_join(reader->segments[i].path, SEGMENT_POSTINGS);
        status = paths[i] == NULL ? error_nomem(err) : SHUKACH_OK;
    }
    if (status == SHUKACH_OK) {
        status = store_postings_open((const char *const *)paths, count,
                                     &reader->postings, err);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        const struct store_segment *segment = &reader->segments[i];
        if (store_postings_documents(reader->postings, i) != segment->count) {
            status = error_set(err, SHUKACH_CORRUPT,
                               "%s: postings and records differ in number; "
                               "rebuild the index",
                               segment->path);
        }
    }
    if (status == SHUKACH_OK) {
        store_postings_set_lengths(reader->postings, reader->records);
    }
    for (size_t i = 0; paths != NULL && i < count; i++) {
        free(paths[i]);
    }
    free(paths);
    return status;
}

/* ---- Deleted documents ------------------------------------------------- */

static bool manifest_names(const struct manifest *manifest, const char *name)
{
    const char *file;
    for (size_t i = 0; (file = manifest_file(manifest, i)) != NULL; i++) {
        if (strcmp(file, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Reads which documents of a generation are deleted. */
static enum shukach_status read_dead(struct store_reader *reader,
                                     const struct store_generation *of,
                                     struct shukach_error *err)
{
    struct tombstones dead;
    if (!manifest_names(of->manifest, GENERATION_DEAD)) {
        return SHUKACH_OK;
    }
    char *path = path_join(of->path, GENERATION_DEAD);
    enum shukach_status status =
        path == NULL ? error_nomem(err)
                     : tombstones_read(path, of->count, &dead, err);
    free(path);
    if (status != SHUKACH_OK) {
        return status;
    }
    for (uint64_t i = 0; i < of->count; i++) {
        if (tombstones_has(&dead, i)) {
            tombstones_add(&reader->dead, of->first + i);
        }
    }
    tombstones_free(&dead);
    return SHUKACH_OK;
}

/* Hides what is deleted. */
static enum shukach_status open_dead(struct store_reader *reader,
                                     struct shukach_error *err)
{
    enum shukach_status status =
        tombstones_new(records_count(reader->records), &reader->dead, err);
    for (size_t i = 0; i < reader->generation_count && status == SHUKACH_OK;
         i++) {
        status = read_dead(reader, &reader->generations[i], err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    for (size_t i = 0; i < reader->segment_count; i++) {
        struct store_segment *segment = &reader->segments[i];
        segment->dead = tombstones_within(&reader->dead, segment->first,
                                          segment->first + segment->count);
    }
    return store_postings_bury(reader->postings, &reader->dead, err);
}

/* ---- Generations ------------------------------------------------------- */

/* What tells a generation from another of the same name: where a directory was
 * removed, the index that is made in it begins with 1 again. */
static struct store_identity identify(const char *path)
{
    struct stat info;
    char *manifest = path_join(path, "manifest");
    bool there = manifest != NULL && stat(manifest, &info) == 0;
    free(manifest);
    return there ? (struct store_identity){.device = info.st_dev,
                                           .inode = info.st_ino,
                                           .modified = info.st_mtim}
                 : (struct store_identity){.device = 0};
}

static bool is_same(const struct store_identity *a,
                    const struct store_identity *b)
{
    return a->device == b->device && a->inode == b->inode &&
           a->modified.tv_sec == b->modified.tv_sec &&
           a->modified.tv_nsec == b->modified.tv_nsec;
}

static enum shukach_status check_schema(const struct store_generation *of,
                                        struct shukach_error *err)
{
    const char *schema = manifest_fact(of->manifest, FACT_SCHEMA);
    return strcmp(schema, SCHEMA_VERSION) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_VERSION,
                           "%s has schema %s, this shukach reads %s; rebuild "
                           "the index",
                           of->path, schema, SCHEMA_VERSION);
}

/* Adds what a generation has, but for postings, to what the ones before
 * have. */
static enum shukach_status open_generation(struct store_reader *reader,
                                           struct store_generation *of,
                                           struct shukach_error *err)
{
    size_t before = reader->segment_count;
    of->identity = identify(of->path); /* before it is read */
    enum shukach_status status = manifest_read(of->path, &of->manifest, err);
    if (status == SHUKACH_OK) {
        status = check_schema(of, err);
    }
    if (status == SHUKACH_OK) {
        status = list_segments(reader, of, err);
    }
    of->first = reader->records == NULL ? 0 : records_count(reader->records);
    for (size_t i = before; i < reader->segment_count && status == SHUKACH_OK;
         i++) {
        status = open_segment(reader, &reader->segments[i], err);
    }
    if (status == SHUKACH_OK) {
        of->count = records_count(reader->records) - of->first;
        of->segments = reader->segment_count - before;
    }
    return status;
}

/* Xapian tells segments by a number that a copy has too. */
static enum shukach_status refuse_twins(const struct store_reader *reader,
                                        struct shukach_error *err)
{
    size_t one;
    size_t other;
    enum shukach_status status =
        store_postings_twins(reader->postings, &one, &other, err);
    if (status != SHUKACH_OK || one == other) {
        return status;
    }
    return reader->generation_count == 1
               ? error_set(err, SHUKACH_CORRUPT,
                           "%s and %s are the same; rebuild the index",
                           reader->segments[one].path,
                           reader->segments[other].path)
               : error_set(err, SHUKACH_INVALID,
                           "%s and %s are the same; an index and a copy of "
                           "it cannot be opened together",
                           reader->segments[one].path,
                           reader->segments[other].path);
}

static enum shukach_status open_files(struct store_reader *reader,
                                      struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < reader->generation_count && status == SHUKACH_OK;
         i++) {
        status = open_generation(reader, &reader->generations[i], err);
    }
    if (status == SHUKACH_OK) {
        status = open_postings(reader, err);
    }
    if (status == SHUKACH_OK) {
        status = refuse_twins(reader, err);
    }
    return status == SHUKACH_OK ? open_dead(reader, err) : status;
}

/* Room for the generations to open. */
static struct store_reader *make_reader(size_t count)
{
    struct store_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL) {
        reader->generations = calloc(count, sizeof *reader->generations);
        reader->generation_count = count;
    }
    if (reader != NULL && reader->generations == NULL) {
        free(reader);
        reader = NULL;
    }
    return reader;
}

/* Says which generation is to be opened; takes the name. */
static enum shukach_status name_generation(struct store_generation *out,
                                           const char *dir, char *name,
                                           struct shukach_error *err)
{
    out->dir = strdup(dir);
    out->name = name;
    out->path = name == NULL ? NULL : path_join(dir, name);
    return out->dir == NULL || out->path == NULL ? error_nomem(err)
                                                 : SHUKACH_OK;
}

/* Opens what was named; the reader is the caller's only if that succeeds. */
static enum shukach_status open_named(struct store_reader *reader,
                                      enum shukach_status status,
                                      struct store_reader **out,
                                      struct shukach_error *err)
{
    if (status == SHUKACH_OK) {
        status = open_files(reader, err);
    }
    if (status != SHUKACH_OK) {
        store_reader_close(reader);
        return status;
    }
    *out = reader;
    return SHUKACH_OK;
}

enum shukach_status generation_open(const char *dir, const char *name,
                                    struct store_reader **out,
                                    struct shukach_error *err)
{
    *out = NULL;
    struct store_reader *reader = make_reader(1);
    if (reader == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status =
        name_generation(&reader->generations[0], dir, strdup(name), err);
    return open_named(reader, status, out, err);
}

/* ---- What is current --------------------------------------------------- */

/* Names the current generation of each directory. `*newer` says whether one
 * is later than the number in `seen`, which is set. */
static enum shukach_status name_current(struct store_reader *reader,
                                        const char *const *dirs, uint64_t *seen,
                                        bool *newer, struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    *newer = false;
    for (size_t i = 0; i < reader->generation_count && status == SHUKACH_OK;
         i++) {
        char *name;
        uint64_t number;
        status = generation_current(dirs[i], &name, &number, err);
        if (status == SHUKACH_OK) {
            *newer = *newer || number > seen[i];
            seen[i] = number;
            status =
                name_generation(&reader->generations[i], dirs[i], name, err);
        }
    }
    return status;
}

/* Opens what is current, once. `*missing` says whether one of its files is. */
static enum shukach_status open_current(const char *const *dirs, size_t count,
                                        uint64_t *seen, bool *newer,
                                        bool *missing,
                                        struct store_reader **out,
                                        struct shukach_error *err)
{
    struct store_reader *reader = make_reader(count);
    *missing = false;
    if (reader == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = name_current(reader, dirs, seen, newer, err);
    bool named = status == SHUKACH_OK;
    status = open_named(reader, status, out, err);
    *missing = named && status == SHUKACH_NOT_FOUND;
    return status;
}

enum shukach_status store_reader_open_several(const char *const *dirs,
                                              size_t count,
                                              struct store_reader **out,
                                              struct shukach_error *err)
{
    uint64_t *seen = calloc(count, sizeof *seen);
    struct shukach_error why = {.message = ""};
    enum shukach_status status;
    bool newer;
    bool missing;
    *out = NULL;
    if (seen == NULL) {
        return error_nomem(err);
    }
    /* A writer may remove a generation between the reading of the link and the
     * opening of its files; then the link names another one. If it does not,
     * the files are lost. */
    do {
        status = open_current(dirs, count, seen, &newer, &missing, out, &why);
    } while (missing && newer);
    free(seen);
    if (missing) {
        return error_set(err, SHUKACH_CORRUPT,
                         "%s is damaged (%s); rebuild the index",
                         count == 1 ? dirs[0] : "an index", why.message);
    }
    if (status != SHUKACH_OK && err != NULL) {
        *err = why;
    }
    return status;
}

enum shukach_status store_reader_open(const char *dir,
                                      struct store_reader **out,
                                      struct shukach_error *err)
{
    return store_reader_open_several(&dir, 1, out, err);
}

enum shukach_status store_reader_is_current(const struct store_reader *reader,
                                            bool *current,
                                            struct shukach_error *err)
{
    *current = true;
    for (size_t i = 0; i < reader->generation_count && *current; i++) {
        const struct store_generation *of = &reader->generations[i];
        char *name;
        uint64_t number;
        enum shukach_status status =
            generation_current(of->dir, &name, &number, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        struct store_identity now = identify(of->path);
        *current = strcmp(name, of->name) == 0 && is_same(&now, &of->identity);
        free(name);
    }
    return SHUKACH_OK;
}

size_t store_reader_generation(const struct store_reader *reader,
                               uint64_t index)
{
    size_t i = reader->generation_count - 1;
    while (i > 0 && index < reader->generations[i].first) {
        i--;
    }
    return i;
}

void store_reader_close(struct store_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->segment_count; i++) {
        free(reader->segments[i].name);
        free(reader->segments[i].path);
    }
    free(reader->segments);
    tombstones_free(&reader->dead);
    records_free(reader->records);
    forms_free(reader->forms);
    forms_free(reader->names);
    store_postings_close(reader->postings);
    for (size_t i = 0; i < reader->generation_count; i++) {
        manifest_free(reader->generations[i].manifest);
        free(reader->generations[i].dir);
        free(reader->generations[i].name);
        free(reader->generations[i].path);
    }
    free(reader->generations);
    free(reader);
}
