/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences of the library in Ukrainian, by the catalogue of the build. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h" /* before cmocka, which has a macro `fail` */

#include <cmocka.h>

static void test_sentences(void **state)
{
    static const struct {
        const char *english;
        const char *ukrainian;
    } rows[] = {
        {"out of memory", "бракує пам'яті"},
        {"not valid UTF-8 at byte 17", "не UTF-8 на байті 17"},
        /* What is within a sentence is one too, or stays as it is. */
        {"cannot open /tmp/open: Permission denied",
         "не вдалося відкрити /tmp/open: немає дозволу"},
        {"/i is damaged (cannot read /i/records: it is too large); rebuild "
         "the index",
         "/i пошкоджено (не вдалося прочитати /i/records: завеликий); зробіть "
         "індекс наново"},
        {"/i is being written by process 7 since 2026-03-19T03:15:00Z; try "
         "again when it has ended",
         "/i зараз пише процес 7 від 2026-03-19T03:15:00Z; спробуйте, коли він "
         "скінчить"},
        {"the field \"source\" is missing", "поле «source»: немає"},
        {"a document with the id \"out of memory at\" is there already",
         "документ із ідентифікатором «out of memory at» уже є"},
        {"a document with the id \"\" is there already",
         "документ із ідентифікатором «» уже є"},
        /* Per cent signs and what looks like a directive are text. */
        {"cannot read 100%s: it is no file",
         "не вдалося прочитати 100%s: це не файл"},
        /* No number, so no such message. */
        {"not valid UTF-8 at byte x", "not valid UTF-8 at byte x"},
        {"nobody says so", "nobody says so"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(translate_sentence(rows[i].english),
                            rows[i].ukrainian);
    }
}

/* The longest sentence that the library makes, and a longer one. */
static void test_long(void **state)
{
    static const char before[] = "cannot read ";
    static const char after[] = ": it is no file";
    char sentence[2 * SENTENCE_MAX];
    (void)state;
    for (size_t length = 400; length < 2000; length += 100) {
        memset(sentence, 'a', sizeof sentence);
        memcpy(sentence, before, sizeof before - 1);
        memcpy(sentence + length, after, sizeof after);
        const char *found = translate_sentence(sentence);
        if (length + sizeof after <= SENTENCE_MAX) {
            assert_non_null(strstr(found, ": це не файл"));
        } else {
            assert_string_equal(found, sentence);
        }
    }
}

static void test_numbers(void **state)
{
    static const struct {
        uint64_t number;
        const char *word;
    } rows[] = {{0, "документів"},  {1, "документ "},   {2, "документи"},
                {5, "документів"},  {11, "документів"}, {12, "документів"},
                {21, "документ "},  {24, "документи"},  {111, "документів"},
                {1001, "документ "}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *format = translate_count(
            "indexed %llu documents into %s in %.1f s",
            "indexed %llu documents into %s in %.1f s", rows[i].number);
        assert_non_null(strstr(format, rows[i].word));
    }
}

static void test_contexts(void **state)
{
    (void)state;
    assert_string_equal(translate_in("facet", "source"), "джерело");
    assert_string_equal(translate_in("nowhere", "source"), "source");
    assert_string_equal(translate("source"), "source");
}

/* Nothing else in the process sees another locale. */
static void test_process(void **state)
{
    (void)state;
    assert_string_equal(translate("out of memory"), "бракує пам'яті");
    assert_string_equal(setlocale(LC_ALL, NULL), "C");
    assert_ptr_equal(uselocale((locale_t)0), LC_GLOBAL_LOCALE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences), cmocka_unit_test(test_long),
        cmocka_unit_test(test_numbers),   cmocka_unit_test(test_contexts),
        cmocka_unit_test(test_process),
    };
    unsetenv("LANGUAGE");
    setenv("LC_ALL", "uk_UA.UTF-8", 1);
    if (strcmp(translate("out of memory"), "out of memory") == 0) {
        puts("no catalogue: built without msgfmt");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
