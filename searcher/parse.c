/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser, by recursive descent:
 *   list    := { [ OR ] and }
 *   and     := unary { AND unary }
 *   unary   := [ "+" | "-" | NOT ] near
 *   near    := primary { NEAR/n primary }
 *   primary := "(" list ")" | [ "=" ] word | [ "=" ] "phrase"
 *            | title: primary | field:value
 * Words that follow each other without signs are analysed as one text, so
 * that "155 мм" or "1 000 000" is seen as it is in a document. */
#include "searcher.h"

struct parser {
    const char *text;
    size_t length;
    const struct lexeme *lexemes;
    size_t at;
    unsigned depth;
    struct words_reader words;
    struct arena *arena;
    struct shukach_error *err;
    enum shukach_status status;
};

static struct node *parse_list(struct parser *p);

/* Failure is sticky: NULL is returned up to the top. */
static struct node *fail(struct parser *p, size_t at, const char *message)
{
    if (p->status == SHUKACH_OK) {
        p->status = error_at(p->err, SHUKACH_QUERY, at, "%s", message);
    }
    return NULL;
}

static struct node *node_new(struct parser *p, enum node_kind kind, size_t at)
{
    if (p->status != SHUKACH_OK) {
        return NULL;
    }
    struct node *node = arena_array(p->arena, 1, sizeof *node);
    if (node == NULL) {
        p->status = error_nomem(p->err);
        return NULL;
    }
    node->kind = kind;
    node->at = at;
    return node;
}

static const struct lexeme *peek(const struct parser *p)
{
    return &p->lexemes[p->at];
}

static bool accept(struct parser *p, enum lexeme_kind kind)
{
    if (peek(p)->kind != kind) {
        return false;
    }
    p->at++;
    return true;
}

/* ---- Words ----------------------------------------------------------- */

static bool read_words(struct parser *p, enum words_mode mode, size_t from,
                       size_t to, struct query_word **words, size_t *count)
{
    p->status = words_read(&p->words, mode, p->text + from, to - from, words,
                           count, p->err);
    return p->status == SHUKACH_OK;
}

/* A phrase of the text between two offsets; of one word, that word. */
static struct node *make_phrase(struct parser *p, size_t at, size_t from,
                                size_t to, bool exact)
{
    struct node *node = node_new(p, NODE_PHRASE, at);
    if (node == NULL || !read_words(p, WORDS_PARTS, from, to, &node->words,
                                    &node->word_count)) {
        return NULL;
    }
    if (node->word_count == 0) {
        return fail(p, at,
                    "there is no word between these quotation marks; write "
                    "the words of the phrase");
    }
    for (size_t i = 0; i < node->word_count; i++) {
        node->words[i].exact = exact;
        node->words[i].stop = false;
    }
    node->kind = node->word_count == 1 ? NODE_WORD : NODE_PHRASE;
    return node;
}

/* One word where one is wanted. Several that only lack a space between them
 * (м.Київ) are a phrase. */
static struct node *make_word(struct parser *p, const struct lexeme *lexeme,
                              bool exact)
{
    struct node *node = node_new(p, NODE_WORD, lexeme->at);
    if (node == NULL || !read_words(p, WORDS_WHOLE, lexeme->from, lexeme->to,
                                    &node->words, &node->word_count)) {
        return NULL;
    }
    if (node->word_count == 0) {
        return fail(p, lexeme->at,
                    "there are no letters or digits here to search for");
    }
    if (node->word_count > 1) {
        return make_phrase(p, lexeme->at, lexeme->from, lexeme->to, exact);
    }
    node->words[0].exact = exact;
    node->words[0].stop = node->words[0].stop && !exact;
    return node;
}

