/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexemes of a query. Every sign is ASCII or a quotation mark, and a
 * word is everything else up to a space, a quote or a bracket. */
#include "parser.h"

struct lexer {
    const char *text;
    size_t length;
    size_t at;
    struct lexeme *items;
    size_t count;
    size_t capacity;
    size_t word_to; /* where the word ends that was looked at last */
    struct correction *fix;
};

/* Typed quotation marks: a phrase begins and ends with any of them. */
static const struct {
    uint32_t code;
    const char *closing; /* what is typed at the other end */
} quotes[] = {
    {'"', "\""},   {0x00ab, "»"}, {0x00bb, "«"},
    {0x201c, "”"}, {0x201d, "”"}, {0x201e, "“"},
};

static size_t quote_at(const struct lexer *lexer, size_t at)
{
    uint32_t code;
    size_t n = utf8_decode(lexer->text + at, lexer->length - at, &code);
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        if (n > 0 && code == quotes[i].code) {
            return n;
        }
    }
    return 0;
}

static size_t space_at(const struct lexer *lexer, size_t at)
{
    uint32_t code;
    size_t n = utf8_decode(lexer->text + at, lexer->length - at, &code);
    bool space = code == ' ' || (code >= '\t' && code <= '\r') ||
                 code == 0x00a0 || code == 0x202f || code == 0x2009 ||
                 code == 0x3000 || code == 0x2028;
    return n > 0 && space ? n : 0;
}

static bool ends_word(const struct lexer *lexer, size_t at)
{
    return at >= lexer->length || lexer->text[at] == '(' ||
           lexer->text[at] == ')' || space_at(lexer, at) > 0 ||
           quote_at(lexer, at) > 0;
}

static size_t word_end(const struct lexer *lexer, size_t at)
{
    while (!ends_word(lexer, at)) {
        uint32_t code;
        at += utf8_decode(lexer->text + at, lexer->length - at, &code);
    }
    return at;
}

static bool equals(const struct lexer *lexer, size_t from, size_t to,
                   const char *word)
{
    return to - from == strlen(word) &&
           memcmp(lexer->text + from, word, to - from) == 0;
}

static const struct {
    const char *name;
    enum query_field field;
} fields[] = {
    {"title", FIELD_TITLE}, {"author", FIELD_AUTHOR}, {"source", FIELD_SOURCE},
    {"lang", FIELD_LANG},   {"site", FIELD_SITE},     {"id", FIELD_ID},
    {"date", FIELD_DATE},
};

static const struct {
    const char *word;
    enum lexeme_kind kind;
} operators[] = {
    {"AND", LEX_AND}, {"OR", LEX_OR},  {"NOT", LEX_NOT},
    {"І", LEX_AND},   {"АБО", LEX_OR}, {"НЕ", LEX_NOT},
};

/* Whether a letter of the field's name: ASCII or Cyrillic, so that a field
 * that does not exist is told from a time or a URL. */
static size_t name_end(const struct lexer *lexer, size_t from, size_t to)
{
    size_t at = from;
    while (at < to) {
        uint32_t code = 0;
        size_t n = utf8_decode(lexer->text + at, to - at, &code);
        bool letter =
            (code | 0x20) - 'a' < 26 || (code >= 0x0400 && code <= 0x0491);
        if (!letter) {
            break;
        }
        at += n;
    }
    return at;
}

/* NAME: in front of a value. An unknown name is an error, unless it begins
 * an address (https://). */
static enum shukach_status try_field(const struct lexer *lexer, size_t from,
                                     size_t to, struct lexeme *out,
                                     struct shukach_error *err)
{
    size_t end = name_end(lexer, from, to);
    if (end == from || end >= to || lexer->text[end] != ':' ||
        (end + 2 < to && memcmp(lexer->text + end, "://", 3) == 0)) {
        return SHUKACH_OK;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (equals(lexer, from, end, fields[i].name)) {
            out->kind = LEX_FIELD;
            out->number = fields[i].field;
            out->to = end;
            out->end = end + 1;
            return SHUKACH_OK;
        }
    }
    bool value = to < lexer->length &&
                 (lexer->text[to] == '(' || quote_at(lexer, to) > 0);
    if (end + 1 == to && !value) {
        return SHUKACH_OK; /* a word with a colon after it */
    }
    const char *meant = correct_field(lexer->text + from, end - from);
    correct_put(lexer->fix, meant != NULL ? from : end + 1,
                meant != NULL ? end : end + 1, "%s",
                meant != NULL ? meant : " ");
    return error_at(err, SHUKACH_QUERY, from,
                    "there is no field \"%.*s\"; the fields are title, "
                    "author, source, lang, site, id and date. To search for "
                    "the words, put a space after the colon",
                    (int)(end - from > 60 ? 60 : end - from),
                    lexer->text + from);
}

