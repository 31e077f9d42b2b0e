/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "database.h"
#include "scratch.h"
#include "store.h"

static const struct store_match_options options = {
    .limit = 100, .check_at_least = 100, .bm25_k1 = 1.2, .bm25_b = 0.75};

static enum shukach_status open_one(const char *path,
                                    struct store_postings **out,
                                    struct shukach_error *err)
{
    return store_postings_open((const char *const[]){path}, 1, out, err);
}

/* The file does not open as a database. */
static void refuse(const char *path, enum shukach_status wanted,
                   const char *hint)
{
    struct store_postings *postings;
    struct shukach_error err = {0};
    enum shukach_status status = open_one(path, &postings, &err);
    if (status != wanted || strstr(err.message, hint) == NULL) {
        fail_msg("%s: %d, %s", path, (int)status, err.message);
    }
    assert_null(postings);
    assert_int_equal(open_one(path, &postings, NULL), wanted);
}

/* ---- Opening what is no index ------------------------------------------ */

static void what_is_no_database(void **state)
{
    (void)state;
    int before = open_files();
    refuse(at("missing"), SHUKACH_NOT_FOUND, "missing");
    refuse(at("no/such"), SHUKACH_NOT_FOUND, "no/such");
    put(at("empty"), "", 0);
    refuse(at("empty"), SHUKACH_CORRUPT, "rebuild");
    put(at("text"), "Це просто текст.\n", 29);
    refuse(at("text"), SHUKACH_CORRUPT, "rebuild");
    char random[5000];
    uint64_t number = 7; /* the seed */
    for (size_t i = 0; i < sizeof random; i++) {
        number = number * UINT64_C(6364136223846793005) + 1;
        random[i] = (char)(number >> 56);
    }
    put(at("random"), random, sizeof random);
    refuse(at("random"), SHUKACH_CORRUPT, "rebuild");
    assert_int_equal(file_make_dirs(at("dir"), NULL), SHUKACH_OK);
    refuse(at("dir"), SHUKACH_IO, "no file");
    refuse("", SHUKACH_NOT_FOUND, "cannot open");
    assert_int_equal(open_files(), before);
}

static void stubs_are_not_followed(void **state)
{
    (void)state;
    /* To Xapian a text file may name another database or a program. */
    char text[400];
    make_database(at("target"), 1);
    int length = snprintf(text, sizeof text, "auto %s\n", at("target"));
    put(at("stub"), text, (size_t)length);
    refuse(at("stub"), SHUKACH_CORRUPT, "rebuild");
    length = snprintf(text, sizeof text, "remote :/bin/touch %s\n", at("ran"));
    put(at("stub"), text, (size_t)length);
    refuse(at("stub"), SHUKACH_CORRUPT, "rebuild");
    assert_int_equal(access(at("ran"), F_OK), -1);
}

static void every_truncation_is_seen(void **state)
{
    (void)state;
    make_database(at("whole"), 100);
    struct buf file = get(at("whole"));
    int before = open_files();
    for (size_t length = 0; length < file.length;
         length += length < 200 ? 1 : 1009) {
        put(at("cut"), file.data, length);
        refuse(at("cut"), SHUKACH_CORRUPT, "rebuild");
    }
    assert_int_equal(open_files(), before);
    buf_free(&file);
}

static void format_of_another_version(void **state)
{
    (void)state;
    make_database(at("format"), 1);
    struct buf file = get(at("format"));
    /* The two bytes after the magic are the version, as a day's number. */
    file.data[14] = (char)(file.data[14] ^ 1);
    put(at("format"), file.data, file.length);
    refuse(at("format"), SHUKACH_VERSION, "rebuild");
    buf_free(&file);
}

