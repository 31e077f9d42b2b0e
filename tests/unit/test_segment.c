/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "scratch.h"
#include "store.h"

static enum shukach_status add_status(struct segment_writer *writer, size_t i,
                                      struct shukach_error *err)
{
    char id[32];
    char date[32];
    int length = snprintf(id, sizeof id, "Q%zu", i);
    const struct store_term terms[] = {
        {.text = id, .length = (uint32_t)length},
        {.text = "слово", .length = 10, .count = 2},
        {.text = i % 3 == 0 ? "три" : "інше", .length = 6, .count = 1},
    };
    struct store_value value = {.data = date};
    value.length = (uint32_t)snprintf(date, sizeof date, "%08zu", i);
    const char *fields[SHUKACH_FIELDS] = {id, "", "", "", "", "", "", ""};
    size_t lengths[SHUKACH_FIELDS] = {(size_t)length};
    struct buf signature;
    buf_init(&signature, 100);
    buf_add_text(&signature, id);
    struct store_document document = {.terms = terms,
                                      .term_count = 3,
                                      .values = &value,
                                      .value_count = 1,
                                      .signature = &signature,
                                      .fields = fields,
                                      .lengths = lengths};
    enum shukach_status status = segment_add(writer, &document, err);
    buf_free(&signature);
    return status;
}

static void add_one(struct segment_writer *writer, size_t i)
{
    struct shukach_error err = {0};
    if (add_status(writer, i, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
}

/* The document numbered i + 1 in the postings is record i. */
static void check_order(const char *dir, size_t count)
{
    char postings_path[300];
    char records_path[300];
    snprintf(postings_path, sizeof postings_path, "%s/postings", dir);
    snprintf(records_path, sizeof records_path, "%s/records", dir);
    const char *paths[] = {postings_path};
    struct store_postings *postings;
    struct records *records;
    assert_int_equal(store_postings_open(paths, 1, &postings, NULL),
                     SHUKACH_OK);
    assert_int_equal(records_open(records_path, &records, NULL), SHUKACH_OK);
    assert_int_equal(store_postings_statistics(postings).documents, count);
    assert_int_equal(records_count(records), count);
    struct store_match_options options = {
        .limit = 10, .check_at_least = 10, .bm25_k1 = 1, .bm25_b = 0.5};
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct store_matches matches;
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        struct signature signature;
        assert_int_equal(
            records_fields(records, i, &arena, fields, lengths, NULL),
            SHUKACH_OK);
        assert_int_equal(records_signature(records, i, &signature, NULL),
                         SHUKACH_OK);
        assert_int_equal(signature.length, lengths[0]);
        assert_memory_equal(signature.data, fields[0], lengths[0]);
        struct store_query *query = store_query_term(fields[0], lengths[0]);
        assert_int_equal(
            store_search(postings, query, &options, &arena, &matches, NULL),
            SHUKACH_OK);
        assert_int_equal(matches.count, 1);
        assert_int_equal(matches.items[0].number, i + 1);
        char id[32];
        snprintf(id, sizeof id, "Q%zu", i);
        assert_string_equal(fields[0], id);
        double words;
        assert_int_equal(
            store_postings_length(postings, (uint32_t)i + 1, &words, NULL),
            SHUKACH_OK);
        assert_true(words == 3);
        store_query_free(query);
        arena_free(&arena);
    }
    uint32_t frequency;
    assert_int_equal(
        store_postings_frequency(postings, "слово", 10, &frequency, NULL),
        SHUKACH_OK);
    assert_int_equal(frequency, count);
    assert_int_equal(
        store_postings_frequency(postings, "три", 6, &frequency, NULL),
        SHUKACH_OK);
    assert_int_equal(frequency, (count + 2) / 3);
    store_postings_close(postings);
    records_free(records);
}

static void build(const char *dir, const struct segment_limits *limits,
                  size_t count)
{
    struct segment_writer *writer;
    char path[300];
    assert_int_equal(segment_create(dir, limits, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        add_one(writer, i);
    }
    struct shukach_error err = {0};
    if (segment_finish(writer, NULL, NULL, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    segment_close(writer);
    /* The parts are gone. */
    snprintf(path, sizeof path, "%s/postings", dir);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    snprintf(path, sizeof path, "%s/records", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    snprintf(path, sizeof path, "%s/pairs", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    snprintf(path, sizeof path, "%s/forms", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    snprintf(path, sizeof path, "%s/names", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(rmdir(dir), 0);
}

static void build_and_check(const char *dir,
                            const struct segment_limits *limits, size_t count)
{
    struct segment_writer *writer;
    assert_int_equal(segment_create(dir, limits, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        add_one(writer, i);
    }
    assert_int_equal(segment_finish(writer, NULL, NULL, NULL), SHUKACH_OK);
    segment_close(writer);
    check_order(dir, count);
}

static void many_runs(void **state)
{
    (void)state;
    static const struct segment_limits limits = {.postings = 100000,
                                                 .samples = SIZE_MAX};
    static const size_t counts[] = {0, 1, 2, 26, 700, 5007};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char name[32];
        snprintf(name, sizeof name, "runs-%zu", counts[i]);
        build_and_check(at(name), &limits, counts[i]);
    }
}

static void the_limits_of_the_product(void **state)
{
    (void)state;
    build_and_check(at("product"), &segment_defaults, 5007);
}

static void only_its_files_are_left(void **state)
{
    (void)state;
    static const struct segment_limits limits = {.samples = SIZE_MAX};
    build(at("left"), &limits, 9);
}

static void abandoned_segment(void **state)
{
    (void)state;
    struct segment_writer *writer;
    assert_int_equal(
        segment_create(at("given-up"), &segment_defaults, &writer, NULL),
        SHUKACH_OK);
    add_one(writer, 0);
    segment_close(writer);
    segment_close(NULL);
    /* What is there is not written over. */
    assert_int_equal(
        segment_create(at("given-up"), &segment_defaults, &writer, NULL),
        SHUKACH_IO);
    assert_null(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_runs),
        cmocka_unit_test(the_limits_of_the_product),
        cmocka_unit_test(only_its_files_are_left),
        cmocka_unit_test(abandoned_segment),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