/* NEAR/n with the nearest number that it may have. */
static void correct_near(const struct lexer *lexer, size_t from, size_t to)
{
    size_t at = from + 5;
    bool minus = at < to && lexer->text[at] == '-';
    at += minus ? 1 : 0;
    size_t digits = at;
    unsigned number = 0;
    for (; at < to && lexer->text[at] >= '0' && lexer->text[at] <= '9'; at++) {
        number = number * 10 + (unsigned)(lexer->text[at] - '0');
        number = number > NEAR_MAX ? NEAR_MAX : number;
    }
    if (at == digits) {
        correct_cut(lexer->fix, from + 4, to);
    } else {
        correct_put(lexer->fix, from, to, "NEAR/%u",
                    minus || number < 1 ? 1 : number);
    }
}

/* NEAR or NEAR/n. */
static enum shukach_status try_near(const struct lexer *lexer, size_t from,
                                    size_t to, struct lexeme *out,
                                    struct shukach_error *err)
{
    if (to - from < 4 || memcmp(lexer->text + from, "NEAR", 4) != 0 ||
        (to - from > 4 && lexer->text[from + 4] != '/')) {
        return SHUKACH_OK;
    }
    uint32_t number = to - from == 4 ? 10 : 0;
    for (size_t i = from + 5; i < to; i++) {
        char c = lexer->text[i];
        if (c < '0' || c > '9' || number > NEAR_MAX) {
            number = 0;
            break;
        }
        number = number * 10 + (uint32_t)(c - '0');
    }
    if (number < 1 || number > NEAR_MAX) {
        correct_near(lexer, from, to);
        return error_at(err, SHUKACH_QUERY, from,
                        "NEAR needs a number of words from 1 to %d, like "
                        "NEAR/5",
                        NEAR_MAX);
    }
    out->kind = LEX_NEAR;
    out->number = number;
    return SHUKACH_OK;
}

/* Бахмут*, also with punctuation behind it. */
static void try_prefix(const struct lexer *lexer, struct lexeme *out)
{
    size_t to = out->to;
    while (to > out->from && strchr(",.;:!?", lexer->text[to - 1]) != NULL) {
        to--;
    }
    size_t star = to;
    while (star > out->from && lexer->text[star - 1] == '*') {
        star--;
    }
    if (star < to && star > out->from) {
        out->kind = LEX_PREFIX;
        out->to = star;
    }
}

/* The number behind a ^ in hundredths, 2.5 as 250; 0 if it is none. */
static uint32_t boost_number(const char *text, size_t length)
{
    uint32_t value = 0;
    size_t at = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9' && at < 4) {
        value = value * 10 + (uint32_t)(text[at++] - '0');
    }
    value *= 100;
    if (at > 0 && at + 1 < length && text[at] == '.') {
        at++;
        for (uint32_t unit = 10;
             unit > 0 && at < length && text[at] >= '0' && text[at] <= '9';
             unit /= 10) {
            value += unit * (uint32_t)(text[at++] - '0');
        }
    }
    return at == length && value <= 100 * BOOST_MAX ? value : 0;
}

