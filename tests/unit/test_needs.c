/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches find the same with the pairs of stems as with such as deny
 * nothing, and do ask them. */
#include "index.h"
#include "random.h"
#include "scratch.h"

#define DOCUMENTS 120
#define QUERIES 3000

/* Words of one and of several stems, names in several spellings, compounds,
 * and words that have variants. */
static const char *const words[] = {
    "мати",
    "сталі",
    "стали",
    "Зеленський",
    "Зеленским",
    "Zelenskyy",
    "ЗСУ",
    "Збройні",
    "сили",
    "України",
    "ракета",
    "ракетний",
    "північно-східний",
    "схід",
    "удар",
    "ударів",
    "США",
    "Сполучені",
    "Штати",
    "Америки",
    "правил",
    "С-300",
    "ООН",
    "Киев",
};
#define WORDS (sizeof words / sizeof *words)

static void write_words(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(out, "%s%s", i > 0 ? " " : "", words[pick(WORDS)]);
    }
}

static void set_words(struct shukach_document *document,
                      enum shukach_field field, size_t count)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    write_words(&text, count);
    assert_int_equal(shukach_document_set(document, field, buf_text(&text),
                                          text.length, NULL),
                     SHUKACH_OK);
    buf_free(&text);
}

/* Adds a document under its number, or deletes the one before it. */
static void change(struct shukach_indexer *indexer, size_t number, bool delete)
{
    struct shukach_document *document;
    char id[16];
    size_t length =
        (size_t)snprintf(id, sizeof id, "%zu", delete ? number - 1 : number);
    if (delete) {
        assert_int_equal(shukach_indexer_delete(indexer, id, length, NULL),
                         SHUKACH_OK);
        return;
    }
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_ID, id, length, NULL),
        SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_SOURCE, "Вісник", 12, NULL),
        SHUKACH_OK);
    set_words(document, SHUKACH_TITLE, pick(4));
    set_words(document, SHUKACH_TEXT, 1 + pick(60));
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    shukach_document_free(document);
}

/* Some documents from that number on, in several segments. */
static void make_index(const char *dir, size_t from)
{
    static const size_t ends[] = {60, 90, 105, 113, 117, DOCUMENTS};
    size_t i = 0;
    for (size_t part = 0; part < sizeof ends / sizeof *ends; part++) {
        struct shukach_indexer *indexer;
        assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
        assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_OK);
        size_t begin = i;
        for (; i < ends[part]; i++) {
            change(indexer, from + i, i == begin && i > 0);
        }
        assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
        shukach_indexer_close(indexer);
    }
}

static void write_query(struct buf *out)
{
    static const char *const patterns[] = {
        "\"w w\"",
        "=\"w w\"",
        "\"w w w\"",
        "\"w w w w\"",
        "title:\"w w\"",
        "\"w w\" NEAR/6 w",
        "\"w w\" NEAR/9 \"w w\"",
        "(\"w w\" OR w) NEAR/5 \"w w\"",
        "+\"w w\" w \"w w\"",
        "+\"w w\" \"w w\"",
        "\"w w\" OR \"w w\"",
        "\"w w\" OR w",
        "+lang:uk \"w w\" \"w w\"",
        "\"w w\" -\"w w\"",
        "w AND NOT \"w w\"",
        "w AND (\"w w\" OR \"w w\")",
        "\"w w\" AND \"w w\"",
        "(+\"w w\" w) AND w",
    };
    const char *c = patterns[pick(sizeof patterns / sizeof *patterns)];
    for (; *c != '\0'; c++) {
        /* No other letter stands before a space, a quote or a bracket. */
        if (*c == 'w' && (c[1] == '\0' || strchr(" \")", c[1]) != NULL)) {
            write_words(out, 1);
        } else {
            buf_add_char(out, *c);
        }
    }
}

/* Pairs of so many documents, each of which has the pairs of all the stems
 * of an index or, without one, none. */
static struct pairs *same_pairs(const char *path, size_t count,
                                const struct store_reader *of)
{
    static uint16_t stems[UINT16_MAX];
    size_t known = 0;
    struct arena arena = {0};
    struct pairs_writer *writer;
    struct pairs *pairs = NULL;
    struct buf signature;
    buf_init(&signature, 1 << 24);
    for (size_t i = 0; of != NULL && i < count; i++) {
        struct signature stored;
        struct signature_token *tokens;
        size_t token_count;
        assert_int_equal(records_signature(of->records, i, &stored, NULL),
                         SHUKACH_OK);
        assert_int_equal(signature_decode(&stored, NULL, &arena, &tokens,
                                          &token_count, NULL),
                         SHUKACH_OK);
        for (size_t k = 0; k < token_count; k++) {
            size_t n = 0;
            while (n < known && stems[n] != tokens[k].stem) {
                n++;
            }
            stems[n] = tokens[k].stem;
            known += n == known;
        }
    }
    for (size_t i = 0; i < known; i++) {
        for (size_t k = 0; k < known; k++) {
            struct signature_token a = {.stem = stems[i], .title = true};
            struct signature_token b = {
                .stem = stems[k], .title = true, .position = 1};
            signature_add(&signature, &a, NULL);
            signature_add(&signature, &b, &a);
        }
    }
    assert_int_equal(pairs_create(path, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pairs_add(writer, &signature, NULL), SHUKACH_OK);
    }
    assert_int_equal(pairs_finish(writer, NULL), SHUKACH_OK);
    pairs_close(writer);
    assert_int_equal(pairs_append(&pairs, path, NULL), SHUKACH_OK);
    buf_free(&signature);
    arena_free(&arena);
    return pairs;
}

