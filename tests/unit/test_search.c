/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random queries over random documents: the answer must be that of a slow
 * matcher which reads the tokens of each document and uses no index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyser.h"
#include "base.h"
#include "random.h"

#define DOCUMENTS 300
#define WORDS_MAX 60
#define QUERIES 2000

static const char *const vocabulary[] = {
    "удар",
    "удари",
    "ударів",
    "ракета",
    "ракетний",
    "ракетних",
    "місто",
    "міста",
    "місті",
    "порт",
    "порту",
    "С-300",
    "С-300-ми",
    "Київ",
    "Києва",
    "не",
    "за",
    "північно-східний",
    "північно-східної",
    "155-мм",
    "президент",
    "президента",
    "НАТО",
    "лід",
};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

/* Beginnings of them, whole ones among them, and one of nothing. */
static const char *const prefixes[] = {
    "уда",    "удар", "ра",   "ракетн",     "міс", "місто",
    "по",     "С-3",  "Ки",   "не",         "за",  "північно-с",
    "північ", "схід", "през", "президента", "НА",  "лід",
    "155-м",  "щось", "півн", "С-300-",
};
#define PREFIXES (sizeof prefixes / sizeof *prefixes)

/* ---- The slow matcher ---------------------------------------------------- */

struct place {
    char form[64];
    char stems[TOKEN_STEMS][64];
    size_t stem_count;
    uint32_t position;
    uint32_t width;
    enum token_kind kind;
};

struct places {
    struct place *items;
    size_t count;
    size_t capacity;
};

static int on_token(const struct token *token, void *payload)
{
    struct places *places = payload;
    assert_true(array_grow((void **)&places->items, &places->capacity,
                           places->count + 1, sizeof *places->items));
    struct place *place = &places->items[places->count++];
    *place = (struct place){.position = token->position,
                            .width = token->width,
                            .kind = token->kind,
                            .stem_count = token->stem_count};
    snprintf(place->form, sizeof place->form, "%s", token->form);
    for (size_t i = 0; i < token->stem_count; i++) {
        snprintf(place->stems[i], sizeof place->stems[i], "%s%s",
                 token->stems[i].russian ? "ru:" : "", token->stems[i].text);
    }
    return 0;
}

static struct places read_places(struct analyser *analyser,
                                 enum analyser_mode mode, const char *text)
{
    struct places places = {0};
    assert_int_equal(analyser_run(analyser, mode, "uk", text, strlen(text),
                                  on_token, &places, NULL),
                     SHUKACH_OK);
    return places;
}

