/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search has found, as its owner reads it. */
#include "index.h"

enum shukach_status shukach_index_search(struct shukach_index *index,
                                         const struct shukach_query *query,
                                         struct shukach_hits **out,
                                         struct shukach_error *err)
{
    if (index == NULL || query == NULL || out == NULL) {
        return error_set(err, SHUKACH_INVALID, "no index or query was given");
    }
    *out = NULL;
    return search(index, query, NULL, NULL, out, err);
}

enum shukach_status shukach_index_stream_hits(struct shukach_index *index,
                                              const struct shukach_query *query,
                                              shukach_on_hit callback,
                                              void *payload,
                                              struct shukach_hits **out,
                                              struct shukach_error *err)
{
    if (index == NULL || query == NULL || callback == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "no index, query or callback was given");
    }
    if (out != NULL) {
        *out = NULL;
    }
    return search(index, query, callback, payload, out, err);
}

size_t shukach_hits_count(const struct shukach_hits *hits)
{
    return hits->count;
}

void shukach_hits_total(const struct shukach_hits *hits, uint64_t *lower,
                        uint64_t *upper)
{
    *lower = hits->lower;
    *upper = hits->upper;
}

static enum shukach_status keep(struct hit *hit, const struct stored *document,
                                struct arena *arena, struct shukach_error *err)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        hit->lengths[i] = document->lengths[i];
        hit->fields[i] =
            arena_copy(arena, document->fields[i], document->lengths[i]);
        if (hit->fields[i] == NULL) {
            return error_nomem(err);
        }
    }
    return SHUKACH_OK;
}

enum shukach_status hits_add(struct shukach_hits *hits,
                             const struct stored *document,
                             const struct scoring *scoring,
                             const struct shukach_query *query, double score,
                             struct shukach_error *err)
{
    if (!array_grow((void **)&hits->items, &hits->capacity, hits->count + 1,
                    sizeof *hits->items)) {
        return error_nomem(err);
    }
    struct hit *hit = &hits->items[hits->count];
    *hit = (struct hit){
        .score = score, .snippet = {.text = ""}, .factors = {1, 1, 1, 1}};
    enum shukach_status status = keep(hit, document, &hits->arena, err);
    if (status == SHUKACH_OK && document->read) {
        status = mark_title(
            &document->reading, scoring, hit->fields[SHUKACH_TITLE],
            hit->lengths[SHUKACH_TITLE], &hits->arena, &hit->title, err);
    }
    if (status == SHUKACH_OK && query->snippet > 0) {
        status = snippet_make(&document->reading, scoring, query, &hits->arena,
                              &hit->snippet, err);
    }
    hits->count += status == SHUKACH_OK;
    return status;
}

struct shukach_hits *hits_begin(struct shukach_hits *hits)
{
    if (hits->callback == NULL) {
        return hits;
    }
    if (hits->one == NULL) {
        hits->one = calloc(1, sizeof *hits->one);
    }
    if (hits->one != NULL) {
        hits->one->count = 0;
        arena_reset(&hits->one->arena);
    }
    return hits->one;
}

enum shukach_status hits_end(struct shukach_hits *hits,
                             struct shukach_error *err)
{
    return hits->callback != NULL && hits->callback(hits->one, hits->payload)
               ? error_set(err, SHUKACH_CANCELLED, "the caller stopped")
               : SHUKACH_OK;
}

enum shukach_status hits_add_notice(struct shukach_hits *hits, const char *text,
                                    struct shukach_error *err)
{
    if (hits->notice_count == QUERY_PREFIXES) {
        return SHUKACH_OK;
    }
    const char *copy = arena_copy(&hits->arena, text, strlen(text));
    if (copy == NULL) {
        return error_nomem(err);
    }
    hits->notices[hits->notice_count++] = copy;
    return SHUKACH_OK;
}

const char *shukach_hits_notice(const struct shukach_hits *hits, size_t i)
{
    return i < hits->notice_count ? hits->notices[i] : NULL;
}

const char *shukach_hits_suggestion(const struct shukach_hits *hits,
                                    size_t *length)
{
    if (length != NULL) {
        *length = hits->suggestion_length;
    }
    return hits->suggestion != NULL ? hits->suggestion : "";
}

/* A hit of empty fields beyond the last. */
static const struct hit *hit_at(const struct shukach_hits *hits, size_t i)
{
    static const struct hit none = {
        .fields = {"", "", "", "", "", "", "", ""},
        .snippet = {.text = ""},
        .title = {.text = ""},
        .factors = {1, 1, 1, 1},
    };
    return i < hits->count ? &hits->items[i] : &none;
}

const char *shukach_hits_field(const struct shukach_hits *hits, size_t i,
                               enum shukach_field field, size_t *length)
{
    const struct hit *hit = hit_at(hits, i);
    if ((unsigned)field >= SHUKACH_FIELDS) {
        field = SHUKACH_ID;
        hit = hit_at(hits, SIZE_MAX);
    }
    if (length != NULL) {
        *length = hit->lengths[field];
    }
    return hit->fields[field];
}

double shukach_hits_score(const struct shukach_hits *hits, size_t i)
{
    return hit_at(hits, i)->score;
}

size_t shukach_hits_index(const struct shukach_hits *hits, size_t i)
{
    return hit_at(hits, i)->index;
}

const char *shukach_hits_snippet(const struct shukach_hits *hits, size_t i,
                                 size_t *length)
{
    const struct hit *hit = hit_at(hits, i);
    if (length != NULL) {
        *length = hit->snippet.length;
    }
    return hit->snippet.text;
}

const struct shukach_range *
shukach_hits_snippet_ranges(const struct shukach_hits *hits, size_t i,
                            size_t *count)
{
    *count = hit_at(hits, i)->snippet.count;
    return hit_at(hits, i)->snippet.ranges;
}

const struct shukach_range *
shukach_hits_title_ranges(const struct shukach_hits *hits, size_t i,
                          size_t *count)
{
    *count = hit_at(hits, i)->title.count;
    return hit_at(hits, i)->title.ranges;
}

const struct shukach_part *shukach_hits_parts(const struct shukach_hits *hits,
                                              size_t i, size_t *count)
{
    *count = hit_at(hits, i)->part_count;
    return hit_at(hits, i)->parts;
}

double shukach_hits_factor(const struct shukach_hits *hits, size_t i,
                           enum shukach_factor factor)
{
    return (unsigned)factor < SHUKACH_FACTORS ? hit_at(hits, i)->factors[factor]
                                              : 1;
}

size_t shukach_hits_facet_count(const struct shukach_hits *hits,
                                enum shukach_facet facet)
{
    return (unsigned)facet < SHUKACH_FACETS ? hits->facets[facet].count : 0;
}

const char *shukach_hits_facet(const struct shukach_hits *hits,
                               enum shukach_facet facet, size_t i,
                               uint64_t *documents)
{
    bool there = i < shukach_hits_facet_count(hits, facet);
    *documents = there ? hits->facets[facet].items[i].documents : 0;
    return there ? hits->facets[facet].items[i].value : "";
}

void shukach_hits_free(struct shukach_hits *hits)
{
    if (hits != NULL) {
        shukach_hits_free(hits->one);
        free(hits->items);
        arena_free(&hits->arena);
        free(hits);
    }
}
