/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the searcher: what the files of the parser share. */
#ifndef PARSER_H
#define PARSER_H

#include "searcher.h"

struct parser {
    const char *text;
    size_t length;
    const struct lexeme *lexemes;
    size_t at;
    unsigned depth;
    unsigned prefixes; /* so far */
    struct words_reader words;
    struct arena *arena;
    struct shukach_error *err;
    enum shukach_status status;
};

/* ---- parse.c ------------------------------------------------------------ */

/* Failure is sticky: the first is kept, NULL is returned up to the top. */
struct node *parser_fail(struct parser *p, size_t at, const char *message);
/* An empty node; NULL out of memory or after failure. */
struct node *parser_node(struct parser *p, enum node_kind kind, size_t at);
const struct lexeme *parser_peek(const struct parser *p);
/* The words between two offsets of the query. */
bool parser_words(struct parser *p, enum words_mode mode, size_t from,
                  size_t to, struct query_word **words, size_t *count);
/* Parses up to the end or a closing bracket. */
struct node *parse_list(struct parser *p);

/* ---- filters.c ---------------------------------------------------------- */

/* The value behind a field that is not title. */
struct node *parse_filter(struct parser *p, const struct lexeme *field);
/* A date as the lower or upper bound of SLOT_DATE; false if it is none. */
bool date_bound(const char *text, size_t length, bool upper,
                char out[DATE_BOUND]);

#endif
