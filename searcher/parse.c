/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser, by recursive descent:
 *   list    := { [ OR ] and }
 *   and     := unary { AND unary }
 *   unary   := [ "+" | "-" | NOT ] near
 *   near    := boosted { NEAR/n boosted }
 *   boosted := primary [ "^" number ]
 *   primary := "(" list ")" | [ "=" ] word | [ "=" ] prefix "*"
 *            | [ "=" ] "phrase"
 *            | title: primary | field:value
 * Words that follow each other without signs are analysed as one text, so
 * that "155 мм" or "1 000 000" is seen as it is in a document. */
#include "parser.h"

/* Failure is sticky: NULL is returned up to the top. */
struct node *parser_fail(struct parser *p, size_t at, const char *message)
{
    if (p->status == SHUKACH_OK) {
        p->status = error_at(p->err, SHUKACH_QUERY, at, "%s", message);
    }
    return NULL;
}

struct node *parser_node(struct parser *p, enum node_kind kind, size_t at)
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

const struct lexeme *parser_peek(const struct parser *p)
{
    return &p->lexemes[p->at];
}

static bool accept(struct parser *p, enum lexeme_kind kind)
{
    if (parser_peek(p)->kind != kind) {
        return false;
    }
    p->at++;
    return true;
}

/* ---- Words ----------------------------------------------------------- */

bool parser_words(struct parser *p, enum words_mode mode, size_t from,
                  size_t to, struct query_word **words, size_t *count)
{
    p->status = words_read(&p->words, mode, p->text + from, to - from, words,
                           count, p->err);
    for (size_t i = 0; p->status == SHUKACH_OK && i < *count; i++) {
        (*words)[i].from += from;
        (*words)[i].to += from;
    }
    return p->status == SHUKACH_OK;
}

/* Where a star ends a word of a phrase, or `to`. */
static size_t find_star(const struct parser *p, size_t from, size_t to)
{
    for (size_t at = from + 1; at < to; at++) {
        bool ends = at + 1 == to || strchr(" ,.;:!?", p->text[at + 1]) != NULL;
        if (p->text[at] == '*' && ends && p->text[at - 1] != ' ') {
            return at;
        }
    }
    return to;
}

