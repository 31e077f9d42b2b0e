/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts over all matches: who published, in what language, when. */
#include "index.h"
#include "schema.h"

/* Where a facet is stored, and how much of the value it is. */
static const struct {
    uint32_t slot;
    size_t most;
    bool date;
} sources[SHUKACH_FACETS] = {
    [SHUKACH_FACET_SOURCE] = {SLOT_SOURCE, 0, false},
    [SHUKACH_FACET_AUTHOR] = {SLOT_AUTHOR, 0, false},
    [SHUKACH_FACET_LANG] = {SLOT_LANGUAGE, 0, false},
    [SHUKACH_FACET_DAY] = {SLOT_DATE, 8, true},
    [SHUKACH_FACET_WEEK] = {SLOT_DATE, 8, true},
    [SHUKACH_FACET_MONTH] = {SLOT_DATE, 6, true},
};

static int by_count(const void *a, const void *b)
{
    const struct store_count *x = a;
    const struct store_count *y = b;
    if (x->documents != y->documents) {
        return x->documents < y->documents ? 1 : -1;
    }
    return strcmp(x->value, y->value);
}

static int by_value(const void *a, const void *b)
{
    const struct store_count *x = a;
    const struct store_count *y = b;
    return strcmp(x->value, y->value);
}

/* The Monday on or before a day, in the calendar of ISO 8601. */
static void to_monday(unsigned *year, unsigned *month, unsigned *day)
{
    struct tm date = {.tm_year = (int)*year - 1900,
                      .tm_mon = (int)*month - 1,
                      .tm_mday = (int)*day,
                      .tm_hour = 12};
    time_t noon = timegm(&date);
    noon -= (time_t)((date.tm_wday + 6) % 7) * 24 * 60 * 60;
    gmtime_r(&noon, &date);
    *year = (unsigned)date.tm_year + 1900;
    *month = (unsigned)date.tm_mon + 1;
    *day = (unsigned)date.tm_mday;
}

/* 20240319 as the facet shows it; what is not known in it is left out, and
 * so 2024 stays 2024 among the days. */
static enum shukach_status show_date(struct store_count *item, bool week,
                                     struct arena *arena,
                                     struct shukach_error *err)
{
    unsigned year;
    unsigned month = 0;
    unsigned day = 0;
    char text[40];
    if (sscanf(item->value, "%4u%2u%2u", &year, &month, &day) < 1) {
        return SHUKACH_OK; /* no date */
    }
    if (week && day > 0) {
        to_monday(&year, &month, &day);
    }
    int length = snprintf(text, sizeof text, "%04u", year);
    if (month > 0) {
        length += snprintf(text + length, sizeof text - (size_t)length, "-%02u",
                           month);
    }
    if (day > 0) {
        length +=
            snprintf(text + length, sizeof text - (size_t)length, "-%02u", day);
    }
    item->value = arena_copy(arena, text, (size_t)length);
    return item->value == NULL ? error_nomem(err) : SHUKACH_OK;
}

/* Adds up neighbours of one value: days of a week. */
static void merge(struct facet *facet)
{
    size_t kept = 0;
    for (size_t i = 0; i < facet->count; i++) {
        struct store_count *last = kept > 0 ? &facet->items[kept - 1] : NULL;
        if (last != NULL && strcmp(last->value, facet->items[i].value) == 0) {
            last->documents += facet->items[i].documents;
        } else {
            facet->items[kept++] = facet->items[i];
        }
    }
    facet->count = kept;
}

bool facets_asked(const struct shukach_query *query)
{
    bool any = false;
    for (size_t f = 0; f < SHUKACH_FACETS; f++) {
        any = any || query->facets[f];
    }
    return any;
}

enum shukach_status facets_count(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 const uint32_t *numbers, size_t count,
                                 struct shukach_hits *hits,
                                 struct shukach_error *err)
{
    for (size_t f = 0; f < SHUKACH_FACETS; f++) {
        struct facet *facet = &hits->facets[f];
        if (!query->facets[f]) {
            continue;
        }
        enum shukach_status status = store_count_values(
            index->store->postings, sources[f].slot, sources[f].most, numbers,
            count, &hits->arena, &facet->items, &facet->count, err);
        for (size_t i = 0;
             status == SHUKACH_OK && sources[f].date && i < facet->count; i++) {
            status = show_date(&facet->items[i], f == SHUKACH_FACET_WEEK,
                               &hits->arena, err);
        }
        if (status != SHUKACH_OK) {
            return status;
        }
        qsort(facet->items, facet->count, sizeof *facet->items,
              sources[f].date ? by_value : by_count);
        merge(facet);
    }
    return SHUKACH_OK;
}
