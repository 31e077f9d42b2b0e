/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a generation, and switching to it; generation.h says what stands
 * where. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <unistd.h>

#include "generation.h"

struct generation {
    char *dir;
    int lock;
    uint64_t number;
    uint64_t before; /* the one that was current; 0 for none */
    unsigned keep;
    char *made;    /* DIR/gen-N.tmp, then DIR/gen-N */
    char *segment; /* DIR/gen-N.tmp/segment-N */
    char *merged;  /* DIR/gen-N.tmp/merged */
    bool published;
    shukach_on_message on_message;
    void *payload;
};

static char *join_number(const char *dir, uint64_t number, const char *suffix)
{
    char *path;
    return asprintf(&path, "%s/gen-%" PRIu64 "%s", dir, number, suffix) < 0
               ? NULL
               : path;
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
        } else if (generation_parse(name, &n, &temporary)) {
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

/* ---- The generations that are there -------------------------------------- */

struct found {
    char *path;
    uint64_t number;
    bool temporary;
};

struct list {
    struct found *items;
    size_t count;
    size_t capacity;
};

static void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].path);
    }
    free(list->items);
}

static int by_number(const void *a, const void *b)
{
    const struct found *x = a;
    const struct found *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* In rising order. Free it also after a failure. */
static enum shukach_status list_make(const char *dir, struct list *out,
                                     struct shukach_error *err)
{
    *out = (struct list){0};
    DIR *stream = opendir(dir);
    if (stream == NULL) {
        return error_io(err, "open", dir);
    }
    enum shukach_status status = SHUKACH_OK;
    const struct dirent *entry;
    while (status == SHUKACH_OK && (entry = readdir(stream)) != NULL) {
        struct found found;
        if (!generation_parse(entry->d_name, &found.number, &found.temporary)) {
            continue;
        }
        found.path = path_join(dir, entry->d_name);
        if (found.path == NULL ||
            !array_grow((void **)&out->items, &out->capacity, out->count + 1,
                        sizeof found)) {
            free(found.path);
            status = error_nomem(err);
        } else {
            out->items[out->count++] = found;
        }
    }
    closedir(stream);
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof *out->items, by_number);
    }
    return status;
}

/* Removes what was left unfinished; `*last` is the highest number. */
static enum shukach_status clear(const char *dir, uint64_t *last,
                                 struct shukach_error *err)
{
    struct list list;
    enum shukach_status status = list_make(dir, &list, err);
    *last = 0;
    for (size_t i = 0; i < list.count && status == SHUKACH_OK; i++) {
        if (list.items[i].temporary) {
            status = file_remove(list.items[i].path, err);
        } else {
            *last = list.items[i].number;
        }
    }
    list_free(&list);
    return status;
}

static void remove_one(const struct generation *generation, const char *path)
{
    struct shukach_error why;
    char text[600];
    if (file_remove(path, &why) != SHUKACH_OK &&
        generation->on_message != NULL) {
        snprintf(text, sizeof text, "%s; the next run tries again",
                 why.message);
        generation->on_message(text, generation->payload);
    }
}

/* Removes all but the new generation and the last ones before it. Those
 * after the one that was current were rolled back from, or never switched
 * to. What cannot be removed now is removed by the next run. */
static void remove_older(const struct generation *generation)
{
    struct list list;
    unsigned kept = 1;
    enum shukach_status status = list_make(generation->dir, &list, NULL);
    for (size_t i = list.count; i-- > 0 && status == SHUKACH_OK;) {
        const struct found *found = &list.items[i];
        if (found->number == generation->number) {
            continue;
        }
        if (found->number <= generation->before && kept < generation->keep) {
            kept++;
        } else {
            remove_one(generation, found->path);
        }
    }
    list_free(&list);
}

/* ---- Making one -----------------------------------------------------------
 */

/* The number of the current generation; 0 where there is none or the link is
 * damaged, which a new generation mends. */
static uint64_t current_number(const char *dir)
{
    char *name;
    uint64_t number;
    if (generation_current(dir, &name, &number, NULL) != SHUKACH_OK) {
        return 0;
    }
    free(name);
    return number;
}