static struct shukach_hits *search_by(struct shukach_index *index,
                                      const struct shukach_query *query,
                                      struct pairs *pairs)
{
    struct pairs *own = index->store->pairs;
    struct shukach_hits *hits;
    index->store->pairs = pairs;
    assert_int_equal(shukach_index_search(index, query, &hits, NULL),
                     SHUKACH_OK);
    index->store->pairs = own;
    return hits;
}

static struct shukach_query *random_query(struct buf *text)
{
    struct shukach_query *query;
    struct shukach_error err;
    write_query(text);
    if (shukach_query_parse(text->data, text->length, SHUKACH_SYNTAX_FULL,
                            &query, &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text->data, err.message);
    }
    shukach_query_set_window(query, 0, pick(2) * 10);
    shukach_query_set_exact_total(query, pick(2) == 0);
    shukach_query_set_variants(query, pick(3) > 0);
    shukach_query_set_names(query, pick(3) > 0);
    shukach_query_set_snippet(query, 0);
    if (pick(2) == 0) {
        shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
    }
    return query;
}

/* How many there may be at most is said more closely, the more is turned down;
 * where all are counted, it is the same. */
static void same_hits(const struct shukach_hits *a,
                      const struct shukach_hits *b, bool counted,
                      const char *query)
{
    if (shukach_hits_count(a) != shukach_hits_count(b) ||
        a->lower != b->lower || (counted && a->upper != b->upper) ||
        a->upper < a->lower) {
        fail_msg("%s: %zu and %zu hits", query, shukach_hits_count(a),
                 shukach_hits_count(b));
    }
    for (size_t i = 0; i < shukach_hits_count(a); i++) {
        assert_string_equal(shukach_hits_field(a, i, SHUKACH_ID, NULL),
                            shukach_hits_field(b, i, SHUKACH_ID, NULL));
        assert_true(a->items[i].score == b->items[i].score);
    }
    for (size_t f = 0; f < SHUKACH_FACETS; f++) {
        assert_int_equal(a->facets[f].count, b->facets[f].count);
        for (size_t i = 0; i < a->facets[f].count; i++) {
            assert_int_equal(a->facets[f].items[i].documents,
                             b->facets[f].items[i].documents);
        }
    }
}

static void searches_find_the_same(void **unused)
{
    (void)unused;
    char one[256];
    char other[256];
    snprintf(one, sizeof one, "%s", at("one"));
    snprintf(other, sizeof other, "%s", at("other"));
    const char *dirs[] = {one, other};
    random_state = 20240319;
    make_index(one, 0);
    make_index(other, 1000);
    struct shukach_index *index;
    assert_int_equal(shukach_index_open_several(dirs, 2, &index, NULL),
                     SHUKACH_OK);
    const struct store_reader *store = index->store;
    assert_true(store->segment_count > 4);
    assert_true(store->dead.count > 0);
    size_t count = (size_t)records_count(store->records);
    struct pairs *all = same_pairs(at("all"), count, store);
    struct pairs *none = same_pairs(at("no-pairs"), count, NULL);
    size_t found = 0;
    size_t denied = 0;
    for (size_t q = 0; q < QUERIES; q++) {
        struct buf text;
        buf_init(&text, 4096);
        struct shukach_query *query = random_query(&text);
        struct shukach_hits *with =
            search_by(index, query, index->store->pairs);
        struct shukach_hits *without = search_by(index, query, all);
        same_hits(with, without, query->exact_total, text.data);
        struct shukach_hits *hits = search_by(index, query, none);
        found += shukach_hits_count(with) > 0;
        denied += shukach_hits_count(hits) < shukach_hits_count(with);
        shukach_hits_free(with);
        shukach_hits_free(without);
        shukach_hits_free(hits);
        shukach_query_free(query);
        buf_free(&text);
    }
    print_message("%zu of %d queries found something, %zu need pairs\n", found,
                  QUERIES, denied);
    assert_true(found > QUERIES / 3);
    assert_true(denied > QUERIES / 4);
    pairs_free(all);
    pairs_free(none);
    shukach_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_find_the_same),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
