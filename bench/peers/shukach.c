/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peer_shukach search INDEX QUERIES SECONDS: see peer.h.
 *
 * From the text of a query to ten hits with their fields; snippets where they
 * are asked for. `shukach index` makes the index.
 */
#include "shukach.h"
#include "peer.h"

static void set_option(struct shukach_query *query, const char *option)
{
    if (strcmp(option, "facets") == 0) {
        shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
        shukach_query_add_facet(query, SHUKACH_FACET_MONTH);
    } else if (strcmp(option, "newest") == 0) {
        shukach_query_set_sort(query, SHUKACH_SORT_NEWEST);
    }
    if (strcmp(option, "snippets") != 0) {
        shukach_query_set_snippet(query, 0);
    }
}

static int search(const struct peer_query *asked, void *payload)
{
    struct shukach_index *index = payload;
    struct shukach_error err;
    struct shukach_query *query;
    struct shukach_hits *hits;
    char text[4096];
    const char *filter = strcmp(asked->option, "month") == 0    ? " date:"
                         : strcmp(asked->option, "source") == 0 ? " source:"
                                                                : NULL;
    snprintf(text, sizeof text, filter != NULL ? "%s%s\"%s\"" : "%s",
             asked->text, filter, asked->value);
    if (shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                            &err) != SHUKACH_OK) {
        peer_stop(err.message, text);
    }
    set_option(query, asked->option);
    if (shukach_index_search(index, query, &hits, &err) != SHUKACH_OK) {
        peer_stop(err.message, text);
    }
    int count = (int)shukach_hits_count(hits);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return count;
}

int main(int argc, char **argv)
{
    struct shukach_error err;
    struct shukach_index *index;
    if (argc != 5 || strcmp(argv[1], "search") != 0) {
        peer_stop("search INDEX QUERIES SECONDS", argv[0]);
    }
    if (shukach_index_open(argv[2], &index, &err) != SHUKACH_OK) {
        peer_stop(err.message, argv[2]);
    }
    peer_search_all(argv[3], argv[4], search, index);
    shukach_index_close(index);
    return 0;
}
