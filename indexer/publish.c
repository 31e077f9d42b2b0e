/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The segments of a new generation: those taken over from the one before,
 * and the one of this run. Every segment holds more living documents than
 * all newer ones together, and no more deleted ones than living ones; from
 * the first on that does not, all are merged into that of this run. So there
 * are few of them, and a document that is written again stands in a segment
 * at least twice as large each time (docs/index-format.md has the bounds). */
#include "indexer.h"

#include "schema.h"

static enum shukach_status segment_new(struct shukach_indexer *indexer,
                                       const char *dir,
                                       struct shukach_error *err)
{
    struct segment_limits limits = segment_defaults;
    limits.apart = indexer->jobs > 1;
    enum shukach_status status =
        segment_create(dir, &limits, &indexer->segment, err);
    return status == SHUKACH_OK
               ? crew_new(indexer->segment, indexer->jobs, &indexer->crew, err)
               : status;
}

enum shukach_status segment_begin(struct shukach_indexer *indexer,
                                  struct shukach_error *err)
{
    return indexer->segment != NULL
               ? SHUKACH_OK
               : segment_new(indexer, generation_segment(indexer->generation),
                             err);
}

/* Forms that are mostly written small are no names, unless they are Latin or
 * have digits. */
static void add_names(struct segment_writer *writer, const struct form *form,
                      void *payload)
{
    struct name_keys keys;
    unsigned char first = (unsigned char)form->text[0];
    (void)payload;
    bool latin = first < 0xcd; /* Greek begins there, then Cyrillic */
    if (form->casing == FORM_SMALL && !latin &&
        strpbrk(form->text, "0123456789") == NULL) {
        return;
    }
    names_keys(form->text, form->length, form->casing == FORM_CAPITALS, &keys);
    for (size_t i = 0; i < keys.count; i++) {
        segment_name(writer, keys.keys[i], form);
    }
}

/* Ends the segment at work. */
static enum shukach_status end_segment(struct shukach_indexer *indexer,
                                       struct shukach_error *err)
{
    enum shukach_status status =
        crew_finish(indexer->crew, &indexer->tokens, err);
    if (status == SHUKACH_OK) {
        status = segment_finish(indexer->segment, add_names, NULL, err);
    }
    crew_free(indexer->crew);
    indexer->crew = NULL;
    segment_close(indexer->segment);
    indexer->segment = NULL;
    return status;
}

/* ---- Merging --------------------------------------------------------------
 */

/* What the new generation is made of. */
struct plan {
    uint64_t total; /* documents to write again */
    uint64_t done;
    size_t shared;   /* segments of the base that stay as they are */
    uint64_t first;  /* documents in them, living or not */
    uint64_t merged; /* of those after, how many are written again */
    bool merge;      /* whether a segment is made of them */
};

/* Tells how much of the merging is done. CANCELLED. */
static enum shukach_status tell_progress(const struct shukach_indexer *indexer,
                                         const struct plan *plan,
                                         struct shukach_error *err)
{
    return indexer->on_progress == NULL ||
                   indexer->on_progress(plan->done, plan->total,
                                        indexer->progress_payload) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_CANCELLED,
                           "the caller stopped; the old index stands");
}

