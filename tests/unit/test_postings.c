/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Postings as they are written against what Xapian reads. */
#include <unistd.h>

#include "database.h"

static const struct store_match_options options = {
    .limit = 5000, .check_at_least = 10000000, .bm25_k1 = 1.2, .bm25_b = 0.75};

static uint64_t seed;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % limit);
}

static void add_term(struct postings_writer *writer, const char *text,
                     size_t length)
{
    const struct store_term term = {
        .text = text, .length = (uint32_t)length, .count = 1};
    const struct store_document document = {.terms = &term, .term_count = 1};
    assert_int_equal(postings_writer_add(writer, &document, NULL), SHUKACH_OK);
}

static enum shukach_status open_one(const char *path,
                                    struct store_postings **out,
                                    struct shukach_error *err)
{
    return store_postings_open((const char *const[]){path}, 1, out, err);
}

/* Opens it when Xapian has gone through it. */
static struct store_postings *open_checked(const char *path)
{
    uint64_t faults = 1;
    struct store_postings *postings;
    assert_int_equal(store_postings_check(path, &faults, NULL), SHUKACH_OK);
    assert_int_equal(faults, 0);
    assert_int_equal(open_one(path, &postings, NULL), SHUKACH_OK);
    return postings;
}

static uint32_t frequency_of(struct store_postings *postings, const char *text,
                             size_t length)
{
    uint32_t frequency;
    assert_int_equal(
        store_postings_frequency(postings, text, length, &frequency, NULL),
        SHUKACH_OK);
    return frequency;
}

static uint64_t matches_of(struct store_postings *postings, const char *text,
                           size_t length)
{
    struct arena arena = {0};
    struct store_matches matches;
    struct store_query *query = store_query_term(text, length);
    assert_non_null(query);
    assert_int_equal(
        store_search(postings, query, &options, &arena, &matches, NULL),
        SHUKACH_OK);
    assert_int_equal(matches.lower, matches.upper);
    store_query_free(query);
    arena_free(&arena);
    return matches.lower;
}

static void long_terms_stay_apart(void **state)
{
    (void)state;
    enum { KINDS = 6, SIZE = 1000 };
    static char texts[KINDS][SIZE];
    for (size_t i = 0; i < SIZE; i++) {
        texts[0][i] = 'x';
        texts[1][i] = '\0';
        texts[2][i] = i % 2 == 0 ? '\xd1' : '\x97';    /* ї */
        texts[3][i] = i % 2 == 0 ? '\x97' : '\xd1';    /* not at 114 */
        texts[4][i] = "\xf0\x9f\x87\xba"[(i + 3) % 4]; /* 4 bytes */
        texts[5][i] = (char)(i % 3 == 1 ? '\0' : 'a' + i % 26);
    }
    static const size_t lengths[] = {1,   2,   100, 113, 114, 115, 121, 122,
                                     123, 124, 163, 164, 229, 230, 244, 245,
                                     246, 247, 300, 998, 999, 1000};
    struct postings_writer *writer = postings_begin(at("long"), SIZE_MAX);
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            add_term(writer, texts[kind], lengths[i]);
            if (lengths[i] > 245) {
                /* The same head, another end. */
                char last = texts[kind][lengths[i] - 1];
                texts[kind][lengths[i] - 1] = '!';
                add_term(writer, texts[kind], lengths[i]);
                texts[kind][lengths[i] - 1] = last;
            }
        }
    }
    postings_end(writer, at("long"));
    struct store_postings *postings;
    assert_int_equal(open_one(at("long"), &postings, NULL), SHUKACH_OK);
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            const char *text = texts[kind];
            assert_int_equal(frequency_of(postings, text, lengths[i]), 1);
            assert_int_equal(matches_of(postings, text, lengths[i]), 1);
        }
        assert_int_equal(frequency_of(postings, texts[kind], 997), 0);
    }
    store_postings_close(postings);
}

