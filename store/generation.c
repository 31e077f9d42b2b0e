/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INDEX/lock            held by the writer
 * INDEX/current         a link to the generation that readers open
 * INDEX/gen-N/manifest  what the generation consists of
 * INDEX/gen-N/segment/  its segment
 * INDEX/gen-N.tmp/      a generation being made */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "schema.h"
#include "store.h"

#define SEGMENT "segment"

struct generation {
    char *dir;
    int lock;
    uint64_t number;
    char *made;    /* DIR/gen-N.tmp, then DIR/gen-N */
    char *segment; /* DIR/gen-N.tmp/segment */
    bool published;
};

/* DIR/NAME, or DIR/gen-N and a suffix. */
static char *join(const char *dir, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static char *join_number(const char *dir, uint64_t number, const char *suffix)
{
    char *path;
    return asprintf(&path, "%s/gen-%" PRIu64 "%s", dir, number, suffix) < 0
               ? NULL
               : path;
}

/* Whether a name is gen-N, and N; `*temporary` for gen-N.tmp. */
static bool parse_name(const char *name, uint64_t *number, bool *temporary)
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

/* CORRUPT when the directory holds what no index holds, or generations
 * without the files that stand beside them: then somebody else's directory
 * was named, and what is in it must not be touched. */
static enum shukach_status check_dir(const char *dir, struct shukach_error *err)
{
    DIR *stream = opendir(dir);
    if (stream == NULL) {
        return error_io(err, "open", dir);
    }
    char foreign[NAME_MAX + 1] = "";
    bool ours = false;
    const struct dirent *entry;
    while ((entry = readdir(stream)) != NULL) {
        const char *name = entry->d_name;
        uint64_t n;
        bool temporary;
        if (strcmp(name, "lock") == 0 || strcmp(name, "current") == 0) {
            ours = true;
        } else if (parse_name(name, &n, &temporary)) {
            if (!ours && *foreign == '\0') {
                snprintf(foreign, sizeof foreign, "%s", name);
            }
        } else if (name[0] != '.' && strcmp(name, "current.new") != 0) {
            snprintf(foreign, sizeof foreign, "%s", name);
            ours = false;
            break;
        }
    }
    closedir(stream);
    if (*foreign == '\0' || ours) {
        return SHUKACH_OK;
    }
    return error_set(err, SHUKACH_CORRUPT,
                     "%s is not an index: it holds %s; name an empty directory",
                     dir, foreign);
}

enum visit { VISIT_FIND_LAST, VISIT_REMOVE_TEMPORARY, VISIT_REMOVE_OLDER };

/* Goes through the generations in `dir`: finds the highest number, or
 * removes what was left unfinished, or all but `*number`. */
static enum shukach_status visit(const char *dir, enum visit what,
                                 uint64_t *number, struct shukach_error *err)
{
    DIR *stream = opendir(dir);
    if (stream == NULL) {
        return error_io(err, "open", dir);
    }
    enum shukach_status status = SHUKACH_OK;
    const struct dirent *entry;
    while (status == SHUKACH_OK && (entry = readdir(stream)) != NULL) {
        const char *name = entry->d_name;
        uint64_t n;
        bool temporary;
        if (!parse_name(name, &n, &temporary)) {
            continue;
        }
        if (what == VISIT_FIND_LAST) {
            *number = n > *number ? n : *number;
        } else if (temporary || (what == VISIT_REMOVE_OLDER && n != *number)) {
            char *path = join(dir, name);
            status = path == NULL ? error_nomem(err) : file_remove(path, err);
            free(path);
        }
    }
    closedir(stream);
    return status;
}

/* The kernel drops a flock with its process, so none is ever stale. */
static enum shukach_status take_lock(const char *dir, int *out,
                                     struct shukach_error *err)
{
    char *path = join(dir, "lock");
    if (path == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    char text[64] = "";
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = error_io(err, "open", path);
    } else if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
        if (ftruncate(fd, 0) != 0 ||
            !file_write_all(fd, text, (size_t)length)) {
            status = error_io(err, "write", path);
        }
    } else if (errno != EWOULDBLOCK) {
        status = error_io(err, "lock", path);
    } else {
        /* The holder may not have written its number yet. */
        ssize_t got = read(fd, text, sizeof text - 1);
        text[got > 0 ? strcspn(text, "\n") : 0] = '\0';
        status = error_set(err, SHUKACH_LOCKED,
                           "%s is being written by %s%s; try again when it "
                           "has ended",
                           dir, *text == '\0' ? "another process" : "process ",
                           text);
    }
    free(path);
    if (status != SHUKACH_OK && fd >= 0) {
        close(fd);
        return status;
    }
    *out = fd;
    return status;
}