static enum shukach_status name_paths(struct generation *generation,
                                      struct shukach_error *err)
{
    generation->made = join_number(generation->dir, generation->number, ".tmp");
    if (generation->made == NULL) {
        return error_nomem(err);
    }
    generation->merged = path_join(generation->made, "merged");
    if (asprintf(&generation->segment, "%s/" SEGMENT_PREFIX "%" PRIu64,
                 generation->made, generation->number) < 0) {
        generation->segment = NULL;
    }
    return generation->merged == NULL || generation->segment == NULL
               ? error_nomem(err)
               : SHUKACH_OK;
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
    generation->keep = 1;
    generation->dir = strdup(dir);
    enum shukach_status status =
        generation->dir == NULL ? error_nomem(err) : file_make_dirs(dir, err);
    if (status == SHUKACH_OK) {
        /* Before anything is written into what may be no index. */
        status = check_dir(dir, err);
    }
    if (status == SHUKACH_OK) {
        status = lock_take(dir, &generation->lock, err);
    }
    if (status == SHUKACH_OK) {
        status = clear(dir, &generation->number, err);
    }
    if (status == SHUKACH_OK) {
        generation->before = current_number(dir);
        generation->number++;
        status = name_paths(generation, err);
    }
    if (status == SHUKACH_OK) {
        status = file_make_dirs(generation->made, err);
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

const char *generation_merged(const struct generation *generation)
{
    return generation->merged;
}

const char *generation_path(const struct generation *generation)
{
    return generation->made;
}

enum shukach_status generation_base(const struct generation *generation,
                                    struct store_reader **out,
                                    struct shukach_error *err)
{
    char target[8];
    char *link = path_join(generation->dir, "current");
    *out = NULL;
    if (link == NULL) {
        return error_nomem(err);
    }
    bool none = readlink(link, target, sizeof target) < 0 && errno == ENOENT;
    free(link);
    return none ? SHUKACH_OK : store_reader_open(generation->dir, out, err);
}

void generation_set_keep(struct generation *generation, unsigned keep)
{
    generation->keep = keep > 0 ? keep : 1;
}

void generation_set_on_message(struct generation *generation,
                               shukach_on_message callback, void *payload)
{
    generation->on_message = callback;
    generation->payload = payload;
}

enum shukach_status generation_use_merged(struct generation *generation,
                                          struct shukach_error *err)
{
    enum shukach_status status = file_remove(generation->segment, err);
    if (status == SHUKACH_OK &&
        rename(generation->merged, generation->segment) != 0) {
        status = error_io(err, "rename", generation->merged);
    }
    return status;
}

enum shukach_status generation_share(struct generation *generation,
                                     struct manifest *manifest,
                                     const struct store_reader *base,
                                     const char *segment,
                                     struct shukach_error *err)
{
    char *dir = path_join(generation->made, segment);
    if (dir == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = file_make_dirs(dir, err);
    for (size_t i = 0; i < SEGMENT_FILES && status == SHUKACH_OK; i++) {
        char *name = path_join(segment, segment_files[i]);
        char *from =
            name == NULL ? NULL : path_join(base->generations[0].path, name);
        char *to = from == NULL ? NULL : path_join(generation->made, name);
        status = to == NULL ? error_nomem(err) : file_share(from, to, err);
        if (status == SHUKACH_OK) {
            status = manifest_copy_file(manifest, base->generations[0].manifest,
                                        name, err);
        }
        free(to);
        free(from);
        free(name);
    }
    if (status == SHUKACH_OK) {
        status = file_sync(dir, err);
    }
    free(dir);
    return status;
}

/* ---- Publishing -----------------------------------------------------------
 */

/* Replaces the link `current` in one step; `*switched` also if only its
 * fsync failed. */
static enum shukach_status switch_current(const char *dir, uint64_t number,
                                          bool *switched,
                                          struct shukach_error *err)
{
    char target[32];
    snprintf(target, sizeof target, "gen-%" PRIu64, number);
    char *fresh = path_join(dir, "current.new");
    char *link = path_join(dir, "current");
    enum shukach_status status = SHUKACH_OK;
    if (fresh == NULL || link == NULL) {
        status = error_nomem(err);
    } else if ((unlink(fresh) != 0 && errno != ENOENT) ||
               symlink(target, fresh) != 0 || rename(fresh, link) != 0) {
        status = error_io(err, "replace", link);
    } else {
        *switched = true;
        status = file_sync(dir, err);
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

/* Adds the files of this run, if they are there: an update may make no
 * segment, and not every generation has dead documents. */
static enum shukach_status add_own(const struct generation *generation,
                                   struct manifest *manifest,
                                   struct shukach_error *err)
{
    const char *segment = strrchr(generation->segment, '/') + 1;
    const char *const others[] = {GENERATION_DEAD, GENERATION_SOURCES};
    enum shukach_status status = SHUKACH_OK;
    if (access(generation->segment, F_OK) == 0) {
        for (size_t i = 0; i < SEGMENT_FILES && status == SHUKACH_OK; i++) {
            char *name = path_join(segment, segment_files[i]);
            status =
                name == NULL
                    ? error_nomem(err)
                    : manifest_add_file(manifest, generation->made, name, err);
            free(name);
        }
        if (status == SHUKACH_OK) {
            status = file_sync(generation->segment, err);
        }
    }
    for (size_t i = 0; i < 2 && status == SHUKACH_OK; i++) {
        char *path = path_join(generation->made, others[i]);
        if (path == NULL) {
            status = error_nomem(err);
        } else if (access(path, F_OK) == 0) {
            status =
                manifest_add_file(manifest, generation->made, others[i], err);
        }
        free(path);
    }
    return status;
}

/* Reads back what was written, before anybody else does: sums from number
 * `from` on, since those before were carried over, and all that a reader
 * checks on opening. */
static enum shukach_status check_written(const struct generation *generation,
                                         const struct manifest *manifest,
                                         size_t from, struct shukach_error *err)
{
    struct shukach_error why = {.message = ""};
    struct store_reader *reader = NULL;
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = from;
         status == SHUKACH_OK && manifest_file(manifest, i) != NULL; i++) {
        status = manifest_check_file(manifest, generation->made, i, &why);
    }
    if (status == SHUKACH_OK) {
        const char *name = strrchr(generation->made, '/') + 1;
        status = generation_open(generation->dir, name, &reader, &why);
        store_reader_close(reader);
    }
    if (status == SHUKACH_CORRUPT || status == SHUKACH_NOT_FOUND) {
        return error_set(err, SHUKACH_IO,
                         "what was written reads back damaged (%s); is the "
                         "disk sound?",
                         why.message);
    }
    if (status != SHUKACH_OK && err != NULL) {
        *err = why;
    }
    return status;
}

enum shukach_status generation_publish(struct generation *generation,
                                       struct manifest *manifest,
                                       struct shukach_error *err)
{
    size_t shared = 0;
    while (manifest_file(manifest, shared) != NULL) {
        shared++;
    }
    enum shukach_status status = add_own(generation, manifest, err);
    if (status == SHUKACH_OK) {
        status = manifest_write(manifest, generation->made, err);
    }
    if (status == SHUKACH_OK) {
        status = check_written(generation, manifest, shared, err);
    }
    /* The files are on the disk; now their names, then the switch. */
    if (status == SHUKACH_OK) {
        status = file_sync(generation->made, err);
    }
    if (status == SHUKACH_OK) {
        status = rename_final(generation, err);
    }
    if (status == SHUKACH_OK) {
        status = switch_current(generation->dir, generation->number,
                                &generation->published, err);
    }
    if (status == SHUKACH_OK) {
        remove_older(generation);
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
    free(generation->merged);
    free(generation);
}

/* ---- Going back -----------------------------------------------------------
 */

/* Switches to the last generation before `number` that opens. */
static enum shukach_status switch_back(const char *dir, uint64_t number,
                                       struct shukach_error *err)
{
    struct list list;
    enum shukach_status status = list_make(dir, &list, err);
    const struct found *target = NULL;
    for (size_t i = 0; i < list.count; i++) {
        const struct found *found = &list.items[i];
        target = !found->temporary && found->number < number ? found : target;
    }
    if (status == SHUKACH_OK && target == NULL) {
        status = error_set(err, SHUKACH_INVALID,
                           "%s keeps no older generation; index with --keep 2 "
                           "to have one",
                           dir);
    }
    if (status == SHUKACH_OK) {
        struct store_reader *reader;
        const char *name = strrchr(target->path, '/') + 1;
        status = generation_open(dir, name, &reader, err);
        store_reader_close(reader);
    }
    if (status == SHUKACH_OK) {
        bool switched;
        status = switch_current(dir, target->number, &switched, err);
    }
    list_free(&list);
    return status;
}

enum shukach_status store_rollback(const char *dir, struct shukach_error *err)
{
    char *name;
    uint64_t number;
    int lock;
    enum shukach_status status = generation_current(dir, &name, &number, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    free(name);
    status = lock_take(dir, &lock, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    /* It may have changed before the lock was had. */
    status = generation_current(dir, &name, &number, err);
    if (status == SHUKACH_OK) {
        free(name);
        status = switch_back(dir, number, err);
    }
    close(lock);
    return status;
}
