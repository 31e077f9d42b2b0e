/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dates of a query, and what a bad one was meant to be. */
#include "parser.h"

uint32_t small_letter(uint32_t code)
{
    return code +
           ((code >= 'A' && code <= 'Z') || (code >= 0x0410 && code <= 0x042f)
                ? 0x20u
            : code >= 0x0400 && code <= 0x040f ? 0x50u
                                               : 0u);
}

/* Copies up to a space, capitals as small letters; what is left
 * of the text, or NULL if the word does not fit. */
static const char *next_word(const char *text, const char *end, char *out,
                             size_t size)
{
    size_t n = 0;
    while (text < end && *text == ' ') {
        text++;
    }
    while (text < end && *text != ' ') {
        uint32_t code = 0;
        size_t length = utf8_decode(text, (size_t)(end - text), &code);
        if (length == 0 || n + 5 > size) {
            return NULL;
        }
        n += utf8_encode(small_letter(code), out + n);
        text += length;
    }
    out[n] = '\0';
    return text;
}

/* The number of a month by its name, in the nominative or the genitive; 0 if
 * it is none. */
static unsigned month_of(const char *name)
{
    static const char *const months[][2] = {
        {"січень", "січня"},       {"лютий", "лютого"},
        {"березень", "березня"},   {"квітень", "квітня"},
        {"травень", "травня"},     {"червень", "червня"},
        {"липень", "липня"},       {"серпень", "серпня"},
        {"вересень", "вересня"},   {"жовтень", "жовтня"},
        {"листопад", "листопада"}, {"грудень", "грудня"},
    };
    for (unsigned m = 0; m < 12; m++) {
        if (strcmp(name, months[m][0]) == 0 ||
            strcmp(name, months[m][1]) == 0) {
            return m + 1;
        }
    }
    return 0;
}

/* 19 березня 2024 року, Березень 2024. */
static bool date_in_words(const char *text, size_t length, struct date *date)
{
    char words[4][32];
    const char *at = text;
    const char *end = text + length;
    size_t count = 0;
    for (; count < 4 && at != NULL && at < end; count++) {
        at = next_word(at, end, words[count], sizeof words[count]);
    }
    if (at != end || count < 2) {
        return false;
    }
    const char *last = words[count - 1];
    if (count > 2 && (strcmp(last, "року") == 0 || strcmp(last, "р.") == 0)) {
        count--;
    }
    char iso[80] = "";
    const char *year = words[count - 1];
    unsigned month = count > 3 ? 0 : month_of(words[count - 2]);
    if (month == 0 || strlen(year) != 4) {
        return false;
    }
    if (count == 2) {
        snprintf(iso, sizeof iso, "%s-%02u", year, month);
    } else {
        const char *day = words[0];
        snprintf(iso, sizeof iso, "%s-%02u-%s%s", year, month,
                 strlen(day) == 1 ? "0" : "", day);
    }
    return date_parse(iso, strlen(iso), date);
}

bool date_days(const char *value, int64_t *days)
{
    unsigned year;
    unsigned month = 1;
    unsigned day = 1;
    if (sscanf(value, "%4u%2u%2u", &year, &month, &day) < 1) {
        return false;
    }
    struct tm date = {.tm_year = (int)year - 1900,
                      .tm_mon = month > 0 ? (int)month - 1 : 0,
                      .tm_mday = day > 0 ? (int)day : 1};
    *days = (int64_t)timegm(&date) / (24 * 60 * 60);
    return true;
}

bool date_bound(const char *text, size_t length, bool upper,
                char out[DATE_BOUND])
{
    struct date date;
    if (!date_parse(text, length, &date) &&
        !date_in_words(text, length, &date)) {
        return false;
    }
    if (date.hour != 0 || date.minute != 0 || date.second != 0) {
        return false;
    }
    if (!upper) {
        snprintf(out, DATE_BOUND, "%04u%02u%02u", date.year, date.month,
                 date.day);
    } else {
        snprintf(out, DATE_BOUND, "%04u%02u%02u~", date.year,
                 date.month == 0 ? 12 : date.month,
                 date.day == 0 ? 31 : date.day);
    }
    return true;
}