/* ---- Against a model ----------------------------------------------------- */

/* Each of so many documents holds term t with a probability of 1 / (1 + t),
 * and t % 5 times. */
enum { TERMS = 60, DOCUMENTS = 3000 };

struct model {
    bool holds[DOCUMENTS][TERMS];
    uint32_t lengths[DOCUMENTS];
    uint32_t frequencies[TERMS];
    uint64_t total;
};

static size_t term_name(char out[32], size_t term)
{
    /* Some are heads of others, and one has a NUL. */
    int length = snprintf(out, 32, "%.*s%zu", (int)(term % 7), "ооо", term);
    out[0] = term == 9 ? '\0' : out[0];
    return (size_t)length;
}

static void add_random(struct postings_writer *writer, struct model *model,
                       size_t i)
{
    struct store_term terms[TERMS];
    char names[TERMS][32];
    char number[24];
    char source[1000];
    size_t count = 0;
    for (uint32_t t = 0; t < TERMS; t++) {
        if (random_below(t + 1) == 0) {
            terms[count].text = names[count];
            terms[count].length = (uint32_t)term_name(names[count], t);
            terms[count].count = t % 5;
            model->lengths[i] += t % 5;
            model->frequencies[t]++;
            model->holds[i][t] = true;
            count++;
        }
    }
    model->total += model->lengths[i];
    snprintf(number, sizeof number, "%05zu", i);
    memset(source, 'a' + (int)(i % 3), sizeof source);
    const struct store_value values[] = {
        {.slot = 0, .length = 5, .data = number},
        {.slot = 7, .length = 1 + random_below(sizeof source), .data = source}};
    const struct store_document document = {.terms = terms,
                                            .term_count = count,
                                            .values = values,
                                            .value_count = 1 + i % 2};
    assert_int_equal(postings_writer_add(writer, &document, NULL), SHUKACH_OK);
}

static void check_term(struct store_postings *postings,
                       const struct model *model, size_t count, size_t t)
{
    char name[32];
    size_t length = term_name(name, t);
    assert_int_equal(frequency_of(postings, name, length),
                     model->frequencies[t]);
    struct arena arena = {0};
    struct store_matches matches;
    struct store_query *query = store_query_term(name, length);
    assert_int_equal(
        store_search(postings, query, &options, &arena, &matches, NULL),
        SHUKACH_OK);
    assert_int_equal(matches.count, model->frequencies[t]);
    for (size_t i = 0; i < matches.count; i++) {
        assert_in_range(matches.items[i].number, 1, count);
        assert_true(model->holds[matches.items[i].number - 1][t]);
    }
    store_query_free(query);
    arena_free(&arena);
}

static void check_values(struct store_postings *postings, size_t count)
{
    for (size_t from = 0; from < count; from += 1 + count / 7) {
        char least[24];
        snprintf(least, sizeof least, "%05zu", from);
        struct arena arena = {0};
        struct store_matches matches;
        struct store_query *query = store_query_range(0, least, NULL);
        assert_int_equal(
            store_search(postings, query, &options, &arena, &matches, NULL),
            SHUKACH_OK);
        assert_int_equal(matches.count, count - from);
        store_query_free(query);
        struct store_count *counts;
        size_t kinds;
        uint32_t number = (uint32_t)from + 1;
        assert_int_equal(store_count_values(postings, 7, 1, &number, 1, &arena,
                                            &counts, &kinds, NULL),
                         SHUKACH_OK);
        char wanted[2] = {from % 2 == 1 ? (char)('a' + from % 3) : '\0'};
        assert_int_equal(kinds, 1);
        assert_string_equal(counts[0].value, wanted);
        arena_free(&arena);
    }
}

