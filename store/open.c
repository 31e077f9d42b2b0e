/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the index directory. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
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

/* The segments are those whose postings the manifest names. */
static enum shukach_status list_segments(struct store_reader *reader,
                                         struct shukach_error *err)
{
    static const char tail[] = "/" SEGMENT_POSTINGS;
    size_t capacity = 0;
    const char *file;
    for (size_t i = 0; (file = manifest_file(reader->manifest, i)) != NULL;
         i++) {
        size_t length = strlen(file);
        if (length < sizeof tail ||
            strcmp(file + length - (sizeof tail - 1), tail) != 0) {
            continue;
        }
        if (!array_grow((void **)&reader->segments, &capacity,
                        reader->segment_count + 1, sizeof *reader->segments)) {
            return error_nomem(err);
        }
        char *name = strndup(file, length - (sizeof tail - 1));
        reader->segments[reader->segment_count] =
            (struct store_segment){.name = name};
        reader->segment_count++;
        if (name == NULL) {
            return error_nomem(err);
        }
    }
    return reader->segment_count > 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_CORRUPT,
                           "%s names no segment; rebuild the index",
                           reader->path);
}

/* A path in a segment; NULL out of memory. */
static char *segment_path(const struct store_reader *reader,
                          const struct store_segment *segment, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s/%s", reader->path, segment->name, name) < 0
               ? NULL
               : path;
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
    char *records = segment_path(reader, segment, SEGMENT_RECORDS);
    char *forms = segment_path(reader, segment, SEGMENT_FORMS);
    char *names = segment_path(reader, segment, SEGMENT_NAMES);
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

static enum shukach_status open_postings(struct store_reader *reader,
                                         struct shukach_error *err)
{
    char **paths = calloc(reader->segment_count, sizeof *paths);
    enum shukach_status status = paths == NULL ? error_nomem(err) : SHUKACH_OK;
    for (size_t i = 0; i < reader->segment_count && status == SHUKACH_OK; i++) {
        paths[i] = segment_path(reader, &reader->segments[i], SEGMENT_POSTINGS);
        status = paths[i] == NULL ? error_nomem(err) : SHUKACH_OK;
    }
    if (status == SHUKACH_OK) {
        status =
            store_postings_open((const char *const *)paths,
                                reader->segment_count, &reader->postings, err);
    }
    for (size_t i = 0; paths != NULL && i < reader->segment_count; i++) {
        free(paths[i]);
    }
    free(paths);
    return status;
}

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

/* Reads which documents are deleted, and hides them. */
static enum shukach_status open_dead(struct store_reader *reader,
                                     struct shukach_error *err)
{
    uint64_t documents = records_count(reader->records);
    if (!manifest_names(reader->manifest, GENERATION_DEAD)) {
        return tombstones_new(documents, &reader->dead, err);
    }
    char *path = path_join(reader->path, GENERATION_DEAD);
    enum shukach_status status =
        path == NULL ? error_nomem(err)
                     : tombstones_read(path, documents, &reader->dead, err);
    free(path);
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

static enum shukach_status open_files(struct store_reader *reader,
                                      struct shukach_error *err)
{
    enum shukach_status status =
        manifest_read(reader->path, &reader->manifest, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    const char *schema = manifest_fact(reader->manifest, FACT_SCHEMA);
    if (strcmp(schema, SCHEMA_VERSION) != 0) {
        return error_set(err, SHUKACH_VERSION,
                         "%s has schema %s, this shukach reads %s; rebuild "
                         "the index",
                         reader->path, schema, SCHEMA_VERSION);
    }
    status = list_segments(reader, err);
    if (status == SHUKACH_OK) {
        status = open_postings(reader, err);
    }
    for (size_t i = 0; i < reader->segment_count && status == SHUKACH_OK; i++) {
        status = open_segment(reader, &reader->segments[i], err);
    }
    if (status == SHUKACH_OK &&
        store_postings_statistics(reader->postings).documents !=
            records_count(reader->records)) {
        status = error_set(err, SHUKACH_CORRUPT,
                           "%s: postings and records differ in number; "
                           "rebuild the index",
                           reader->path);
    }
    return status == SHUKACH_OK ? open_dead(reader, err) : status;
}

enum shukach_status generation_open(const char *dir, const char *name,
                                    struct store_reader **out,
                                    struct shukach_error *err)
{
    *out = NULL;
    struct store_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        return error_nomem(err);
    }
    reader->name = strdup(name);
    reader->path = path_join(dir, name);
    enum shukach_status status = reader->name == NULL || reader->path == NULL
                                     ? error_nomem(err)
                                     : open_files(reader, err);
    if (status != SHUKACH_OK) {
        store_reader_close(reader);
        return status;
    }
    *out = reader;
    return SHUKACH_OK;
}

enum shukach_status store_reader_open(const char *dir,
                                      struct store_reader **out,
                                      struct shukach_error *err)
{
    *out = NULL;
    /* A writer may remove the generation between the reading of the link
     * and the opening of its files; then the link names another one. If it
     * does not, the files are lost. */
    uint64_t seen = 0;
    for (;;) {
        char *name;
        uint64_t number;
        struct shukach_error why = {.message = ""};
        enum shukach_status status =
            generation_current(dir, &name, &number, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        status = generation_open(dir, name, out, &why);
        free(name);
        if (status != SHUKACH_NOT_FOUND) {
            if (status != SHUKACH_OK && err != NULL) {
                *err = why;
            }
            return status;
        }
        if (number <= seen) {
            return error_set(err, SHUKACH_CORRUPT,
                             "%s is damaged (%s); rebuild the index", dir,
                             why.message);
        }
        seen = number;
    }
}

void store_reader_close(struct store_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->segment_count; i++) {
        free(reader->segments[i].name);
    }
    free(reader->segments);
    tombstones_free(&reader->dead);
    records_free(reader->records);
    forms_free(reader->forms);
    forms_free(reader->names);
    store_postings_close(reader->postings);
    manifest_free(reader->manifest);
    free(reader->name);
    free(reader->path);
    free(reader);
}
