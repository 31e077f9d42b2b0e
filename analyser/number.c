/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and dates as one token with one key. */
#include <unicode/uchar.h>

#include "words.h"

/* A run of decimal digits of any script, as ASCII. */
static size_t digits_scan(const char *text, size_t length, size_t from,
                          char *out, size_t room, size_t *count)
{
    size_t end = from;
    *count = 0;
    while (*count < room) {
        size_t at = skip_invisible(text, length, end);
        uint32_t code;
        size_t n = utf8_decode(text + at, length - at, &code);
        if (n == 0 || letter_class(code) != CLASS_DIGIT) {
            break;
        }
        out[(*count)++] = (char)('0' + u_charDigitValue((UChar32)code));
        end = at + n;
    }
    return end;
}

/* Space, no-break, thin and narrow no-break. */
size_t number_space(const char *text, size_t length, size_t at)
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
    if (n[iso ? 0 : 2] != 4 || n[1] > 2 || day_digits > 2 ||
        (iso && (n[1] != 2 || day_digits != 2))) {
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

/* "18 155-мм" is two numbers, "1 000-річчя" is one. */
static bool begins_word(const char *text, size_t length, size_t end,
                        const char *digits)
{
    uint32_t code;
    return memcmp(digits, "000", 3) != 0 && end < length && text[end] == '-' &&
           utf8_decode(text + end + 1, length - end - 1, &code) > 0 &&
           letter_class(code) == CLASS_LETTER;
}

/* One more group after a separator at `at`: its digits go behind a dot or,
 * for thousands, straight on. */
static size_t group_scan(const char *text, size_t length, size_t at,
                         size_t first_digits, bool designator,
                         struct number *out)
{
    size_t space = designator ? 0 : number_space(text, length, at);
    bool point = text[at] == '.' || (text[at] == ',' && !designator);
    bool colon = text[at] == ':' && !designator;
    if ((space > 0 && first_digits > 3) || (space == 0 && !point && !colon)) {
        return at;
    }
    char digits[20];
    size_t count;
    size_t end = digits_scan(text, length, at + (space > 0 ? space : 1), digits,
                             sizeof digits, &count);
    if (count == 0 || count == sizeof digits || (space > 0 && count != 3) ||
        (space > 0 && begins_word(text, length, end, digits)) ||
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

/* 1.000.000 and 1,000,000: thousands the English and the German way, told
 * from 192.168.0.1 and 1.5 by two or more groups, all of three digits. */
static bool thousands_scan(const char *text, size_t length, size_t from,
                           struct number *out)
{
    size_t groups = 0;
    char separator = '\0';
    size_t count;
    size_t at = digits_scan(text, length, from, out->key, 4, &count);
    out->length = count;
    while (at < length && count < 4 && out->length + 4 < NUMBER_BYTES &&
           (groups == 0 ? text[at] == '.' || text[at] == ','
                        : text[at] == separator)) {
        separator = text[at];
        size_t end = digits_scan(text, length, at + 1, out->key + out->length,
                                 4, &count);
        if (count == 0) {
            break; /* the end of a sentence */
        }
        if (count != 3) {
            return false;
        }
        out->length += count;
        groups++;
        at = end;
    }
    out->key[out->length] = '\0';
    out->to = at;
    out->rules = RULE_NUMBER;
    return groups >= 2;
}

void number_scan(const char *text, size_t length, size_t from, bool designator,
                 struct number *out)
{
    out->rules = 0;
    if (date_scan(text, length, from, out) ||
        (!designator && thousands_scan(text, length, from, out))) {
        return;
    }
    out->rules = 0;
    size_t first;
    size_t at =
        digits_scan(text, length, from, out->key, NUMBER_BYTES - 2, &first);
    out->length = first;
    out->to = at;
    /* A space parts thousands only while nothing else has parted; a comma
     * begins the fraction, and nothing follows that. */
    for (bool comma = false; at < length && !comma;) {
        bool parted = memchr(out->key, '.', out->length) != NULL ||
                      memchr(out->key, ':', out->length) != NULL;
        comma = text[at] == ',';
        if (comma && parted) {
            break;
        }
        size_t end =
            group_scan(text, length, at, parted ? 4 : first, designator, out);
        if (end == at) {
            break;
        }
        at = end;
    }
    out->to = at;
    out->key[out->length] = '\0';
}
