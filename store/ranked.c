/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best documents of several files. Xapian deals those of equal weight out
 * in turn, so where the list ends among equals, which of them are in it would
 * depend on its length, and pages would repeat documents and leave others
 * out. Here equals come in the order of their numbers. */
#include "store.h"

static int by_weight(const void *a, const void *b)
{
    const struct store_match *x = a;
    const struct store_match *y = b;
    if (x->weight != y->weight) {
        return x->weight < y->weight ? 1 : -1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

/* How many matches, from the best on, are better than the last one. */
static size_t count_better(const struct store_matches *matches)
{
    size_t better = matches->count;
    while (better > 0 && matches->items[better - 1].weight ==
                             matches->items[matches->count - 1].weight) {
        better--;
    }
    return better;
}

/* Takes the first equals of the last match, file after file. They take its
 * place and that of its equals if there are as many. */
static enum shukach_status
take_first(struct store_postings *postings, const struct store_query *query,
           const struct store_match_options *options, struct arena *arena,
           struct store_matches *all, struct shukach_error *err)
{
    size_t better = count_better(all);
    size_t wanted = all->count - better;
    size_t taken = 0;
    size_t parts = store_postings_parts(postings);
    double weight = all->items[all->count - 1].weight;
    struct store_match_options some = *options;
    struct store_match *equals = arena_array(arena, wanted, sizeof *equals);
    some.check_at_least = 0;
    if (equals == NULL) {
        return error_nomem(err);
    }
    for (size_t part = 0; part < parts && taken < wanted; part++) {
        struct store_matches own;
        enum shukach_status status = store_search_part(
            postings, query, &some, part, weight, arena, &own, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        for (size_t i = 0; i < own.count && taken < wanted; i++) {
            if (own.items[i].weight == weight) {
                equals[taken++] = own.items[i];
            }
        }
    }
    if (taken == wanted) {
        memcpy(all->items + better, equals, wanted * sizeof *equals);
    }
    return SHUKACH_OK;
}

enum shukach_status store_search(struct store_postings *postings,
                                 const struct store_query *query,
                                 const struct store_match_options *options,
                                 struct arena *arena, struct store_matches *out,
                                 struct shukach_error *err)
{
    enum shukach_status status = store_search_part(
        postings, query, options, SIZE_MAX, 0, arena, out, err);
    if (status != SHUKACH_OK || options->order != STORE_BY_WEIGHT ||
        store_postings_parts(postings) < 2 || out->count == 0) {
        return status;
    }
    bool cut = out->count == options->limit && out->count < out->upper;
    if (cut && options->first == 0) {
        status = take_first(postings, query, options, arena, out, err);
    }
    qsort(out->items, out->count, sizeof *out->items, by_weight);
    return status;
}
