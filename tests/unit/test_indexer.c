/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "analyser.h"
#include "indexer.h"
#include "schema.h"
#include "scratch.h"
#include "store.h"

/* ---- Documents ---------------------------------------------------------- */

struct fields {
    const char *id;
    const char *text;
    const char *title;
    const char *date;
    const char *source;
    const char *url;
    const char *author;
    const char *lang;
};

static struct shukach_document *document_of(const struct fields *fields)
{
    const char *const texts[] = {fields->id,     fields->text,   fields->title,
                                 fields->date,   fields->source, fields->url,
                                 fields->author, fields->lang};
    struct shukach_document *document;
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    for (int i = 0; i < SHUKACH_FIELDS; i++) {
        const char *text = texts[i] == NULL ? "" : texts[i];
        assert_int_equal(shukach_document_set(document, (enum shukach_field)i,
                                              text, strlen(text), NULL),
                         SHUKACH_OK);
    }
    return document;
}

static enum shukach_status add(struct shukach_indexer *indexer,
                               const struct fields *fields,
                               struct shukach_error *err)
{
    struct shukach_document *document = document_of(fields);
    enum shukach_status status = shukach_indexer_add(indexer, document, err);
    shukach_document_free(document);
    return status;
}

static struct shukach_indexer *begin(const char *dir)
{
    struct shukach_indexer *indexer;
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    return indexer;
}

