/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a document really matches: the tree evaluated on its tokens. The
 * tokens come from its signature first, which may say yes where hashes
 * collide, and then from its text, which decides. */
#include "searcher.h"

/* A stretch of positions that a node matches. */
struct span {
    uint32_t from;
    uint32_t to;
};

struct spans {
    struct span *items;
    size_t count;
    size_t capacity;
};

/* More places than this in one document cannot change an answer that a
 * reader would notice, and bound the work of nested NEAR. */
#define SPANS_MAX 20000

struct verifier {
    const struct seen *seen;
    bool failed; /* out of memory */
};

static bool any_stem_at(const struct query_word *word, const struct seen *seen,
                        const struct seen_token *token)
{
    for (size_t i = 0; i < word->stem_count; i++) {
        uint64_t hash = word->stems[i].hash;
        if (seen->full ? token->stem == hash
                       : token->stem == signature_short(hash)) {
            return true;
        }
    }
    return false;
}

enum word_match word_match_at(const struct query_word *word,
                              const struct seen *seen,
                              const struct seen_token *token)
{
    if (word->prefix != NULL) {
        return prefix_at(word->prefix, seen, token) ? MATCH_EXACT : MATCH_NONE;
    }
    if (any_stem_at(word, seen, token)) {
        bool form = seen->full
                        ? token->form == word->form_hash
                        : (uint8_t)token->form == (uint8_t)word->form_hash;
        return form ? MATCH_EXACT : MATCH_STEM;
    }
    enum word_match best = MATCH_NONE;
    for (const struct query_word *variant = word->variants;
         variant != NULL && best < MATCH_NAME; variant = variant->next) {
        if (any_stem_at(variant, seen, token)) {
            best = variant->name ? MATCH_NAME : MATCH_VARIANT;
        }
    }
    return best;
}

bool word_at(const struct query_word *word, const struct seen *seen,
             const struct seen_token *token)
{
    return word_match_at(word, seen, token) >=
           (word->exact ? MATCH_EXACT : MATCH_VARIANT);
}

static void add_span(struct verifier *v, struct spans *spans, uint32_t from,
                     uint32_t to)
{
    if (spans->count >= SPANS_MAX) {
        return;
    }
    if (spans->count == spans->capacity) {
        size_t grown = spans->capacity == 0 ? 16 : spans->capacity * 2;
        struct span *items = arena_array(v->seen->arena, grown, sizeof *items);
        if (items == NULL) {
            v->failed = true;
            return;
        }
        if (spans->count > 0) {
            memcpy(items, spans->items, spans->count * sizeof *items);
        }
        spans->items = items;
        spans->capacity = grown;
    }
    spans->items[spans->count++] = (struct span){from, to};
}