static void __attribute__((format(printf, 2, 3)))
tell(const struct shukach_indexer *indexer, const char *format, ...)
{
    char text[600];
    va_list arguments;
    if (indexer->on_message == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    indexer->on_message(text, indexer->message_payload);
}

static void make_plan(const struct shukach_indexer *indexer, struct plan *plan)
{
    const struct store_reader *base = indexer->base;
    size_t count = base == NULL ? 0 : base->segment_count;
    uint64_t newer = indexer->written;
    uint64_t dead = 0; /* in the segments that would be merged */
    *plan = (struct plan){.shared = count};
    for (size_t i = count; i-- > 0;) {
        const struct store_segment *segment = &base->segments[i];
        uint64_t buried = tombstones_within(&indexer->dead, segment->first,
                                            segment->first + segment->count);
        uint64_t living = segment->count - buried;
        dead += buried;
        if (living <= newer || buried > living || indexer->merge_all) {
            plan->shared = i;
        }
        newer += living;
    }
    /* A single one in which nothing is deleted would become itself. */
    if (indexer->written == 0 && plan->shared + 1 == count && dead == 0) {
        plan->shared = count;
    }
    plan->merge = plan->shared < count;
    for (size_t i = plan->shared; i < count; i++) {
        const struct store_segment *segment = &base->segments[i];
        plan->total +=
            segment->count - tombstones_within(&indexer->dead, segment->first,
                                               segment->first + segment->count);
    }
    plan->total += plan->merge ? indexer->written : 0;
    plan->first = base == NULL  ? 0
                  : plan->merge ? base->segments[plan->shared].first
                                : base->dead.documents;
}

/* Writes a document of older records again. */
static enum shukach_status copy_document(struct shukach_indexer *indexer,
                                         struct plan *plan,
                                         struct records *records,
                                         uint64_t index, struct arena *arena,
                                         struct shukach_error *err)
{
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    arena_reset(arena);
    enum shukach_status status = tell_progress(indexer, plan, err);
    if (status == SHUKACH_OK) {
        status = records_fields(records, index, arena, fields, lengths, err);
    }
    plan->done++;
    if (status == SHUKACH_OK) {
        status = crew_add(indexer->crew, fields, lengths, err);
        indexer->tally[SHUKACH_TALLY_MERGED]++;
    }
    return status;
}

/* The documents of this run, out of the segment that was just written. */
static enum shukach_status copy_own(struct shukach_indexer *indexer,
                                    struct plan *plan, struct arena *arena,
                                    struct shukach_error *err)
{
    char *path;
    struct records *records;
    if (asprintf(&path, "%s/" SEGMENT_RECORDS,
                 generation_segment(indexer->generation)) < 0) {
        return error_nomem(err);
    }
    enum shukach_status status = records_open(path, &records, err);
    for (uint64_t i = 0; i < indexer->written && status == SHUKACH_OK; i++) {
        status = copy_document(indexer, plan, records, i, arena, err);
    }
    records_free(records);
    free(path);
    return status;
}

/* Makes one segment of the last ones of the base and that of this run. */
static enum shukach_status merge(struct shukach_indexer *indexer,
                                 struct plan *plan, struct shukach_error *err)
{
    struct arena arena = {0};
    struct generation *generation = indexer->generation;
    tell(indexer, "merging %llu documents of %zu segments into one",
         (unsigned long long)plan->total,
         (indexer->base == NULL ? 0 : indexer->base->segment_count) -
             plan->shared + (indexer->written > 0));
    enum shukach_status status =
        segment_new(indexer, generation_merged(generation), err);
    for (uint64_t i = plan->first;
         i < indexer->dead.documents && status == SHUKACH_OK; i++) {
        if (!tombstones_has(&indexer->dead, i)) {
            status = copy_document(indexer, plan, indexer->base->records, i,
                                   &arena, err);
            plan->merged++;
        }
    }
    if (status == SHUKACH_OK && indexer->written > 0) {
        status = copy_own(indexer, plan, &arena, err);
    }
    if (status == SHUKACH_OK) {
        status = end_segment(indexer, err);
    }
    if (status == SHUKACH_OK) {
        status = generation_use_merged(generation, err);
    }
    arena_free(&arena);
    return status;
}

/* ---- The files of the generation ------------------------------------------
 */

/* Tombstones of the shared segments, and the sources of all documents. */
static enum shukach_status write_lists(struct shukach_indexer *indexer,
                                       const struct plan *plan,
                                       uint64_t *deleted,
                                       struct shukach_error *err)
{
    const char *dir = generation_path(indexer->generation);
    uint64_t documents = plan->first + plan->merged + indexer->written;
    uint32_t *links = calloc((size_t)documents + 1, sizeof *links);
    struct tombstones dead = {0};
    char *dead_path = NULL;
    char *sources_path = NULL;
    enum shukach_status status = tombstones_new(documents, &dead, err);
    if (asprintf(&dead_path, "%s/" GENERATION_DEAD, dir) < 0 ||
        asprintf(&sources_path, "%s/" GENERATION_SOURCES, dir) < 0 ||
        links == NULL) {
        status = error_nomem(err);
    }
    uint64_t count = 0;
    for (uint64_t i = 0; i < indexer->dead.documents && status == SHUKACH_OK;
         i++) {
        bool buried = tombstones_has(&indexer->dead, i);
        if (i < plan->first && buried) {
            tombstones_add(&dead, i);
        }
        if (i < plan->first || !buried) {
            links[count++] = buried ? 0 : indexer->sources.links[i];
        }
    }
    for (uint64_t i = 0; i < indexer->written && status == SHUKACH_OK; i++) {
        links[count++] = indexer->links[i];
    }
    if (status == SHUKACH_OK && dead.count > 0) {
        status = tombstones_write(&dead, dead_path, err);
    }
    if (status == SHUKACH_OK) {
        status =
            sources_write(&indexer->sources, sources_path, links, count, err);
    }
    *deleted = dead.count;
    tombstones_free(&dead);
    free(links);
    free(dead_path);
    free(sources_path);
    return status;
}

static enum shukach_status set_number(struct manifest *manifest,
                                      const char *name, uint64_t value,
                                      struct shukach_error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return manifest_set(manifest, name, text, err);
}

/* Takes the shared segments over, and adds up the words of all. */
static enum shukach_status share(struct shukach_indexer *indexer,
                                 const struct plan *plan, bool own,
                                 struct manifest *manifest,
                                 struct shukach_error *err)
{
    uint64_t tokens = 0;
    char name[80];
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < plan->shared && status == SHUKACH_OK; i++) {
        const char *segment = indexer->base->segments[i].name;
        snprintf(name, sizeof name, "%s" FACT_SEGMENT_TOKENS, segment);
        const char *value =
            manifest_fact(indexer->base->generations[0].manifest, name);
        tokens += strtoull(value, NULL, 10);
        status = manifest_set(manifest, name, value, err);
        if (status == SHUKACH_OK) {
            status = generation_share(indexer->generation, manifest,
                                      indexer->base, segment, err);
        }
    }
    if (status == SHUKACH_OK && own) {
        const char *path = generation_segment(indexer->generation);
        snprintf(name, sizeof name, "%s" FACT_SEGMENT_TOKENS,
                 strrchr(path, '/') + 1);
        status = set_number(manifest, name, indexer->tokens, err);
        tokens += indexer->tokens;
    }
    return status == SHUKACH_OK ? set_number(manifest, FACT_TOKENS, tokens, err)
                                : status;
}

