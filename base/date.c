/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISO 8601 dates of the calendar, as far as they are known. */
#include "base.h"

/* Reads exactly `count` digits; false if there are not so many. */
static bool digits(const char **at, const char *end, int count, unsigned *out)
{
    unsigned value = 0;
    if (end - *at < count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(c - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool take(const char **at, const char *end, const char *any)
{
    if (*at < end && **at != '\0' && strchr(any, **at) != NULL) {
        (*at)++;
        return true;
    }
    return false;
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Z, +HH, +HHMM or +HH:MM. */
static bool zone_part(const char **at, const char *end)
{
    unsigned hours;
    unsigned minutes = 0;
    if (!take(at, end, "+-")) {
        return take(at, end, "Zz");
    }
    if (!digits(at, end, 2, &hours)) {
        return false;
    }
    bool more = take(at, end, ":") || *at < end;
    return (!more || digits(at, end, 2, &minutes)) && hours < 24 &&
           minutes < 60;
}

/* HH:MM[:SS[.fraction]] and a zone, which is not applied: a report is dated
 * by the day its publisher wrote. */
static bool time_part(const char **at, const char *end, struct date *out)
{
    if (!digits(at, end, 2, &out->hour) || !take(at, end, ":") ||
        !digits(at, end, 2, &out->minute) || out->minute > 59) {
        return false;
    }
    if (take(at, end, ":")) {
        if (!digits(at, end, 2, &out->second) || out->second > 60) {
            return false;
        }
        if (take(at, end, ".,")) {
            if (!take(at, end, "0123456789")) {
                return false;
            }
            while (take(at, end, "0123456789")) {
            }
        }
    }
    /* 24:00 is the end of the day, and nothing comes after it. */
    if (out->hour > 24 ||
        (out->hour == 24 && (out->minute != 0 || out->second != 0))) {
        return false;
    }
    if (*at == end) {
        return true;
    }
    take(at, end, " ");
    return zone_part(at, end);
}

bool date_parse(const char *text, size_t length, struct date *out)
{
    const char *at = text;
    const char *end = text + length;
    *out = (struct date){0};
    if (!digits(&at, end, 4, &out->year) || out->year == 0) {
        return false;
    }
    if (at == end) {
        return true;
    }
    bool dash = take(&at, end, "-");
    if (!digits(&at, end, 2, &out->month) || out->month < 1 ||
        out->month > 12) {
        return false;
    }
    if (at == end) {
        return dash;
    }
    if (take(&at, end, "-") != dash || !digits(&at, end, 2, &out->day) ||
        out->day < 1 || out->day > days_of(out->year, out->month)) {
        return false;
    }
    if (at == end) {
        return true;
    }
    return take(&at, end, "Tt ") && time_part(&at, end, out) && at == end;
}
