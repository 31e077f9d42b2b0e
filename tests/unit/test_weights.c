/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights of words, in files of several parts, are those of BM25. */
#include <math.h>

#include "scratch.h"
#include "store.h"

#define PARTS 3
#define DOCUMENTS 700 /* in each */
#define TERMS 6
#define ALL (PARTS * DOCUMENTS)

static const struct store_match_options by = {.limit = ALL,
                                              .check_at_least = ALL,
                                              .bm25_k1 = 1.2,
                                              .bm25_b = 0.75,
                                              .bm25_shortest = 0.5};

static uint32_t counts[ALL][TERMS];
static uint32_t lengths_of[ALL];
static struct store_postings *postings;
static struct records *records;

static const char *term(size_t t)
{
    static const char *const names[TERMS] = {"а", "б", "в", "г", "ґ", "д"};
    return names[t];
}

static void write_part(const char *dir, size_t first)
{
    struct segment_writer *writer;
    struct buf none;
    buf_init(&none, 1);
    const char *fields[SHUKACH_FIELDS] = {"", "", "", "", "", "", "", ""};
    size_t lengths[SHUKACH_FIELDS] = {0};
    assert_int_equal(segment_create(dir, &segment_defaults, &writer, NULL),
                     SHUKACH_OK);
    for (size_t i = first; i < first + DOCUMENTS; i++) {
        struct store_term terms[TERMS + 1] = {
            {.text = "решта", .length = 10, .count = 1 + (uint32_t)(i % 97)}};
        size_t n = 1;
        lengths_of[i] = terms[0].count;
        for (size_t t = 0; t < TERMS; t++) {
            /* From frequent to rare. */
            uint32_t count = (uint32_t)(hash64(&i, sizeof i) >> (8 * t)) & 0xff;
            counts[i][t] = count % (2 + 3 * t) == 0 ? 1 + count % 5 : 0;
            lengths_of[i] += counts[i][t];
            if (counts[i][t] > 0) {
                terms[n++] = (struct store_term){
                    .text = term(t), .length = 2, .count = counts[i][t]};
            }
        }
        struct store_document document = {.terms = terms,
                                          .term_count = n,
                                          .signature = &none,
                                          .fields = fields,
                                          .lengths = lengths};
        assert_int_equal(segment_add(writer, &document, NULL), SHUKACH_OK);
    }
    assert_int_equal(segment_finish(writer, NULL, NULL, NULL), SHUKACH_OK);
    segment_close(writer);
}

static int make(void **state)
{
    char paths[2][PARTS][300];
    const char *const names[] = {"0", "1", "2"};
    scratch_make(state);
    for (size_t p = 0; p < PARTS; p++) {
        write_part(at(names[p]), p * DOCUMENTS);
        snprintf(paths[0][p], 300, "%s/postings", at(names[p]));
        snprintf(paths[1][p], 300, "%s/records", at(names[p]));
    }
    const char *all[] = {paths[0][0], paths[0][1], paths[0][2]};
    assert_int_equal(store_postings_open(all, PARTS, &postings, NULL),
                     SHUKACH_OK);
    assert_int_equal(records_open(paths[1][0], &records, NULL), SHUKACH_OK);
    for (size_t p = 1; p < PARTS; p++) {
        assert_int_equal(records_append(records, paths[1][p], NULL),
                         SHUKACH_OK);
    }
    return 0;
}

static int end(void **state)
{
    store_postings_close(postings);
    records_free(records);
    return scratch_remove(state);
}

/* BM25 of a document for terms counted as one, a bit each. */
static double weigh(size_t document, unsigned terms)
{
    double frequency = 0;
    double average = 0;
    uint32_t occurrences = 0;
    for (size_t t = 0; t < TERMS; t++) {
        double own = 0;
        for (size_t i = 0; i < ALL; i++) {
            own += counts[i][t] > 0;
        }
        if ((terms >> t & 1) != 0) {
            /* As if no term told anything of another. */
            frequency = round(frequency + own - frequency * own / ALL);
            occurrences += counts[document][t];
        }
    }
    for (size_t i = 0; i < ALL; i++) {
        average += (double)lengths_of[i] / ALL;
    }
    double odds = (ALL - frequency + 0.5) / (frequency + 0.5);
    double idf = log(odds < 2 ? odds / 2 + 1 : odds);
    double length = fmax(lengths_of[document] / average, by.bm25_shortest);
    double k = by.bm25_k1 * (1 - by.bm25_b + by.bm25_b * length);
    return idf * (by.bm25_k1 + 1) * occurrences / (k + occurrences);
}

static struct store_query *one(size_t t)
{
    return store_query_term(term(t), 2);
}

static struct store_query *two(enum store_operator op, struct store_query *a,
                               struct store_query *b)
{
    struct store_query *operands[] = {a, b};
    return store_query_combine(op, operands, 2);
}

static struct store_query *all_words(void)
{
    return two(STORE_AND,
               two(STORE_AND, one(0),
                   two(STORE_BEST, one(1), store_query_scale(one(3), 0.5))),
               store_query_scale(one(5), 3));
}

