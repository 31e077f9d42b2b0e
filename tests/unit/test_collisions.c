/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms whose short hashes are the same: candidates that only seem to match
 * must not crowd out those that do. */
#include "store.h"
#include "texts.h"

#define SEEMING 400
#define MATCHING 6

static const char *const nouns[] = {"школ",  "хат",    "груп",   "мап",
                                    "машин", "ракет",  "бомб",   "газет",
                                    "умов",  "картин", "планет", "бригад"};
static const char *const endings[] = {"а",  "и", "і",  "у",   "ою",
                                      "ам", "",  "ах", "ами", "о"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static unsigned char hash_of(const char *form)
{
    return signature_of("", 0, false, form, strlen(form)).form;
}

/* Two forms of a noun that a signature cannot tell apart. */
static bool find_alike(char one[64], char other[64])
{
    for (size_t n = 0; n < COUNT(nouns); n++) {
        for (size_t i = 0; i < COUNT(endings); i++) {
            for (size_t k = i + 1; k < COUNT(endings); k++) {
                snprintf(one, 64, "%s%s", nouns[n], endings[i]);
                snprintf(other, 64, "%s%s", nouns[n], endings[k]);
                if (hash_of(one) == hash_of(other)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static size_t count_hits(struct shukach_index *index, const char *text,
                         uint64_t limit)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    assert_int_equal(shukach_query_parse(text, strlen(text),
                                         SHUKACH_SYNTAX_FULL, &query, NULL),
                     SHUKACH_OK);
    shukach_query_set_window(query, 0, limit);
    assert_int_equal(shukach_index_search(index, query, &hits, NULL),
                     SHUKACH_OK);
    size_t count = shukach_hits_count(hits);
    double last = 1e9;
    for (size_t i = 0; i < count; i++) {
        assert_true(shukach_hits_score(hits, i) <= last);
        last = shukach_hits_score(hits, i);
    }
    shukach_hits_free(hits);
    shukach_query_free(query);
    return count;
}

static void test_crowd(void **state)
{
    (void)state;
    char seeming[64];
    char matching[64];
    char text[1024] = "";
    char exact[65];
    const char *texts[SEEMING + MATCHING];
    if (!find_alike(seeming, matching)) {
        fail_msg("no two forms have the same hash; give more nouns");
    }
    /* The longer a text, the lower it ranks. */
    int length = snprintf(text, sizeof text, "%s", matching);
    for (size_t i = 0; i < 40; i++) {
        length +=
            snprintf(text + length, sizeof text - (size_t)length, " вечір");
    }
    for (size_t i = 0; i < SEEMING + MATCHING; i++) {
        texts[i] = i < SEEMING ? seeming : text;
    }
    struct shukach_index *index = index_of("crowd", COUNT(texts), texts);
    snprintf(exact, sizeof exact, "=%s", matching);
    assert_int_equal(count_hits(index, matching, 0), SEEMING + MATCHING);
    assert_int_equal(count_hits(index, exact, 10), MATCHING);
    assert_int_equal(count_hits(index, exact, 4), 4);
    assert_int_equal(count_hits(index, exact, 0), MATCHING);
    shukach_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_crowd)};
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