static bool matches(const struct place *asked, const struct place *seen,
                    bool exact, bool prefix)
{
    if (prefix) {
        return strncmp(asked->form, seen->form, strlen(asked->form)) == 0;
    }
    if (exact) {
        return strcmp(asked->form, seen->form) == 0;
    }
    for (size_t i = 0; i < asked->stem_count; i++) {
        for (size_t k = 0; k < seen->stem_count; k++) {
            if (strcmp(asked->stems[i], seen->stems[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* A word or a phrase of the random query. */
struct part {
    const char *words[3];
    size_t count;
    bool exact;
    bool prefix; /* one word, with a star */
};

/* Whether the part stands with its first word at `position`. */
static bool stands(struct analyser *analyser, const struct places *seen,
                   const struct part *part, uint32_t position, uint32_t *last)
{
    uint32_t at = position;
    for (size_t w = 0; w < part->count; w++) {
        struct places asked =
            read_places(analyser, ANALYSE_QUERY, part->words[w]);
        /* A phrase is matched word by word, a single word as a whole. */
        for (size_t i = 0; i < asked.count; i++) {
            struct place *word = &asked.items[i];
            const char *raw = part->words[w];
            if (part->prefix && raw[strlen(raw) - 1] == '-') {
                /* No part of the token, but of the prefix. */
                memcpy(word->form + strlen(word->form), "-", 2);
            }
            bool whole = word->kind == TOKEN_WHOLE;
            bool skip = part->count > 1 ? whole : word->kind == TOKEN_PART;
            bool found = skip;
            for (size_t k = 0; k < seen->count && !found; k++) {
                found =
                    seen->items[k].position == at &&
                    matches(word, &seen->items[k], part->exact, part->prefix);
            }
            if (!found) {
                free(asked.items);
                return false;
            }
            at += skip ? 0 : 1;
        }
        free(asked.items);
    }
    *last = at - 1;
    return true;
}

static bool holds(struct analyser *analyser, const struct places *seen,
                  const struct part *part)
{
    uint32_t last;
    uint32_t end =
        seen->count > 0 ? seen->items[seen->count - 1].position + 1 : 0;
    for (uint32_t at = 0; at < end; at++) {
        if (stands(analyser, seen, part, at, &last)) {
            return true;
        }
    }
    return false;
}

static bool near(struct analyser *analyser, const struct places *seen,
                 const struct part *a, const struct part *b, uint32_t distance)
{
    uint32_t end =
        seen->count > 0 ? seen->items[seen->count - 1].position + 1 : 0;
    for (uint32_t i = 0; i < end; i++) {
        uint32_t i_last;
        if (!stands(analyser, seen, a, i, &i_last)) {
            continue;
        }
        for (uint32_t k = 0; k < end; k++) {
            uint32_t k_last;
            if (stands(analyser, seen, b, k, &k_last) &&
                ((k > i_last && k - i_last <= distance) ||
                 (i > k_last && i - k_last <= distance))) {
                return true;
            }
        }
    }
    return false;
}

/* ---- Random queries ------------------------------------------------------ */

enum shape { ANY, AND, AND_NOT, MUST, NEAR, OR_AND, SHAPES };

static struct part random_part(void)
{
    struct part part = {.count = pick(3) == 0 ? 2 + pick(2) : 1,
                        .exact = pick(4) == 0};
    for (size_t i = 0; i < part.count; i++) {
        part.words[i] = vocabulary[pick(VOCABULARY)];
    }
    if (part.count == 1 && pick(3) == 0) {
        part.prefix = true;
        part.words[0] = prefixes[pick(PREFIXES)];
    }
    return part;
}

static void write_part(struct buf *out, const struct part *part)
{
    buf_add_text(out, part->exact ? "=" : "");
    buf_add_text(out, part->count > 1 ? "\"" : "");
    for (size_t i = 0; i < part->count; i++) {
        buf_format(out, "%s%s", i > 0 ? " " : "", part->words[i]);
    }
    buf_add_text(out, part->count > 1 ? "\"" : "");
    buf_add_text(out, part->prefix ? "*" : "");
}

struct query {
    enum shape shape;
    struct part parts[3];
    uint32_t distance;
};

static void write_query(struct buf *out, const struct query *query)
{
    static const char *const patterns[SHAPES] = {
        [ANY] = "0 OR 1",   [AND] = "0 AND 1",     [AND_NOT] = "0 AND NOT 1",
        [MUST] = "+0 1 -2", [NEAR] = "0 NEAR/n 1", [OR_AND] = "(0 OR 1) AND 2",
    };
    for (const char *c = patterns[query->shape]; *c != '\0'; c++) {
        if (*c >= '0' && *c <= '2') {
            write_part(out, &query->parts[*c - '0']);
        } else if (*c == 'n') {
            buf_format(out, "%u", query->distance);
        } else {
            buf_add_char(out, *c);
        }
    }
}

static bool expected(struct analyser *analyser, const struct places *seen,
                     const struct query *query)
{
    const struct part *parts = query->parts;
    switch (query->shape) {
    case ANY:
        return holds(analyser, seen, &parts[0]) ||
               holds(analyser, seen, &parts[1]);
    case AND:
        return holds(analyser, seen, &parts[0]) &&
               holds(analyser, seen, &parts[1]);
    case AND_NOT:
        return holds(analyser, seen, &parts[0]) &&
               !holds(analyser, seen, &parts[1]);
    case MUST:
        return holds(analyser, seen, &parts[0]) &&
               !holds(analyser, seen, &parts[2]);
    case NEAR:
        return near(analyser, seen, &parts[0], &parts[1], query->distance);
    default:
        return (holds(analyser, seen, &parts[0]) ||
                holds(analyser, seen, &parts[1])) &&
               holds(analyser, seen, &parts[2]);
    }
}

/* ---- The test --------------------------------------------------------------
 */

static char **make_index(const char *dir)
{
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    char **texts = calloc(DOCUMENTS, sizeof *texts);
    assert_non_null(texts);
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    for (size_t d = 0; d < DOCUMENTS; d++) {
        struct buf text;
        char id[16];
        buf_init(&text, 1 << 16);
        size_t words = 1 + pick(WORDS_MAX);
        for (size_t w = 0; w < words; w++) {
            buf_format(&text, "%s ", vocabulary[pick(VOCABULARY)]);
        }
        snprintf(id, sizeof id, "%zu", d);
        assert_int_equal(
            shukach_document_set(document, SHUKACH_ID, id, strlen(id), NULL),
            SHUKACH_OK);
        assert_int_equal(shukach_document_set(document, SHUKACH_TEXT, text.data,
                                              text.length, NULL),
                         SHUKACH_OK);
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
        texts[d] = text.data;
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    return texts;
}

/* Hits as they come, beside those of a search. */
struct stream {
    const struct shukach_hits *hits;
    size_t count;
    size_t stop; /* after so many */
};

static int on_hit(const struct shukach_hits *hit, void *payload)
{
    struct stream *stream = payload;
    size_t i = stream->count++;
    assert_int_equal(shukach_hits_count(hit), 1);
    assert_string_equal(shukach_hits_field(hit, 0, SHUKACH_ID, NULL),
                        shukach_hits_field(stream->hits, i, SHUKACH_ID, NULL));
    assert_string_equal(shukach_hits_snippet(hit, 0, NULL),
                        shukach_hits_snippet(stream->hits, i, NULL));
    assert_true(shukach_hits_score(hit, 0) ==
                shukach_hits_score(stream->hits, i));
    return stream->count == stream->stop;
}

static void check_stream(struct shukach_index *index,
                         const struct shukach_query *query,
                         const struct shukach_hits *hits)
{
    struct stream stream = {.hits = hits};
    struct shukach_hits *rest;
    uint64_t totals[4];
    assert_int_equal(
        shukach_index_stream_hits(index, query, on_hit, &stream, &rest, NULL),
        SHUKACH_OK);
    assert_int_equal(stream.count, shukach_hits_count(hits));
    assert_int_equal(shukach_hits_count(rest), 0);
    shukach_hits_total(rest, &totals[0], &totals[1]);
    shukach_hits_total(hits, &totals[2], &totals[3]);
    assert_int_equal(totals[0], totals[2]);
    assert_int_equal(totals[1], totals[3]);
    shukach_hits_free(rest);
    if (stream.count > 0) {
        size_t stop = 1 + pick(stream.count);
        stream = (struct stream){.hits = hits, .stop = stop};
        assert_int_equal(shukach_index_stream_hits(index, query, on_hit,
                                                   &stream, NULL, NULL),
                         SHUKACH_CANCELLED);
        assert_int_equal(stream.count, stop);
    }
}

/* Marks which documents the index finds. */
static void find(struct shukach_index *index, const char *text,
                 bool found[DOCUMENTS])
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    struct shukach_error err;
    if (shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                            &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    shukach_query_set_window(query, 0, 0);
    assert_int_equal(shukach_index_search(index, query, &hits, &err),
                     SHUKACH_OK);
    memset(found, 0, DOCUMENTS * sizeof *found);
    uint64_t lower;
    uint64_t upper;
    shukach_hits_total(hits, &lower, &upper);
    assert_int_equal(lower, shukach_hits_count(hits));
    assert_int_equal(upper, shukach_hits_count(hits));
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        const char *id = shukach_hits_field(hits, i, SHUKACH_ID, NULL);
        found[strtoul(id, NULL, 10)] = true;
    }
    if (pick(8) == 0) {
        check_stream(index, query, hits);
    }
    shukach_hits_free(hits);
    shukach_query_free(query);
}

static void test_against_slow_matcher(void **unused)
{
    (void)unused;
    char dir[] = "/tmp/shukach-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    random_state = 20240319;
    print_message("seed %llu\n", (unsigned long long)random_state);
    char **texts = make_index(dir);
    struct shukach_index *index;
    struct analyser *analyser;
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    struct places seen[DOCUMENTS];
    for (size_t d = 0; d < DOCUMENTS; d++) {
        seen[d] = read_places(analyser, ANALYSE_DOCUMENT, texts[d]);
    }
    size_t differences = 0;
    size_t hits = 0;
    for (size_t q = 0; q < QUERIES; q++) {
        struct query query = {.shape = (enum shape)pick(SHAPES),
                              .distance = 1 + (uint32_t)pick(5)};
        struct buf text;
        bool found[DOCUMENTS];
        buf_init(&text, 4096);
        for (size_t p = 0; p < 3; p++) {
            query.parts[p] = random_part();
        }
        write_query(&text, &query);
        find(index, text.data, found);
        /* Some documents a query keep the slow matcher bearable. */
        for (size_t d = q % 30; d < DOCUMENTS; d += 30) {
            bool wanted = expected(analyser, &seen[d], &query);
            hits += wanted;
            if (wanted != found[d] && differences++ < 10) {
                print_message("%s: %s is %sfound\n", text.data, texts[d],
                              found[d] ? "" : "not ");
            }
        }
        buf_free(&text);
    }
    print_message("%d queries, %zu matches, %zu differences\n", QUERIES, hits,
                  differences);
    assert_true(hits > QUERIES);
    assert_int_equal(differences, 0);
    for (size_t d = 0; d < DOCUMENTS; d++) {
        free(seen[d].items);
        free(texts[d]);
    }
    free(texts);
    analyser_free(analyser);
    shukach_index_close(index);
    assert_int_equal(file_remove(dir, NULL), SHUKACH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_slow_matcher),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
