/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and dates as one token with one key. */
#include <unicode/uchar.h>

#include "words.h"

/* A run of decimal digits of any script, as ASCII. */
static size_t digits_scan(const char *text, size_t length, size_t from,
                          char *out, size_t room, size_t *count)
{
    size_t at = from;
    *count = 0;
    while (at < length && *count < room) {
        uint32_t code;
        size_t n = utf8_decode(text + at, length - at, &code);
        if (n == 0 || letter_class(code) != CLASS_DIGIT) {
            break;
        }
        out[(*count)++] = (char)('0' + u_charDigitValue((UChar32)code));
        at += n;
    }
    return at;
}

/* The spaces that part thousands: space, no-break, thin, narrow no-break. */
static size_t group_space(const char *text, size_t length, size_t at)
{
    uint32_t code;
    size_t n = utf8_decode(text + at, length - at, &code);
    return n > 0 && (code == ' ' || code == 0x00a0 || code == 0x2009 ||
                     code == 0x202f)
               ? n
               : 0;
}

static unsigned two(const char *digits)
{
    return (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
}

static bool valid_day(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 12.05.2026, 12/05/2026, 2026-05-12: three runs with one separator. */
static bool date_scan(const char *text, size_t length, size_t from,
                      struct number *out)
{
    char run[3][5];
    size_t n[3];
    char separator = '\0';
    size_t at = from;
    for (size_t i = 0; i < 3; i++) {
        at = digits_scan(text, length, at, run[i], 5, &n[i]);
        if (n[i] == 0 || n[i] > 4) {
            return false;
        }
        if (i < 2) {
            char c = at < length ? text[at] : '\0';
            if ((c != '.' && c != '/' && c != '-') ||
                (separator != '\0' && c != separator)) {
                return false;
            }
            separator = c;
            at++;
        }
    }
    bool iso = separator == '-';
    const char *year = run[iso ? 0 : 2];
    const char *day = run[iso ? 2 : 0];
    size_t day_digits = n[iso ? 2 : 0];
    if (n[iso ? 0 : 2] != 4 || n[1] > 2 || day_digits > 2) {
        return false;
    }
    char full_day[2] = {'0', day[0]};
    char full_month[2] = {'0', run[1][0]};
    memcpy(full_day, day_digits == 2 ? day : full_day, 2);
    memcpy(full_month, n[1] == 2 ? run[1] : full_month, 2);
    if (!valid_day(two(full_month), two(full_day))) {
        return false;
    }
    out->length = (size_t)snprintf(out->key, sizeof out->key, "%.4s-%.2s-%.2s",
                                   year, full_month, full_day);
    out->to = at;
    out->rules = RULE_DATE;
    return true;
}

/* One more group after a separator at `at`: its digits go behind a dot or,
 * for thousands, straight on. */
static size_t group_scan(const char *text, size_t length, size_t at,
                         size_t first_digits, struct number *out)
{
    size_t space = group_space(text, length, at);
    bool point = space == 0 && (text[at] == '.' || text[at] == ',');
    bool colon = space == 0 && text[at] == ':';
    if ((space > 0 && first_digits > 3) || (space == 0 && !point && !colon)) {
        return at;
    }
    char digits[20];
    size_t count;
    size_t end = digits_scan(text, length, at + (space > 0 ? space : 1), digits,
                             sizeof digits, &count);
    if (count == 0 || count == sizeof digits || (space > 0 && count != 3) ||
        (colon && count != 2) || out->length + count + 2 > sizeof out->key) {
        return at;
    }
    if (space > 0) {
        out->rules |= RULE_NUMBER;
    } else {
        out->rules |= text[at] == ',' ? RULE_NUMBER : 0;
        out->key[out->length++] = colon ? ':' : '.';
    }
    memcpy(out->key + out->length, digits, count);
    out->length += count;
    return end;
}

void number_scan(const char *text, size_t length, size_t from,
                 struct number *out)
{
    out->rules = 0;
    if (date_scan(text, length, from, out)) {
        return;
    }
    size_t first;
    size_t at =
        digits_scan(text, length, from, out->key, NUMBER_BYTES / 2, &first);
    out->length = first;
    out->to = at;
    /* A space parts thousands only while nothing else has parted. */
    while (at < length) {
        bool fraction = memchr(out->key, '.', out->length) != NULL ||
                        memchr(out->key, ':', out->length) != NULL;
        size_t end = group_scan(text, length, at, fraction ? 4 : first, out);
        if (end == at) {
            break;
        }
        at = end;
    }
    out->to = at;
    out->key[out->length] = '\0';
}
