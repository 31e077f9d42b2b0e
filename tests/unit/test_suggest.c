/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tests/cases/suggest.test on an index of the sample corpus, and what
 * holds for every suggestion. */
#include "scratch.h"
#include "searcher.h"

static struct shukach_index *corpus;

static int add(const struct shukach_document *document, void *payload)
{
    assert_int_equal(shukach_indexer_add(payload, document, NULL), SHUKACH_OK);
    return 0;
}

static int make_corpus(void **state)
{
    char path[4096];
    struct shukach_reader *reader;
    struct shukach_indexer *indexer;
    snprintf(path, sizeof path, "%s/corpus/documents.jsonl",
             getenv("SHUKACH_SOURCE"));
    if (scratch_make(state) != 0) {
        return 1;
    }
    assert_int_equal(shukach_reader_new(&reader, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_open(at("index"), &indexer, NULL),
                     SHUKACH_OK);
    shukach_reader_set_on_document(reader, add, indexer);
    assert_int_equal(shukach_reader_read(reader, path, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    shukach_reader_free(reader);
    return shukach_index_open(at("index"), &corpus, NULL) != SHUKACH_OK;
}

static int remove_corpus(void **state)
{
    shukach_index_close(corpus);
    return scratch_remove(state);
}

/* Searches; the suggestion is copied to `out`. */
static void ask(const char *text, enum shukach_syntax syntax, int suggest,
                char *out, size_t size)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    struct shukach_error err;
    size_t length;
    if (shukach_query_parse(text, strlen(text), syntax, &query, &err) !=
        SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    shukach_query_set_suggest(query, suggest);
    /* Another spelling of a name is found, not suggested for. */
    shukach_query_set_names(query, 0);
    assert_int_equal(shukach_index_search(corpus, query, &hits, &err),
                     SHUKACH_OK);
    const char *suggestion = shukach_hits_suggestion(hits, &length);
    assert_int_equal(length, strlen(suggestion));
    assert_string_equal(shukach_hits_suggestion(hits, NULL), suggestion);
    snprintf(out, size, "%s", suggestion);
    shukach_hits_free(hits);
    shukach_query_free(query);
}

static void test_table(void **state)
{
    (void)state;
    static const char arrow[] = " →";
    char path[4096];
    char line[4096];
    char got[4096];
    size_t cases = 0;
    size_t bad = 0;
    snprintf(path, sizeof path, "%s/tests/cases/suggest.test",
             getenv("SHUKACH_SOURCE"));
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    for (size_t number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\n")] = '\0';
        char *at_arrow = strstr(line, arrow);
        if (line[0] == '#' || at_arrow == NULL) {
            continue;
        }
        *at_arrow = '\0';
        const char *wanted = at_arrow + sizeof arrow - 1;
        wanted += wanted[0] == ' ';
        cases++;
        ask(line, SHUKACH_SYNTAX_FULL, 1, got, sizeof got);
        if (strcmp(got, wanted) != 0) {
            fprintf(stderr,
                    "suggest.test:%zu: %s\n  expected %s\n  got      %s\n",
                    number, line, wanted, got);
            bad++;
        }
    }
    fclose(file);
    print_message("%zu cases, %zu wrong\n", cases, bad);
    assert_true(cases > 60);
    assert_int_equal(bad, 0);
}

static void only_when_asked_for(void **state)
{
    (void)state;
    char got[256];
    ask("Хирсона", SHUKACH_SYNTAX_FULL, 0, got, sizeof got);
    assert_string_equal(got, "");
    ask("Хирсона", SHUKACH_SYNTAX_PLAIN, 1, got, sizeof got);
    assert_string_equal(got, "Херсона");
    ask("Хирсона Україна", SHUKACH_SYNTAX_FULL, 0, got, sizeof got);
    assert_string_equal(got, "");
}

static unsigned cost(const char *typed, const char *meant)
{
    return typo_cost(typed, strlen(typed), meant, strlen(meant));
}

static void likelier_mistakes_cost_less(void **state)
{
    (void)state;
    assert_int_equal(cost("слово", "слово"), 0);
    assert_int_equal(cost("", ""), 3);
    assert_true(cost("обєкт", "об'єкт") < cost("бєкт", "обєкт"));
    assert_true(cost("раісі", "раїсі") < cost("ракісі", "раїсі"));
    assert_true(cost("гараж", "ґараж") < cost("параж", "тараж") + 10);
    assert_true(cost("тисса", "тиса") < cost("тикса", "тиса"));
    assert_true(cost("лсово", "слово") < cost("асово", "слово"));
    assert_true(cost("слрво", "слово") < cost("слцво", "слово"));
    assert_true(cost("слаао", "слово") > cost("слово", "слова"));
    assert_true(cost("fkrica", "africa") > 0);
    /* From nothing, and to it. */
    assert_int_equal(cost("", "слон"), 43);
    assert_int_equal(cost("слон", ""), 43);
}

static void layouts_are_swapped(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *meant; /* NULL: no word */
    } rows[] = {
        {"Hf]cs", "раїсі"},   {"gj;t;f", "пожежа"}, {"\\fyjr", "ґанок"},
        {"{fhrsd", "харків"}, {"ШІЦ", "isw"},       {"ШЫЦ", "isw"},
        {"hello1", NULL},     {"слово word", NULL}, {"123", NULL},
        {"жук", NULL},        {"", NULL},           {"раїсі", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        buf_init(&out, 256);
        bool word = layout_swap(rows[i].typed, strlen(rows[i].typed), &out);
        assert_int_equal(word, rows[i].meant != NULL);
        if (word) {
            assert_string_equal(out.data, rows[i].meant);
        }
        buf_free(&out);
    }
}

static void forms_in_their_casing(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        enum form_casing casing;
        const char *written;
    } rows[] = {
        {"розмова", FORM_SMALL, "розмова"},
        {"раїсі", FORM_CAPITAL, "Раїсі"},
        {"їжак", FORM_CAPITAL, "Їжак"},
        {"ґанок", FORM_CAPITALS, "ҐАНОК"},
        {"isw", FORM_CAPITALS, "ISW"},
        {"івано-франківськ", FORM_PARTS, "Івано-Франківськ"},
        {"ßя", FORM_CAPITALS, "ßЯ"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[FORM_BYTES + 1];
        form_write(rows[i].form, rows[i].casing, out);
        assert_string_equal(out, rows[i].written);
    }
    char longest[FORM_BYTES + 1];
    char out[FORM_BYTES + 1];
    memset(longest, 'a', FORM_BYTES);
    longest[FORM_BYTES] = '\0';
    form_write(longest, FORM_CAPITALS, out);
    assert_int_equal(strlen(out), FORM_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(only_when_asked_for),
        cmocka_unit_test(likelier_mistakes_cost_less),
        cmocka_unit_test(layouts_are_swapped),
        cmocka_unit_test(forms_in_their_casing),
    };
    return cmocka_run_group_tests(tests, make_corpus, remove_corpus);
}
