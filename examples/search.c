/* SPDX-License-Identifier: CC0-1.0 */
#include <shukach.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const char text[] = "У порту відновили роботу зернового термінала.";
    static const char words[] = "зерновий термінал";
    struct shukach_error err;
    struct shukach_indexer *indexer = NULL;
    struct shukach_document *document = NULL;
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    if (shukach_indexer_open("example-index", &indexer, &err) ||
        shukach_document_new(&document, &err) ||
        shukach_document_set(document, SHUKACH_ID, "port", 4, &err) ||
        shukach_document_set(document, SHUKACH_TEXT, text, strlen(text),
                             &err) ||
        shukach_indexer_add(indexer, document, &err) ||
        shukach_indexer_publish(indexer, &err) ||
        shukach_index_open("example-index", &index, &err) ||
        shukach_query_parse(words, strlen(words), SHUKACH_SYNTAX_FULL, &query,
                            &err) ||
        shukach_index_search(index, query, &hits, &err)) {
        fprintf(stderr, "%s\n", err.message);
    }
    for (size_t i = 0; hits != NULL && i < shukach_hits_count(hits); i++) {
        puts(shukach_hits_snippet(hits, i, NULL));
    }
    int failed = hits == NULL;
    shukach_hits_free(hits);
    shukach_query_free(query);
    shukach_index_close(index);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    return failed;
}