static void several_files_as_one(void **state)
{
    (void)state;
    struct store_postings *postings;
    uint32_t frequency;
    make_database(at("one"), 20);
    make_database(at("two"), 5);
    const char *paths[] = {at("one"), at("two"), at("missing")};
    assert_int_equal(store_postings_open(paths, 2, &postings, NULL),
                     SHUKACH_OK);
    assert_int_equal(store_postings_statistics(postings).documents, 25);
    assert_int_equal(
        store_postings_frequency(postings, "t1", 2, &frequency, NULL),
        SHUKACH_OK);
    assert_int_equal(frequency, 3);
    store_postings_close(postings);
    int before = open_files();
    assert_int_equal(store_postings_open(paths, 3, &postings, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(open_files(), before);
    assert_int_equal(store_postings_open(paths, 0, &postings, NULL),
                     SHUKACH_OK);
    assert_int_equal(store_postings_statistics(postings).documents, 0);
    store_postings_close(postings);
    store_postings_close(NULL);
}

/* ---- Queries ------------------------------------------------------------ */

static struct store_query *term(const char *text)
{
    return store_query_term(text, strlen(text));
}

static struct store_query *both(enum store_operator op,
                                struct store_query *left,
                                struct store_query *right)
{
    return store_query_combine(op, (struct store_query *[]){left, right}, 2);
}

/* How many documents match; the query is freed. */
static size_t count_of(struct store_postings *postings,
                       struct store_query *query)
{
    struct arena arena = {0};
    struct store_matches matches;
    assert_non_null(query);
    assert_int_equal(
        store_search(postings, query, &options, &arena, &matches, NULL),
        SHUKACH_OK);
    size_t count = matches.count;
    store_query_free(query);
    arena_free(&arena);
    return count;
}

static void queries_match(void **state)
{
    (void)state;
    struct store_postings *db;
    make_database(at("queries"), 100);
    assert_int_equal(open_one(at("queries"), &db, NULL), SHUKACH_OK);
    assert_int_equal(count_of(db, term("t1")), 10);
    assert_int_equal(count_of(db, term("none")), 0);
    assert_int_equal(count_of(db, term("")), 0);
    assert_int_equal(count_of(db, store_query_all()), 100);
    assert_int_equal(count_of(db, both(STORE_OR, term("t1"), term("t2"))), 20);
    assert_int_equal(count_of(db, both(STORE_AND, term("t1"), term("t2"))), 0);
    assert_int_equal(count_of(db, both(STORE_AND_NOT, term("all"), term("t2"))),
                     90);
    assert_int_equal(count_of(db, both(STORE_FILTER, term("all"), term("t2"))),
                     10);
    assert_int_equal(
        count_of(db, both(STORE_AND_MAYBE, term("t3"), term("all"))), 10);
    assert_int_equal(count_of(db, both(STORE_SYNONYM, term("t3"), term("t4"))),
                     20);
    assert_int_equal(count_of(db, store_query_scale(term("t3"), 0.5)), 10);
    assert_int_equal(count_of(db, store_query_range(0, "0010", "0019")), 10);
    assert_int_equal(count_of(db, store_query_range(0, NULL, "0019")), 20);
    assert_int_equal(count_of(db, store_query_range(0, "0090", NULL)), 10);
    assert_int_equal(count_of(db, store_query_range(0, NULL, NULL)), 100);
    assert_int_equal(count_of(db, store_query_range(0, "2", "1")), 0);
    assert_int_equal(count_of(db, store_query_range(7, "0", "1")), 0);
    assert_int_equal(count_of(db, store_query_combine(STORE_OR, NULL, 0)), 0);
    store_postings_close(db);
}

static void hostile_queries_are_survived(void **state)
{
    (void)state;
    assert_null(both(STORE_AND, NULL, term("b")));
    assert_null(both(STORE_AND, term("a"), NULL));
    assert_null(store_query_scale(NULL, 2));
    assert_null(store_query_scale(term("a"), -1));
    store_query_free(NULL);
    struct store_postings *db;
    struct arena arena = {0};
    struct store_matches matches;
    make_database(at("hostile"), 30);
    assert_int_equal(open_one(at("hostile"), &db, NULL), SHUKACH_OK);
    assert_int_equal(store_search(db, NULL, &options, &arena, &matches, NULL),
                     SHUKACH_NOMEM);
    static const struct store_match_options hostile[] = {
        {.first = UINT32_MAX, .limit = UINT32_MAX},
        {.limit = UINT32_MAX, .check_at_least = UINT32_MAX},
        {.limit = 5, .order = STORE_BY_SLOT_UP, .slot = UINT32_MAX},
        {.limit = 5, .bm25_k1 = -1, .bm25_b = -5, .bm25_shortest = -1},
        {.limit = 0},
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct store_query *query = term("all");
        enum shukach_status status =
            store_search(db, query, &hostile[i], &arena, &matches, NULL);
        assert_true(status == SHUKACH_OK || status == SHUKACH_INVALID);
        assert_true(matches.count <= 30);
        store_query_free(query);
    }
    double length;
    struct shukach_error err = {0};
    assert_int_equal(store_postings_length(db, 9999, &length, &err),
                     SHUKACH_NOT_FOUND);
    assert_non_null(strstr(err.message, "9999"));
    assert_int_equal(store_postings_length(db, 0, &length, NULL),
                     SHUKACH_INVALID);
    store_postings_close(db);
    arena_free(&arena);
}

static void orders_and_windows(void **state)
{
    (void)state;
    struct store_postings *db;
    struct arena arena = {0};
    struct store_matches matches;
    make_database(at("orders"), 50);
    assert_int_equal(open_one(at("orders"), &db, NULL), SHUKACH_OK);
    struct store_query *query = term("t7");
    static const struct {
        enum store_order order;
        uint32_t first;
        uint32_t number;
    } cases[] = {
        {STORE_BY_SLOT_UP, 0, 8},    {STORE_BY_SLOT_UP, 1, 18},
        {STORE_BY_SLOT_DOWN, 0, 48}, {STORE_BY_SLOT_DOWN, 4, 8},
        {STORE_BY_WEIGHT, 0, 48},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store_match_options window = options;
        window.order = cases[i].order;
        window.first = cases[i].first;
        window.limit = 1;
        assert_int_equal(
            store_search(db, query, &window, &arena, &matches, NULL),
            SHUKACH_OK);
        assert_int_equal(matches.count, 1);
        assert_int_equal(matches.items[0].number, cases[i].number);
        assert_int_equal(matches.upper, 5);
        assert_true(matches.items[0].weight > 0);
    }
    store_query_free(query);
    store_postings_close(db);
    arena_free(&arena);
}

static void short_documents_count_alike(void **state)
{
    (void)state;
    struct store_postings *db;
    struct arena arena = {0};
    struct store_matches matches;
    make_database(at("short"), 50); /* 26 terms on average, at least 2 */
    assert_int_equal(open_one(at("short"), &db, NULL), SHUKACH_OK);
    struct store_query *query = term("all");
    static const struct {
        double shortest;
        size_t alike; /* with the shortest */
    } cases[] = {{0, 1}, {0.25, 5}, {0.5, 12}, {2, 50}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store_match_options least = options;
        size_t alike = 0;
        least.bm25_shortest = cases[i].shortest;
        assert_int_equal(
            store_search(db, query, &least, &arena, &matches, NULL),
            SHUKACH_OK);
        while (alike < matches.count &&
               matches.items[alike].weight == matches.items[0].weight) {
            alike++;
        }
        assert_int_equal(alike, cases[i].alike);
    }
    store_query_free(query);
    store_postings_close(db);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_database),
        cmocka_unit_test(stubs_are_not_followed),
        cmocka_unit_test(every_truncation_is_seen),
        cmocka_unit_test(format_of_another_version),
        cmocka_unit_test(several_files_as_one),
        cmocka_unit_test(queries_match),
        cmocka_unit_test(hostile_queries_are_survived),
        cmocka_unit_test(orders_and_windows),
        cmocka_unit_test(short_documents_count_alike),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
