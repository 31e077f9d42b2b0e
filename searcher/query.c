/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query as its owner sees it: parsed, then set. */
#include "parser.h"

/* A fragment has so many letters, or so many words where it needs them to
 * show all words of the query. */
#define SNIPPET_LETTERS 240
#define SNIPPET_WORDS 60

static enum shukach_status parse_full(struct parser *p, struct node **root)
{
    struct lexeme *lexemes;
    size_t count;
    p->status =
        lex(p->text, p->length, p->arena, p->fix, &lexemes, &count, p->err);
    if (p->status == SHUKACH_OK) {
        p->lexemes = lexemes;
        *root = parse_list(p);
    }
    return p->status;
}

static enum shukach_status parse_plain(struct parser *p, struct node **root)
{
    const struct lexeme all[] = {
        {.kind = LEX_WORD, .from = 0, .to = p->length},
        {.kind = LEX_END, .at = p->length},
    };
    p->lexemes = all;
    *root = parse_list(p);
    return p->status;
}

enum shukach_status query_read(const char *text, size_t length,
                               enum shukach_syntax syntax,
                               struct correction *fix,
                               struct shukach_query **out,
                               struct shukach_error *err)
{
    size_t bad;
    if (out == NULL || (text == NULL && length > 0)) {
        return error_set(err, SHUKACH_INVALID, "no query was given");
    }
    *out = NULL;
    if (length > QUERY_BYTES) {
        return error_at(err, SHUKACH_LIMIT, QUERY_BYTES,
                        "the query is over %zu bytes; shorten it", QUERY_BYTES);
    }
    if (!utf8_valid(text, length, &bad)) {
        return error_at(err, SHUKACH_ENCODING, bad,
                        "the query is not valid UTF-8 at byte %zu", bad);
    }
    struct shukach_query *query = calloc(1, sizeof *query);
    struct analyser *analyser = NULL;
    if (query == NULL) {
        return error_nomem(err);
    }
    query->text = arena_copy(&query->arena, text, length);
    query->length = length;
    if (query->text == NULL) {
        shukach_query_free(query);
        return error_nomem(err);
    }
    query->limit = 10;
    query->snippet = SNIPPET_LETTERS;
    query->stretch = SNIPPET_WORDS;
    query->fragments = 1;
    query->variants = true;
    query->names = true;
    enum shukach_status status = analyser_new(&analyser, err);
    if (status == SHUKACH_OK) {
        struct parser parser = {
            .text = text,
            .length = length,
            .words = {.analyser = analyser, .arena = &query->arena},
            .arena = &query->arena,
            .fix = fix,
            .err = err,
        };
        status = syntax == SHUKACH_SYNTAX_PLAIN
                     ? parse_plain(&parser, &query->root)
                     : parse_full(&parser, &query->root);
    }
    analyser_free(analyser);
    if (status != SHUKACH_OK) {
        shukach_query_free(query);
        return status;
    }
    *out = query;
    return SHUKACH_OK;
}

enum shukach_status shukach_query_parse(const char *text, size_t length,
                                        enum shukach_syntax syntax,
                                        struct shukach_query **out,
                                        struct shukach_error *err)
{
    return query_read(text, length, syntax, NULL, out, err);
}

void shukach_query_set_window(struct shukach_query *query, uint64_t offset,
                              uint64_t limit)
{
    query->offset = offset;
    query->limit = limit;
}

void shukach_query_set_sort(struct shukach_query *query, enum shukach_sort sort)
{
    query->sort = sort;
}

void shukach_query_set_snippet(struct shukach_query *query, size_t letters)
{
    query->snippet = letters;
    query->stretch = 0;
}

void shukach_query_set_title_ranges(struct shukach_query *query, int on)
{
    query->titles = on != 0;
}

void shukach_query_set_fragments(struct shukach_query *query, size_t most)
{
    query->fragments = most > 0 ? most : 1;
}

void shukach_query_set_variants(struct shukach_query *query, int on)
{
    query->variants = on != 0;
}

void shukach_query_add_facet(struct shukach_query *query,
                             enum shukach_facet facet)
{
    if ((unsigned)facet < SHUKACH_FACETS) {
        query->facets[facet] = true;
    }
}

void shukach_query_set_names(struct shukach_query *query, int on)
{
    query->names = on != 0;
}

void shukach_query_set_exact_total(struct shukach_query *query, int exact)
{
    query->exact_total = exact != 0;
}

void shukach_query_set_suggest(struct shukach_query *query, int suggest)
{
    query->suggest = suggest != 0;
}

void shukach_query_set_explain(struct shukach_query *query, int explain)
{
    query->explain = explain != 0;
}

static enum shukach_status set_bound(struct shukach_query *query,
                                     const char *text, bool upper,
                                     const char **out,
                                     struct shukach_error *err)
{
    *out = NULL;
    if (text == NULL || *text == '\0') {
        return SHUKACH_OK;
    }
    char *bound = arena_array(&query->arena, 1, DATE_BOUND);
    if (bound == NULL) {
        return error_nomem(err);
    }
    if (!date_bound(text, strlen(text), upper, bound)) {
        return error_set(err, SHUKACH_QUERY,
                         "\"%.40s\" is not a date; write 2024, 2024-03 or "
                         "2024-03-19",
                         text);
    }
    *out = bound;
    return SHUKACH_OK;
}

enum shukach_status shukach_query_set_recent(struct shukach_query *query,
                                             uint32_t half_life,
                                             const char *today,
                                             struct shukach_error *err)
{
    const char *bound;
    enum shukach_status status = set_bound(query, today, false, &bound, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    query->half_life = half_life;
    query->today = (int64_t)time(NULL) / (24 * 60 * 60);
    if (bound != NULL) {
        (void)date_days(bound, &query->today);
    }
    return SHUKACH_OK;
}

enum shukach_status shukach_query_set_dates(struct shukach_query *query,
                                            const char *since,
                                            const char *until,
                                            struct shukach_error *err)
{
    enum shukach_status status =
        set_bound(query, since, false, &query->since, err);
    return status == SHUKACH_OK
               ? set_bound(query, until, true, &query->until, err)
               : status;
}

void shukach_query_free(struct shukach_query *query)
{
    if (query != NULL) {
        arena_free(&query->arena);
        free(query);
    }
}

/* ---- The tree ------------------------------------------------------------ */

struct node *tree_copy(struct arena *arena, const struct node *node)
{
    struct node *copy = arena_array(arena, 1, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *node;
    copy->next = NULL;
    if (node->words != NULL) {
        copy->words = arena_array(arena, node->word_count, sizeof *copy->words);
        if (copy->words == NULL) {
            return NULL;
        }
        memcpy(copy->words, node->words,
               node->word_count * sizeof *copy->words);
    }
    struct node **tail = &copy->first;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        *tail = tree_copy(arena, child);
        if (*tail == NULL) {
            return NULL;
        }
        tail = &(*tail)->next;
    }
    return copy;
}