static void end(struct shukach_indexer *indexer)
{
    struct shukach_error err = {0};
    if (shukach_indexer_publish(indexer, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    shukach_indexer_close(indexer);
}

/* An index of these documents, open. */
static struct store_reader *index_of(const char *dir,
                                     const struct fields *fields, size_t count)
{
    struct shukach_indexer *indexer = begin(dir);
    for (size_t i = 0; i < count; i++) {
        struct shukach_error err = {0};
        if (add(indexer, &fields[i], &err) != SHUKACH_OK) {
            fail_msg("%s", err.message);
        }
    }
    assert_int_equal(shukach_indexer_count(indexer), count);
    end(indexer);
    struct store_reader *reader;
    assert_int_equal(store_reader_open(dir, &reader, NULL), SHUKACH_OK);
    return reader;
}

static uint32_t frequency(const struct store_reader *reader, const char *term)
{
    uint32_t count;
    assert_int_equal(store_postings_frequency(reader->postings, term,
                                              strlen(term), &count, NULL),
                     SHUKACH_OK);
    return count;
}

static void expect_terms(const struct store_reader *reader,
                         const char *const *terms, size_t count,
                         uint32_t wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (frequency(reader, terms[i]) != wanted) {
            fail_msg("%s", terms[i]);
        }
    }
}

/* PREFIX and the stem of a word. */
static const char *stem_of(const char *prefix, const char *word)
{
    static char term[200];
    struct shukach_stemmer *stemmer;
    const char *stem;
    size_t length;
    assert_int_equal(shukach_stemmer_new("uk", &stemmer, NULL), SHUKACH_OK);
    assert_int_equal(
        shukach_stemmer_stem(stemmer, word, strlen(word), &stem, &length, NULL),
        SHUKACH_OK);
    snprintf(term, sizeof term, "%s%s", prefix, stem);
    shukach_stemmer_free(stemmer);
    return term;
}

/* ---- What is refused ---------------------------------------------------- */

static void refuse(struct shukach_indexer *indexer, const struct fields *fields,
                   enum shukach_status wanted, const char *hint)
{
    struct shukach_error err = {0};
    uint64_t before = shukach_indexer_count(indexer);
    assert_int_equal(add(indexer, fields, &err), wanted);
    if (strstr(err.message, hint) == NULL) {
        fail_msg("no \"%s\" in: %s", hint, err.message);
    }
    assert_true(utf8_valid(err.message, strlen(err.message), NULL));
    assert_int_equal(shukach_indexer_count(indexer), before);
}

static void documents_that_are_refused(void **state)
{
    (void)state;
    struct shukach_indexer *indexer = begin(at("refused"));
    refuse(indexer, &(struct fields){.text = "x"}, SHUKACH_INVALID, "an id");
    refuse(indexer, &(struct fields){.id = "x"}, SHUKACH_INVALID, "a text");
    char large[1002];
    memset(large, 'x', sizeof large);
    large[1001] = '\0';
    refuse(indexer, &(struct fields){.id = large, .text = "x"}, SHUKACH_LIMIT,
           "1000 bytes");
    char *title = calloc(1, ((size_t)64 << 20) + 1);
    memset(title, 'x', (size_t)64 << 20);
    refuse(indexer, &(struct fields){.id = "x", .text = "x", .title = title},
           SHUKACH_LIMIT, "besides the text");
    free(title);
    /* A message does not end inside a character. */
    memset(large, 'x', 1000);
    large[1000] = '\0';
    memcpy(large + 199, "ї", 2);
    assert_int_equal(
        add(indexer, &(struct fields){.id = large, .text = "x"}, NULL),
        SHUKACH_OK);
    refuse(indexer, &(struct fields){.id = large, .text = "y"},
           SHUKACH_DUPLICATE, "x\" is there already");
    /* Refused documents leave no id behind, and the indexer goes on. */
    assert_int_equal(
        add(indexer, &(struct fields){.id = "x", .text = "x"}, NULL),
        SHUKACH_OK);
    assert_int_equal(shukach_indexer_add(indexer, NULL, NULL), SHUKACH_INVALID);
    end(indexer);
    struct store_reader *reader;
    assert_int_equal(store_reader_open(at("refused"), &reader, NULL),
                     SHUKACH_OK);
    assert_int_equal(records_count(reader->records), 2);
    assert_int_equal(frequency(reader, "Qx"), 1);
    store_reader_close(reader);
}

static void handles_that_are_refused(void **state)
{
    (void)state;
    struct shukach_indexer *indexer;
    struct shukach_indexer *second;
    assert_int_equal(shukach_indexer_open(NULL, &indexer, NULL),
                     SHUKACH_INVALID);
    assert_int_equal(shukach_indexer_open("", &indexer, NULL), SHUKACH_INVALID);
    assert_int_equal(shukach_indexer_add(NULL, NULL, NULL), SHUKACH_INVALID);
    assert_int_equal(shukach_indexer_publish(NULL, NULL), SHUKACH_INVALID);
    shukach_indexer_close(NULL);
    indexer = begin(at("twice"));
    assert_int_equal(shukach_indexer_open(at("twice"), &second, NULL),
                     SHUKACH_LOCKED);
    assert_null(second);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    struct fields fields = {.id = "1", .text = "слово"};
    assert_int_equal(add(indexer, &fields, NULL), SHUKACH_INVALID);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_INVALID);
    shukach_indexer_close(indexer);
    /* The index is still as published. */
    struct store_reader *reader;
    assert_int_equal(store_reader_open(at("twice"), &reader, NULL), SHUKACH_OK);
    assert_int_equal(records_count(reader->records), 0);
    assert_string_equal(
        manifest_fact(reader->generations[0].manifest, FACT_DOCUMENTS), "0");
    store_reader_close(reader);
    put(at("plain"), "x", 1);
    assert_int_equal(shukach_indexer_open(at("plain"), &indexer, NULL),
                     SHUKACH_IO);
    assert_int_equal(file_make_dirs(at("home/photos"), NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_open(at("home"), &indexer, NULL),
                     SHUKACH_CORRUPT);
    assert_null(indexer);
}

static void closing_leaves_the_old_index(void **state)
{
    (void)state;
    static const struct fields fields[] = {{.id = "1", .text = "слово"}};
    store_reader_close(index_of(at("old"), fields, 1));
    struct shukach_indexer *indexer = begin(at("old"));
    struct fields other = {.id = "2", .text = "інше"};
    assert_int_equal(add(indexer, &other, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    struct store_reader *reader;
    assert_int_equal(store_reader_open(at("old"), &reader, NULL), SHUKACH_OK);
    assert_string_equal(reader->generations[0].name, "gen-1");
    assert_int_equal(frequency(reader, "Q1"), 1);
    assert_int_equal(frequency(reader, "Q2"), 0);
    store_reader_close(reader);
    assert_int_equal(access(at("old/gen-2.tmp"), F_OK), -1);
}

/* ---- What is stored ----------------------------------------------------- */

static void facts_are_counted(void **state)
{
    (void)state;
    static const struct fields fields[] = {
        {.id = "1", .text = "Сьогодні у Києві відкрили їхній ґанок."},
        {.id = "2", .text = "Этот объект съел мышь, и ёлка была выше."},
        {.id = "3", .text = "The quick brown fox jumps over the lazy dog."},
        {.id = "4", .text = "слово", .lang = "bg"},
        {.id = "5", .text = "слово", .lang = "uk"},
    };
    static const char *const facts[][2] = {
        {FACT_DOCUMENTS, "5"},         {FACT_TOKENS, "25"},
        {FACT_SCHEMA, SCHEMA_VERSION}, {FACT_ANALYSER, ANALYSER_VERSION},
        {FACT_LANGUAGE "uk", "2"},     {FACT_LANGUAGE "ru", "1"},
        {FACT_LANGUAGE "en", "1"},     {FACT_LANGUAGE "other", "1"},
    };
    struct store_reader *reader = index_of(at("facts"), fields, 5);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        assert_string_equal(
            manifest_fact(reader->generations[0].manifest, facts[i][0]),
            facts[i][1]);
    }
    struct date date;
    const char *created =
        manifest_fact(reader->generations[0].manifest, FACT_CREATED);
    assert_int_equal(strlen(created), 20);
    assert_true(date_parse(created, 20, &date));
    assert_true(strlen(manifest_fact(reader->generations[0].manifest,
                                     FACT_UNICODE)) > 0);
    store_reader_close(reader);
}

static void filters_are_posted(void **state)
{
    (void)state;
    static const struct fields fields[] = {
        {.id = "1",
         .text = "слово",
         .source = "Українська правда",
         .url = "https://www.Life.Pravda.com.ua:8080/a/b.html?x=a.b#c",
         .author = "Оксана Забужко",
         .lang = "uk"},
        {.id = "a b", .text = "слово", .url = "user:pw@host.ua/x@y"},
        {.id = "3", .text = "слово", .url = "https://"},
        {.id = "4", .text = "слово", .url = "http://a.b/?q=http://c.d"},
    };
    static const char *const there[] = {"Q1",
                                        "Qa b",
                                        "Hwww.life.pravda.com.ua",
                                        "Hlife.pravda.com.ua",
                                        "Hpravda.com.ua",
                                        "Hcom.ua",
                                        "Hhost.ua",
                                        "Ha.b",
                                        "Hb"};
    static const char *const absent[] = {
        "Q2",  "Q",     "H",  "Hc.d",       "Hwww.Life.Pravda.com.ua",
        "Hpw", "Huser", "Hy", "Hhost.ua/x", "Hravda.com.ua"};
    struct store_reader *reader = index_of(at("filters"), fields, 4);
    expect_terms(reader, there, sizeof there / sizeof *there, 1);
    expect_terms(reader, absent, sizeof absent / sizeof *absent, 0);
    assert_int_equal(frequency(reader, "Hua"), 2);
    assert_int_equal(frequency(reader, stem_of("XS", "правда")), 1);
    assert_int_equal(frequency(reader, stem_of("XS", "українською")), 1);
    assert_int_equal(frequency(reader, stem_of("A", "Забужко")), 1);
    assert_int_equal(frequency(reader, stem_of("", "Забужко")), 0);
    assert_true(frequency(reader, "Luk") >= 1);
    /* A filter does not count in the length of a document. */
    double length;
    assert_int_equal(store_postings_length(reader->postings, 1, &length, NULL),
                     SHUKACH_OK);
    assert_true(length == 1);
    store_reader_close(reader);
}

static void hosts_that_are_too_long(void **state)
{
    (void)state;
    char url[400];
    memset(url, 'a', sizeof url);
    url[399] = '\0';
    struct fields fields[] = {{.id = "1", .text = "слово", .url = url}};
    struct store_reader *reader = index_of(at("hosts"), fields, 1);
    assert_int_equal(records_count(reader->records), 1);
    store_reader_close(reader);
}

static void capitals_are_no_prefix(void **state)
{
    (void)state;
    /* No word of a text can be taken for a filter: QA is not the id A. */
    static const struct fields fields[] = {
        {.id = "1",
         .text = "QA Luk HUA Q1 XS XRмир Sslovo NATO НАТО",
         .title = "QA XR"}};
    static const char *const absent[] = {"QA",   "HUA",  "XS", "XRмир",
                                         "NATO", "НАТО", "SXR"};
    struct store_reader *reader = index_of(at("capitals"), fields, 1);
    expect_terms(reader, absent, sizeof absent / sizeof *absent, 0);
    store_reader_close(reader);
}

static void title_counts_twice_and_apart(void **state)
{
    (void)state;
    static const struct fields fields[] = {
        {.id = "1", .text = "port", .title = "harbor"},
        {.id = "2", .text = "harbor", .title = "port port"}};
    struct store_reader *reader = index_of(at("title"), fields, 2);
    assert_int_equal(frequency(reader, stem_of("", "harbor")), 2);
    assert_int_equal(frequency(reader, stem_of("S", "harbor")), 1);
    assert_int_equal(frequency(reader, stem_of("S", "port")), 1);
    double length;
    /* A word of the text once, of the title twice, and under S once. */
    assert_int_equal(store_postings_length(reader->postings, 1, &length, NULL),
                     SHUKACH_OK);
    assert_true(length == 1 + 2 + 1);
    assert_int_equal(store_postings_length(reader->postings, 2, &length, NULL),
                     SHUKACH_OK);
    assert_true(length == 1 + 4 + 2);
    store_reader_close(reader);
}

static void russian_is_kept_apart(void **state)
{
    (void)state;
    static const struct fields fields[] = {
        {.id = "1", .text = "Это объявление", .title = "объявление"},
        {.id = "2", .text = "оголошення"}};
    struct store_reader *reader = index_of(at("russian"), fields, 2);
    assert_int_equal(frequency(reader, "XRобъявлен"), 1);
    assert_int_equal(frequency(reader, "SXRобъявлен"), 1);
    assert_int_equal(frequency(reader, "объявлен"), 0);
    assert_int_equal(frequency(reader, "Lru"), 1);
    assert_int_equal(frequency(reader, "Luk"), 1);
    store_reader_close(reader);
}

static void dates_are_sorted_by(void **state)
{
    (void)state;
    static const struct fields fields[] = {
        {.id = "1", .text = "слово", .date = "2024-03-19T10:20:30Z"},
        {.id = "2", .text = "слово", .date = "2024"},
        {.id = "3", .text = "слово", .date = "вчора"}, /* is none */
        {.id = "4", .text = "слово", .date = "2024-03"},
        {.id = "5", .text = "слово", .date = "2024-03-19"},
        {.id = "6", .text = "слово", .date = "20240101"}};
    static const uint32_t order[] = {3, 2, 6, 4, 5, 1};
    struct store_match_options options = {.limit = 10,
                                          .check_at_least = 10,
                                          .order = STORE_BY_SLOT_UP,
                                          .slot = SLOT_DATE};
    struct store_reader *reader = index_of(at("dates"), fields, 6);
    struct arena arena = {0};
    struct store_matches matches;
    struct store_query *query = store_query_all();
    assert_int_equal(
        store_search(reader->postings, query, &options, &arena, &matches, NULL),
        SHUKACH_OK);
    assert_int_equal(matches.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(matches.items[i].number, order[i]);
    }
    store_query_free(query);
    arena_free(&arena);
    store_reader_close(reader);
}

/* ---- Signatures --------------------------------------------------------- */

struct expected {
    struct signature_token tokens[200];
    size_t count;
    bool title;
    uint32_t base;
};

static int expect_token(const struct token *token, void *payload)
{
    struct expected *expected = payload;
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        struct signature_token *next = &expected->tokens[expected->count++];
        *next = signature_of(stem->text, stem->length, stem->russian,
                             token->form, token->form_length);
        next->title = expected->title;
        next->position = expected->base + token->position;
    }
    return 0;
}

static void check_signature(const struct store_reader *reader, size_t number,
                            const struct fields *fields)
{
    struct expected expected = {.title = true};
    struct analyser *analyser;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    const char *title = fields->title == NULL ? "" : fields->title;
    assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk", title,
                                  strlen(title), expect_token, &expected, NULL),
                     SHUKACH_OK);
    if (expected.count > 0) {
        expected.base =
            expected.tokens[expected.count - 1].position + 1 + SIGNATURE_GAP;
    }
    expected.title = false;
    assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk",
                                  fields->text, strlen(fields->text),
                                  expect_token, &expected, NULL),
                     SHUKACH_OK);
    analyser_free(analyser);
    struct signature signature;
    struct arena arena = {0};
    struct signature_token *got;
    size_t count;
    assert_int_equal(
        records_signature(reader->records, number, &signature, NULL),
        SHUKACH_OK);
    assert_int_equal(
        signature_decode(&signature, NULL, &arena, &got, &count, NULL),
        SHUKACH_OK);
    assert_int_equal(count, expected.count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(got[i].stem, expected.tokens[i].stem);
        assert_int_equal(got[i].form, expected.tokens[i].form);
        assert_int_equal(got[i].title, expected.tokens[i].title);
        assert_int_equal(got[i].position, expected.tokens[i].position);
    }
    arena_free(&arena);
}

