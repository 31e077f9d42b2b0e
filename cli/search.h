/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside `shukach search`: search.c takes the options and answers a query,
 * batch.c many. */
#ifndef SEARCH_H
#define SEARCH_H

#include "cli.h"

#define TABLES_MAX 32

struct request {
    struct asking asking;
    const char *batch;
    const char *output; /* of a batch, NULL for standard output */
    bool resume;
    const struct printer *printer;
    enum shukach_sort sort;
    uint64_t limit;
    bool limit_given;
    uint64_t offset;
    uint64_t snippet;
    bool snippet_given;
    uint64_t fragments;
    bool full;                      /* the whole text as a snippet */
    const char *tables[TABLES_MAX]; /* of variants */
    size_t table_count;
    char end;
    bool facets[SHUKACH_FACETS];
    bool exact_total;
    bool explain;
    uint64_t half_life; /* days */

    /* Of a batch at work. */
    bool headed;               /* the output has its head already */
    struct progress *progress; /* to be wiped before a message */
};

/* Searches and prints; `*found` is how many hits. CANCELLED if standard output
 * failed. */
enum shukach_status answer_query(struct shukach_index *index,
                                 const struct request *request, const char *qid,
                                 const char *text, size_t *found,
                                 struct shukach_error *err);
/* The exit code. */
int search_batch(struct shukach_index *index, struct request *request);

#endif
