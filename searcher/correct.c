/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A malformed query as it was probably meant. Where an error is found, the
 * finder says which bytes would have to be others; that is done to the text,
 * which is parsed again, until it parses. */
#include "parser.h"

/* More errors than this are not a slip. */
#define ROUNDS 64
/* Names that are less like a field than this, in tenths of an edit, or
 * shorter, are words with a colon. */
#define NAME_COST 10
#define NAME_LETTERS 4

void correct_put(struct correction *fix, size_t from, size_t to,
                 const char *format, ...)
{
    va_list arguments;
    if (fix == NULL || fix->text != NULL) {
        return;
    }
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text =
        length < 0 ? NULL : arena_alloc(fix->arena, (size_t)length + 1);
    if (text != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    *fix = (struct correction){fix->arena, from, to, text};
}

void correct_cut(struct correction *fix, size_t from, size_t to)
{
    correct_put(fix, from, to, "%s", "");
}

/* ---- Names of fields ------------------------------------------------------
 */

const char *correct_field(const char *name, size_t length)
{
    static const char *const names[][2] = {
        {"title", "title"},   {"author", "author"},   {"source", "source"},
        {"lang", "lang"},     {"site", "site"},       {"id", "id"},
        {"date", "date"},     {"заголовок", "title"}, {"назва", "title"},
        {"автор", "author"},  {"джерело", "source"},  {"мова", "lang"},
        {"language", "lang"}, {"сайт", "site"},       {"дата", "date"},
    };
    char folded[FORM_BYTES + 1];
    size_t size = 0;
    size_t letters = 0;
    for (size_t at = 0; at < length; letters++) {
        uint32_t code = 0;
        size_t n = utf8_decode(name + at, length - at, &code);
        if (n == 0 || size + 4 > FORM_BYTES) {
            return NULL;
        }
        size += utf8_encode(small_letter(code), folded + size);
        at += n;
    }
    const char *best = NULL;
    unsigned least = NAME_COST + 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *known = names[i][0];
        unsigned cost = typo_cost(folded, size, known, strlen(known));
        if (cost < least && (cost == 0 || letters >= NAME_LETTERS)) {
            best = names[i][1];
            least = cost;
        }
    }
    return best;
}

/* ---- Where the parser finds an error -------------------------------------
 */

void correct_stars(struct parser *p, const struct lexeme *lexeme)
{
    size_t to = lexeme->to;
    while (to < lexeme->end && p->text[to] == '*') {
        to++;
    }
    correct_cut(p->fix, lexeme->to, to);
}

/* Moves a filter, with its sign, behind the title: it stands in. */
void correct_title(struct parser *p, const struct lexeme *title,
                   const struct node *filter)
{
    const struct lexeme *first = title + 1;
    size_t end = parser_peek(p)[-1].end;
    if (first->at == filter->at) {
        correct_cut(p->fix, title->at, title->end);
        return;
    }
    while (first->at < filter->at) {
        first++;
    }
    bool sign = first[-1].kind == LEX_PLUS || first[-1].kind == LEX_MINUS ||
                first[-1].kind == LEX_NOT;
    size_t from = sign ? first[-1].at : first->at;
    size_t to = first[1].end;
    size_t hole = from - (p->text[from - 1] == ' ' && p->text[to] != ' ');
    size_t rest = to + (p->text[to] == ' ');
    correct_put(p->fix, hole, end, "%.*s %.*s", (int)(end - rest),
                p->text + rest, (int)(to - from), p->text + from);
}

/* Two signs or operators of which the first is too many, or one with nothing
 * beside it. A sign behind title: goes in front of it. */
void correct_operator(struct parser *p, const struct lexeme *lexeme)
{
    const struct lexeme *before = lexeme > p->lexemes ? lexeme - 1 : NULL;
    enum lexeme_kind kind = before == NULL ? LEX_OPEN : before->kind;
    bool sign = lexeme->kind == LEX_PLUS || lexeme->kind == LEX_MINUS ||
                lexeme->kind == LEX_NOT;
    if (kind == LEX_FIELD && sign) {
        size_t to = lexeme[1].at;
        correct_put(p->fix, before->at, to, "%.*s%.*s", (int)(to - lexeme->at),
                    p->text + lexeme->at, (int)(before->end - before->at),
                    p->text + before->at);
    } else if (kind == LEX_AND || kind == LEX_OR || kind == LEX_NOT ||
               kind == LEX_NEAR || kind == LEX_PLUS || kind == LEX_MINUS ||
               kind == LEX_FIELD) {
        correct_cut(p->fix, before->at, before->end);
    } else {
        correct_cut(p->fix, lexeme->at, lexeme->end);
    }
}

