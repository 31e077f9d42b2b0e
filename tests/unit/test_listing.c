/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of documents: each case is a small index of its own, and what is
 * listed of it. */
#include "searcher.h"
#include "texts.h"

#define TEXTS_MAX 12

struct listing {
    const char *what;
    const char *texts[TEXTS_MAX]; /* a document each */
    const char *query;            /* NULL: all */
    const char *names;            /* a line each: DOCUMENTS NAME: FORM N; … */
};

/* Words that are mostly written small here. */
#define SMALL "президент президента розмова зустріч учора міністр потім"

static const struct listing listings[] = {
    {"forms, spellings and scripts are one name",
     {SMALL, "Тут був Володимир Зеленський.", "Про Володимира Зеленського.",
      "Here is Volodymyr Zelenskyy.", "Там Владимир Зеленский.",
      "І ще Володимир Зеленський."},
     NULL,
     "5 Володимир Зеленський: Володимир Зеленський 2; Volodymyr Zelenskyy 1; "
     "Владимир Зеленский 1; Володимира Зеленського 1\n"},
    {"a common word with a capital is no name, nor what begins sentences",
     {SMALL, "Тут Президент і Макрон. Ракети влучили.",
      "Ракети влучили. Потім Макрон."},
     NULL,
     "2 Макрон: Макрон 2\n"},
    {"where a sentence begins, a name that stands elsewhere too is one",
     {SMALL, "Макрон тут.", "Тут Макрон.", "Кажуть: Байден тут."},
     NULL,
     "2 Макрон: Макрон 2\n"},
    {"a nominative is shown though other forms are more",
     {SMALL, "Про Макрона.", "І Макрона.", "Тут Макрон."},
     NULL,
     "3 Макрон: Макрона 2; Макрон 1\n"},
    {"a surname alone belongs to the only longer name",
     {SMALL, "Тут Володимир Путін.", "Тут Путін.", "Про Путіна."},
     NULL,
     "3 Володимир Путін: Володимир Путін 1; Путін 1; Путіна 1\n"},
    {"but to none of two that are as frequent",
     {SMALL, "Тут Володимир Путін.", "Тут Людмила Путін.", "Тут Путін."},
     NULL,
     "1 Володимир Путін: Володимир Путін 1\n"
     "1 Людмила Путін: Людмила Путін 1\n"
     "1 Путін: Путін 1\n"},
    {"to one that is three times as frequent as the other",
     {SMALL, "Тут Володимир Путін.", "Є Володимир Путін.", "А Володимир Путін.",
      "Тут Людмила Путін.", "Тут Путін."},
     NULL,
     "4 Володимир Путін: Володимир Путін 3; Путін 1\n"
     "1 Людмила Путін: Людмила Путін 1\n"},
    {"nor to one that is much rarer than itself",
     {SMALL, "Тут Україна.", "А Україна.", "Є Україна.", "Ось Україна.",
      "Це Україна.", "Тут Ілон Україна."},
     NULL,
     "5 Україна: Україна 5\n1 Ілон Україна: Ілон Україна 1\n"},
    {"a country is not the end of what is named by it",
     {SMALL, "Тут Верховна Рада України.", "Тут Україна.", "Про Україну."},
     NULL,
     "2 Україна: Україна 1; Україну 1\n"
     "1 Верховна Рада України: Верховна Рада України 1\n"},
    {"initials belong to the name that they fit",
     {SMALL, "Тут Володимир Зеленський.", "Тут В. Зеленський.",
      "Тут В.О. Зеленський.", "Тут П. Зеленський."},
     NULL,
     "3 Володимир Зеленський: В. Зеленський 2; Володимир Зеленський 1\n"
     "1 П. Зеленський: П. Зеленський 1\n"},
    {"Latin names and abbreviations; initials in the middle",
     {SMALL, "Тут НАТО і Shahed.", "про Donald J. Trump та НАТО",
      "про Donald Trump"},
     NULL,
     "2 Donald J. Trump: Donald J. Trump 1; Donald Trump 1\n"
     "2 НАТО: НАТО 2\n1 Shahed: Shahed 1\n"},
    {"two names side by side are cut, a name that is not inflected is not",
     {SMALL, "Тут президент Ірану Ебрагім Раїсі.", "президентом США Джо Байден",
      "Про Ебрагіма Раїсі."},
     NULL,
     "2 Ебрагім Раїсі: Ебрагім Раїсі 1; Ебрагіма Раїсі 1\n"
     "1 Ірану: Ірану 1\n1 Джо Байден: Джо Байден 1\n1 США: США 1\n"},
    {"only spaces join; four words at most",
     {SMALL, "тут Макрон, Байден і Шольц - Трамп",
      "тут Альф Браво Чарлі Дельт Ехо"},
     NULL,
     "1 Альф Браво Чарлі Дельт: Альф Браво Чарлі Дельт 1\n"
     "1 Байден: Байден 1\n1 Ехо: Ехо 1\n1 Макрон: Макрон 1\n"
     "1 Трамп: Трамп 1\n1 Шольц: Шольц 1\n"},
    {"of a query only what matches",
     {SMALL, "розмова з Макрон", "розмова: був Макрон і Байден", "тут Шольц"},
     "розмова",
     "2 Макрон: Макрон 2\n1 Байден: Байден 1\n"},
    {"none", {SMALL}, NULL, ""},
};

