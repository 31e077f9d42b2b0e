/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tests/cases/query*.test: a line `> QUERY`, then the tree it parses to,
 * or `! OFFSET PART OF THE MESSAGE` and `~ THE CORRECTED QUERY`, which is
 * empty where there is none. And what holds for every query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "searcher.h"

static const char *const field_names[] = {
    [FIELD_TITLE] = "title",   [FIELD_AUTHOR] = "author",
    [FIELD_SOURCE] = "source", [FIELD_LANG] = "lang",
    [FIELD_SITE] = "site",     [FIELD_ID] = "id",
    [FIELD_DATE] = "date",
};

static void dump_words(struct buf *out, const struct node *node)
{
    for (size_t i = 0; i < node->word_count; i++) {
        const struct query_word *word = &node->words[i];
        bool prefix = word->prefix != NULL;
        buf_format(out, "%s%s%s%s%s", i > 0 ? " " : "", node->title ? "t:" : "",
                   word->exact && !prefix ? "=" : "", word->form,
                   prefix ? "*" : "");
        if (word->boost > 0) {
            buf_format(out, "^%g", word->boost);
        }
    }
}

static void dump(struct buf *out, const struct node *node);

static void dump_children(struct buf *out, const char *name,
                          const struct node *node)
{
    buf_format(out, "(%s", name);
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        buf_add_char(out, ' ');
        dump(out, child);
    }
    buf_add_char(out, ')');
}

static void dump(struct buf *out, const struct node *node)
{
    char name[32];
    buf_add_text(out, node->must ? "+" : node->must_not ? "-" : "");
    switch (node->kind) {
    case NODE_WORD:
        dump_words(out, node);
        break;
    case NODE_PHRASE:
        buf_add_text(out, "(phrase ");
        dump_words(out, node);
        buf_add_char(out, ')');
        break;
    case NODE_NEAR:
        snprintf(name, sizeof name, "near/%u", node->distance);
        dump_children(out, name, node);
        break;
    case NODE_AND:
        dump_children(out, "and", node);
        break;
    case NODE_ANY:
        dump_children(out, "any", node);
        break;
    case NODE_NOT:
        dump_children(out, "not", node);
        break;
    case NODE_FILTER:
        buf_format(out, "(%s ", field_names[node->field]);
        if (node->words != NULL) {
            dump_words(out, node);
        } else if (node->field == FIELD_DATE) {
            buf_format(out, "%s %s", node->value ? node->value : "*",
                       node->value_to ? node->value_to : "*");
        } else {
            buf_add(out, node->value, node->value_length);
        }
        buf_add_char(out, ')');
        break;
    }
}

static enum shukach_status parse(const char *text, size_t length,
                                 enum shukach_syntax syntax,
                                 struct shukach_error *err)
{
    struct shukach_query *query = NULL;
    enum shukach_status status =
        shukach_query_parse(text, length, syntax, &query, err);
    shukach_query_free(query);
    return status;
}

static char corrected[QUERY_BYTES + 1];

/* Corrects a query into `corrected`. Whatever comes of it parses, is UTF-8
 * and, where the query parses as it is, nothing. */
static void correct(const char *text, size_t length)
{
    bool good = parse(text, length, SHUKACH_SYNTAX_FULL, NULL) == SHUKACH_OK;
    size_t size =
        shukach_query_correct(text, length, corrected, sizeof corrected);
    assert_int_equal(shukach_query_correct(text, length, NULL, 0), size);
    assert_true(size < sizeof corrected);
    if (size == 0) {
        corrected[0] = '\0';
        return;
    }
    assert_false(good);
    assert_int_equal(strlen(corrected), size);
    assert_true(utf8_valid(corrected, size, NULL));
    assert_int_equal(parse(corrected, size, SHUKACH_SYNTAX_FULL, NULL),
                     SHUKACH_OK);
}

