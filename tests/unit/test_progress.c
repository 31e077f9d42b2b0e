/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress, stopping and messages of indexer and searches. Through the public
 * header only. */
#include "several.h"

#define DOCUMENTS 900

/* ---- What callbacks were told ------------------------------------------- */

struct told {
    uint64_t calls;
    uint64_t done;
    uint64_t total;
    uint64_t stop_at; /* call that stops the work; 0: none */
    char messages[1024];
};

static int on_progress(uint64_t done, uint64_t total, void *payload)
{
    struct told *told = payload;
    assert_true(told->calls == 0 || done >= told->done);
    told->calls++;
    told->done = done;
    told->total = total;
    return told->calls == told->stop_at;
}

static void on_message(const char *text, void *payload)
{
    struct told *told = payload;
    size_t length = strlen(told->messages);
    snprintf(told->messages + length, sizeof told->messages - length, "%s\n",
             text);
}

/* Adds documents and publishes. */
static enum shukach_status run(const char *dir, size_t from, size_t to,
                               struct told *told)
{
    struct shukach_indexer *indexer;
    struct shukach_error err;
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_OK);
    shukach_indexer_set_on_progress(indexer, on_progress, told);
    shukach_indexer_set_on_message(indexer, on_message, told);
    for (size_t i = from; i < to; i++) {
        struct fields one = {.source = i % 3 == 0 ? "Порт" : "Місто"};
        snprintf(one.id, sizeof one.id, "%zu", i);
        snprintf(one.text, sizeof one.text, "порт %s Одеси %zu",
                 i % 2 == 0 ? "міста" : "відкрили", i);
        add(indexer, &one);
    }
    enum shukach_status status = shukach_indexer_publish(indexer, &err);
    shukach_indexer_close(indexer);
    return status;
}

static struct shukach_index *open_one(const char *dir)
{
    return open_all(&dir, 1);
}

/* ---- The indexer ----------------------------------------------------------
 */

static void publishing(void **state)
{
    (void)state;
    struct told told = {0};
    const char *dir = at("index");
    assert_int_equal(run(dir, 0, 600, &told), SHUKACH_OK);
    assert_int_equal(told.calls, 1);
    assert_int_equal(told.done, told.total);
    assert_string_equal(told.messages, "published gen-1\n");

    /* More than there are: all is written again. */
    told = (struct told){.stop_at = 1000};
    assert_int_equal(run(dir, 600, 1300, &told), SHUKACH_CANCELLED);
    assert_int_equal(told.calls, 1000);
    assert_int_equal(told.done, 999);
    assert_int_equal(told.total, 1300);
    told = (struct told){.stop_at = 1301};
    assert_int_equal(run(dir, 600, 1300, &told), SHUKACH_CANCELLED);
    assert_int_equal(told.done, 1300);
    assert_string_equal(told.messages,
                        "merging 1300 documents of 2 segments into one\n");
    struct shukach_index *index = open_one(dir);
    assert_int_equal(shukach_index_count(index), 600);
    assert_string_equal(shukach_index_fact(index, "generation"), "gen-1");
    shukach_index_close(index);

    told = (struct told){0};
    assert_int_equal(run(dir, 600, DOCUMENTS, &told), SHUKACH_OK);
    assert_string_equal(told.messages, "published gen-2\n");
    index = open_one(dir);
    assert_int_equal(shukach_index_count(index), DOCUMENTS);
    assert_string_equal(shukach_index_fact(index, "segments"), "2");
    shukach_index_close(index);
}

/* ---- Searches ---------------------------------------------------------------
 */

static int pass_document(const struct shukach_document *document, void *payload)
{
    (void)document;
    (void)payload;
    return 0;
}

static int pass_name(const struct shukach_name *name, void *payload)
{
    (void)name;
    (void)payload;
    return 0;
}

enum kind { SEARCH, STREAM, NAMES, ALL_NAMES, KINDS };

static enum shukach_status ask(struct shukach_index *index,
                               const struct shukach_query *query,
                               enum kind kind, struct shukach_hits **hits)
{
    *hits = NULL;
    switch (kind) {
    case SEARCH:
        return shukach_index_search(index, query, hits, NULL);
    case STREAM:
        return shukach_index_stream(index, query, pass_document, NULL, hits,
                                    NULL);
    default:
        return shukach_index_names(index, kind == NAMES ? query : NULL, 0, 0,
                                   pass_name, NULL, NULL, hits, NULL);
    }
}

static void stopped_anywhere(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "порт",         "порт OR міста",   "\"порт міста\"",
        "=порт -міста", "порт NEAR Одеси", "source:порт",
        "lang:uk",
    };
    struct shukach_index *index = open_one(at("index"));
    uint64_t calls = 0;
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        struct shukach_query *query = parse(queries[q]);
        shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
        shukach_query_set_window(query, 0, 300);
        for (int kind = SEARCH; kind < KINDS; kind++) {
            struct told told = {0};
            struct shukach_hits *hits[2];
            uint64_t totals[4];
            shukach_index_set_on_progress(index, NULL, NULL);
            assert_int_equal(ask(index, query, (enum kind)kind, &hits[0]),
                             SHUKACH_OK);
            shukach_index_set_on_progress(index, on_progress, &told);
            assert_int_equal(ask(index, query, (enum kind)kind, &hits[1]),
                             SHUKACH_OK);
            assert_true(told.calls > 1);
            assert_int_equal(told.total, 0);
            calls += told.calls;
            /* Being watched changes nothing. */
            shukach_hits_total(hits[0], &totals[0], &totals[1]);
            shukach_hits_total(hits[1], &totals[2], &totals[3]);
            assert_int_equal(totals[0], totals[2]);
            assert_int_equal(totals[1], totals[3]);
            size_t count = shukach_hits_count(hits[0]);
            assert_int_equal(count, shukach_hits_count(hits[1]));
            for (size_t i = 0; i < count; i++) {
                assert_string_equal(
                    shukach_hits_field(hits[0], i, SHUKACH_ID, NULL),
                    shukach_hits_field(hits[1], i, SHUKACH_ID, NULL));
                assert_true(shukach_hits_score(hits[0], i) ==
                            shukach_hits_score(hits[1], i));
            }
            for (uint64_t stop = 1; stop <= told.calls; stop++) {
                struct told again = {.stop_at = stop};
                struct shukach_hits *none;
                shukach_index_set_on_progress(index, on_progress, &again);
                assert_int_equal(ask(index, query, (enum kind)kind, &none),
                                 SHUKACH_CANCELLED);
                assert_int_equal(again.calls, stop);
                assert_null(none);
            }
            shukach_hits_free(hits[0]);
            shukach_hits_free(hits[1]);
        }
        shukach_query_free(query);
    }
    assert_true(calls > 100);
    shukach_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishing),
        cmocka_unit_test(stopped_anywhere),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
