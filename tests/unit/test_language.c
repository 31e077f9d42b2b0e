/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reader.h"

struct row {
    const char *text;
    const char *language;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = language_detect(rows[i].text, strlen(rows[i].text));
        if (strcmp(found, rows[i].language) != 0) {
            print_error("%s: %s\n", found, rows[i].text);
        }
        assert_string_equal(found, rows[i].language);
    }
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

static void letters_decide(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Верховна Рада ухвалила закон про державний бюджет, повідомляє її "
         "пресслужба.",
         "uk"},
        {"Правительство объявило, что выплаты начнутся в этом году.", "ru"},
        {"СЬОГОДНІ В КИЄВІ", "uk"},
        {"СЕГОДНЯ В МОСКВЕ ПРОШЛИ ВЫБОРЫ", "ru"},
        {"Ґава", "uk"},
        {"Съёмки", "ru"},
    };
    CHECK(rows);
}

static void silent_letters(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Слава народу", "uk"},
        {"Привет, как дела у него и где он был", "ru"},
        {"Це було вчора", "uk"},
        {"Об'єкт", "uk"},
        {"п'ять м'ячів", "uk"},
        {"Погода на завтра", "uk"},
        {"м’ята", "uk"},
        /* Latin i typed for і. */
        {"сьогоднi ввечерi", "uk"},
    };
    CHECK(rows);
}

static void mixed_by_majority(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Він відповів журналістам коротко: «Мы не знаем», і більше нічого "
         "не додав, хоча його просили пояснити позицію партії.",
         "uk"},
        {"Он сказал «слава Україні», и это услышали все, кто был в этом зале "
         "в тот вечер: было тихо, и каждый ждал, что же будет дальше, ведь "
         "события этого дня были необычны.",
         "ru"},
        {"Компанія Apple представила новий iPhone у Сполучених Штатах", "uk"},
    };
    CHECK(rows);
}

static void other_languages(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Сёння ў Мінску адбылася сустрэча, на якой абмеркавалі ўсе пытанні.",
         "other"},
        {"Љубав је најјача сила на свету, рекао је он јуче.", "other"},
        {"Днес в София се проведе среща, на която беше обсъден въпросът за "
         "бюджета на България. Първият министър каза, че съветът ще "
         "продължи работата си и няма да отстъпи пред натиска, въпреки "
         "че част от хората са против.",
         "other"},
        {"Die Regierung hat gestern beschlossen, die Steuern zu senken, und "
         "das ist gut so.",
         "other"},
        {"Rząd ogłosił, że podatki będą niższe, ale to nie jest pewne.",
         "other"},
        {"Η κυβέρνηση ανακοίνωσε νέα μέτρα", "other"},
        {"政府は昨日、新しい法律を発表した。", "other"},
        {"", "other"},
        {"12345 — 67%", "other"},
        {"😀🇺🇦", "other"},
    };
    CHECK(rows);
}

static void english(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"The government said on Monday that it would cut taxes.", "en"},
        {"What is the capital of Ukraine?", "en"},
        {"THE END OF THE WAR", "en"},
    };
    CHECK(rows);
}

static void bad_bytes(void **state)
{
    (void)state;
    /* Not expected after the reader, but no reason to fail. */
    assert_string_equal(language_detect("\xff\xfe\xd1", 3), "other");
    assert_string_equal(language_detect("\xd1\x96\xd1", 3), "uk");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_decide),    cmocka_unit_test(silent_letters),
        cmocka_unit_test(mixed_by_majority), cmocka_unit_test(other_languages),
        cmocka_unit_test(english),           cmocka_unit_test(bad_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
