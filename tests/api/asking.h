/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a thread asks of an index, and whether the answers are those of one
 * generation. */
#ifndef ASKING_H
#define ASKING_H

#include "api.h"

#include <pthread.h>

/* Generation G holds FIRST + G documents, and each says G. */
enum { THREADS = 8, FIRST = 6, GENERATIONS = 12 };

/* cmocka's assertions are for the thread of main: the others say what they
 * found here. */
struct thread {
    pthread_t id;
    int number;
    unsigned long digest; /* of all that came back */
    int rounds;
    char fault[600];
};

/* Keeps the first fault. */
static bool want(struct thread *thread, bool good, const char *what,
                 const struct shukach_error *err)
{
    if (!good && thread->fault[0] == '\0') {
        snprintf(thread->fault, sizeof thread->fault, "%s: %s", what,
                 err == NULL ? "" : err->message);
    }
    return good;
}

static void digest(struct thread *thread, const char *text)
{
    for (; *text != '\0'; text++) {
        thread->digest = thread->digest * 31 + (unsigned char)*text;
    }
}

/* ---- Asking ---------------------------------------------------------------
 */

enum { NONE = 0, ONE = 1, ALL = 2 };

static const struct {
    const char *text;
    int found;
} questions[] = {
    {"порти", ALL},
    {"\"порт Одеси\"", ALL},
    {"\"Одеса порт\"", NONE},
    {"=Одеси", ALL},
    {"=Одеса", NONE},
    {"порт NEAR/4 Коваленко", ALL},
    {"інж*", ALL},
    {"Kovalenko", ALL},
    {"порт -Одеса", NONE},
    {"(міст АБО порт) І НЕ річка", ALL},
    {"title:новина^2 date:2024-03", ALL},
    {"source:джерело author:редакція site:example.org lang:uk", ALL},
    {"id:d0", ONE},
};

/* What an index handle must answer. */
struct asked {
    struct thread *thread;
    struct shukach_index *index;
    int version; /* the generation that it shows */
    size_t seen; /* by callbacks */
    struct shukach_error err;
};

static size_t documents(const struct asked *asked)
{
    return (size_t)(FIRST + asked->version);
}

/* Whether a text is one of this generation. */
static bool is_ours(const struct asked *asked, const char *text)
{
    char begin[40];
    snprintf(begin, sizeof begin, "Випуск %d.", asked->version);
    return strncmp(text, begin, strlen(begin)) == 0;
}

static struct shukach_query *parse(struct asked *asked, const char *text)
{
    struct shukach_query *query = NULL;
    want(asked->thread,
         shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                             &asked->err) == SHUKACH_OK,
         text, &asked->err);
    return query;
}

/* Total, texts, snippets, parts of the score and facets of an answer. */
static bool check_hits(struct asked *asked, const struct shukach_hits *hits,
                       size_t expected, const char *text)
{
    struct thread *thread = asked->thread;
    uint64_t lower;
    uint64_t upper;
    uint64_t in_facet = 0;
    uint64_t documents_of;
    shukach_hits_total(hits, &lower, &upper);
    bool good =
        want(thread, lower == expected && upper == expected, text, NULL);
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t count;
        size_t length;
        digest(thread, shukach_hits_snippet(hits, i, &length));
        const struct shukach_range *ranges =
            shukach_hits_snippet_ranges(hits, i, &count);
        const char *found = shukach_hits_field(hits, i, SHUKACH_TEXT, NULL);
        good &= want(thread, is_ours(asked, found) && length > 0, found, NULL);
        for (size_t k = 0; k < count; k++) {
            good &= want(thread, ranges[k].to <= length, "a range", NULL);
        }
        double sum = 0;
        const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
        for (size_t k = 0; k < count; k++) {
            sum += parts[k].score;
        }
        double rest = shukach_hits_score(hits, i) - sum;
        good &= want(thread, count == 0 || (rest < 1e-6 && rest > -1e-6),
                     "a sum of parts", NULL);
    }
    for (size_t i = 0; i < shukach_hits_facet_count(hits, SHUKACH_FACET_SOURCE);
         i++) {
        digest(thread, shukach_hits_facet(hits, SHUKACH_FACET_SOURCE, i,
                                          &documents_of));
        in_facet += documents_of;
    }
    return good & want(thread, in_facet == expected, "a facet", NULL);
}

