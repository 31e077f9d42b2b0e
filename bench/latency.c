/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * latency INDEX: reads lines CONSTRUCT<TAB>QUERY<TAB>TWIN[<TAB>OPTION] on
 * standard input, where TWIN asks for any of the words of QUERY, and prints,
 * for each construct, the median and the 99th percentile of its queries and
 * how many times the median of the twins that is. OPTION is facets or newest.
 *
 * One process, the index open and warm. Each query is searched once before it
 * counts; then the best of RUNS counts, since other work on the machine only
 * ever adds. A search is from the text of the query to ten hits with snippets.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shukach.h"

enum { RUNS = 3, CONSTRUCTS_MAX = 64, QUERIES_MAX = 10000, SLOW = 20 };

struct construct {
    char *name;
    size_t count;
    size_t slow;  /* over SLOW times their twin */
    size_t empty; /* without a hit */
    double own[QUERIES_MAX];
    double twin[QUERIES_MAX];
};

static struct construct *constructs[CONSTRUCTS_MAX];
static size_t construct_count;

static _Noreturn void stop(const char *what, const char *subject)
{
    fprintf(stderr, "latency: %s: %s\n", what, subject);
    exit(2);
}

static double milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void set_option(struct shukach_query *query, const char *option)
{
    if (strcmp(option, "facets") == 0) {
        shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
        shukach_query_add_facet(query, SHUKACH_FACET_MONTH);
    } else if (strcmp(option, "newest") == 0) {
        shukach_query_set_sort(query, SHUKACH_SORT_NEWEST);
    } else if (*option != '\0') {
        stop("no such option", option);
    }
}

/* Milliseconds of one search. */
static double search_once(struct shukach_index *index, const char *text,
                          const char *option, size_t *found)
{
    struct shukach_error err;
    struct shukach_query *query;
    struct shukach_hits *hits;
    double begun = milliseconds_now();
    if (shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                            &err) != SHUKACH_OK) {
        stop(text, err.message);
    }
    set_option(query, option);
    if (shukach_index_search(index, query, &hits, &err) != SHUKACH_OK) {
        stop(text, err.message);
    }
    *found = shukach_hits_count(hits);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return milliseconds_now() - begun;
}

static double search_best(struct shukach_index *index, const char *text,
                          const char *option, size_t *found)
{
    search_once(index, text, option, found);
    double best = search_once(index, text, option, found);
    for (int i = 1; i < RUNS; i++) {
        double next = search_once(index, text, option, found);
        best = next < best ? next : best;
    }
    return best;
}

static struct construct *find_construct(const char *name)
{
    for (size_t i = 0; i < construct_count; i++) {
        if (strcmp(constructs[i]->name, name) == 0) {
            return constructs[i];
        }
    }
    struct construct *made = calloc(1, sizeof *made);
    if (construct_count == CONSTRUCTS_MAX || made == NULL ||
        (made->name = strdup(name)) == NULL) {
        stop("no room for another construct", name);
    }
    constructs[construct_count++] = made;
    return made;
}

/* Searches what a line asks for; the line is cut up. */
static void measure(struct shukach_index *index, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *name = strsep(&line, "\t");
    char *query = strsep(&line, "\t");
    char *twin = strsep(&line, "\t");
    char *option = strsep(&line, "\t");
    if (twin == NULL) {
        stop("expected CONSTRUCT<TAB>QUERY<TAB>TWIN", name);
    }
    struct construct *construct = find_construct(name);
    if (construct->count == QUERIES_MAX) {
        stop("too many queries", name);
    }
    size_t found;
    double base = search_best(index, twin, "", &found);
    double own =
        search_best(index, query, option != NULL ? option : "", &found);
    construct->own[construct->count] = own;
    construct->twin[construct->count++] = base;
    construct->empty += found == 0;
    construct->slow += own > SLOW * base;
    if (own > SLOW * base && getenv("LATENCY_VERBOSE") != NULL) {
        fprintf(stderr, "%s\t%s\t%.3f ms\t%.3f ms\n", name, query, own, base);
    }
}

static int compare_times(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;
    return (one > other) - (one < other);
}

static void print_construct(struct construct *construct)
{
    size_t count = construct->count;
    qsort(construct->own, count, sizeof *construct->own, compare_times);
    qsort(construct->twin, count, sizeof *construct->twin, compare_times);
    double median = construct->own[count / 2];
    printf("%-22s %7zu %9.3f %9.3f %7.2f %8zu %6zu\n", construct->name, count,
           median, construct->own[count * 99 / 100],
           median / construct->twin[count / 2], construct->slow,
           construct->empty);
}

int main(int argc, char **argv)
{
    struct shukach_error err;
    struct shukach_index *index;
    if (argc != 2) {
        stop("usage", "latency INDEX <QUERIES");
    }
    if (shukach_index_open(argv[1], &index, &err) != SHUKACH_OK) {
        stop(argv[1], err.message);
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) != -1) {
        measure(index, line);
    }
    if (ferror(stdin)) {
        stop("cannot read standard input", strerror(errno));
    }
    printf("%-22s %7s %9s %9s %7s %8s %6s\n", "construct", "queries", "p50 ms",
           "p99 ms", "ratio", "over 20x", "empty");
    for (size_t i = 0; i < construct_count; i++) {
        print_construct(constructs[i]);
        free(constructs[i]->name);
        free(constructs[i]);
    }
    free(line);
    shukach_index_close(index);
    return 0;
}