/* Whether all documents are found that weigh anything, with that weight. */
static void expect(struct store_query *query, const double *wanted)
{
    struct arena arena = {0};
    struct store_matches found;
    size_t count = 0;
    for (size_t i = 0; i < ALL; i++) {
        count += wanted[i] > 0;
    }
    assert_int_equal(store_search(postings, query, &by, &arena, &found, NULL),
                     SHUKACH_OK);
    assert_int_equal(found.count, count);
    for (size_t i = 0; i < found.count; i++) {
        double weight = wanted[found.items[i].number - 1];
        assert_true(fabs(found.items[i].weight - weight) < 1e-9);
    }
    store_query_free(query);
    arena_free(&arena);
}

static void check_all(void)
{
    double wanted[ALL];
    for (size_t t = 0; t < TERMS; t++) {
        for (size_t i = 0; i < ALL; i++) {
            wanted[i] = weigh(i, 1u << t);
        }
        expect(one(t), wanted);
    }
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] = weigh(i, 1u << 2 | 1u << 4);
    }
    expect(two(STORE_SYNONYM, one(2), one(4)), wanted);
    /* The heavier of a word and half of its variants. */
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] = fmax(weigh(i, 1u << 1), 0.5 * weigh(i, 1u << 3 | 1u << 5));
    }
    expect(two(STORE_BEST, one(1),
               store_query_scale(two(STORE_SYNONYM, one(3), one(5)), 0.5)),
           wanted);
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] += weigh(i, 1u << 0);
    }
    expect(two(STORE_OR, one(0),
               two(STORE_BEST, one(1),
                   store_query_scale(two(STORE_SYNONYM, one(3), one(5)), 0.5))),
           wanted);
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] = counts[i][4] > 0 ? weigh(i, 1u << 2) : 0;
    }
    expect(two(STORE_FILTER, one(2), one(4)), wanted);
    /* All of some words, of which the heaviest is the rarest or the commonest;
     * also where another query leads. */
    for (size_t i = 0; i < ALL; i++) {
        double best = fmax(weigh(i, 1u << 1), 0.5 * weigh(i, 1u << 3));
        bool all = counts[i][0] > 0 && best > 0 && counts[i][5] > 0;
        wanted[i] = all ? weigh(i, 1u << 0) + best + 3 * weigh(i, 1u << 5) : 0;
    }
    expect(all_words(), wanted);
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] = counts[i][2] > 0 ? wanted[i] : 0;
    }
    expect(two(STORE_FILTER, all_words(), one(2)), wanted);
    /* One of so many terms that it is no word any more. */
    struct store_query *many[100];
    for (size_t i = 0; i < 100; i++) {
        many[i] = i < 2 ? one(i) : store_query_term("ніде", 8);
    }
    for (size_t i = 0; i < ALL; i++) {
        wanted[i] = weigh(i, 1u << 0 | 1u << 1);
    }
    expect(store_query_combine(STORE_SYNONYM, many, 100), wanted);
}

static void lengths_of_the_postings(void **state)
{
    (void)state;
    store_postings_set_lengths(postings, NULL);
    check_all();
}

static void lengths_of_the_records(void **state)
{
    (void)state;
    store_postings_set_lengths(postings, records);
    check_all();
}

/* The best are the same however few are asked for. */
static void few_of(struct store_query *query)
{
    struct store_match_options few = by;
    struct arena arena = {0};
    struct store_matches all;
    struct store_matches some;
    store_postings_set_lengths(postings, records);
    assert_int_equal(store_search(postings, query, &by, &arena, &all, NULL),
                     SHUKACH_OK);
    for (uint32_t limit = 1; limit < 200; limit += 13) {
        few.limit = limit;
        few.check_at_least = limit % 2 == 0 ? limit : 3 * limit;
        assert_int_equal(
            store_search(postings, query, &few, &arena, &some, NULL),
            SHUKACH_OK);
        assert_int_equal(some.count, limit < all.count ? limit : all.count);
        assert_true(some.lower <= all.count && all.count <= some.upper);
        /* All are counted where they are few enough. */
        assert_true(all.count >= few.check_at_least ||
                    some.lower == some.upper);
        assert_true(some.lower >= few.check_at_least ||
                    some.lower == all.count);
        for (size_t i = 0; i < some.count; i++) {
            assert_int_equal(some.items[i].number, all.items[i].number);
        }
    }
    store_query_free(query);
    arena_free(&arena);
}

static void few_of_many(void **state)
{
    (void)state;
    few_of(two(STORE_OR, one(0), two(STORE_OR, one(3), one(5))));
    few_of(one(0));
    few_of(two(STORE_AND, one(0), one(1)));
    few_of(two(STORE_FILTER, two(STORE_AND, one(3), one(0)), one(1)));
    few_of(two(STORE_AND_MAYBE, two(STORE_AND, one(1), one(0)), one(4)));
}