static void all_is_read_as_it_was_written(void **state)
{
    (void)state;
    static struct model model;
    static const size_t counts[] = {0, 1, 2, 150, DOCUMENTS};
    static const size_t memories[] = {0, 100000, 300000, SIZE_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts * 4; i++) {
        size_t count = counts[i / 4];
        size_t memory = memories[i % 4];
        if (memory == 0 && count > 200) {
            continue; /* a run for each document, all open at once */
        }
        memset(&model, 0, sizeof model);
        char path[256];
        snprintf(path, sizeof path, "%s", at("model"));
        struct postings_writer *writer = postings_begin(path, memory);
        for (size_t j = 0; j < count; j++) {
            add_random(writer, &model, j);
        }
        postings_end(writer, path);
        struct store_postings *postings = open_checked(path);
        struct store_statistics statistics =
            store_postings_statistics(postings);
        assert_int_equal(statistics.documents, count);
        assert_true(count == 0 || statistics.average_length ==
                                      (double)model.total / (double)count);
        for (size_t t = 0; t < TERMS; t++) {
            check_term(postings, &model, count, t);
        }
        for (size_t j = 0; j < count; j++) {
            double length;
            assert_int_equal(
                store_postings_length(postings, (uint32_t)j + 1, &length, NULL),
                SHUKACH_OK);
            assert_true(length == model.lengths[j]);
        }
        check_values(postings, count);
        store_postings_close(postings);
        assert_int_equal(unlink(path), 0);
    }
}

/* ---- Size -----------------------------------------------------------------
 */

/* So many that their numbers take 2, 3 and 4 bytes in keys. */
static void many_documents(void **state)
{
    (void)state;
    enum { COUNT = 4200000, EACH = 100000 };
    struct postings_writer *writer = postings_begin(at("many"), 1 << 20);
    struct store_term terms[] = {{.text = "є", .length = 2, .count = 1},
                                 {.text = "рідке", .length = 10, .count = 3}};
    for (size_t i = 0; i < COUNT; i++) {
        const struct store_document document = {
            .terms = terms, .term_count = i % EACH == EACH - 1 ? 2 : 1};
        assert_int_equal(postings_writer_add(writer, &document, NULL),
                         SHUKACH_OK);
    }
    postings_end(writer, at("many"));
    struct store_postings *postings = open_checked(at("many"));
    assert_int_equal(matches_of(postings, "є", 2), COUNT);
    struct arena arena = {0};
    struct store_matches matches;
    struct store_query *query = store_query_term("рідке", 10);
    assert_int_equal(
        store_search(postings, query, &options, &arena, &matches, NULL),
        SHUKACH_OK);
    assert_int_equal(matches.count, COUNT / EACH);
    for (size_t i = 0; i < matches.count; i++) {
        assert_int_equal(matches.items[i].number % EACH, 0);
    }
    store_query_free(query);
    arena_free(&arena);
    store_postings_close(postings);
}

/* Long keys that are much alike: a tree of several levels. */
static void long_keys(void **state)
{
    (void)state;
    enum { COUNT = 20000, LENGTH = STORE_TERM_BYTES };
    struct postings_writer *writer = postings_begin(at("keys"), 1 << 20);
    char text[LENGTH + 1];
    memset(text, 'x', LENGTH);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text + LENGTH - 8, 9, "%08zu", (i * 7919) % COUNT);
        add_term(writer, text, LENGTH);
    }
    postings_end(writer, at("keys"));
    struct store_postings *postings = open_checked(at("keys"));
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text + LENGTH - 8, 9, "%08zu", i);
        assert_int_equal(frequency_of(postings, text, LENGTH), 1);
    }
    assert_int_equal(frequency_of(postings, text, LENGTH - 1), 0);
    store_postings_close(postings);
}

/* ---- What is refused ------------------------------------------------------
 */

static void refuse_terms(const struct store_term *terms, size_t count,
                         const struct store_value *value, const char *hint)
{
    struct postings_writer *writer = postings_begin(at("bad"), SIZE_MAX);
    const struct store_document document = {.terms = terms,
                                            .term_count = count,
                                            .values = value,
                                            .value_count = value != NULL};
    struct shukach_error err = {0};
    assert_int_equal(postings_writer_add(writer, &document, &err),
                     SHUKACH_INVALID);
    assert_non_null(strstr(err.message, hint));
    postings_writer_close(writer);
}