/* A boost with the nearest number that it may have, or none. */
static void correct_boost(const struct lexer *lexer, size_t from, size_t to)
{
    const char *text = lexer->text;
    size_t at = from + 1;
    unsigned value = 0; /* in thousandths */
    unsigned unit = 1000;
    for (; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
        value = value * 10 + (unsigned)(text[at] - '0') * 1000;
        value = value > 1000 * BOOST_MAX ? 1000 * BOOST_MAX : value;
    }
    bool number = at > from + 1;
    if (number && at < to && (text[at] == '.' || text[at] == ',')) {
        for (at++; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
            unit /= 10;
            value += unit * (unsigned)(text[at] - '0');
        }
    }
    if (!number || at < to) {
        correct_cut(lexer->fix, from, to);
        return;
    }
    unsigned most = 100 * BOOST_MAX;
    unsigned hundredths = (value + 5) / 10;
    hundredths = hundredths < 1 ? 1 : hundredths > most ? most : hundredths;
    bool tenths = hundredths % 10 == 0;
    unsigned rest = hundredths % 100 / (tenths ? 10 : 1);
    correct_put(lexer->fix, from, to,
                rest == 0 ? "^%u"
                : tenths  ? "^%u.%u"
                          : "^%u.%02u",
                hundredths / 100, rest);
}

/* Cuts ^2 off a word, so that it is read next. */
static void leave_boost(const struct lexer *lexer, struct lexeme *word)
{
    size_t at = word->to;
    while (at > word->from && lexer->text[at - 1] != '^') {
        at--;
    }
    bool number =
        at < word->to && lexer->text[at] >= '0' && lexer->text[at] <= '9';
    if (at > word->from + 1 && (number || at == word->to)) {
        word->to = at - 1;
        word->end = at - 1;
    }
}

static enum shukach_status lex_boost(struct lexer *lexer, struct lexeme *out,
                                     struct shukach_error *err)
{
    size_t from = lexer->at + 1;
    size_t to = word_end(lexer, from);
    *out =
        (struct lexeme){.kind = LEX_BOOST,
                        .from = from,
                        .to = to,
                        .at = lexer->at,
                        .end = to,
                        .number = boost_number(lexer->text + from, to - from)};
    if (out->number > 0) {
        return SHUKACH_OK;
    }
    correct_boost(lexer, lexer->at, to);
    return error_at(err, SHUKACH_QUERY, lexer->at,
                    "a boost is a number from 0.01 to %d behind ^, like "
                    "слово^2",
                    BOOST_MAX);
}

/* A word, an operator or a field that begins at the lexer's place. */
static enum shukach_status lex_word(struct lexer *lexer, struct lexeme *out,
                                    struct shukach_error *err)
{
    size_t from = lexer->at;
    if (from >= lexer->word_to) {
        /* Once for all of title:title:… */
        lexer->word_to = word_end(lexer, from);
    }
    size_t to = lexer->word_to;
    *out = (struct lexeme){
        .kind = LEX_WORD, .from = from, .to = to, .at = from, .end = to};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (equals(lexer, from, to, operators[i].word)) {
            out->kind = operators[i].kind;
            return SHUKACH_OK;
        }
    }
    enum shukach_status status = try_near(lexer, from, to, out, err);
    if (status == SHUKACH_OK && out->kind == LEX_WORD) {
        status = try_field(lexer, from, to, out, err);
    }
    if (status == SHUKACH_OK && out->kind == LEX_WORD) {
        leave_boost(lexer, out);
        try_prefix(lexer, out);
    }
    return status;
}

static const char *closing_of(const struct lexer *lexer, size_t at)
{
    uint32_t code = 0;
    utf8_decode(lexer->text + at, lexer->length - at, &code);
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        if (quotes[i].code == code) {
            return quotes[i].closing;
        }
    }
    return "";
}

/* «ТОВ "Обрій» is open at its end because of the mark inside: whether that
 * was cut. */
static bool correct_inner(const struct lexer *lexer, size_t at)
{
    for (size_t i = lexer->count; i > 0; i--) {
        const struct lexeme *phrase = &lexer->items[i - 1];
        const char *closing = closing_of(lexer, phrase->at);
        if (phrase->kind == LEX_PHRASE &&
            equals(lexer, at, at + quote_at(lexer, at), closing) &&
            !equals(lexer, phrase->to, phrase->end, closing)) {
            correct_cut(lexer->fix, phrase->to, phrase->end);
            return true;
        }
    }
    return false;
}

/* Closes the quotation mark at `at`: at the end of the query, before brackets
 * that close there. One that only a word stands before is too many. */