/* Every second candidate is no match. */
static enum shukach_status even(uint32_t number, bool *match, void *payload,
                                struct shukach_error *err)
{
    size_t *asked = payload;
    *match = number % 2 == 0;
    return ++*asked > ALL ? error_set(err, SHUKACH_INTERNAL, "asked too often")
                          : SHUKACH_OK;
}

static void candidates_are_asked_about(void **state)
{
    (void)state;
    struct store_match_options some = by;
    struct arena arena = {0};
    struct store_matches found;
    struct shukach_error err;
    size_t asked = 0;
    size_t count = 0;
    some.on_candidate = even;
    some.payload = &asked;
    struct store_query *query = one(2);
    for (size_t i = 0; i < ALL; i++) {
        count += counts[i][2] > 0 && (i + 1) % 2 == 0;
    }
    assert_int_equal(store_search(postings, query, &some, &arena, &found, NULL),
                     SHUKACH_OK);
    assert_int_equal(found.count, count);
    for (size_t i = 0; i < found.count; i++) {
        assert_int_equal(found.items[i].number % 2, 0);
        assert_true(counts[found.items[i].number - 1][2] > 0);
    }
    asked = ALL;
    assert_int_equal(store_search(postings, query, &some, &arena, &found, &err),
                     SHUKACH_INTERNAL);
    assert_string_equal(err.message, "asked too often");
    store_query_free(query);
    arena_free(&arena);
}

/* Of what is asked ahead, and of what was likely. */
struct ahead {
    size_t asked;
    size_t likely;
    size_t candidates;
};

static enum shukach_status third(uint32_t number, bool *match, void *payload,
                                 struct shukach_error *err)
{
    struct ahead *ahead = payload;
    (void)err;
    ahead->candidates++;
    *match = number % 3 == 0;
    return SHUKACH_OK;
}

static enum shukach_status even_ahead(const uint32_t *numbers, size_t count,
                                      bool *may, void *payload,
                                      struct shukach_error *err)
{
    struct ahead *ahead = payload;
    for (size_t i = 0; i < count; i++) {
        assert_true(may[i]);
        may[i] = numbers[i] % 2 == 0;
    }
    ahead->asked += count;
    return ahead->asked > ALL
               ? error_set(err, SHUKACH_INTERNAL, "asked ahead too often")
               : SHUKACH_OK;
}

static void likely(uint32_t number, void *payload)
{
    struct ahead *ahead = payload;
    assert_int_equal(number % 2, 0);
    ahead->likely++;
}

/* Of `query`, which holds where `holds`, only every sixth matches. */
static void ask_ahead(struct store_query *query, const bool *holds)
{
    struct store_match_options some = by;
    struct arena arena = {0};
    struct store_matches found;
    struct shukach_error err;
    struct ahead ahead = {0};
    size_t count = 0;
    size_t even = 0;
    some.on_candidate = third;
    some.on_ahead = even_ahead;
    some.on_likely = likely;
    some.payload = &ahead;
    for (size_t i = 0; i < ALL; i++) {
        even += holds[i] && (i + 1) % 2 == 0;
        count += holds[i] && (i + 1) % 6 == 0;
    }
    assert_int_equal(store_search(postings, query, &some, &arena, &found, NULL),
                     SHUKACH_OK);
    assert_int_equal(found.count, count);
    assert_int_equal(ahead.candidates, even);
    assert_int_equal(ahead.likely, even);
    for (size_t i = 0; i < found.count; i++) {
        assert_int_equal(found.items[i].number % 6, 0);
        assert_true(holds[found.items[i].number - 1]);
    }
    /* However few are wanted, so many there may be. */
    some.limit = 5;
    some.check_at_least = 5;
    ahead = (struct ahead){0};
    assert_int_equal(store_search(postings, query, &some, &arena, &found, NULL),
                     SHUKACH_OK);
    assert_int_equal(found.count, count < 5 ? count : 5);
    assert_true(found.upper >= count);
    ahead.asked = ALL;
    assert_int_equal(store_search(postings, query, &some, &arena, &found, &err),
                     SHUKACH_INTERNAL);
    assert_string_equal(err.message, "asked ahead too often");
    store_query_free(query);
    arena_free(&arena);
}

static void some_are_turned_down_ahead(void **state)
{
    (void)state;
    bool holds[ALL];
    for (size_t i = 0; i < ALL; i++) {
        holds[i] = counts[i][0] > 0 && counts[i][1] > 0;
    }
    ask_ahead(two(STORE_AND, one(1), one(0)), holds);
    /* A term of every document is much denser. */
    for (size_t i = 0; i < ALL; i++) {
        holds[i] = counts[i][5] > 0;
    }
    ask_ahead(two(STORE_AND, store_query_term("решта", 10), one(5)), holds);
    ask_ahead(one(5), holds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_of_the_postings),
        cmocka_unit_test(lengths_of_the_records),
        cmocka_unit_test(few_of_many),
        cmocka_unit_test(candidates_are_asked_about),
        cmocka_unit_test(some_are_turned_down_ahead),
    };
    return cmocka_run_group_tests(tests, make, end);
}
