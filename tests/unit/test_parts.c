/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files of postings as one, with documents that are deleted. */
#include "database.h"

static const struct store_match_options options = {
    .limit = 100, .check_at_least = 100, .bm25_k1 = 1.2, .bm25_b = 0.75};

/* The documents, numbered from 1, that a search for a term finds. */
static size_t found(struct store_postings *postings, const char *term,
                    enum store_order order, uint32_t *out)
{
    struct store_match_options by = options;
    struct arena arena = {0};
    struct store_matches matches;
    uint32_t *numbers;
    size_t count;
    struct store_query *query = store_query_term(term, strlen(term));
    by.order = order;
    assert_int_equal(store_search(postings, query, &by, &arena, &matches, NULL),
                     SHUKACH_OK);
    assert_int_equal(
        store_search_all(postings, query, &arena, &numbers, &count, NULL),
        SHUKACH_OK);
    assert_int_equal(count, matches.count);
    assert_int_equal(matches.lower, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || numbers[i] > numbers[i - 1]);
        out[i] = matches.items[i].number;
    }
    store_query_free(query);
    arena_free(&arena);
    return count;
}

/* Documents of files of 20, 1 and 5 are numbered through, and what is buried
 * is not found. */
static void numbers_run_through(void **state)
{
    (void)state;
    struct store_postings *postings;
    struct tombstones dead;
    uint32_t numbers[30];
    uint32_t number;
    make_database(at("20"), 20);
    make_database(at("1"), 1);
    make_database(at("5"), 5);
    const char *paths[] = {at("20"), at("1"), at("5")};
    assert_int_equal(store_postings_open(paths, 3, &postings, NULL),
                     SHUKACH_OK);
    for (uint32_t n = 1; n <= 26; n++) {
        char value[8];
        char wanted[8];
        double length;
        uint32_t local = n <= 20 ? n - 1 : n == 21 ? 0 : n - 22;
        snprintf(wanted, sizeof wanted, "%04u", local);
        assert_int_equal(
            store_read_value(postings, n, 0, value, sizeof value, NULL),
            SHUKACH_OK);
        assert_string_equal(value, wanted);
        assert_int_equal(store_postings_length(postings, n, &length, NULL),
                         SHUKACH_OK);
        assert_true(length == local + 2.0);
    }
    assert_int_equal(found(postings, "all", STORE_BY_WEIGHT, numbers), 26);
    assert_int_equal(found(postings, "t4", STORE_BY_SLOT_UP, numbers), 3);
    assert_int_equal(found(postings, "t0", STORE_BY_SLOT_DOWN, numbers), 4);
    assert_int_equal(numbers[0], 11);
    assert_int_equal(tombstones_new(26, &dead, NULL), SHUKACH_OK);
    for (size_t i = 0; i < 26; i++) {
        if (i % 3 != 1) {
            tombstones_add(&dead, i);
        }
    }
    assert_int_equal(store_postings_bury(postings, &dead, NULL), SHUKACH_OK);
    assert_int_equal(found(postings, "all", STORE_BY_SLOT_UP, numbers), 9);
    size_t count = found(postings, "all", STORE_BY_WEIGHT, numbers);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(numbers[i] % 3, 2);
    }
    /* t4: numbers 5, 15 and 26. */
    assert_int_equal(found(postings, "t4", STORE_BY_WEIGHT, numbers), 2);
    assert_int_equal(store_postings_find(postings, "t4", 2, &number, NULL),
                     SHUKACH_OK);
    assert_int_equal(number, 26);
    assert_int_equal(store_postings_find(postings, "t9", 2, &number, NULL),
                     SHUKACH_OK);
    assert_int_equal(number, 20);
    assert_int_equal(store_postings_find(postings, "t8", 2, &number, NULL),
                     SHUKACH_OK);
    assert_int_equal(number, 0);
    assert_int_equal(store_postings_frequency(postings, "t4", 2, &number, NULL),
                     SHUKACH_OK);
    assert_int_equal(number, 3);
    tombstones_free(&dead);
    store_postings_close(postings);
}

/* Facets over several files. */
static void values_of_several_files(void **state)
{
    (void)state;
    static const uint32_t asked[] = {1, 2, 20, 21, 22, 26};
    struct store_postings *postings;
    struct arena arena = {0};
    struct store_count *counts;
    size_t count;
    make_database(at("a"), 20);
    make_database(at("b"), 1);
    make_database(at("c"), 5);
    const char *paths[] = {at("a"), at("b"), at("c")};
    assert_int_equal(store_postings_open(paths, 3, &postings, NULL),
                     SHUKACH_OK);
    assert_int_equal(store_count_values(postings, 0, 0, asked, 6, &arena,
                                        &counts, &count, NULL),
                     SHUKACH_OK);
    assert_int_equal(count, 4); /* 0000 three times, 0001, 0019, 0004 */
    for (size_t i = 0; i < count; i++) {
        bool first = strcmp(counts[i].value, "0000") == 0;
        assert_int_equal(counts[i].documents, first ? 3 : 1);
        assert_true(strlen(counts[i].value) == 4);
    }
    arena_free(&arena);
    store_postings_close(postings);
}

static void structure_is_checked(void **state)
{
    (void)state;
    uint64_t faults;
    int before = open_files();
    make_database(at("sound"), 300);
    assert_int_equal(store_postings_check(at("sound"), &faults, NULL),
                     SHUKACH_OK);
    assert_int_equal(faults, 0);
    assert_int_equal(store_postings_check(at("unsound"), &faults, NULL),
                     SHUKACH_NOT_FOUND);
    put(at("unsound"), "text", 4);
    assert_int_not_equal(store_postings_check(at("unsound"), &faults, NULL),
                         SHUKACH_OK);
    assert_int_equal(open_files(), before);
}

/* The heaviest of two terms that end at the last document of each file. */
static void heaviest_of_equals(void **state)
{
    (void)state;
    struct store_postings *postings;
    struct arena arena = {0};
    make_database(at("10"), 10);
    make_database(at("30"), 30);
    const char *paths[] = {at("10"), at("30")};
    assert_int_equal(store_postings_open(paths, 2, &postings, NULL),
                     SHUKACH_OK);
    for (int order = STORE_BY_WEIGHT; order <= STORE_BY_SLOT_UP; order++) {
        struct store_match_options by = options;
        struct store_matches matches;
        struct store_query *both[] = {store_query_term("all", 3),
                                      store_query_term("t9", 2)};
        struct store_query *query = store_query_combine(STORE_BEST, both, 2);
        by.order = (enum store_order)order;
        by.limit = 7;
        assert_int_equal(
            store_search(postings, query, &by, &arena, &matches, NULL),
            SHUKACH_OK);
        assert_int_equal(matches.count, 7);
        assert_int_equal(matches.lower, 40);
        assert_int_equal(matches.upper, 40);
        for (size_t i = 0; i < 4 && order == STORE_BY_WEIGHT; i++) {
            assert_int_equal(matches.items[i].number % 10, 0); /* of t9 */
        }
        store_query_free(query);
    }
    arena_free(&arena);
    store_postings_close(postings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_run_through),
        cmocka_unit_test(heaviest_of_equals),
        cmocka_unit_test(values_of_several_files),
        cmocka_unit_test(structure_is_checked),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
