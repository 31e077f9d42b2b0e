/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the peers in C and C++ share: they read the documents and the queries
 * of bench/run, and print how long each query took.
 *
 * Documents: ID, TITLE, TEXT, DATE, SOURCE with tabs between, in the escapes
 * of PostgreSQL's COPY (\n \t \\). Queries: NUMBER, OPTION, VALUE, TEXT.
 * Output: NUMBER<TAB>NANOSECONDS<TAB>HITS, at most PEER_HITS.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PEER_HITS = 10, PEER_SNIPPET = 240 };

struct peer_document {
    char *id;
    char *title;
    char *text;
    char *date;
    char *source;
};

struct peer_query {
    char *number;
    char *option; /* empty, month, source, facets, newest or snippets */
    char *value;  /* of month and source */
    char *text;
    long long best;
    int hits;
};

static inline void peer_stop(const char *what, const char *subject)
{
    fprintf(stderr, "%s: %s\n", subject, what);
    exit(2);
}

static inline FILE *peer_open(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        peer_stop(strerror(errno), path);
    }
    return file;
}

static inline void peer_unescape(char *text)
{
    char *to = text;
    for (; *text != '\0'; text++) {
        if (*text == '\\' && text[1] != '\0') {
            text++;
            *to++ = *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
}

/* Cuts a line at its tabs into exactly count fields. */
static inline void peer_split(char *line, char **fields, int count,
                              const char *path)
{
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < count; i++) {
        fields[i] = strsep(&line, "\t");
        if (fields[i] == NULL) {
            peer_stop("a line has too few fields", path);
        }
    }
}

static inline void peer_read_documents(const char *path,
                                       void (*add)(const struct peer_document *,
                                                   void *),
                                       void *payload)
{
    FILE *file = peer_open(path);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) != -1) {
        char *field[5];
        peer_split(line, field, 5, path);
        for (int i = 0; i < 5; i++) {
            peer_unescape(field[i]);
        }
        struct peer_document document = {field[0], field[1], field[2], field[3],
                                         field[4]};
        add(&document, payload);
    }
    free(line);
    fclose(file);
}

static inline long long peer_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Reads queries and searches each, which warms and does not count, until half
 * of the time is over. Returns their number. */
static inline size_t peer_warm(const char *path, long long nanoseconds,
                               int (*search)(const struct peer_query *, void *),
                               void *payload, struct peer_query **queries)
{
    FILE *file = peer_open(path);
    char *line = NULL;
    size_t room = 0;
    size_t count = 0;
    long long end = peer_now() + nanoseconds / 2;
    while (peer_now() < end && getline(&line, &room, file) != -1) {
        char *field[4];
        peer_split(line, field, 4, path);
        struct peer_query query = {field[0], field[1], field[2],
                                   field[3], 0,        0};
        *queries =
            (struct peer_query *)realloc(*queries, (count + 1) * sizeof query);
        if (*queries == NULL) {
            peer_stop("out of memory", path);
        }
        (*queries)[count++] = query;
        line = NULL; /* the query keeps it, at its number */
        search(&query, payload);
    }
    free(line);
    fclose(file);
    return count;
}

/* After warming one round over all queries, and up to two more if there is
 * time for them; the best time of a query counts, since other work on the
 * machine only ever adds. The callback returns the number of hits. */
static inline void
peer_search_all(const char *path, const char *seconds,
                int (*search)(const struct peer_query *, void *), void *payload)
{
    struct peer_query *queries = NULL;
    long long limit = (long long)(atof(seconds) * 1e9);
    long long end = peer_now() + limit;
    long long last = 0;
    size_t count = peer_warm(path, limit, search, payload, &queries);
    for (int i = 0; i < 3 && (i == 0 || peer_now() + last < end); i++) {
        long long round = peer_now();
        for (size_t j = 0; j < count; j++) {
            long long begun = peer_now();
            queries[j].hits = search(&queries[j], payload);
            long long took = peer_now() - begun;
            if (i == 0 || took < queries[j].best) {
                queries[j].best = took;
            }
        }
        last = peer_now() - round;
    }
    for (size_t i = 0; i < count; i++) {
        printf("%s\t%lld\t%d\n", queries[i].number, queries[i].best,
               queries[i].hits);
        free(queries[i].number);
    }
    free(queries);
}

#endif