static bool date_bounds(const char *text, size_t length, char from[DATE_BOUND],
                        char to[DATE_BOUND])
{
    return date_bound(text, length, false, from) &&
           date_bound(text, length, true, to);
}

bool date_range(struct parser *p, struct node *node, const char *text,
                size_t length)
{
    char *from = arena_array(p->arena, 2, DATE_BOUND);
    if (from == NULL) {
        p->status = error_nomem(p->err);
        return false;
    }
    char *to = from + DATE_BOUND;
    const char *dots = memmem(text, length, "..", 2);
    size_t sign = 0;
    while (sign < length && strchr("<>=", text[sign]) != NULL) {
        sign++;
    }
    bool upper = length > 0 && text[0] == '<';
    bool lower = length > 0 && text[0] == '>';
    bool with_equal = sign == 2 && text[1] == '=';
    bool good;
    if (dots != NULL) {
        size_t left = (size_t)(dots - text);
        size_t right = length - left - 2;
        good = (left > 0 || right > 0) &&
               (left == 0 || date_bound(text, left, false, from)) &&
               (right == 0 || date_bound(dots + 2, right, true, to));
        node->value = left > 0 ? from : NULL;
        node->value_to = right > 0 ? to : NULL;
        return good && (left == 0 || right == 0 || strcmp(from, to) < 0);
    }
    if ((upper || lower) && sign <= 2 && (sign == 1 || with_equal)) {
        /* Strictly after a month begins after its last day, and so on. */
        good =
            date_bound(text + sign, length - sign, lower != with_equal, from);
        if (good && upper && !with_equal) {
            /* The last value below: 20240318~ for <2024-03-19. */
            size_t last = strlen(from) - 1;
            from[last]--;
            from[last + 1] = '~';
            from[last + 2] = '\0';
        }
        node->value = lower ? from : NULL;
        node->value_to = upper ? from : NULL;
        return good;
    }
    good = sign == 0 && date_bounds(text, length, from, to);
    node->value = from;
    node->value_to = to;
    return good;
}

/* ---- A bad date ---------------------------------------------------------- */

/* The numbers and the month's name of a date in any order. */
struct date_parts {
    unsigned number[3];
    size_t digits[3];
    size_t count;
    unsigned month;
};

static bool read_number(const char *text, size_t length, size_t *at,
                        struct date_parts *parts)
{
    size_t i = parts->count;
    if (i == 3) {
        return false;
    }
    parts->count++;
    for (; *at < length && text[*at] >= '0' && text[*at] <= '9'; (*at)++) {
        parts->number[i] = parts->number[i] * 10 + (unsigned)(text[*at] - '0');
        if (++parts->digits[i] > 8) {
            return false;
        }
    }
    return true;
}

static bool read_parts(const char *text, size_t length,
                       struct date_parts *parts)
{
    static const char *const years[] = {"року", "рік", "р", "р."};
    size_t at = 0;
    while (at < length) {
        char word[32];
        if (text[at] >= '0' && text[at] <= '9') {
            if (!read_number(text, length, &at, parts)) {
                return false;
            }
            continue;
        }
        if (text[at] != '\0' && strchr(" -+./,", text[at]) != NULL) {
            at++;
            continue;
        }
        const char *end =
            next_word(text + at, text + length, word, sizeof word);
        unsigned month = end == NULL ? 0 : month_of(word);
        bool year = false;
        for (size_t i = 0; end != NULL && i < sizeof years / sizeof *years;
             i++) {
            year = year || strcmp(word, years[i]) == 0;
        }
        if ((month == 0 && !year) || (month > 0 && parts->month > 0)) {
            return false;
        }
        parts->month = month > 0 ? month : parts->month;
        at = (size_t)(end - text);
    }
    return true;
}

