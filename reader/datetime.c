/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of web pages and feeds to ISO 8601. */
#include <strings.h>

#include "format.h"

struct datetime {
    int year;
    int month; /* 0: not given */
    int day;   /* 0: not given */
    int hour;  /* -1: not given */
    int minute;
    int second;
    bool zoned;
    int zone; /* minutes east of Greenwich */
};

struct scanner {
    const char *at;
    const char *end;
};

static bool take(struct scanner *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c) {
        return false;
    }
    scan->at++;
    return true;
}

static void skip_spaces(struct scanner *scan)
{
    while (take(scan, ' ') || take(scan, '\t') || take(scan, '\n') ||
           take(scan, '\r')) {
    }
}

/* A number of `least` to `most` digits. */
static bool number(struct scanner *scan, int least, int most, int *value)
{
    int digits = 0;
    *value = 0;
    while (digits < most && scan->at < scan->end && *scan->at >= '0' &&
           *scan->at <= '9') {
        *value = *value * 10 + (*scan->at++ - '0');
        digits++;
    }
    return digits >= least;
}

static bool is_real(const struct datetime *date)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    bool leap =
        date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);
    if (date->year < 1 || date->month > 12) {
        return false;
    }
    if (date->month == 0) {
        return true;
    }
    int length = lengths[date->month - 1] + (leap && date->month == 2);
    return date->day <= length && date->hour < 24 && date->minute < 60 &&
           date->second < 61 && date->zone > -24 * 60 && date->zone < 24 * 60;
}

/* "10:30", "10:30:15", "10:30:15.25". */
static bool clock_time(struct scanner *scan, struct datetime *date)
{
    int fraction;
    if (!number(scan, 1, 2, &date->hour) || !take(scan, ':') ||
        !number(scan, 2, 2, &date->minute)) {
        return false;
    }
    if (take(scan, ':')) {
        if (!number(scan, 2, 2, &date->second)) {
            return false;
        }
        if (take(scan, '.')) {
            while (number(scan, 1, 1, &fraction)) {
            }
        }
    }
    return true;
}

/* "+02:00", "+0200", "+02", "Z", or a name of RFC 822 and of Kyiv. */
static bool zone(struct scanner *scan, struct datetime *date)
{
    static const struct {
        const char *name;
        int minutes;
    } names[] = {{"Z", 0},      {"GMT", 0},    {"UTC", 0},    {"UT", 0},
                 {"EST", -300}, {"EDT", -240}, {"CST", -360}, {"CDT", -300},
                 {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
                 {"CET", 60},   {"CEST", 120}, {"EET", 120},  {"EEST", 180},
                 {"MSK", 180}};
    int hours;
    int minutes = 0;
    bool west = take(scan, '-');
    if (west || take(scan, '+')) {
        if (!number(scan, 2, 2, &hours)) {
            return false;
        }
        take(scan, ':');
        if (scan->at < scan->end && !number(scan, 2, 2, &minutes)) {
            return false;
        }
        date->zone = (hours * 60 + minutes) * (west ? -1 : 1);
        date->zoned = true;
        return scan->at == scan->end;
    }
    size_t left = (size_t)(scan->end - scan->at);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) == left &&
            strncasecmp(names[i].name, scan->at, left) == 0) {
            date->zone = names[i].minutes;
            date->zoned = true;
            return true;
        }
    }
    return left == 0;
}

/* The time behind a date. What cannot be read leaves a date without one. */
static void time_after(struct scanner *scan, struct datetime *date)
{
    struct datetime whole = *date;
    skip_spaces(scan);
    if (clock_time(scan, &whole)) {
        skip_spaces(scan);
        if (zone(scan, &whole) && is_real(&whole)) {
            *date = whole;
        }
    }
}