/* Checks one case; what is wrong goes to stderr. */
static bool check_case(const char *name, size_t line, const char *query,
                       const char *expected)
{
    struct shukach_query *parsed = NULL;
    struct shukach_error err = {0};
    struct buf got;
    buf_init(&got, 1 << 20);
    if (shukach_query_parse(query, strlen(query), SHUKACH_SYNTAX_FULL, &parsed,
                            &err) == SHUKACH_OK) {
        dump(&got, parsed->root);
    } else {
        buf_format(&got, "! %llu %s", (unsigned long long)err.offset,
                   err.message);
    }
    bool error = expected[0] == '!';
    size_t offset = strcspn(expected + (error ? 2 : 0), " ") + 3;
    bool good = error ? strncmp(buf_text(&got), expected, offset) == 0 &&
                            strstr(buf_text(&got), expected + offset) != NULL
                      : strcmp(buf_text(&got), expected) == 0;
    if (!good) {
        fprintf(stderr, "%s:%zu: %s\n  expected %s\n  got      %s\n", name,
                line, query, expected, buf_text(&got));
    }
    buf_free(&got);
    shukach_query_free(parsed);
    return good;
}

static bool check_correction(const char *name, size_t line, const char *query,
                             const char *expected)
{
    correct(query, strlen(query));
    bool good = strcmp(corrected, expected) == 0;
    if (!good) {
        fprintf(stderr, "%s:%zu: %s\n  expected %s\n  got      %s\n", name,
                line, query, expected, corrected);
    }
    return good;
}

/* Checks a file of cases and counts what is wrong. */
static size_t check_file(const char *name, size_t *cases)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/cases/%s", getenv("SHUKACH_SOURCE"),
             name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char query[4096] = "";
    char text[4096];
    size_t bad = 0;
    for (size_t line = 1; fgets(text, sizeof text, file) != NULL; line++) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '\0' || text[0] == '#') {
            continue;
        }
        if (text[0] == '>') {
            snprintf(query, sizeof query, "%s",
                     text[1] == ' ' ? text + 2 : text + 1);
            continue;
        }
        ++*cases;
        bad += text[0] == '~'
                   ? !check_correction(name, line, query,
                                       text + (text[1] == ' ' ? 2 : 1))
                   : !check_case(name, line, query, text);
    }
    fclose(file);
    return bad;
}

static void test_table(void **state)
{
    (void)state;
    static const char *const names[] = {"query.test", "query_combined.test",
                                        "query_errors.test"};
    size_t cases = 0;
    size_t bad = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bad += check_file(names[i], &cases);
    }
    print_message("%zu cases, %zu wrong\n", cases, bad);
    assert_true(cases > 500);
    assert_int_equal(bad, 0);
}

static void test_limits(void **state)
{
    (void)state;
    struct shukach_error err;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < QUERY_DEPTH + 1; i++) {
        buf_add_char(&text, '(');
    }
    assert_int_equal(parse(text.data, text.length, SHUKACH_SYNTAX_FULL, &err),
                     SHUKACH_LIMIT);
    assert_int_equal(err.offset, QUERY_DEPTH);
    buf_reset(&text);
    for (int i = 0; i < QUERY_TERMS + 1; i++) {
        buf_format(&text, "слово%d ", i);
    }
    assert_int_equal(parse(text.data, text.length, SHUKACH_SYNTAX_FULL, &err),
                     SHUKACH_LIMIT);
    assert_int_equal(parse(text.data, text.length, SHUKACH_SYNTAX_PLAIN, &err),
                     SHUKACH_LIMIT);
    buf_reset(&text);
    while (text.length <= QUERY_BYTES) {
        buf_add_text(&text, "    слово");
    }
    assert_int_equal(parse(text.data, text.length, SHUKACH_SYNTAX_FULL, &err),
                     SHUKACH_LIMIT);
    buf_free(&text);
}