static enum shukach_status set_facts(const struct shukach_indexer *indexer,
                                     uint64_t documents, uint64_t deleted,
                                     struct manifest *manifest,
                                     struct shukach_error *err)
{
    char created[32];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const struct {
        const char *name;
        const char *value;
    } facts[] = {
        {FACT_SCHEMA, SCHEMA_VERSION},
        {FACT_ANALYSER, ANALYSER_VERSION},
        {FACT_UNICODE, analyser_unicode()},
        {FACT_CREATED, created},
    };
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (status == SHUKACH_OK) {
            status = manifest_set(manifest, facts[i].name, facts[i].value, err);
        }
    }
    if (status == SHUKACH_OK) {
        status = set_number(manifest, FACT_DOCUMENTS, documents, err);
    }
    if (status == SHUKACH_OK) {
        status = set_number(manifest, FACT_DELETED, deleted, err);
    }
    for (size_t i = 0; i < INDEXER_LANGUAGES && status == SHUKACH_OK; i++) {
        char name[32];
        snprintf(name, sizeof name, FACT_LANGUAGE "%s", language_names[i]);
        status = set_number(manifest, name, indexer->by_language[i], err);
    }
    return status;
}

enum shukach_status shukach_indexer_publish(struct shukach_indexer *indexer,
                                            struct shukach_error *err)
{
    if (indexer == NULL || indexer->broken) {
        return error_set(err, SHUKACH_INVALID,
                         "this indexer cannot be published");
    }
    indexer->broken = true;
    update_end_source(indexer);
    struct manifest *manifest = NULL;
    struct plan plan;
    make_plan(indexer, &plan);
    bool own = plan.merge || indexer->written > 0 || indexer->base == NULL;
    enum shukach_status status = SHUKACH_OK;
    if (indexer->written > 0 || indexer->base == NULL) {
        status = segment_begin(indexer, err);
        if (status == SHUKACH_OK) {
            status = end_segment(indexer, err);
        }
    }
    if (status == SHUKACH_OK && plan.merge) {
        status = merge(indexer, &plan, err);
    }
    uint64_t deleted = 0;
    if (status == SHUKACH_OK) {
        status = write_lists(indexer, &plan, &deleted, err);
    }
    if (status == SHUKACH_OK) {
        status = manifest_new(&manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = share(indexer, &plan, own, manifest, err);
    }
    if (status == SHUKACH_OK) {
        uint64_t documents =
            plan.first + plan.merged + indexer->written - deleted;
        status = set_facts(indexer, documents, deleted, manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = tell_progress(indexer, &plan, err);
    }
    if (status == SHUKACH_OK) {
        status = generation_publish(indexer->generation, manifest, err);
    }
    if (status == SHUKACH_OK) {
        tell(indexer, "published %s",
             strrchr(generation_path(indexer->generation), '/') + 1);
    }
    manifest_free(manifest);
    return status;
}