static void signatures_are_the_token_stream(void **state)
{
    (void)state;
    /* Compounds, ambiguous words, designators, numbers, addresses. */
    static const struct fields fields[] = {
        {.id = "1",
         .lang = "uk",
         .title = "Раїса й Путін: розмова",
         .text = "Бійці 93-ї ОМБр збили С-300 та F-16-х, а Київ-Дніпро "
                 "о 12.05.2026 на mod.gov.ua — У.С.А., 1 000 грн… день, три!"},
        {.id = "2", .lang = "uk", .text = "…", .title = "—"},
        {.id = "3", .lang = "uk", .text = "—", .title = "Лише заголовок"},
        {.id = "4", .lang = "uk", .text = "Лише текст м'яча"},
        {.id = "5", .lang = "uk", .text = "день-у-день", .title = "ax-b c-d"},
    };
    struct store_reader *reader = index_of(at("signatures"), fields, 5);
    for (size_t i = 0; i < 5; i++) {
        check_signature(reader, i, &fields[i]);
    }
    store_reader_close(reader);
}

/* ---- Sets --------------------------------------------------------------- */

static void ids_are_a_set(void **state)
{
    (void)state;
    struct ids ids = {0};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20000; i++) {
            char id[16];
            bool fresh;
            int length = snprintf(id, sizeof id, "%d", i);
            assert_int_equal(ids_add(&ids, id, (size_t)length, &fresh, NULL),
                             SHUKACH_OK);
            assert_int_equal(fresh, round == 0);
        }
    }
    assert_int_equal(ids.count, 20000);
    ids_free(&ids);
    ids_free(&ids);
}