/* Queries made at random of what makes queries malformed. */
static void test_corrections(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "слово",  "на",      " ",        " ",       "(",      ")",
        "\"",     "«",       "»",        "„",       "+",      "-",
        "=",      "*",       "^",        "^2",      "^200",   ":",
        "title:", "lang:",   "date:",    "site:",   "назва:", "foo:",
        " І ",    " АБО ",   " НЕ ",     "NEAR",    "NEAR/",  " NEAR/5 ",
        "2024",   "..",      "31.02.24", "2024-13", "…",      "https://а.ua",
        "<",      "березня", "а",        "\n",      ",",      "/",
    };
    unsigned seed = 20240319;
    print_message("seed %u\n", seed);
    size_t found = 0;
    struct buf text;
    buf_init(&text, 1 << 16);
    for (size_t i = 0; i < 20000; i++) {
        buf_reset(&text);
        int count = 1 + rand_r(&seed) % 12;
        while (count-- > 0) {
            size_t n = sizeof pieces / sizeof *pieces;
            buf_add_text(&text, pieces[(size_t)rand_r(&seed) % n]);
        }
        correct(text.data, text.length);
        found += corrected[0] != '\0';
    }
    buf_free(&text);
    print_message("%zu corrected\n", found);
    assert_true(found > 5000);
}

/* Cutting a query that is too long would be another query. */
static void test_no_correction(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < QUERY_DEPTH + 1; i++) {
        buf_add_char(&text, '(');
    }
    buf_add_text(&text, "слово");
    for (int i = 0; i < QUERY_DEPTH + 1; i++) {
        buf_add_char(&text, ')');
    }
    correct(text.data, text.length);
    assert_string_equal(corrected, "");
    buf_reset(&text);
    for (int i = 0; i < QUERY_TERMS + 1; i++) {
        buf_format(&text, "слово%d ", i);
    }
    correct(text.data, text.length);
    assert_string_equal(corrected, "");
    while (text.length <= QUERY_BYTES) {
        buf_add_char(&text, ' ');
    }
    buf_add_char(&text, '"');
    correct(text.data, text.length);
    assert_string_equal(corrected, "");
    buf_reset(&text);
    for (int i = 0; i < 1000; i++) {
        buf_add_text(&text, "слово) ");
    }
    correct(text.data, text.length);
    assert_string_equal(corrected, "");
    buf_reset(&text);
    while (text.length + 6 < QUERY_BYTES) {
        buf_add_text(&text, "title:");
    }
    correct(text.data, text.length);
    assert_string_equal(corrected, "");
    buf_free(&text);
    correct("слово \xff(", 13);
    assert_string_equal(corrected, "");
    correct("", 0);
    assert_string_equal(corrected, "");
    assert_int_equal(shukach_query_correct(NULL, 0, NULL, 0), 0);
}

static void only_what_fits_is_written(void **state)
{
    (void)state;
    char out[5] = "----";
    assert_int_equal(shukach_query_correct("(abc", 4, out, 5), 5);
    assert_string_equal(out, "----");
    assert_int_equal(shukach_query_correct("abc)", 4, out, 4), 3);
    assert_string_equal(out, "abc");
}

static void test_prefixes(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < QUERY_PREFIXES + 1; i++) {
        buf_add_text(&text, i == 0 ? "слово*" : " слово*");
    }
    correct(text.data, text.length);
    assert_int_equal(strlen(corrected), text.length - 1);
    buf_free(&text);
}

static void test_encoding(void **state)
{
    (void)state;
    struct shukach_error err;
    assert_int_equal(parse("ab\xff", 3, SHUKACH_SYNTAX_FULL, &err),
                     SHUKACH_ENCODING);
    assert_int_equal(err.offset, 2);
    assert_int_equal(parse(NULL, 0, SHUKACH_SYNTAX_FULL, &err), SHUKACH_QUERY);
    assert_int_equal(parse("", 0, SHUKACH_SYNTAX_FULL, NULL), SHUKACH_QUERY);
}

static void test_plain(void **state)
{
    (void)state;
    static const char *const sentences[] = {
        "\"незакрита лапка",  "(дужка", "AND OR NOT слово",
        "ціна: 5 грн",        "-мінус", "a AND",
        "date:не-дата слово", "=",      "слово NEAR/0 слово)",
    };
    struct shukach_error err;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        const char *text = sentences[i];
        enum shukach_status status =
            parse(text, strlen(text), SHUKACH_SYNTAX_PLAIN, &err);
        /* Only a text without a letter or digit has nothing to ask. */
        assert_int_equal(status,
                         strcmp(text, "=") == 0 ? SHUKACH_QUERY : SHUKACH_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_corrections),
        cmocka_unit_test(test_no_correction),
        cmocka_unit_test(only_what_fits_is_written),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