/* Whether the words from the second on stand after the token at `i`. */
static bool phrase_follows(const struct seen *seen, const struct node *node,
                           size_t i, bool exact)
{
    uint32_t position = seen->tokens[i].position;
    size_t at = i;
    for (size_t w = 0; w < node->word_count; w++, position++) {
        const struct query_word *word = &node->words[w];
        enum word_match least =
            word->exact || exact ? MATCH_EXACT : MATCH_VARIANT;
        bool found = false;
        while (at < seen->count && seen->tokens[at].position < position) {
            at++;
        }
        for (size_t k = at;
             k < seen->count && !found && seen->tokens[k].position == position;
             k++) {
            found = word_match_at(word, seen, &seen->tokens[k]) >= least &&
                    (!node->title || seen->tokens[k].title);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

bool words_at(const struct node *node, const struct seen *seen, size_t i)
{
    return (!node->title || seen->tokens[i].title) &&
           word_at(&node->words[0], seen, &seen->tokens[i]) &&
           (node->word_count == 1 || phrase_follows(seen, node, i, false));
}

static void find_spans(struct verifier *v, const struct node *node,
                       struct spans *out);

static void find_words(struct verifier *v, const struct node *node,
                       struct spans *out)
{
    const struct seen *seen = v->seen;
    size_t before = out->count;
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_token *token = &seen->tokens[i];
        uint32_t last = token->position + (uint32_t)node->word_count - 1;
        bool repeated = out->count > before &&
                        out->items[out->count - 1].from == token->position;
        if (!repeated && words_at(node, seen, i)) {
            add_span(v, out, token->position, last);
        }
    }
}

/* Every pair of a left and a right span, apart, within the distance. */
static void find_near(struct verifier *v, const struct node *node,
                      struct spans *out)
{
    struct spans left = {0};
    struct spans right = {0};
    find_spans(v, node->first, &left);
    find_spans(v, node->first->next, &right);
    for (size_t i = 0; i < left.count && out->count < SPANS_MAX; i++) {
        struct span a = left.items[i];
        for (size_t k = 0; k < right.count; k++) {
            struct span b = right.items[k];
            bool after = b.from > a.to && b.from - a.to <= node->distance;
            bool before = a.from > b.to && a.from - b.to <= node->distance;
            if (after || before) {
                add_span(v, out, a.from < b.from ? a.from : b.from,
                         a.to > b.to ? a.to : b.to);
            }
        }
    }
}

static void find_spans(struct verifier *v, const struct node *node,
                       struct spans *out)
{
    if (node->kind == NODE_NEAR) {
        find_near(v, node, out);
    } else if (node->kind == NODE_ANY) {
        for (const struct node *child = node->first; child != NULL;
             child = child->next) {
            find_spans(v, child, out);
        }
    } else {
        find_words(v, node, out);
        for (const struct node *other = node->alternatives; other != NULL;
             other = other->next) {
            find_words(v, other, out);
        }
    }
}

/* ---- Filters on stored fields ------------------------------------------ */

static bool host_matches(const char *url, const char *value, size_t length)
{
    const char *at = strstr(url, "://");
    at = at == NULL ? url : at + 3;
    size_t size = strcspn(at, "/?#");
    const char *user = memchr(at, '@', size);
    if (user != NULL) {
        size -= (size_t)(user + 1 - at);
        at = user + 1;
    }
    const char *port = memchr(at, ':', size);
    size = port == NULL ? size : (size_t)(port - at);
    return size >= length &&
           strncasecmp(at + size - length, value, length) == 0 &&
           (size == length || at[size - length - 1] == '.');
}

static bool date_matches(const char *text, const struct node *node)
{
    struct date date;
    char value[64];
    if (!date_parse(text, strlen(text), &date)) {
        return false;
    }
    int n = snprintf(value, sizeof value, "%04u%02u%02u", date.year, date.month,
                     date.day);
    if (date.hour != 0 || date.minute != 0 || date.second != 0) {
        snprintf(value + n, sizeof value - (size_t)n, "T%02u%02u%02u",
                 date.hour, date.minute, date.second);
    }
    return (node->value == NULL || strcmp(value, node->value) >= 0) &&
           (node->value_to == NULL || strcmp(value, node->value_to) <= 0);
}

/* Looks for the words of a filter among the tokens of a field. */
struct finder {
    const struct node *node;
    uint64_t found; /* a bit a word; more than 64 words are not looked at */
};

static int on_field_token(const struct token *token, void *payload)
{
    struct finder *finder = payload;
    for (size_t w = 0; w < finder->node->word_count && w < 64; w++) {
        const struct query_word *word = &finder->node->words[w];
        for (size_t i = 0; i < token->stem_count; i++) {
            for (size_t k = 0; k < word->stem_count; k++) {
                if (word->stems[k].length == token->stems[i].length &&
                    memcmp(word->stems[k].text, token->stems[i].text,
                           word->stems[k].length) == 0) {
                    finder->found |= (uint64_t)1 << w;
                }
            }
        }
    }
    return 0;
}

static bool words_in_field(struct verifier *v, const struct node *node,
                           enum shukach_field field)
{
    struct finder finder = {.node = node};
    if (analyser_run(v->seen->analyser, ANALYSE_DOCUMENT, "uk",
                     v->seen->fields[field], v->seen->lengths[field],
                     on_field_token, &finder, NULL) != SHUKACH_OK) {
        v->failed = true;
    }
    size_t words = node->word_count < 64 ? node->word_count : 64;
    return finder.found == UINT64_MAX >> (64 - words);
}

static bool filter_matches(struct verifier *v, const struct node *node)
{
    const char *const *fields = v->seen->fields;
    switch (node->field) {
    case FIELD_DATE:
        return date_matches(fields[SHUKACH_DATE], node);
    case FIELD_LANG:
        return strcmp(fields[SHUKACH_LANG], node->value) == 0;
    case FIELD_ID:
        return strcmp(fields[SHUKACH_ID], node->value) == 0;
    case FIELD_SITE:
        return host_matches(fields[SHUKACH_URL], node->value,
                            node->value_length);
    case FIELD_SOURCE:
        return words_in_field(v, node, SHUKACH_SOURCE);
    case FIELD_AUTHOR:
        return words_in_field(v, node, SHUKACH_AUTHOR);
    case FIELD_TITLE:
        break;
    }
    return false;
}

/* ---- Evaluation -------------------------------------------------------- */

/* From a signature alone only yes can be trusted to be perhaps: filters
 * cannot be seen, and what is excluded may be there by collision only. Both
 * are then left to the text, unless `strict`. */
static bool holds(struct verifier *v, const struct node *node);

static bool excluded(struct verifier *v, const struct node *node)
{
    return (v->seen->full || v->seen->strict) && holds(v, node);
}

static bool holds_any(struct verifier *v, const struct node *node)
{
    bool may = false;
    bool has_may = false;
    bool has_must = false;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not) {
            if (excluded(v, child)) {
                return false;
            }
        } else if (child->must) {
            has_must = has_must || !node_is_filter(child);
            if (!holds(v, child)) {
                return false;
            }
        } else {
            has_may = true;
            may = may || holds(v, child);
        }
    }
    return may || has_must || !has_may;
}

