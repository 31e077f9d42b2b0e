/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For cmocka programs that open several indexes as one, through the public
 * header. */
#ifndef SEVERAL_H
#define SEVERAL_H

#include "scratch.h"
#include "shukach.h"

struct fields {
    char id[16];
    char text[2048];
    char title[256];
    char date[16];
    const char *source;
};

static inline void add(struct shukach_indexer *indexer,
                       const struct fields *one)
{
    struct shukach_document *document;
    const struct {
        enum shukach_field field;
        const char *text;
    } set[] = {{SHUKACH_ID, one->id},
               {SHUKACH_TEXT, one->text},
               {SHUKACH_TITLE, one->title},
               {SHUKACH_DATE, one->date},
               {SHUKACH_SOURCE, one->source}};
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
        assert_int_equal(shukach_document_set(document, set[i].field,
                                              set[i].text, strlen(set[i].text),
                                              NULL),
                         SHUKACH_OK);
    }
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    shukach_document_free(document);
}

static inline struct shukach_index *open_all(const char *const *dirs,
                                             size_t count)
{
    struct shukach_index *index;
    struct shukach_error err;
    if (shukach_index_open_several(dirs, count, &index, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    return index;
}

static inline struct shukach_query *parse(const char *text)
{
    struct shukach_query *query;
    struct shukach_error err;
    if (shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                            &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    return query;
}

static inline struct shukach_hits *search(struct shukach_index *index,
                                          const struct shukach_query *query)
{
    struct shukach_hits *hits;
    assert_int_equal(shukach_index_search(index, query, &hits, NULL),
                     SHUKACH_OK);
    return hits;
}

static inline void same_text(const char *a, const char *b)
{
    assert_string_equal(a, b);
}

#endif