static void bad_terms_are_refused(void **state)
{
    (void)state;
    const struct store_term terms[] = {
        {.text = "а", .length = 2}, {.text = "а", .length = 2}, {.text = ""}};
    const struct store_value none = {.slot = 1, .data = ""};
    const struct store_value far = {.slot = 8, .length = 1, .data = "x"};
    refuse_terms(terms + 2, 1, NULL, "empty");
    refuse_terms(terms, 2, NULL, "twice");
    refuse_terms(terms, 1, &none, "value");
    refuse_terms(terms, 1, &far, "slot");
}

static void nothing_is_written_over(void **state)
{
    (void)state;
    struct shukach_error err = {0};
    struct postings_writer *writer = postings_begin(at("there"), SIZE_MAX);
    put(at("there.parts/run-0"), "x", 1);
    assert_int_equal(postings_writer_finish(writer, &err), SHUKACH_IO);
    assert_non_null(strstr(err.message, "run-0"));
    postings_writer_close(writer);
    writer = postings_begin(at("other"), SIZE_MAX);
    put(at("other.parts/postings"), "x", 1);
    assert_int_equal(postings_writer_finish(writer, &err), SHUKACH_IO);
    postings_writer_close(writer);
    postings_writer_close(NULL);
    writer = postings_begin(at("gone"), 0);
    assert_int_equal(file_remove(at("gone.parts"), NULL), SHUKACH_OK);
    const struct store_document document = {.term_count = 0};
    assert_int_equal(postings_writer_add(writer, &document, &err),
                     SHUKACH_NOT_FOUND);
    postings_writer_close(writer);
}

static void keys_come_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        size_t first_length;
        const char *second;
        size_t second_length;
        enum shukach_status status;
    } cases[] = {
        {"a", 1, "b", 1, SHUKACH_OK},       {"a", 1, "ab", 2, SHUKACH_OK},
        {"a", 1, "a\xff", 2, SHUKACH_OK},   {"b", 1, "a", 1, SHUKACH_INVALID},
        {"ab", 2, "a", 1, SHUKACH_INVALID}, {"a", 1, "a", 1, SHUKACH_INVALID},
        {"a", 1, "", 0, SHUKACH_INVALID},   {"\x7f", 1, "\x80", 1, SHUKACH_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glass *glass;
        assert_int_equal(glass_create(at("order"), &glass, NULL), SHUKACH_OK);
        assert_int_equal(glass_add(glass, cases[i].first, cases[i].first_length,
                                   "", 0, NULL),
                         SHUKACH_OK);
        assert_int_equal(glass_add(glass, cases[i].second,
                                   cases[i].second_length, "", 0, NULL),
                         cases[i].status);
        glass_close(glass);
        assert_int_equal(unlink(at("order")), 0);
    }
    char key[GLASS_KEY + 1];
    memset(key, 'k', sizeof key);
    struct glass *glass;
    assert_int_equal(glass_create(at("order"), &glass, NULL), SHUKACH_OK);
    assert_int_equal(glass_add(glass, key, GLASS_KEY + 1, "", 0, NULL),
                     SHUKACH_INVALID);
    assert_int_equal(glass_add(glass, key, GLASS_KEY, "", 0, NULL), SHUKACH_OK);
    glass_close(glass);
    glass_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_read_as_it_was_written),
        cmocka_unit_test(many_documents),
        cmocka_unit_test(long_keys),
        cmocka_unit_test(long_terms_stay_apart),
        cmocka_unit_test(bad_terms_are_refused),
        cmocka_unit_test(nothing_is_written_over),
        cmocka_unit_test(keys_come_in_order),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