/* ---- Indexes ----------------------------------------------------------------
 */

static struct shukach_index *make_index(const char *const *texts)
{
    size_t count = 0;
    while (count < TEXTS_MAX && texts[count] != NULL) {
        count++;
    }
    return index_of("index", count, texts);
}

static int print_name(const struct shukach_name *name, void *payload)
{
    struct buf *out = payload;
    buf_format(out, "%d %s:", (int)name->documents, name->text);
    for (size_t i = 0; i < name->form_count; i++) {
        buf_format(out, "%s %s %d", i > 0 ? ";" : "", name->forms[i].text,
                   (int)name->forms[i].documents);
    }
    buf_add_char(out, '\n');
    return 0;
}

static struct shukach_query *parse(const char *text)
{
    struct shukach_query *query = NULL;
    assert_int_equal(shukach_query_parse(text, strlen(text),
                                         SHUKACH_SYNTAX_FULL, &query, NULL),
                     SHUKACH_OK);
    return query;
}

/* ---- Tests ------------------------------------------------------------------
 */

static void test_table(void **state)
{
    size_t bad = 0;
    (void)state;
    for (size_t i = 0; i < sizeof listings / sizeof *listings; i++) {
        struct buf out;
        struct shukach_index *index = make_index(listings[i].texts);
        struct shukach_query *query =
            listings[i].query == NULL ? NULL : parse(listings[i].query);
        buf_init(&out, 1 << 16);
        assert_int_equal(shukach_index_names(index, query, 0, 0, print_name,
                                             &out, NULL, NULL, NULL),
                         SHUKACH_OK);
        if (strcmp(buf_text(&out), listings[i].names) != 0) {
            print_error("%s:\n%s---- expected\n%s", listings[i].what,
                        buf_text(&out), listings[i].names);
            bad++;
        }
        buf_free(&out);
        shukach_query_free(query);
        shukach_index_close(index);
    }
    assert_int_equal(bad, 0);
}

static int stop(const struct shukach_name *name, void *payload)
{
    (void)name;
    return ++*(int *)payload == 2;
}

/* Limit, sample, totals, and a callback that stops. */
static void test_bounds(void **state)
{
    static const char *const texts[TEXTS_MAX] = {
        SMALL, "тут Альфа", "тут Альфа і Браво", "тут Браво і Альфа, Чарлі"};
    struct shukach_index *index = make_index(texts);
    struct shukach_query *query = parse("тут");
    struct shukach_hits *hits;
    struct shukach_error err;
    uint64_t read;
    uint64_t lower;
    uint64_t upper;
    int count = 0;
    struct buf out;
    (void)state;
    buf_init(&out, 1 << 16);
    assert_int_equal(shukach_index_names(index, query, 2, 1, print_name, &out,
                                         &read, &hits, NULL),
                     SHUKACH_OK);
    shukach_hits_total(hits, &lower, &upper);
    assert_int_equal(read, 2);
    assert_int_equal(lower, 3);
    assert_int_equal(upper, 3);
    assert_int_equal(shukach_hits_count(hits), 0);
    assert_string_equal(buf_text(&out), "2 Альфа: Альфа 2\n");
    shukach_hits_free(hits);
    assert_int_equal(shukach_index_names(index, NULL, 3, 1, print_name, &out,
                                         &read, &hits, NULL),
                     SHUKACH_OK);
    shukach_hits_total(hits, &lower, &upper);
    assert_int_equal(read, 3);
    assert_int_equal(lower, 4);
    shukach_hits_free(hits);
    assert_int_equal(shukach_index_names(index, query, 0, 0, stop, &count, NULL,
                                         &hits, &err),
                     SHUKACH_CANCELLED);
    assert_int_equal(err.status, SHUKACH_CANCELLED);
    assert_int_equal(count, 2);
    assert_null(hits);
    assert_int_equal(
        shukach_index_names(NULL, query, 0, 0, stop, &count, NULL, NULL, &err),
        SHUKACH_INVALID);
    assert_int_equal(
        shukach_index_names(index, query, 0, 0, NULL, NULL, NULL, NULL, &err),
        SHUKACH_INVALID);
    buf_free(&out);
    shukach_query_free(query);
    shukach_index_close(index);
}

static void test_intern(void **state)
{
    struct intern intern = {0};
    char text[16];
    (void)state;
    assert_int_equal(intern_find(&intern, "0", 1), INTERN_NONE);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            int length = snprintf(text, sizeof text, "%u", i);
            assert_int_equal(intern_add(&intern, text, (size_t)length), i);
        }
    }
    assert_int_equal(intern.count, 1000);
    assert_int_equal(intern_find(&intern, "999", 3), 999);
    assert_int_equal(intern_find(&intern, "999", 2), 99);
    assert_int_equal(intern_find(&intern, "1000", 4), INTERN_NONE);
    assert_int_equal(intern_add(&intern, "", 0), 1000);
    assert_string_equal(intern.items[42].data, "42");
    intern_free(&intern);
    assert_int_equal(intern_find(&intern, "0", 1), INTERN_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_intern),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
