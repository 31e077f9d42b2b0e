/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the searcher: what the files of the parser share. */
#ifndef PARSER_H
#define PARSER_H

#include "searcher.h"

struct correction {
    struct arena *arena; /* for the text */
    size_t from;         /* bytes of the query */
    size_t to;
    const char *text; /* what goes in their place; NULL: not known */
};

struct parser {
    const char *text;
    size_t length;
    const struct lexeme *lexemes;
    size_t at;
    unsigned depth;
    unsigned prefixes; /* so far */
    struct words_reader words;
    struct arena *arena;
    struct correction *fix; /* NULL where nobody asks for it */
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

/* ---- lex.c -------------------------------------------------------------- */

/* Reads the whole query into an array that ends in LEX_END. QUERY. */
enum shukach_status lex(const char *text, size_t length, struct arena *arena,
                        struct correction *fix, struct lexeme **out,
                        size_t *count, struct shukach_error *err);

/* ---- query.c ------------------------------------------------------------ */

/* shukach_query_parse; after QUERY and LIMIT, `fix` (may be NULL) may say
 * what would help. */
enum shukach_status query_read(const char *text, size_t length,
                               enum shukach_syntax syntax,
                               struct correction *fix,
                               struct shukach_query **out,
                               struct shukach_error *err);

/* ---- correct.c ---------------------------------------------------------- */

/* Says what would make a query right: other text for the bytes [from, to).
 * Only the first is kept, as of errors. */
void correct_put(struct correction *fix, size_t from, size_t to,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
void correct_cut(struct correction *fix, size_t from, size_t to);
/* The field that was probably meant by a name, or NULL. */
const char *correct_field(const char *name, size_t length);
/* A prefix without its stars. */
void correct_stars(struct parser *p, const struct lexeme *prefix);
/* Moves a filter, with its sign, behind the title: it stands in. */
void correct_title(struct parser *p, const struct lexeme *title,
                   const struct node *filter);
/* At a lexeme that cannot stand here: two signs or operators of which the
 * first is too many, or one with nothing beside it. */
void correct_operator(struct parser *p, const struct lexeme *lexeme);
/* At the end of a list in which all is excluded; `first` begins it. */
void correct_signs(struct parser *p, const struct lexeme *first);

/* ---- filters.c ---------------------------------------------------------- */

/* The value behind a field that is not title. */
struct node *parse_filter(struct parser *p, const struct lexeme *field);
/* Makes one node of each group of filters beside words that must hold: those
 * of one field in any one of their values, and so those that OR joins. */
struct node *group_filters(struct parser *p, struct node *list);

/* ---- dates.c ------------------------------------------------------------ */

/* A date as the lower or upper bound of SLOT_DATE; false if it is none. */
bool date_bound(const char *text, size_t length, bool upper,
                char out[DATE_BOUND]);
/* The bounds of 2024-03, 2024-03..2024-05, 2024.., ..2024-03, >=2024 and
 * <2024-03; false if it is none of these. */
bool date_range(struct parser *p, struct node *node, const char *text,
                size_t length);
/* What a bad value was probably meant to be; false if nobody can say. */
bool date_correct(const char *text, size_t length, struct buf *out);
/* Latin and Cyrillic capitals as small letters. */
uint32_t small_letter(uint32_t code);

#endif
