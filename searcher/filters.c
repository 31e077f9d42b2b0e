/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters of a query: a field and its value. */
#include "parser.h"

/* Copies up to a space, capitals of Ukrainian as small letters; what is left
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
        code += code >= 0x0410 && code <= 0x042f   ? 0x20
                : code >= 0x0400 && code <= 0x040f ? 0x50
                                                   : 0;
        n += utf8_encode(code, out + n);
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

/* 2024-03, 2024-03..2024-05, 2024.., ..2024-03, >=2024, <2024-03. */
static bool date_range(struct parser *p, struct node *node, const char *text,
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

/* The text of a value as a C string in lower ASCII. */
static char *lower_value(struct parser *p, const struct lexeme *lexeme)
{
    size_t length = lexeme->to - lexeme->from;
    char *value = arena_copy(p->arena, p->text + lexeme->from, length);
    if (value == NULL) {
        p->status = error_nomem(p->err);
        return NULL;
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] >= 'A' && value[i] <= 'Z') {
            value[i] = (char)(value[i] + 32);
        }
    }
    return value;
}

struct node *parse_filter(struct parser *p, const struct lexeme *field)
{
    struct node *node = parser_node(p, NODE_FILTER, field->at);
    const struct lexeme *value = parser_peek(p);
    if (node == NULL) {
        return NULL;
    }
    if (value->kind != LEX_WORD && value->kind != LEX_PHRASE) {
        return parser_fail(
            p, field->end,
            "a field needs a value directly after its colon, like "
            "lang:uk or source:\"НАТО\"");
    }
    p->at++;
    node->field = (enum query_field)field->number;
    const char *text = p->text + value->from;
    node->value_length = value->to - value->from;
    switch (node->field) {
    case FIELD_DATE:
        if (!date_range(p, node, text, node->value_length)) {
            return parser_fail(p, value->at,
                               "this is not a date; write 2024, 2024-03, "
                               "2024-03-19 or a range like 2024-03..2024-05");
        }
        return node;
    case FIELD_LANG:
    case FIELD_SITE:
        node->value = lower_value(p, value);
        return node->value == NULL ? NULL : node;
    case FIELD_ID:
        node->value = arena_copy(p->arena, text, node->value_length);
        return node;
    default:
        break;
    }
    if (!parser_words(p, WORDS_PARTS, value->from, value->to, &node->words,
                      &node->word_count)) {
        return NULL;
    }
    return node->word_count > 0
               ? node
               : parser_fail(p, value->at, "this value holds no word");
}