/* The words of a list without their signs where there are no others; in
 * brackets, without the brackets, which first are closed. */
void correct_signs(struct parser *p, const struct lexeme *first)
{
    const struct lexeme *end = parser_peek(p);
    struct buf out;
    size_t depth = 0;
    if (p->fix == NULL) {
        return;
    }
    if (p->depth > 0 && end->kind == LEX_CLOSE) {
        size_t from = first->at;
        correct_put(p->fix, first[-1].at, end->end, "%.*s",
                    (int)(end->at - from), p->text + from);
        return;
    }
    if (p->depth > 0) {
        correct_put(p->fix, end[-1].end, end[-1].end, ")");
        return;
    }
    buf_init(&out, QUERY_BYTES);
    for (const struct lexeme *at = first; at < end; at++) {
        depth += at->kind == LEX_OPEN;
        depth -= at->kind == LEX_CLOSE;
        bool sign = at->kind == LEX_MINUS || at->kind == LEX_NOT;
        if (depth > 0 || !sign) {
            buf_add(&out, p->text + at->at, at[1].at - at->at);
        }
    }
    correct_put(p->fix, first->at, end->at, "%s", buf_text(&out));
    buf_free(&out);
}

/* ---- The whole query ------------------------------------------------------
 */

static bool is_in(char c, const char *list)
{
    return c != '\0' && strchr(list, c) != NULL;
}

static bool is_wordly(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
           ((unsigned char)c | 0x20u) - 'a' < 26;
}

/* Does a correction. What is cut takes a sign before it along, and leaves
 * neither two spaces nor two words as one. */
static void apply(struct correction *fix, const char *text, size_t length,
                  struct buf *out)
{
    size_t from = fix->from;
    size_t to = fix->to;
    const char *between = fix->text;
    if (*between == '\0') {
        bool last = to >= length || is_in(text[to], " )");
        size_t sign = from;
        while (last && sign > 0 && is_in(text[sign - 1], "+-=")) {
            sign--;
        }
        if (sign == 0 || is_in(text[sign - 1], " (")) {
            from = sign; /* not of C++ */
        }
        bool space = from == 0 || is_in(text[from - 1], " (");
        if (space && to < length && text[to] == ' ') {
            to++;
        } else if (from > 0 && text[from - 1] == ' ' && last) {
            from--;
        } else if (!space && to < length && is_wordly(text[from - 1]) &&
                   is_wordly(text[to])) {
            between = " ";
        }
    }
    buf_add(out, text, from);
    buf_add_text(out, between);
    buf_add(out, text + to, length - to);
}

/* Writes a corrected query without the spaces around it. */
static size_t write_out(const struct buf *text, char *out, size_t size)
{
    size_t from = 0;
    size_t to = text->length;
    while (from < to && text->data[from] == ' ') {
        from++;
    }
    while (to > from && text->data[to - 1] == ' ') {
        to--;
    }
    if (out != NULL && to - from < size) {
        memcpy(out, text->data + from, to - from);
        out[to - from] = '\0';
    }
    return to - from;
}

size_t shukach_query_correct(const char *text, size_t length, char *out,
                             size_t size)
{
    struct buf now;
    struct buf next;
    struct arena arena = {0};
    size_t written = 0;
    if (text == NULL || length > QUERY_BYTES) {
        return 0;
    }
    buf_init(&now, 2 * QUERY_BYTES);
    buf_init(&next, 2 * QUERY_BYTES);
    buf_add(&now, text, length);
    for (int round = 0; round <= ROUNDS; round++) {
        struct correction fix = {.arena = &arena};
        struct shukach_query *query = NULL;
        enum shukach_status status =
            query_read(buf_text(&now), now.length, SHUKACH_SYNTAX_FULL, &fix,
                       &query, NULL);
        shukach_query_free(query);
        if (status == SHUKACH_OK && round > 0) {
            written = write_out(&now, out, size);
        }
        if (status == SHUKACH_OK || fix.text == NULL) {
            break;
        }
        buf_reset(&next);
        apply(&fix, now.data, now.length, &next);
        if (next.failed != SHUKACH_OK) {
            break;
        }
        struct buf swap = now;
        now = next;
        next = swap;
        arena_reset(&arena);
    }
    buf_free(&now);
    buf_free(&next);
    arena_free(&arena);
    return written;
}