static void terms_are_added_up(void **state)
{
    (void)state;
    struct terms terms = {0};
    struct arena arena = {0};
    /* A huge document, then small ones. */
    static const size_t sizes[] = {3, 20000, 5, 0};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        arena_reset(&arena);
        terms_begin(&terms, &arena);
        for (size_t i = 0; i < 2 * sizes[k]; i++) {
            char text[16];
            int length = snprintf(text, sizeof text, "%zu", i % sizes[k]);
            terms_add(&terms, "X", text, (size_t)length, 1);
        }
        assert_false(terms.failed);
        assert_int_equal(terms.count, sizes[k]);
        for (size_t i = 0; i < terms.count; i++) {
            assert_int_equal(terms.items[i].count, 2);
            assert_int_equal(terms.items[i].text[0], 'X');
        }
    }
    terms_free(&terms);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_that_are_refused),
        cmocka_unit_test(handles_that_are_refused),
        cmocka_unit_test(closing_leaves_the_old_index),
        cmocka_unit_test(facts_are_counted),
        cmocka_unit_test(filters_are_posted),
        cmocka_unit_test(hosts_that_are_too_long),
        cmocka_unit_test(capitals_are_no_prefix),
        cmocka_unit_test(title_counts_twice_and_apart),
        cmocka_unit_test(russian_is_kept_apart),
        cmocka_unit_test(dates_are_sorted_by),
        cmocka_unit_test(signatures_are_the_token_stream),
        cmocka_unit_test(ids_are_a_set),
        cmocka_unit_test(terms_are_added_up),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
