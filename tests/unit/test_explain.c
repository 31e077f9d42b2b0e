/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account of a score: its parts sum up to the score, and each names forms
 * that stand in the document. */
#include "scratch.h"

#include <math.h>

#include "shukach.h"

/* More than are scored in full (RESCORE), so that both kinds are explained. */
#define DOCUMENTS 300

static const char *const vocabulary[] = {
    "удар",      "удари",   "ударів",
    "ракета",    "ракетою", "ракетний",
    "ракетного", "місто",   "міста",
    "місті",     "Київ",    "Києва",
    "Kиїв",      "Раїсі",   "Путіну",
    "Путіна",    "розмова", "розмову",
    "зв’язок",   "зв'язку", "КНДР",
    "НАТО",      "С-300",   "S-300",
    "Shahed",    "Шахед",   "Збройні",
    "сил",       "України", "ЗСУ",
    "Північній", "Кореї",   "Північній Кореї",
    "проєкт",    "проект",  "Зеле́нський",
    "объект",    "Китай",   "на",
    "про",       "людей",
};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

static const char *const queries[] = {
    "удар",
    "удари міста",
    "ракетний удар",
    "Раїсі Путін розмова",
    "Київ",
    "Kиїв",
    "Зеленський",
    "зв'язок",
    "С-300",
    "S-300",
    "ЗСУ",
    "Збройні сили України",
    "Північна Корея",
    "КНДР",
    "Шахед",
    "Shahed удар",
    "проект",
    "проєкт місто",
    "объект",
    "на",
    "удар удар",
    "удар^3 місто",
    "місто^0.2",
    "\"ракетний удар\"",
    "\"ракетного удар\"",
    "\"Північна Корея\"",
    "\"про удар\"",
    "\"Збройні сили України\" удар",
    "=удар",
    "=\"ракетний удар\"",
    "+удар місто",
    "+ракета -місто",
    "удар І місто",
    "удар І (Київ АБО КНДР)",
    "(удар І місто) розмова",
    "(удар І Раїсі І Путін) ракета Київ",
    "удар НЕ місто",
    "удар NEAR/3 місто",
    "ракета NEAR (Київ АБО НАТО)",
    "(удар NEAR/2 місто) розмова",
    "рак*",
    "рак* удар",
    "title:удар",
    "title:(удар місто) ракета",
    "title:\"удар удари\"",
    "удар source:огляд",
    "удар date:2024",
    "+ЗСУ Північна Корея удар",
    "Київ І \"Північна Корея\"",
    "удар І НЕ \"ракетний удар\"",
};
#define QUERIES (sizeof queries / sizeof *queries)

static uint64_t state = 88172645463325252;

static size_t pick(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 11) % below;
}

static void set_words(struct shukach_document *document,
                      enum shukach_field field, size_t count)
{
    struct buf text;
    buf_init(&text, (size_t)1 << 16);
    for (size_t i = 0; i < count; i++) {
        /* The first are the commonest. */
        buf_add_text(&text, vocabulary[pick(pick(VOCABULARY) + 1)]);
        buf_add_text(&text, i + 1 < count ? " " : ".");
    }
    assert_int_equal(shukach_document_set(document, field, buf_text(&text),
                                          text.length, NULL),
                     SHUKACH_OK);
    buf_free(&text);
}

static struct shukach_index *make_index(void)
{
    struct shukach_indexer *indexer;
    struct shukach_index *index;
    struct shukach_document *document;
    char text[32];
    assert_int_equal(shukach_indexer_open(at("index"), &indexer, NULL),
                     SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    for (int i = 0; i < DOCUMENTS; i++) {
        int length = snprintf(text, sizeof text, "d%d", i);
        assert_int_equal(shukach_document_set(document, SHUKACH_ID, text,
                                              (size_t)length, NULL),
                         SHUKACH_OK);
        length = snprintf(text, sizeof text, "202%d-0%d-1%d", i % 5, i % 9 + 1,
                          i % 10);
        assert_int_equal(shukach_document_set(document, SHUKACH_DATE, text,
                                              (size_t)length, NULL),
                         SHUKACH_OK);
        assert_int_equal(
            shukach_document_set(document, SHUKACH_LANG, "uk", 2, NULL),
            SHUKACH_OK);
        assert_int_equal(shukach_document_set(document, SHUKACH_SOURCE,
                                              "огляд преси",
                                              strlen("огляд преси"), NULL),
                         SHUKACH_OK);
        set_words(document, SHUKACH_TITLE, pick(6));
        set_words(document, SHUKACH_TEXT, 1 + pick(80));
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
    }
    shukach_document_free(document);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    assert_int_equal(shukach_index_open(at("index"), &index, NULL), SHUKACH_OK);
    return index;
}

static struct shukach_hits *ask(struct shukach_index *index, const char *text,
                                bool explain, uint32_t half_life)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    assert_int_equal(shukach_query_parse(text, strlen(text),
                                         SHUKACH_SYNTAX_FULL, &query, NULL),
                     SHUKACH_OK);
    shukach_query_set_window(query, 0, 0);
    shukach_query_set_snippet(query, 0);
    shukach_query_set_explain(query, explain);
    assert_int_equal(
        shukach_query_set_recent(query, half_life, "2024-12-31", NULL),
        SHUKACH_OK);
    assert_int_equal(shukach_index_search(index, query, &hits, NULL),
                     SHUKACH_OK);
    shukach_query_free(query);
    return hits;
}