enum shukach_status generation_begin(const char *dir, struct generation **out,
                                     struct shukach_error *err)
{
    *out = NULL;
    struct generation *generation = calloc(1, sizeof *generation);
    if (generation == NULL) {
        return error_nomem(err);
    }
    generation->lock = -1;
    generation->dir = strdup(dir);
    enum shukach_status status =
        generation->dir == NULL ? error_nomem(err) : file_make_dirs(dir, err);
    if (status == SHUKACH_OK) {
        /* Before anything is written into what may be no index. */
        status = check_dir(dir, err);
    }
    if (status == SHUKACH_OK) {
        status = take_lock(dir, &generation->lock, err);
    }
    if (status == SHUKACH_OK) {
        status = visit(dir, VISIT_REMOVE_TEMPORARY, NULL, err);
    }
    if (status == SHUKACH_OK) {
        status = visit(dir, VISIT_FIND_LAST, &generation->number, err);
    }
    if (status == SHUKACH_OK) {
        generation->number++;
        generation->made = join_number(dir, generation->number, ".tmp");
        generation->segment =
            generation->made == NULL ? NULL : join(generation->made, SEGMENT);
        if (generation->segment == NULL) {
            status = error_nomem(err);
        } else {
            status = file_make_dirs(generation->made, err);
        }
    }
    if (status != SHUKACH_OK) {
        generation_end(generation);
        return status;
    }
    *out = generation;
    return SHUKACH_OK;
}

const char *generation_segment(const struct generation *generation)
{
    return generation->segment;
}

/* Replaces the link `current` in one step. */
static enum shukach_status switch_current(struct generation *generation,
                                          struct shukach_error *err)
{
    char target[32];
    snprintf(target, sizeof target, "gen-%" PRIu64, generation->number);
    char *fresh = join(generation->dir, "current.new");
    char *link = join(generation->dir, "current");
    enum shukach_status status = SHUKACH_OK;
    if (fresh == NULL || link == NULL) {
        status = error_nomem(err);
    } else if ((unlink(fresh) != 0 && errno != ENOENT) ||
               symlink(target, fresh) != 0 || rename(fresh, link) != 0) {
        status = error_io(err, "replace", link);
    } else {
        generation->published = true;
        status = file_sync(generation->dir, err);
    }
    free(fresh);
    free(link);
    return status;
}

/* Gives the finished generation its name, still unseen by readers. */
static enum shukach_status rename_final(struct generation *generation,
                                        struct shukach_error *err)
{
    char *final = join_number(generation->dir, generation->number, "");
    if (final == NULL) {
        return error_nomem(err);
    }
    if (rename(generation->made, final) != 0) {
        enum shukach_status status = error_io(err, "rename", generation->made);
        free(final);
        return status;
    }
    free(generation->made);
    generation->made = final;
    return file_sync(generation->dir, err);
}

enum shukach_status generation_publish(struct generation *generation,
                                       struct manifest *manifest,
                                       struct shukach_error *err)
{
    static const char *const files[] = {
        SEGMENT "/" SEGMENT_POSTINGS, SEGMENT "/" SEGMENT_RECORDS,
        SEGMENT "/" SEGMENT_FORMS, SEGMENT "/" SEGMENT_NAMES};
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && status == SHUKACH_OK;
         i++) {
        status = manifest_add_file(manifest, generation->made, files[i], err);
    }
    if (status == SHUKACH_OK) {
        status = manifest_write(manifest, generation->made, err);
    }
    /* The files are on the disk; now their names, then the switch. */
    if (status == SHUKACH_OK) {
        status = file_sync(generation->segment, err);
    }
    if (status == SHUKACH_OK) {
        status = file_sync(generation->made, err);
    }
    if (status == SHUKACH_OK) {
        status = rename_final(generation, err);
    }
    if (status == SHUKACH_OK) {
        status = switch_current(generation, err);
    }
    if (status == SHUKACH_OK) {
        /* What cannot be removed now is removed by the next run. */
        (void)!visit(generation->dir, VISIT_REMOVE_OLDER, &generation->number,
                     NULL);
    }
    return status;
}