/* A phrase of the text between two offsets; of one word, that word. */
static struct node *make_phrase(struct parser *p, size_t at, size_t from,
                                size_t to, bool exact)
{
    struct node *node = parser_node(p, NODE_PHRASE, at);
    size_t star = find_star(p, from, to);
    if (star < to) {
        correct_cut(p->fix, star, star + 1);
        return parser_fail(p, star,
                           "* cannot stand in a phrase; write the whole word, "
                           "or put the words side by side with NEAR/1");
    }
    if (node == NULL || !parser_words(p, WORDS_PARTS, from, to, &node->words,
                                      &node->word_count)) {
        return NULL;
    }
    if (node->word_count == 0) {
        correct_cut(p->fix, at, parser_peek(p)[-1].end);
        return parser_fail(
            p, at,
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
    struct node *node = parser_node(p, NODE_WORD, lexeme->at);
    if (node == NULL || !parser_words(p, WORDS_WHOLE, lexeme->from, lexeme->to,
                                      &node->words, &node->word_count)) {
        return NULL;
    }
    if (node->word_count == 0) {
        correct_cut(p->fix, lexeme->at, lexeme->end);
        return parser_fail(p, lexeme->at,
                           "there are no letters or digits here to search for");
    }
    if (node->word_count > 1) {
        return make_phrase(p, lexeme->at, lexeme->from, lexeme->to, exact);
    }
    node->words[0].exact = exact;
    node->words[0].stop = node->words[0].stop && !exact;
    return node;
}

/* A prefix: a word whose form is not whole. */
static struct node *make_prefix(struct parser *p, const struct lexeme *lexeme)
{
    struct node *node = parser_node(p, NODE_WORD, lexeme->at);
    struct query_word *word = arena_array(p->arena, 1, sizeof *word);
    struct query_prefix *prefix = arena_array(p->arena, 1, sizeof *prefix);
    size_t letters;
    if (node == NULL || word == NULL || prefix == NULL) {
        p->status = p->status == SHUKACH_OK ? error_nomem(p->err) : p->status;
        return NULL;
    }
    if (++p->prefixes > QUERY_PREFIXES) {
        correct_stars(p, lexeme);
        p->status = error_at(p->err, SHUKACH_LIMIT, lexeme->at,
                             "the query has more than %d words with a *; "
                             "write some of them as whole words",
                             QUERY_PREFIXES);
        return NULL;
    }
    p->status = prefix_read(p->words.analyser, p->text + lexeme->from,
                            lexeme->to - lexeme->from, p->arena, &word->form,
                            &letters, p->err);
    if (p->status == SHUKACH_OK && letters < 2) {
        correct_stars(p, lexeme);
        return parser_fail(
            p, lexeme->at,
            "* stands behind the beginning of one word, of at least two "
            "letters, like Бахмут*; whole words need no *, every inflection "
            "of them is found");
    }
    *word = (struct query_word){.form = word->form,
                                .exact = true,
                                .from = lexeme->from,
                                .to = lexeme->to,
                                .prefix = prefix};
    node->words = word;
    node->word_count = 1;
    return p->status == SHUKACH_OK ? node : NULL;
}

/* How many words from here on stand alone: not bound by AND or NEAR. */
static size_t run_length(const struct parser *p)
{
    size_t n = 0;
    while (p->lexemes[p->at + n].kind == LEX_WORD) {
        n++;
    }
    enum lexeme_kind next = p->lexemes[p->at + n].kind;
    bool bound = next == LEX_AND || next == LEX_NEAR || next == LEX_BOOST;
    return bound && n > 0 ? n - 1 : n;
}

/* Appends a node for each word of a run to the list's children. */
static struct node **parse_run(struct parser *p, size_t count,
                               struct node **tail)
{
    const struct lexeme *first = parser_peek(p);
    size_t to = p->lexemes[p->at + count - 1].to;
    struct query_word *words;
    size_t n;
    if (!parser_words(p, WORDS_WHOLE, first->from, to, &words, &n)) {
        return tail;
    }
    for (size_t i = 0; i < n; i++) {
        struct node *node = parser_node(p, NODE_WORD, first->at);
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

/* Puts words and phrases below into the title. */
static bool into_title(struct parser *p, const struct lexeme *title,
                       struct node *node)
{
    if (node->kind == NODE_FILTER) {
        correct_title(p, title, node);
        return parser_fail(p, node->at, "a field cannot stand within title:") !=
               NULL;
    }
    node->title = true;
    for (struct node *child = node->first; child != NULL; child = child->next) {
        if (!into_title(p, title, child)) {
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
    if (parser_peek(p)->kind == LEX_END) {
        correct_cut(p->fix, at, at + 1);
        return parser_fail(p, at,
                           "this bracket is never closed; write the words of "
                           "the group and a )");
    }
    struct node *node = parse_list(p);
    if (node != NULL && !accept(p, LEX_CLOSE)) {
        size_t end = parser_peek(p)[-1].end;
        correct_put(p->fix, end, end, ")");
        return parser_fail(p, at,
                           "this bracket is never closed; add ) where the "
                           "group ends");
    }
    p->depth--;
    return node;
}

static struct node *parse_title(struct parser *p, const struct lexeme *field)
{
    const struct lexeme *next = parser_peek(p);
    while (next->kind == LEX_FIELD && next->number == FIELD_TITLE &&
           next->at == field->end) {
        field = next; /* title:title: says it twice */
        p->at++;
        next = parser_peek(p);
    }
    if (next->at != field->end) {
        correct_cut(p->fix, field->end, next->at);
        return parser_fail(
            p, field->at,
            "title: needs a word, a phrase or a bracket directly "
            "after its colon");
    }
    struct node *node = parse_primary(p);
    return node != NULL && into_title(p, field, node) ? node : NULL;
}

static struct node *parse_exact(struct parser *p, const struct lexeme *sign)
{
    const struct lexeme *next = parser_peek(p);
    if (next->kind == LEX_WORD) {
        p->at++;
        return make_word(p, next, true);
    }
    if (next->kind == LEX_PREFIX) {
        p->at++;
        return make_prefix(p, next);
    }
    if (next->kind == LEX_PHRASE) {
        p->at++;
        return make_phrase(p, next->at, next->from, next->to, true);
    }
    correct_cut(p->fix, sign->at, sign->end);
    return parser_fail(
        p, sign->at, "= stands directly before a word or a phrase, like =удар");
}

static struct node *parse_primary(struct parser *p)
{
    const struct lexeme *lexeme = parser_peek(p);
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
    case LEX_PREFIX:
        return make_prefix(p, lexeme);
    case LEX_PHRASE:
        return make_phrase(p, lexeme->at, lexeme->from, lexeme->to, false);
    case LEX_FIELD:
        return lexeme->number == FIELD_TITLE ? parse_title(p, lexeme)
                                             : parse_filter(p, lexeme);
    case LEX_CLOSE:
        if (p->depth == 0) {
            correct_cut(p->fix, lexeme->at, lexeme->end);
            return parser_fail(
                p, lexeme->at,
                "this bracket was never opened; remove it or add (");
        }
        /* fall through */
    default:
        correct_operator(p, lexeme);
        return parser_fail(
            p, lexeme->at,
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

/* Multiplies the weight of every word below. */
static void boost(struct node *node, double factor)
{
    for (size_t i = 0; i < node->word_count; i++) {
        double before = node->words[i].boost;
        node->words[i].boost = (before > 0 ? before : 1) * factor;
    }
    for (struct node *child = node->first; child != NULL; child = child->next) {
        boost(child, factor);
    }
}

static struct node *parse_boosted(struct parser *p)
{
    struct node *node = parse_primary(p);
    if (node != NULL && parser_peek(p)->kind == LEX_BOOST) {
        boost(node, parser_peek(p)->number / 100.0);
        p->at++;
    }
    return node;
}

/* Behind an operator a stop word before another word is left out, as in any
 * list of words: війна І в Україні asks for Україні, not for в. */
static void skip_stops(struct parser *p)
{
    static const enum lexeme_kind others[] = {LEX_WORD, LEX_PREFIX, LEX_PHRASE,
                                              LEX_OPEN, LEX_EXACT};
    while (p->status == SHUKACH_OK && parser_peek(p)->kind == LEX_WORD) {
        const struct lexeme *word = parser_peek(p);
        struct query_word *words;
        size_t count;
        bool before = false;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            before = before || word[1].kind == others[i];
        }
        if (!before || !parser_words(p, WORDS_WHOLE, word->from, word->to,
                                     &words, &count)) {
            return;
        }
        p->words.terms -= count;
        if (count != 1 || !words[0].stop) {
            return;
        }
        p->at++;
    }
}

static struct node *parse_near(struct parser *p)
{
    struct node *left = parse_boosted(p);
    while (left != NULL && parser_peek(p)->kind == LEX_NEAR) {
        const struct lexeme *near = parser_peek(p);
        p->at++;
        skip_stops(p);
        struct node *right = parse_boosted(p);
        struct node *node = parser_node(p, NODE_NEAR, near->at);
        if (right == NULL || node == NULL) {
            return NULL;
        }
        if (!has_places(left) || !has_places(right)) {
            correct_put(p->fix, near->at, near->end, "AND");
            return parser_fail(p, near->at,
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
    bool must_not = !must && accept(p, LEX_MINUS);
    if (!must && !must_not && accept(p, LEX_NOT)) {
        must_not = true;
        skip_stops(p);
    }
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
    if (first == NULL || parser_peek(p)->kind != LEX_AND) {
        return first;
    }
    const struct lexeme *joined = parser_peek(p);
    struct node *node = parser_node(p, NODE_AND, joined->at);
    struct node **tail = node == NULL ? NULL : &node->first;
    bool positive = false;
    for (struct node *child = first; node != NULL && child != NULL;
         child = parse_unary(p)) {
        struct node *item = child;
        positive = positive || !child->must_not;
        if (child->must_not) {
            item = parser_node(p, NODE_NOT, child->at);
            if (item == NULL) {
                return NULL;
            }
            item->first = child;
        }
        child->must = false;
        child->must_not = false;
        *tail = item;
        tail = &item->next;
        if (accept(p, LEX_AND)) {
            skip_stops(p);
        } else {
            if (!positive) {
                correct_cut(p->fix, joined->at, joined->end);
                return parser_fail(p, node->at,
                                   "everything joined by this AND is "
                                   "excluded; name something to look for");
            }
            return node;
        }
    }
    return NULL;
}

/* Drops stop words where other words are asked for, and checks that there
 * is something to look for. */
static struct node *finish_list(struct parser *p, struct node *list,
                                const struct lexeme *first)
{
    bool words = false;
    bool positive = false;
    for (struct node *item = list->first; item != NULL; item = item->next) {
        bool stop = item->kind == NODE_WORD && item->words[0].stop;
        positive = positive || !item->must_not;
        words = words || (!item->must_not && !stop && !node_is_filter(item));
    }
    if (list->first == NULL) {
        if (p->depth > 0) {
            correct_cut(p->fix, first[-1].at, parser_peek(p)->end);
        }
        return parser_fail(p, list->at,
                           "there is nothing to search for here; write a word");
    }
    if (!positive) {
        correct_signs(p, first);
        return parser_fail(p, list->at,
                           "everything here is excluded; name something to "
                           "look for as well");
    }
    struct node **link = &list->first;
    while (words && *link != NULL) {
        struct node *item = *link;
        bool joined =
            item->or_before || (item->next != NULL && item->next->or_before);
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

struct node *parse_list(struct parser *p)
{
    const struct lexeme *first = parser_peek(p);
    struct node *list = parser_node(p, NODE_ANY, first->at);
    struct node **tail = list == NULL ? NULL : &list->first;
    while (p->status == SHUKACH_OK && parser_peek(p)->kind != LEX_END &&
           parser_peek(p)->kind != LEX_CLOSE) {
        size_t at = parser_peek(p)->at;
        bool or_before = accept(p, LEX_OR);
        if (or_before && list->first == NULL) {
            correct_cut(p->fix, at, parser_peek(p)[-1].end);
            return parser_fail(p, at, "OR needs something on its left");
        }
        if (or_before) {
            skip_stops(p);
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
    if (p->status == SHUKACH_OK && parser_peek(p)->kind == LEX_CLOSE &&
        p->depth == 0) {
        parse_primary(p); /* says that the bracket was never opened */
    }
    return p->status == SHUKACH_OK ? finish_list(p, list, first) : NULL;
}
