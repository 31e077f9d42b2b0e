/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of an open index, and of several as one. */
#include "index.h"

#include "schema.h"

/* Of several indexes these are added up; "bytes" and "segments", which no
 * manifest tells, are the first two of each. */
static const char *const summed[FACTS_SUMMED] = {
    "bytes",
    "segments",
    FACT_DOCUMENTS,
    FACT_DELETED,
    FACT_TOKENS,
    FACT_LANGUAGE "uk",
    FACT_LANGUAGE "ru",
    FACT_LANGUAGE "en",
    FACT_LANGUAGE "other",
};

static void add_number(char text[FACT_BYTES], uint64_t value)
{
    uint64_t before = strtoull(text, NULL, 10);
    snprintf(text, FACT_BYTES, "%llu", (unsigned long long)(before + value));
}

static void add_generation(const struct store_generation *of, struct facts *all,
                           struct facts *own)
{
    uint64_t values[FACTS_SUMMED] = {manifest_bytes(of->manifest),
                                     of->segments};
    for (size_t f = 0; f < FACTS_SUMMED; f++) {
        if (f > 1) {
            values[f] =
                strtoull(manifest_fact(of->manifest, summed[f]), NULL, 10);
        }
        add_number(all->sums[f], values[f]);
        add_number(own->sums[f], values[f]);
    }
}

enum shukach_status facts_make(const struct store_reader *store,
                               struct facts **out, struct shukach_error *err)
{
    size_t count = store->generation_count;
    struct facts *all = calloc(count + 1, sizeof *all);
    struct buf names;
    buf_init(&names, (size_t)1 << 20);
    *out = NULL;
    for (size_t i = 0; all != NULL && i < count; i++) {
        buf_add_text(&names, i > 0 ? " " : "");
        buf_add_text(&names, store->generations[i].name);
        add_generation(&store->generations[i], &all[0], &all[i + 1]);
    }
    if (all != NULL && names.failed == SHUKACH_OK) {
        all->names = strdup(buf_text(&names));
    }
    buf_free(&names);
    if (all == NULL || all->names == NULL) {
        facts_free(all);
        return error_nomem(err);
    }
    *out = all;
    return SHUKACH_OK;
}

void facts_free(struct facts *facts)
{
    if (facts != NULL) {
        free(facts->names);
        free(facts);
    }
}

/* The number of a fact that is added up, FACTS_SUMMED for none. */
static size_t find_sum(const char *name, size_t most)
{
    for (size_t f = 0; f < most; f++) {
        if (strcmp(summed[f], name) == 0) {
            return f;
        }
    }
    return FACTS_SUMMED;
}

const char *shukach_index_fact_of(const struct shukach_index *index, size_t i,
                                  const char *name)
{
    if (i >= index->store->generation_count) {
        return "";
    }
    const struct store_generation *of = &index->store->generations[i];
    size_t sum = find_sum(name, 2);
    if (sum < FACTS_SUMMED) {
        return index->facts[i + 1].sums[sum];
    }
    if (strcmp(name, "generation") == 0) {
        return of->name;
    }
    return strcmp(name, "directory") == 0 ? of->dir
                                          : manifest_fact(of->manifest, name);
}

/* The latest of the indexes, or what they have in common. */
static const char *join(const struct shukach_index *index, const char *name)
{
    const char *joined = shukach_index_fact_of(index, 0, name);
    bool latest = strcmp(name, FACT_CREATED) == 0;
    for (size_t i = 1; i < index->store->generation_count; i++) {
        const char *own = shukach_index_fact_of(index, i, name);
        int order = strcmp(joined, own);
        if (latest) {
            joined = order < 0 ? own : joined;
        } else if (order != 0) {
            return "";
        }
    }
    return joined;
}

const char *shukach_index_fact(const struct shukach_index *index,
                               const char *name)
{
    size_t sum = find_sum(name, FACTS_SUMMED);
    if (index->store->generation_count == 1) {
        return shukach_index_fact_of(index, 0, name);
    }
    if (sum < FACTS_SUMMED) {
        return index->facts[0].sums[sum];
    }
    return strcmp(name, "generation") == 0 ? index->facts[0].names
                                           : join(index, name);
}

size_t shukach_index_parts(const struct shukach_index *index)
{
    return index->store->generation_count;
}
