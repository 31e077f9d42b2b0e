/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

static void dates_that_are(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct date date;
    } cases[] = {
        {"2024", {2024, 0, 0, 0, 0, 0}},
        {"0001", {1, 0, 0, 0, 0, 0}},
        {"9999-12-31", {9999, 12, 31, 0, 0, 0}},
        {"2024-03", {2024, 3, 0, 0, 0, 0}},
        {"2024-03-19", {2024, 3, 19, 0, 0, 0}},
        {"20240319", {2024, 3, 19, 0, 0, 0}},
        {"2024-02-29", {2024, 2, 29, 0, 0, 0}},
        {"2000-02-29", {2000, 2, 29, 0, 0, 0}},
        {"2024-03-19T10:20", {2024, 3, 19, 10, 20, 0}},
        {"2024-03-19T10:20:30", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19 10:20:30", {2024, 3, 19, 10, 20, 30}},
        {"20240319t10:20", {2024, 3, 19, 10, 20, 0}},
        {"2024-03-19T10:20:30Z", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19T10:20z", {2024, 3, 19, 10, 20, 0}},
        {"2024-03-19T10:20:30.125Z", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19T10:20:30,5", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19T10:20:30+02:00", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19T10:20:30-0330", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19 10:20:30 +0200", {2024, 3, 19, 10, 20, 30}},
        {"2024-03-19T10:20+02", {2024, 3, 19, 10, 20, 0}},
        {"2016-12-31T23:59:60Z", {2016, 12, 31, 23, 59, 60}},
        {"2024-03-19T24:00", {2024, 3, 19, 24, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date date;
        const char *text = cases[i].text;
        if (!date_parse(text, strlen(text), &date)) {
            fail_msg("refused: %s", text);
        }
        assert_memory_equal(&date, &cases[i].date, sizeof date);
    }
}

static void dates_that_are_not(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "0000",
        "202",
        "20245",
        "2024-",
        "2024-3",
        "2024-00",
        "2024-13",
        "202403", /* could be YYMMDD */
        "2024-0319",
        "202403-19",
        "2024-03-1",
        "2024-03-00",
        "2024-03-32",
        "2024-04-31",
        "2023-02-29",
        "1900-02-29",
        "19.03.2024",
        "2024-03-19x",
        "2024-03-19T",
        "2024-03-19 ",
        " 2024-03-19",
        "-2024-03-19",
        "+2024",
        "2024T10:00",
        "2024-03T10:00",
        "2024-03-19T10",
        "2024-03-19T1:00",
        "2024-03-19T10:60",
        "2024-03-19T25:00",
        "2024-03-19T24:01",
        "2024-03-19T24:00:01",
        "2024-03-19T10:20:",
        "2024-03-19T10:20:61",
        "2024-03-19T10:20:30.",
        "2024-03-19T10:20.5",
        "2024-03-19T10:20 ",
        "2024-03-19T10:20+",
        "2024-03-19T10:20+2",
        "2024-03-19T10:20+02:",
        "2024-03-19T10:20+24:00",
        "2024-03-19T10:20+02:60",
        "2024-03-19T10:20ZZ",
        "٢٠٢٤",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date date;
        if (date_parse(cases[i], strlen(cases[i]), &date)) {
            fail_msg("taken: %s", cases[i]);
        }
    }
    struct date date;
    assert_false(date_parse("2024\0", 5, &date));
    assert_false(date_parse("2024-03-19T10:20\0", 17, &date));
    assert_true(date_parse("2024-03-19", 4, &date));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_that_are),
        cmocka_unit_test(dates_that_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