/* How many words from here on stand alone: not bound by AND or NEAR. */
static size_t run_length(const struct parser *p)
{
    size_t n = 0;
    while (p->lexemes[p->at + n].kind == LEX_WORD) {
        n++;
    }
    enum lexeme_kind next = p->lexemes[p->at + n].kind;
    bool bound = next == LEX_AND || next == LEX_NEAR;
    return bound && n > 0 ? n - 1 : n;
}

/* Appends a node for each word of a run to the list's children. */
static struct node **parse_run(struct parser *p, size_t count,
                               struct node **tail)
{
    const struct lexeme *first = peek(p);
    size_t to = p->lexemes[p->at + count - 1].to;
    struct query_word *words;
    size_t n;
    if (!read_words(p, WORDS_WHOLE, first->from, to, &words, &n)) {
        return tail;
    }
    for (size_t i = 0; i < n; i++) {
        struct node *node = node_new(p, NODE_WORD, first->at);
        if (node == NULL) {
            return tail;
        }
        node->words = &words[i];
        node->word_count = 1;
        *tail = node;
        tail = &node->next;
    }
    p->at += count;
    return tail;
}

/* ---- Fields ---------------------------------------------------------- */

static bool date_bound(const char *text, size_t length, bool upper,
                       char out[DATE_BOUND])
{
    struct date date;
    if (length < 4 || !date_parse(text, length, &date) || date.hour != 0) {
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

bool date_bounds(const char *text, size_t length, char from[DATE_BOUND],
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

static struct node *parse_filter(struct parser *p, const struct lexeme *field)
{
    struct node *node = node_new(p, NODE_FILTER, field->at);
    const struct lexeme *value = peek(p);
    if (node == NULL) {
        return NULL;
    }
    if (value->kind != LEX_WORD && value->kind != LEX_PHRASE) {
        return fail(p, field->end,
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
            return fail(p, value->at,
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
    if (!read_words(p, WORDS_PARTS, value->from, value->to, &node->words,
                    &node->word_count)) {
        return NULL;
    }
    return node->word_count > 0
               ? node
               : fail(p, value->at, "this value holds no word");
}

/* Puts words and phrases below into the title. */
static bool into_title(struct parser *p, struct node *node)
{
    if (node->kind == NODE_FILTER) {
        return fail(p, node->at, "a field cannot stand within title:") != NULL;
    }
    node->title = true;
    for (struct node *child = node->first; child != NULL; child = child->next) {
        if (!into_title(p, child)) {
            return false;
        }
    }
    return true;
}

/* ---- Expressions ----------------------------------------------------- */

static struct node *parse_primary(struct parser *p);

static struct node *parse_brackets(struct parser *p, size_t at)
{
    if (++p->depth > QUERY_DEPTH) {
        p->status =
            error_at(p->err, SHUKACH_LIMIT, at,
                     "more than %d brackets within each other", QUERY_DEPTH);
        return NULL;
    }
    struct node *node = parse_list(p);
    if (node != NULL && !accept(p, LEX_CLOSE)) {
        return fail(p, at,
                    "this bracket is never closed; add ) where the "
                    "group ends");
    }
    p->depth--;
    return node;
}

static struct node *parse_title(struct parser *p, const struct lexeme *field)
{
    if (peek(p)->at != field->end) {
        return fail(p, field->at,
                    "title: needs a word, a phrase or a bracket directly "
                    "after its colon");
    }
    struct node *node = parse_primary(p);
    return node != NULL && into_title(p, node) ? node : NULL;
}

static struct node *parse_exact(struct parser *p, const struct lexeme *sign)
{
    const struct lexeme *next = peek(p);
    if (next->kind == LEX_WORD) {
        p->at++;
        return make_word(p, next, true);
    }
    if (next->kind == LEX_PHRASE) {
        p->at++;
        return make_phrase(p, next->at, next->from, next->to, true);
    }
    return fail(p, sign->at,
                "= stands directly before a word or a phrase, like =удар");
}

static struct node *parse_primary(struct parser *p)
{
    const struct lexeme *lexeme = peek(p);
    if (p->status != SHUKACH_OK) {
        return NULL;
    }
    if (lexeme->kind != LEX_END) {
        p->at++;
    }
    switch (lexeme->kind) {
    case LEX_OPEN:
        return parse_brackets(p, lexeme->at);
    case LEX_EXACT:
        return parse_exact(p, lexeme);
    case LEX_WORD:
        return make_word(p, lexeme, false);
    case LEX_PHRASE:
        return make_phrase(p, lexeme->at, lexeme->from, lexeme->to, false);
    case LEX_FIELD:
        return lexeme->number == FIELD_TITLE ? parse_title(p, lexeme)
                                             : parse_filter(p, lexeme);
    case LEX_CLOSE:
        return fail(p, lexeme->at,
                    "this bracket was never opened; remove it or add (");
    default:
        return fail(p, lexeme->at,
                    "a word, a phrase or an opening bracket was expected "
                    "here; an operator stands between two of them");
    }
}

/* Whether a node has places in the text, so that NEAR can measure. */
static bool has_places(const struct node *node)
{
    if (node->kind == NODE_WORD || node->kind == NODE_PHRASE) {
        return true;
    }
    if (node->kind != NODE_NEAR && node->kind != NODE_ANY) {
        return false;
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must || child->must_not || !has_places(child)) {
            return false;
        }
    }
    return true;
}

static struct node *parse_near(struct parser *p)
{
    struct node *left = parse_primary(p);
    while (left != NULL && peek(p)->kind == LEX_NEAR) {
        const struct lexeme *near = peek(p);
        p->at++;
        struct node *right = parse_primary(p);
        struct node *node = node_new(p, NODE_NEAR, near->at);
        if (right == NULL || node == NULL) {
            return NULL;
        }
        if (!has_places(left) || !has_places(right)) {
            return fail(p, near->at,
                        "NEAR joins words, phrases and groups of them");
        }
        node->distance = near->number;
        node->first = left;
        left->next = right;
        left = node;
    }
    return left;
}

/* A node with its sign. */
static struct node *parse_unary(struct parser *p)
{
    bool must = accept(p, LEX_PLUS);
    bool must_not = !must && (accept(p, LEX_MINUS) || accept(p, LEX_NOT));
    struct node *node = parse_near(p);
    if (node != NULL) {
        node->must = must;
        node->must_not = must_not;
    }
    return node;
}

static struct node *parse_and(struct parser *p)
{
    struct node *first = parse_unary(p);
    if (first == NULL || peek(p)->kind != LEX_AND) {
        return first;
    }
    struct node *node = node_new(p, NODE_AND, peek(p)->at);
    struct node **tail = node == NULL ? NULL : &node->first;
    bool positive = false;
    for (struct node *child = first; node != NULL && child != NULL;
         child = parse_unary(p)) {
        struct node *item = child;
        positive = positive || !child->must_not;
        if (child->must_not) {
            item = node_new(p, NODE_NOT, child->at);
            if (item == NULL) {
                return NULL;
            }
            item->first = child;
        }
        child->must = false;
        child->must_not = false;
        *tail = item;
        tail = &item->next;
        if (!accept(p, LEX_AND)) {
            return positive ? node
                            : fail(p, node->at,
                                   "everything joined by this AND is "
                                   "excluded; name something to look for");
        }
    }
    return NULL;
}

bool node_is_filter(const struct node *node)
{
    if (node->kind != NODE_ANY) {
        return node->kind == NODE_FILTER;
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not || !node_is_filter(child)) {
            return false;
        }
    }
    return true;
}

/* Filters beside words must hold: those of one field in any one of their
 * values, and so those that OR joins. Makes one node of each such group. */
static struct node *group_filters(struct parser *p, struct node *list)
{
    struct node **link = &list->first;
    struct node *groups = NULL;
    while (*link != NULL) {
        struct node *item = *link;
        bool joined =
            item->or_before || (item->next != NULL && item->next->or_before);
        bool alone = node_is_filter(item) && !joined;
        /* date:>=2024 date:<2025 are both to hold. */
        bool open = item->field == FIELD_DATE &&
                    (item->value == NULL || item->value_to == NULL);
        bool one_field = item->kind == NODE_FILTER && alone && !open;
        bool chain = node_is_filter(item) && !item->or_before && joined;
        struct node *end = item->next;
        while (chain && end != NULL && end->or_before) {
            chain = node_is_filter(end);
            end = end->next;
        }
        if (item->must || item->must_not || (!alone && !chain)) {
            link = &item->next;
            continue;
        }
        struct node *group = one_field ? groups : NULL;
        while (group != NULL && group->field != item->field) {
            group = group->next;
        }
        if (group == NULL) {
            group = node_new(p, NODE_ANY, item->at);
            if (group == NULL) {
                return NULL;
            }
            /* title is no filter, so that nothing else joins the group. */
            group->field = one_field ? item->field : FIELD_TITLE;
            group->must = true;
            group->next = groups;
            groups = group;
        }
        /* Cut [item, end) out and put it in front of the group. */
        struct node *last = item;
        while (last->next != end) {
            last = last->next;
        }
        *link = end;
        last->next = group->first;
        group->first = item;
    }
    *link = groups;
    return list;
}

/* Drops stop words where other words are asked for, and checks that there
 * is something to look for. */
static struct node *finish_list(struct parser *p, struct node *list)
{
    bool words = false;
    bool positive = false;
    for (struct node *item = list->first; item != NULL; item = item->next) {
        bool stop = item->kind == NODE_WORD && item->words[0].stop;
        positive = positive || !item->must_not;
        words = words || (!item->must_not && !stop && !node_is_filter(item));
    }
    if (!positive) {
        return fail(p, list->at,
                    list->first == NULL
                        ? "there is nothing to search for here; write a word"
                        : "everything here is excluded; name something to "
                          "look for as well");
    }
    struct node **link = &list->first;
    while (words && *link != NULL) {
        struct node *item = *link;
        bool joined = item->or_before ||
                      (item->next != NULL && item->next->or_before);
        bool drop = item->kind == NODE_WORD && item->words[0].stop &&
                    !item->must && !item->must_not && !joined;
        if (drop) {
            *link = item->next;
        } else {
            link = &item->next;
        }
    }
    struct node *only = list->first;
    if (only->next != NULL) {
        list = group_filters(p, list);
        only = list == NULL ? NULL : list->first;
    }
    if (only == NULL || only->next != NULL) {
        return list;
    }
    only->must = false;
    only->or_before = false;
    return only;
}

static struct node *parse_list(struct parser *p)
{
    struct node *list = node_new(p, NODE_ANY, peek(p)->at);
    struct node **tail = list == NULL ? NULL : &list->first;
    while (p->status == SHUKACH_OK && peek(p)->kind != LEX_END &&
           peek(p)->kind != LEX_CLOSE) {
        size_t at = peek(p)->at;
        bool or_before = accept(p, LEX_OR);
        if (or_before && list->first == NULL) {
            return fail(p, at, "OR needs something on its left");
        }
        size_t run = run_length(p);
        struct node **begin = tail;
        if (run > 0) {
            tail = parse_run(p, run, tail);
        } else {
            struct node *item = parse_and(p);
            if (item == NULL) {
                return NULL;
            }
            *tail = item;
            tail = &item->next;
        }
        if (*begin != NULL) {
            (*begin)->or_before = or_before;
        }
    }
    if (p->status == SHUKACH_OK && peek(p)->kind == LEX_CLOSE &&
        p->depth == 0) {
        parse_primary(p); /* says that the bracket was never opened */
    }
    return p->status == SHUKACH_OK ? finish_list(p, list) : NULL;
}

/* ---- Entry ----------------------------------------------------------- */

static enum shukach_status parse_full(struct parser *p, struct node **root)
{
    struct lexeme *lexemes;
    size_t count;
    p->status = lex(p->text, p->length, p->arena, &lexemes, &count, p->err);
    if (p->status == SHUKACH_OK) {
        p->lexemes = lexemes;
        *root = parse_list(p);
    }
    return p->status;
}

static enum shukach_status parse_plain(struct parser *p, struct node **root)
{
    const struct lexeme all[] = {
        {.kind = LEX_WORD, .from = 0, .to = p->length},
        {.kind = LEX_END, .at = p->length},
    };
    p->lexemes = all;
    *root = parse_list(p);
    return p->status;
}

enum shukach_status shukach_query_parse(const char *text, size_t length,
                                        enum shukach_syntax syntax,
                                        struct shukach_query **out,
                                        struct shukach_error *err)
{
    size_t bad;
    if (out == NULL || (text == NULL && length > 0)) {
        return error_set(err, SHUKACH_INVALID, "no query was given");
    }
    *out = NULL;
    if (length > QUERY_BYTES) {
        return error_at(err, SHUKACH_LIMIT, QUERY_BYTES,
                        "the query is over %zu bytes; shorten it", QUERY_BYTES);
    }
    if (!utf8_valid(text, length, &bad)) {
        return error_at(err, SHUKACH_ENCODING, bad,
                        "the query is not valid UTF-8 at byte %zu", bad);
    }
    struct shukach_query *query = calloc(1, sizeof *query);
    struct analyser *analyser = NULL;
    if (query == NULL) {
        return error_nomem(err);
    }
    query->limit = 10;
    query->snippet = 240;
    enum shukach_status status = analyser_new(&analyser, err);
    if (status == SHUKACH_OK) {
        struct parser parser = {
            .text = text,
            .length = length,
            .words = {.analyser = analyser, .arena = &query->arena},
            .arena = &query->arena,
            .err = err,
        };
        status = syntax == SHUKACH_SYNTAX_PLAIN
                     ? parse_plain(&parser, &query->root)
                     : parse_full(&parser, &query->root);
    }
    analyser_free(analyser);
    if (status != SHUKACH_OK) {
        shukach_query_free(query);
        return status;
    }
    *out = query;
    return SHUKACH_OK;
}

void shukach_query_set_window(struct shukach_query *query, uint64_t offset,
                              uint64_t limit)
{
    query->offset = offset;
    query->limit = limit;
}

void shukach_query_set_sort(struct shukach_query *query, enum shukach_sort sort)
{
    query->sort = sort;
}

void shukach_query_set_snippet(struct shukach_query *query, size_t letters)
{
    query->snippet = letters;
}

static enum shukach_status set_bound(struct shukach_query *query,
                                     const char *text, bool upper,
                                     const char **out,
                                     struct shukach_error *err)
{
    *out = NULL;
    if (text == NULL || *text == '\0') {
        return SHUKACH_OK;
    }
    char *bound = arena_array(&query->arena, 1, DATE_BOUND);
    if (bound == NULL) {
        return error_nomem(err);
    }
    if (!date_bound(text, strlen(text), upper, bound)) {
        return error_set(err, SHUKACH_QUERY,
                         "\"%.40s\" is not a date; write 2024, 2024-03 or "
                         "2024-03-19",
                         text);
    }
    *out = bound;
    return SHUKACH_OK;
}

enum shukach_status shukach_query_set_dates(struct shukach_query *query,
                                            const char *since,
                                            const char *until,
                                            struct shukach_error *err)
{
    enum shukach_status status =
        set_bound(query, since, false, &query->since, err);
    return status == SHUKACH_OK
               ? set_bound(query, until, true, &query->until, err)
               : status;
}

void shukach_query_free(struct shukach_query *query)
{
    if (query != NULL) {
        arena_free(&query->arena);
        free(query);
    }
}