/* Which number is what: 2024-3-9, 9.03.2024, 3/2024, 20240230; 0 for what is
 * not there. */
static bool sort_parts(const struct date_parts *parts, struct date *out)
{
    const unsigned *n = parts->number;
    size_t count = parts->count;
    bool first = count > 0 && parts->digits[0] == 4;
    size_t last = count - 1;
    *out = (struct date){.month = parts->month};
    if (count == 0) {
        return false;
    }
    if (count == 1 && parts->digits[0] == 8) {
        *out =
            (struct date){n[0] / 10000, n[0] / 100 % 100, n[0] % 100, 0, 0, 0};
        return true;
    }
    if (!first && parts->digits[last] != 4 &&
        (parts->digits[last] != 2 || count + (parts->month > 0) != 3)) {
        return false;
    }
    out->year = first ? n[0] : n[last];
    out->year += !first && parts->digits[last] == 2 ? 2000 : 0;
    if (parts->month > 0) {
        out->day = count == 2 ? n[first ? 1 : 0] : 0;
        return count < 3;
    }
    if (count == 3) {
        out->month = n[1];
        out->day = n[first ? 2 : 0];
    } else if (count == 2) {
        out->month = n[first ? 1 : 0];
    }
    if (out->month > 12 && out->day >= 1 && out->day <= 12) {
        unsigned month = out->day; /* 03/19/2024 */
        out->day = out->month;
        out->month = month;
    }
    return true;
}

/* One date as ISO 8601, a day that does not exist as the last of its month,
 * a month that does not as its year. */
static bool correct_bound(const char *text, size_t length, char out[16])
{
    struct date date;
    struct date_parts parts = {0};
    if (!date_parse(text, length, &date) &&
        (!read_parts(text, length, &parts) || !sort_parts(&parts, &date))) {
        return false;
    }
    if (date.year == 0 || date.year > 9999) {
        return false;
    }
    int n = snprintf(out, 16, "%04u", date.year % 10000);
    if (date.month < 1 || date.month > 12) {
        return true;
    }
    n += snprintf(out + n, 16 - (size_t)n, "-%02u", date.month);
    for (unsigned day = date.day > 31 ? 31 : date.day; day > 0; day--) {
        snprintf(out + n, 16 - (size_t)n, "-%02u", day);
        if (date_parse(out, strlen(out), &date)) {
            return true;
        }
    }
    return true;
}

/* What parts the two ends of a range: .., a dash, 2024-2025. */
static size_t find_range(const char *text, size_t length, size_t *width)
{
    static const char *const marks[] = {"..", "–", "—"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = memmem(text, length, marks[i], strlen(marks[i]));
        if (at != NULL) {
            *width = strlen(marks[i]);
            return (size_t)(at - text);
        }
    }
    struct date_parts parts = {0};
    *width = 1;
    return length == 9 && read_parts(text, length, &parts) &&
                   parts.count == 2 && parts.digits[0] == 4 &&
                   parts.digits[1] == 4
               ? 4
               : length;
}

bool date_correct(const char *text, size_t length, struct buf *out)
{
    char from[16] = "";
    char to[16] = "";
    char sign = '\0';
    bool equal = false;
    for (; length > 0 && strchr("<>=", *text) != NULL; text++, length--) {
        equal = equal || *text == '=';
        sign = *text != '=' && sign == '\0' ? *text : sign;
    }
    size_t width;
    size_t range = find_range(text, length, &width);
    if (range == length) {
        if (!correct_bound(text, length, from)) {
            return false;
        }
        if (sign != '\0') {
            buf_add_char(out, sign);
            buf_add_text(out, equal ? "=" : "");
        }
        buf_add_text(out, from);
        return true;
    }
    bool left = correct_bound(text, range, from);
    bool right =
        correct_bound(text + range + width, length - range - width, to);
    bool turned = left && right && strcmp(from, to) > 0;
    buf_format(out, "%s..%s", turned ? to : from, turned ? from : to);
    return left || right;
}