static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

static void check_match(const struct shukach_hits *hits, size_t i,
                        const struct shukach_match *match)
{
    static const char *const rules[] = {"exact",       "lexicon", "stem",
                                        "variant",     "name",    "prefix",
                                        "exact-phrase"};
    bool known = false;
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        known = known || begins(match->rules, rules[r]);
    }
    assert_true(known);
    assert_true(match->count >= 1);
    assert_int_equal(strlen(match->text), match->length);
    assert_true(strstr(shukach_hits_field(hits, i, SHUKACH_TEXT, NULL),
                       match->text) != NULL ||
                strstr(shukach_hits_field(hits, i, SHUKACH_TITLE, NULL),
                       match->text) != NULL);
}

static void check_hit(const char *query, const struct shukach_hits *hits,
                      size_t i)
{
    size_t count;
    const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
    double score = shukach_hits_score(hits, i);
    double sum = 0;
    for (size_t p = 0; p < count; p++) {
        assert_true(parts[p].from < parts[p].to);
        assert_true(parts[p].to <= strlen(query));
        assert_true(parts[p].score >= 0);
        assert_true(parts[p].score == 0 || parts[p].match_count > 0);
        for (size_t m = 0; m < parts[p].match_count; m++) {
            check_match(hits, i, &parts[p].matches[m]);
        }
        sum += parts[p].score;
    }
    if (fabs(sum - score) > 1e-9 * (1 + score)) {
        fail_msg("%s: hit %zu: parts sum to %.12f, the score is %.12f", query,
                 i, sum, score);
    }
}

static void test_parts_sum_to_the_score(void **unused)
{
    struct shukach_index *index = make_index();
    size_t explained = 0;
    size_t plain = 0;
    (void)unused;
    for (size_t q = 0; q < QUERIES; q++) {
        for (uint32_t half_life = 0; half_life <= 300; half_life += 300) {
            struct shukach_hits *hits = ask(index, queries[q], true, half_life);
            struct shukach_hits *bare =
                ask(index, queries[q], false, half_life);
            size_t count = shukach_hits_count(hits);
            assert_int_equal(count, shukach_hits_count(bare));
            if (count == 0) {
                fail_msg("%s: no hits", queries[q]);
            }
            for (size_t i = 0; i < count; i++) {
                size_t none;
                check_hit(queries[q], hits, i);
                assert_true(shukach_hits_score(hits, i) ==
                            shukach_hits_score(bare, i));
                (void)shukach_hits_parts(bare, i, &none);
                assert_int_equal(none, 0);
                plain += shukach_hits_factor(hits, i, SHUKACH_FACTOR_RANK) != 1;
            }
            explained += count;
            shukach_hits_free(hits);
            shukach_hits_free(bare);
        }
    }
    shukach_index_close(index);
    assert_true(explained > 1000 && plain > 50);
    print_message("%zu queries, %zu hits, %zu of them below those scored in "
                  "full\n",
                  QUERIES, explained, plain);
}

/* What one hit tells, in words. */
static void assert_rules(struct shukach_index *index, const char *query,
                         const char *text, const char *rules)
{
    struct shukach_hits *hits = ask(index, query, true, 0);
    bool found = false;
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t count;
        const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
        for (size_t p = 0; p < count; p++) {
            for (size_t m = 0; m < parts[p].match_count; m++) {
                const struct shukach_match *match = &parts[p].matches[m];
                if (strcmp(match->text, text) == 0) {
                    assert_string_equal(match->rules, rules);
                    found = true;
                }
            }
        }
    }
    shukach_hits_free(hits);
    if (!found) {
        fail_msg("%s: no hit names %s", query, text);
    }
}

static void test_rules_are_named(void **unused)
{
    struct shukach_index *index;
    (void)unused;
    assert_int_equal(shukach_index_open(at("index"), &index, NULL), SHUKACH_OK);
    assert_rules(index, "розмова", "розмова", "exact");
    assert_rules(index, "розмова", "розмову", "stem");
    assert_rules(index, "Київ", "Києва", "stem");
    assert_rules(index, "люди", "людей", "lexicon");
    assert_rules(index, "Київ", "Kиїв", "exact,look-alike");
    assert_rules(index, "зв'язок", "зв’язок", "exact,apostrophe");
    assert_rules(index, "Зеленський", "Зеле́нський", "exact,stress");
    assert_rules(index, "Північна Корея", "КНДР", "variant");
    assert_rules(index, "КНДР", "Північній Кореї", "variant");
    assert_rules(index, "Шахед", "Shahed", "name,english");
    assert_rules(index, "ракетн*", "ракетного", "prefix");
    assert_rules(index, "\"ракетний удар\"", "ракетний удар", "exact-phrase");
    shukach_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_sum_to_the_score),
        cmocka_unit_test(test_rules_are_named),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