void generation_end(struct generation *generation)
{
    if (generation == NULL) {
        return;
    }
    if (!generation->published && generation->made != NULL) {
        /* If this fails, the next run tries again. */
        (void)!file_remove(generation->made, NULL);
    }
    if (generation->lock >= 0) {
        close(generation->lock);
    }
    free(generation->dir);
    free(generation->made);
    free(generation->segment);
    free(generation);
}

/* The generation that `current` names, and its number. */
static enum shukach_status read_current(const char *dir, char **name,
                                        uint64_t *number,
                                        struct shukach_error *err)
{
    char target[NAME_MAX + 1];
    char *link = join(dir, "current");
    if (link == NULL) {
        return error_nomem(err);
    }
    ssize_t length = readlink(link, target, sizeof target - 1);
    int why = errno;
    free(link);
    if (length < 0 && (why == ENOENT || why == ENOTDIR || why == EINVAL)) {
        bool there = access(dir, F_OK) == 0;
        return error_set(err, there ? SHUKACH_CORRUPT : SHUKACH_NOT_FOUND,
                         there ? "%s is not an index; make one with: shukach "
                                 "index --index DIR PATH…"
                               : "there is no index in %s; make one with: "
                                 "shukach index --index DIR PATH…",
                         dir);
    }
    if (length < 0) {
        errno = why;
        return error_io(err, "open the index", dir);
    }
    target[length] = '\0';
    bool temporary;
    if (!parse_name(target, number, &temporary) || temporary) {
        return error_set(err, SHUKACH_CORRUPT,
                         "%s/current names no generation; rebuild the index",
                         dir);
    }
    *name = strdup(target);
    return *name == NULL ? error_nomem(err) : SHUKACH_OK;
}

static enum shukach_status open_files(struct store_reader *reader,
                                      const char *dir,
                                      struct shukach_error *err)
{
    enum shukach_status status = manifest_read(dir, &reader->manifest, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    const char *schema = manifest_fact(reader->manifest, FACT_SCHEMA);
    if (strcmp(schema, SCHEMA_VERSION) != 0) {
        return error_set(err, SHUKACH_VERSION,
                         "%s has schema %s, this shukach reads %s; rebuild "
                         "the index",
                         dir, schema, SCHEMA_VERSION);
    }
    char *postings = join(dir, SEGMENT "/" SEGMENT_POSTINGS);
    char *records = join(dir, SEGMENT "/" SEGMENT_RECORDS);
    char *forms = join(dir, SEGMENT "/" SEGMENT_FORMS);
    char *names = join(dir, SEGMENT "/" SEGMENT_NAMES);
    if (postings == NULL || records == NULL || forms == NULL || names == NULL) {
        status = error_nomem(err);
    } else {
        status = store_postings_open((const char *const[]){postings}, 1,
                                     &reader->postings, err);
    }
    if (status == SHUKACH_OK) {
        status = records_open(records, &reader->records, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_open(forms, &reader->forms, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_open(names, &reader->names, err);
    }
    free(postings);
    free(records);
    free(forms);
    free(names);
    if (status == SHUKACH_OK &&
        store_postings_statistics(reader->postings).documents !=
            records_count(reader->records)) {
        status = error_set(err, SHUKACH_CORRUPT,
                           "%s: postings and records differ in number; "
                           "rebuild the index",
                           dir);
    }
    return status;
}

/* Opens the generation `name`, which becomes the reader's. */
static enum shukach_status open_generation(const char *dir, char *name,
                                           struct store_reader **out,
                                           struct shukach_error *err)
{
    struct store_reader *reader = calloc(1, sizeof *reader);
    char *path = join(dir, name);
    if (reader == NULL || path == NULL) {
        free(path);
        free(reader);
        free(name);
        return error_nomem(err);
    }
    reader->name = name;
    enum shukach_status status = open_files(reader, path, err);
    free(path);
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
        enum shukach_status status = read_current(dir, &name, &number, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        status = open_generation(dir, name, out, &why);
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
    records_free(reader->records);
    forms_free(reader->forms);
    forms_free(reader->names);
    store_postings_close(reader->postings);
    manifest_free(reader->manifest);
    free(reader->name);
    free(reader);
}