static bool holds(struct verifier *v, const struct node *node)
{
    struct spans spans = {0};
    switch (node->kind) {
    case NODE_WORD:
    case NODE_PHRASE:
    case NODE_NEAR:
        find_spans(v, node, &spans);
        return spans.count > 0;
    case NODE_AND:
        for (const struct node *child = node->first; child != NULL;
             child = child->next) {
            if (!holds(v, child)) {
                return false;
            }
        }
        return true;
    case NODE_ANY:
        return holds_any(v, node);
    case NODE_NOT:
        return !excluded(v, node->first);
    case NODE_FILTER:
        return !v->seen->full || filter_matches(v, node);
    }
    return false;
}

enum shukach_status verify(const struct node *root, const struct seen *seen,
                           bool *out, struct shukach_error *err)
{
    struct verifier v = {.seen = seen};
    *out = holds(&v, root);
    return v.failed ? error_nomem(err) : SHUKACH_OK;
}

bool phrase_exact_at(const struct node *phrase, const struct seen *seen,
                     size_t i)
{
    return phrase_follows(seen, phrase, i, true);
}

bool phrase_exact(const struct node *phrase, const struct seen *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (phrase_exact_at(phrase, seen, i)) {
            return true;
        }
    }
    return false;
}

enum shukach_status seen_signature(const struct signature *signature,
                                   struct signature_filter *asked,
                                   struct arena *arena, struct seen *out,
                                   struct shukach_error *err)
{
    struct signature_token *tokens;
    size_t count;
    enum shukach_status status =
        signature_decode(signature, asked, arena, &tokens, &count, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct seen_token *seen = arena_array(arena, count, sizeof *seen);
    if (seen == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        seen[i] = (struct seen_token){.stem = tokens[i].stem,
                                      .form = tokens[i].form,
                                      .position = tokens[i].position,
                                      .title = tokens[i].title};
    }
    *out = (struct seen){.tokens = seen,
                         .count = count,
                         .stems = (double)signature->stems,
                         .arena = arena};
    return SHUKACH_OK;
}
