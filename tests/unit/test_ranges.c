/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of values, of any length and in files of several parts, are those
 * that strcmp finds, alone and with words, whoever leads. */
#include "database.h"
#include "random.h"

#define PARTS 3
#define QUERIES 3000

static const size_t ends[PARTS] = {500, 501, 900};
#define ALL 900

static char values[ALL][40]; /* "" for none */

static const struct store_match_options by = {.limit = ALL,
                                              .check_at_least = ALL,
                                              .bm25_k1 = 1.2,
                                              .bm25_b = 0.75,
                                              .bm25_shortest = 0.5};

/* Digits, so few that many begin alike, and some longer than others. */
static void write_value(char out[40])
{
    size_t length = pick(5) == 0 ? 30 + pick(5) : pick(19);
    for (size_t i = 0; i < length; i++) {
        out[i] = (char)('0' + (i < 13 ? i % 3 : pick(2)));
    }
    out[length] = '\0';
    if (length > 0) {
        out[pick(length)] = (char)('0' + pick(4));
    }
}

static void write_part(const char *path, size_t from, size_t to)
{
    struct postings_writer *writer = postings_begin(path, SIZE_MAX);
    for (size_t i = from; i < to; i++) {
        const struct store_term terms[] = {
            {.text = "all", .length = 3, .count = 1},
            {.text = "often", .length = 5, .count = 1},
            {.text = "rare", .length = 4, .count = 1},
        };
        write_value(values[i]);
        const struct store_value value = {.slot = 3,
                                          .length = (uint32_t)strlen(values[i]),
                                          .data = values[i]};
        const struct store_document document = {
            .terms = terms,
            .term_count = i % 50 == 0                ? 3
                          : i % 3 == 0 || i % 7 == 0 ? 2
                                                     : 1,
            .values = &value,
            .value_count = value.length > 0};
        assert_int_equal(postings_writer_add(writer, &document, NULL),
                         SHUKACH_OK);
    }
    postings_end(writer, path);
}

static bool holds(size_t i, unsigned term)
{
    return term == 0 || (term == 1 && (i % 3 == 0 || i % 7 == 0)) ||
           i % 50 == 0;
}

/* A random range, NULL for no bound. */
static void write_bounds(char bounds[2][40], const char *out[2])
{
    for (size_t b = 0; b < 2; b++) {
        if (pick(3) == 0) {
            memcpy(bounds[b], values[pick(ALL)], sizeof bounds[b]);
        } else {
            write_value(bounds[b]);
        }
        out[b] = pick(4) == 0 ? NULL : bounds[b];
    }
    if (out[0] == NULL && out[1] == NULL) {
        out[0] = bounds[0];
    }
}

static void ranges_are_those_of_strcmp(void **state)
{
    (void)state;
    static const char *const terms[] = {"all", "often", "rare"};
    static const char *const names[PARTS] = {"0", "1", "2"};
    const char *all[PARTS];
    struct store_postings *postings;
    size_t total = 0;
    random_state = 20220224;
    for (size_t p = 0; p < PARTS; p++) {
        all[p] = at(names[p]);
        write_part(all[p], p > 0 ? ends[p - 1] : 0, ends[p]);
    }
    assert_int_equal(store_postings_open(all, PARTS, &postings, NULL),
                     SHUKACH_OK);
    for (size_t q = 0; q < QUERIES; q++) {
        char bounds[2][40];
        const char *range[2];
        unsigned term = (unsigned)pick(3);
        struct arena arena = {0};
        struct store_matches found;
        write_bounds(bounds, range);
        struct store_query *operands[] = {
            pick(4) == 0 && term == 0
                ? store_query_all()
                : store_query_term(terms[term], strlen(terms[term])),
            store_query_range(3, range[0], range[1])};
        struct store_query *query =
            store_query_combine(STORE_FILTER, operands, 2);
        assert_int_equal(
            store_search(postings, query, &by, &arena, &found, NULL),
            SHUKACH_OK);
        size_t wanted = 0;
        for (size_t i = 0; i < ALL; i++) {
            wanted += holds(i, term) && values[i][0] != '\0' &&
                      (range[0] == NULL || strcmp(values[i], range[0]) >= 0) &&
                      (range[1] == NULL || strcmp(values[i], range[1]) <= 0);
        }
        assert_int_equal(found.count, wanted);
        assert_int_equal(found.lower, wanted);
        assert_int_equal(found.upper, wanted);
        for (size_t i = 0; i < found.count; i++) {
            const char *value = values[found.items[i].number - 1];
            assert_true(holds(found.items[i].number - 1, term));
            assert_true(range[0] == NULL || strcmp(value, range[0]) >= 0);
            assert_true(range[1] == NULL || strcmp(value, range[1]) <= 0);
        }
        total += found.count;
        store_query_free(query);
        arena_free(&arena);
    }
    print_message("%d ranges, %zu documents\n", QUERIES, total);
    assert_true(total > QUERIES * 10);
    store_postings_close(postings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranges_are_those_of_strcmp,
                                        scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