static bool ask(struct asked *asked, const char *text, size_t expected)
{
    struct shukach_query *query = parse(asked, text);
    struct shukach_hits *hits = NULL;
    if (query == NULL) {
        return false;
    }
    shukach_query_set_window(query, 0, 0);
    shukach_query_set_exact_total(query, 1);
    shukach_query_set_explain(query, 1);
    shukach_query_set_fragments(query, 2);
    shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
    shukach_query_add_facet(query, SHUKACH_FACET_MONTH);
    bool good = want(asked->thread,
                     shukach_index_search(asked->index, query, &hits,
                                          &asked->err) == SHUKACH_OK,
                     text, &asked->err) &&
                check_hits(asked, hits, expected, text);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return good;
}

static int on_document(const struct shukach_document *document, void *payload)
{
    struct asked *asked = payload;
    asked->seen +=
        is_ours(asked, shukach_document_get(document, SHUKACH_TEXT, NULL));
    return 0;
}

static int on_hit(const struct shukach_hits *hit, void *payload)
{
    struct asked *asked = payload;
    asked->seen +=
        is_ours(asked, shukach_hits_field(hit, 0, SHUKACH_TEXT, NULL));
    return 0;
}

static int on_name(const struct shukach_name *name, void *payload)
{
    struct asked *asked = payload;
    if (strcmp(name->text, "Одеси") == 0) {
        asked->seen += name->documents;
    }
    return 0;
}

static int on_form(const char *form, size_t length, uint64_t count,
                   void *payload)
{
    struct asked *asked = payload;
    if (length == strlen("Одеси") && strcmp(form, "Одеси") == 0) {
        asked->seen += count;
    }
    return 0;
}

/* Whether a call that called back has met every document. */
static bool met_all(struct asked *asked, const char *what,
                    enum shukach_status status)
{
    bool good =
        want(asked->thread, status == SHUKACH_OK, what, &asked->err) &&
        want(asked->thread, asked->seen == documents(asked), what, NULL);
    asked->seen = 0;
    return good;
}

static bool ask_by_callbacks(struct asked *asked)
{
    struct shukach_index *index = asked->index;
    struct shukach_error *err = &asked->err;
    struct shukach_query *query = parse(asked, "порт");
    if (query == NULL) {
        return false;
    }
    shukach_query_set_window(query, 0, 0);
    bool good = met_all(asked, "stream",
                        shukach_index_stream(index, query, on_document, asked,
                                             NULL, err)) &&
                met_all(asked, "stream_hits",
                        shukach_index_stream_hits(index, query, on_hit, asked,
                                                  NULL, err)) &&
                met_all(asked, "names",
                        shukach_index_names(index, query, 0, 0, on_name, asked,
                                            NULL, NULL, err)) &&
                met_all(asked, "complete",
                        shukach_index_complete(index, "Оде", strlen("Оде"), 10,
                                               on_form, asked, err));
    shukach_query_free(query);
    return good;
}

/* One document by its id, and a word that is in none. */
static bool ask_the_rest(struct asked *asked)
{
    static const char wrong[] = "інжененка";
    struct shukach_document *document = NULL;
    struct shukach_hits *hits = NULL;
    struct shukach_query *query = parse(asked, wrong);
    if (query == NULL) {
        return false;
    }
    shukach_query_set_suggest(query, 1);
    bool good =
        want(asked->thread,
             shukach_index_search(asked->index, query, &hits, &asked->err) ==
                     SHUKACH_OK &&
                 strcmp(shukach_hits_suggestion(hits, NULL), "Інженерка") == 0,
             "suggestion", &asked->err) &&
        want(asked->thread,
             shukach_index_document_open(asked->index, "d3", 2, &document,
                                         &asked->err) == SHUKACH_OK &&
                 is_ours(asked,
                         shukach_document_get(document, SHUKACH_TEXT, NULL)),
             "document", &asked->err);
    shukach_document_free(document);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return good;
}

/* All that can be asked; the answers are those of one generation. */
static bool ask_all(struct thread *thread, struct shukach_index *index)
{
    struct asked asked = {.thread = thread,
                          .index = index,
                          .version = (int)shukach_index_count(index) - FIRST};
    const size_t found[] = {[NONE] = 0, [ONE] = 1, [ALL] = documents(&asked)};
    bool good = true;
    for (size_t i = 0; i < sizeof questions / sizeof *questions && good; i++) {
        good = ask(&asked, questions[i].text, found[questions[i].found]);
    }
    for (int version = 0; version <= GENERATIONS && good; version++) {
        char text[40];
        snprintf(text, sizeof text, "\"випуск %d\"", version);
        good = ask(&asked, text, found[version == asked.version ? ALL : NONE]);
    }
    return good && ask_by_callbacks(&asked) && ask_the_rest(&asked);
}

#endif