static void correct_quote(const struct lexer *lexer, size_t at, size_t from)
{
    const struct lexeme *last =
        lexer->count > 0 ? &lexer->items[lexer->count - 1] : NULL;
    size_t to = lexer->length;
    size_t open = 0;
    for (size_t i = 0; i < lexer->count; i++) {
        open += lexer->items[i].kind == LEX_OPEN;
        open -= lexer->items[i].kind == LEX_CLOSE && open > 0;
    }
    while (to > from && (lexer->text[to - 1] == ' ' ||
                         (lexer->text[to - 1] == ')' && open > 0))) {
        to--;
    }
    bool behind = last != NULL && last->kind == LEX_WORD && last->end == at &&
                  ends_word(lexer, from);
    if (behind || to == from) {
        if (!behind || !correct_inner(lexer, at)) {
            correct_cut(lexer->fix, at, from);
        }
        return;
    }
    correct_put(lexer->fix, to, to, "%s", closing_of(lexer, at));
}

static enum shukach_status lex_phrase(struct lexer *lexer, struct lexeme *out,
                                      struct shukach_error *err)
{
    size_t at = lexer->at;
    size_t from = at + quote_at(lexer, at);
    size_t to = from;
    while (to < lexer->length && quote_at(lexer, to) == 0) {
        to++;
    }
    if (to >= lexer->length) {
        correct_quote(lexer, at, from);
        return error_at(err, SHUKACH_QUERY, at,
                        "this quotation mark is never closed; add \" at the "
                        "end of the phrase");
    }
    *out = (struct lexeme){.kind = LEX_PHRASE,
                           .from = from,
                           .to = to,
                           .at = at,
                           .end = to + quote_at(lexer, to)};
    return SHUKACH_OK;
}

/* A sign that stands directly before something: +word, -"phrase", =word. */
static bool is_prefix(const struct lexer *lexer, enum lexeme_kind *kind)
{
    static const struct {
        char sign;
        enum lexeme_kind kind;
    } signs[] = {{'+', LEX_PLUS}, {'-', LEX_MINUS}, {'=', LEX_EXACT}};
    size_t next = lexer->at + 1;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (lexer->text[lexer->at] == signs[i].sign) {
            *kind = signs[i].kind;
            return next < lexer->length && lexer->text[next] != ')' &&
                   space_at(lexer, next) == 0;
        }
    }
    return false;
}

static bool is_operator(const struct lexer *lexer, size_t from, size_t to)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (equals(lexer, from, to, operators[i].word)) {
            return true;
        }
    }
    return false;
}

/* lang:(uk ru) as (lang:uk lang:ru), from the field on to the bracket that
 * closes; false if there is more than words. */
static bool correct_group(const struct lexer *lexer, const struct lexeme *field)
{
    const char *text = lexer->text;
    size_t at = lexer->at + 1;
    struct buf out;
    bool words = false;
    buf_init(&out, QUERY_BYTES);
    buf_add_char(&out, '(');
    while (at < lexer->length && text[at] != ')') {
        size_t space = space_at(lexer, at);
        size_t end = space > 0 ? at + space : word_end(lexer, at);
        if (end == at) {
            break; /* a quotation mark or a bracket */
        }
        if (space == 0 && !is_operator(lexer, at, end)) {
            if (strchr("+-", text[at]) != NULL) {
                buf_add_char(&out, text[at++]);
            }
            buf_add(&out, text + field->at, field->end - field->at);
            words = true;
        }
        buf_add(&out, text + at, end - at);
        at = end;
    }
    bool good = words && at < lexer->length && text[at] == ')' &&
                out.failed == SHUKACH_OK;
    if (good) {
        correct_put(lexer->fix, field->at, at, "%s", buf_text(&out));
    }
    buf_free(&out);
    return good;
}

/* A value behind a space moves to its field; a field without one goes. */
static void correct_value(const struct lexer *lexer)
{
    const struct lexeme *field = &lexer->items[lexer->count - 1];
    size_t at = lexer->at;
    while (at < lexer->length && space_at(lexer, at) > 0) {
        at += space_at(lexer, at);
    }
    bool value = at > lexer->at && at < lexer->length &&
                 (quote_at(lexer, at) > 0 || !ends_word(lexer, at)) &&
                 !is_operator(lexer, at, word_end(lexer, at));
    if (value) {
        correct_cut(lexer->fix, lexer->at, at);
    } else if (at >= lexer->length || lexer->text[at] != '(' ||
               !correct_group(lexer, field)) {
        correct_cut(lexer->fix, field->at, field->end);
    }
}