static bool iso(struct scanner scan, struct datetime *date)
{
    if (!number(&scan, 4, 4, &date->year)) {
        return false;
    }
    if (scan.at == scan.end) {
        return is_real(date);
    }
    if (!take(&scan, '-') || !number(&scan, 2, 2, &date->month) ||
        date->month == 0) {
        return false;
    }
    if (scan.at == scan.end) {
        return is_real(date);
    }
    if (!take(&scan, '-') || !number(&scan, 2, 2, &date->day) ||
        date->day == 0 || !is_real(date)) {
        return false;
    }
    if (take(&scan, 'T') || take(&scan, 't') || take(&scan, ' ')) {
        time_after(&scan, date);
        return true;
    }
    return scan.at == scan.end;
}

/* "19.03.2024", as in Ukraine. */
static bool dotted(struct scanner scan, struct datetime *date)
{
    if (!number(&scan, 1, 2, &date->day) || !take(&scan, '.') ||
        !number(&scan, 1, 2, &date->month) || !take(&scan, '.') ||
        !number(&scan, 4, 4, &date->year) || date->day == 0 ||
        date->month == 0 || !is_real(date)) {
        return false;
    }
    take(&scan, ',');
    time_after(&scan, date);
    return true;
}

static bool month_name(struct scanner *scan, int *month)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr",
                                        "may", "jun", "jul", "aug",
                                        "sep", "oct", "nov", "dec"};
    for (int i = 0; i < 12 && scan->end - scan->at >= 3; i++) {
        if (strncasecmp(scan->at, names[i], 3) == 0) {
            *month = i + 1;
            while (scan->at < scan->end && (*scan->at | 0x20) >= 'a' &&
                   (*scan->at | 0x20) <= 'z') {
                scan->at++;
            }
            return true;
        }
    }
    return false;
}

/* RFC 822 as in RSS: "Tue, 19 Mar 2024 10:30:00 +0200". */
static bool mail(struct scanner scan, struct datetime *date)
{
    const char *comma = memchr(scan.at, ',', (size_t)(scan.end - scan.at));
    if (comma != NULL) {
        scan.at = comma + 1;
    }
    skip_spaces(&scan);
    if (!number(&scan, 1, 2, &date->day) || date->day == 0) {
        return false;
    }
    skip_spaces(&scan);
    take(&scan, '-');
    if (!month_name(&scan, &date->month)) {
        return false;
    }
    skip_spaces(&scan);
    take(&scan, '-');
    const char *year = scan.at;
    if (!number(&scan, 2, 4, &date->year)) {
        return false;
    }
    if (scan.at - year == 2) {
        /* RFC 2822, section 4.3: two digits are 1950 to 2049. */
        date->year += date->year < 50 ? 2000 : 1900;
    }
    if (!is_real(date)) {
        return false;
    }
    time_after(&scan, date);
    return true;
}

static void print(const struct datetime *date, char out[DATETIME_SIZE])
{
    size_t at = (size_t)snprintf(out, DATETIME_SIZE, "%04d", date->year);
    if (date->month > 0) {
        at += (size_t)snprintf(out + at, DATETIME_SIZE - at, "-%02d",
                               date->month);
    }
    if (date->day > 0) {
        at +=
            (size_t)snprintf(out + at, DATETIME_SIZE - at, "-%02d", date->day);
    }
    if (date->hour >= 0) {
        at += (size_t)snprintf(out + at, DATETIME_SIZE - at, "T%02d:%02d:%02d",
                               date->hour, date->minute, date->second);
    }
    if (date->zoned && date->zone == 0) {
        snprintf(out + at, DATETIME_SIZE - at, "Z");
    } else if (date->zoned) {
        int minutes = date->zone < 0 ? -date->zone : date->zone;
        snprintf(out + at, DATETIME_SIZE - at, "%c%02d:%02d",
                 date->zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
}

bool datetime_parse(const char *text, size_t length, char out[DATETIME_SIZE])
{
    static bool (*const forms[])(struct scanner,
                                 struct datetime *) = {iso, dotted, mail};
    if (!text_trim(&text, &length)) {
        return false;
    }
    struct scanner scan = {text, text + length};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct datetime date = {.hour = -1};
        if (forms[i](scan, &date)) {
            print(&date, out);
            return true;
        }
    }
    return false;
}