/* The value of a filter is taken as it is: id:2024-03:a, date:>=2024. */
static enum shukach_status lex_value(struct lexer *lexer, struct lexeme *out,
                                     struct shukach_error *err)
{
    size_t at = lexer->at;
    if (at < lexer->length && quote_at(lexer, at) > 0) {
        return lex_phrase(lexer, out, err);
    }
    size_t to = word_end(lexer, at);
    if (to == at) {
        correct_value(lexer);
        return error_at(err, SHUKACH_QUERY, at,
                        "a field needs a value directly after its colon, "
                        "like lang:uk or source:\"НАТО\"");
    }
    *out = (struct lexeme){
        .kind = LEX_WORD, .from = at, .to = to, .at = at, .end = to};
    return SHUKACH_OK;
}

static enum shukach_status lex_one(struct lexer *lexer, struct lexeme *out,
                                   struct shukach_error *err)
{
    char c = lexer->text[lexer->at];
    enum lexeme_kind sign;
    const struct lexeme *last =
        lexer->count > 0 ? &lexer->items[lexer->count - 1] : NULL;
    if (c == '^' && last != NULL && last->end == lexer->at) {
        return lex_boost(lexer, out, err);
    }
    if (quote_at(lexer, lexer->at) > 0) {
        return lex_phrase(lexer, out, err);
    }
    if (c != '(' && c != ')' && !is_prefix(lexer, &sign)) {
        return lex_word(lexer, out, err);
    }
    *out = (struct lexeme){.kind = c == '('   ? LEX_OPEN
                                   : c == ')' ? LEX_CLOSE
                                              : sign,
                           .from = lexer->at,
                           .to = lexer->at + 1,
                           .at = lexer->at,
                           .end = lexer->at + 1};
    return SHUKACH_OK;
}

static enum shukach_status push(struct lexer *lexer, struct arena *arena,
                                struct lexeme lexeme, struct shukach_error *err)
{
    if (lexer->count == lexer->capacity) {
        size_t grown = lexer->capacity == 0 ? 32 : lexer->capacity * 2;
        struct lexeme *items = arena_array(arena, grown, sizeof *items);
        if (items == NULL) {
            return error_nomem(err);
        }
        if (lexer->count > 0) {
            memcpy(items, lexer->items, lexer->count * sizeof *items);
        }
        lexer->items = items;
        lexer->capacity = grown;
    }
    lexer->items[lexer->count++] = lexeme;
    return SHUKACH_OK;
}

enum shukach_status lex(const char *text, size_t length, struct arena *arena,
                        struct correction *fix, struct lexeme **out,
                        size_t *count, struct shukach_error *err)
{
    struct lexer lexer = {.text = text, .length = length, .fix = fix};
    enum shukach_status status = SHUKACH_OK;
    while (status == SHUKACH_OK && lexer.at < length) {
        const struct lexeme *last =
            lexer.count > 0 ? &lexer.items[lexer.count - 1] : NULL;
        bool value = last != NULL && last->kind == LEX_FIELD &&
                     last->number != FIELD_TITLE;
        size_t space = space_at(&lexer, lexer.at);
        if (space > 0 && !value) {
            lexer.at += space;
            continue;
        }
        struct lexeme lexeme;
        status = value ? lex_value(&lexer, &lexeme, err)
                       : lex_one(&lexer, &lexeme, err);
        if (status == SHUKACH_OK) {
            status = push(&lexer, arena, lexeme, err);
            lexer.at = lexeme.end;
        }
    }
    if (status == SHUKACH_OK) {
        struct lexeme end = {.kind = LEX_END,
                             .from = length,
                             .to = length,
                             .at = length,
                             .end = length};
        status = push(&lexer, arena, end, err);
    }
    *out = lexer.items;
    *count = lexer.count;
    return status;
}
