/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree as a query of the store. Where positions or exact forms matter
 * the store cannot know them: a phrase becomes the AND of its words, and
 * what is excluded by such a node is admitted; verify.c decides then. */
#include <math.h>

#include "schema.h"
#include "searcher.h"

size_t stem_term(const struct query_stem *stem, char out[TERM_TEXT])
{
    int length = snprintf(out, TERM_TEXT, "%s%s",
                          stem->russian ? PREFIX_RUSSIAN : "", stem->text);
    return length < TERM_TEXT ? (size_t)length : TERM_TEXT - 1;
}

/* In how many documents a word stands: in at least its commonest stem's, and
 * no more is known cheaply. */
enum shukach_status word_weigh(struct store_postings *postings,
                               struct query_word *word,
                               struct shukach_error *err)
{
    uint64_t all = store_postings_statistics(postings).documents;
    word->frequency = 0;
    if (word->prefix != NULL) {
        uint64_t some = word->prefix->documents;
        word->frequency = (uint32_t)(some < all ? some : all);
    }
    for (size_t i = 0; i < word->stem_count; i++) {
        uint32_t frequency = 0;
        char term[TERM_TEXT];
        size_t length = stem_term(&word->stems[i], term);
        enum shukach_status status =
            store_postings_frequency(postings, term, length, &frequency, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        word->stems[i].absent = frequency == 0 && length < TERM_TEXT - 1;
        word->frequency =
            frequency > word->frequency ? frequency : word->frequency;
    }
    double documents = (double)all;
    word->idf = log(1.0 + (documents - word->frequency + 0.5) /
                              (word->frequency + 0.5));
    return SHUKACH_OK;
}

static bool needs_verifying(const struct node *node)
{
    if (node->kind == NODE_PHRASE || node->kind == NODE_NEAR) {
        return true;
    }
    if (node->kind == NODE_WORD && node->words[0].exact) {
        return true;
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (needs_verifying(child)) {
            return true;
        }
    }
    return false;
}

struct store_query *query_term(const char *prefix, const char *text,
                               size_t length)
{
    struct buf term;
    buf_init(&term, SIZE_MAX / 2);
    buf_add_text(&term, prefix);
    buf_add(&term, text, length);
    struct store_query *query =
        term.failed == SHUKACH_OK
            ? store_query_term(buf_text(&term), term.length)
            : NULL;
    buf_free(&term);
    return query;
}

static struct store_query *expand_stem(const struct query_stem *stem,
                                       const char *prefix)
{
    char head[8];
    snprintf(head, sizeof head, "%s%s", prefix,
             stem->russian ? PREFIX_RUSSIAN : "");
    return query_term(head, stem->text, stem->length);
}

/* Any stem of the forms that begin so, counted as one term. */
static struct store_query *expand_prefix(const struct query_prefix *begun,
                                         const char *prefix)
{
    if (begun->stem_count == 0) {
        return store_query_term("", 0);
    }
    struct store_query **stems = calloc(begun->stem_count, sizeof *stems);
    if (stems == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < begun->stem_count; i++) {
        stems[i] = expand_stem(&begun->stems[i], prefix);
    }
    struct store_query *all =
        store_query_combine(STORE_SYNONYM, stems, begun->stem_count);
    free(stems);
    return all;
}

/* Any stem of a word, counted as one term. */
static struct store_query *expand_stems(const struct query_word *word,
                                        const char *prefix)
{
    if (word->prefix != NULL) {
        return expand_prefix(word->prefix, prefix);
    }
    struct store_query *stems[TOKEN_STEMS];
    for (size_t i = 0; i < word->stem_count; i++) {
        stems[i] = expand_stem(&word->stems[i], prefix);
    }
    return word->stem_count == 1
               ? stems[0]
               : store_query_combine(STORE_SYNONYM, stems, word->stem_count);
}

static struct store_query *pair(enum store_operator op,
                                struct store_query *left,
                                struct store_query *right)
{
    struct store_query *operands[] = {left, right};
    return store_query_combine(op, operands, 2);
}

static struct store_query *expand_word(const struct query_word *word,
                                       const char *prefix)
{
    struct store_query *any = expand_stems(word, prefix);
    for (const struct query_word *variant = word->variants; variant != NULL;
         variant = variant->next) {
        any = pair(
            STORE_BEST, any,
            store_query_scale(expand_stems(variant, prefix), variant->share));
    }
    return word->boost > 0 ? store_query_scale(any, word->boost) : any;
}

static struct store_query *expand_words(const struct node *node,
                                        const char *prefix)
{
    struct store_query *all = expand_word(&node->words[0], prefix);
    for (size_t i = 1; i < node->word_count; i++) {
        all = pair(STORE_AND, all, expand_word(&node->words[i], prefix));
    }
    return all;
}

/* A word or a phrase, or what stands for it. */
static struct store_query *expand_places(const struct node *node,
                                         const char *prefix, bool certain)
{
    struct store_query *any = expand_words(node, prefix);
    for (const struct node *other = node->alternatives; other != NULL;
         other = other->next) {
        if (!certain || other->word_count == 1) {
            any = pair(STORE_BEST, any, expand_alternative(other));
        }
    }
    return any;
}

static struct store_query *expand_filter(const struct node *node)
{
    switch (node->field) {
    case FIELD_DATE:
        return store_query_range(SLOT_DATE, node->value, node->value_to);
    case FIELD_LANG:
        return query_term(PREFIX_LANGUAGE, node->value, node->value_length);
    case FIELD_SITE:
        return query_term(PREFIX_HOST, node->value, node->value_length);
    case FIELD_ID:
        return query_term(PREFIX_ID, node->value, node->value_length);
    case FIELD_SOURCE:
        return expand_words(node, PREFIX_SOURCE);
    case FIELD_AUTHOR:
        return expand_words(node, PREFIX_AUTHOR);
    case FIELD_TITLE:
        break;
    }
    return NULL;
}

/* With `certain`, without the alternatives of several words, of which the
 * store only knows that their words are there. */
static struct store_query *expand_node(const struct node *node, bool certain);

/* What an accumulator becomes when one more operand joins it. */
static void join(struct store_query **sum, bool *any, enum store_operator op,
                 struct store_query *operand)
{
    *sum = *any ? pair(op, *sum, operand) : operand;
    *any = true;
}

/* `base` without what `excluded` matches, unless only verifying can tell. */
static struct store_query *without(struct store_query *base,
                                   const struct node *excluded)
{
    return needs_verifying(excluded)
               ? base
               : pair(STORE_AND_NOT, base, expand_node(excluded, true));
}

static struct store_query *expand_and(const struct node *node, bool certain)
{
    struct store_query *base = NULL;
    bool any = false;
    for (int filters = 0; filters < 2; filters++) {
        for (const struct node *child = node->first; child != NULL;
             child = child->next) {
            if (child->kind == NODE_NOT ||
                node_is_filter(child) != (filters == 1)) {
                continue;
            }
            join(&base, &any, filters == 1 && any ? STORE_FILTER : STORE_AND,
                 expand_node(child, certain));
        }
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->kind == NODE_NOT) {
            base = without(base, child->first);
        }
    }
    return base;
}

static struct store_query *expand_any(const struct node *node, bool certain)
{
    struct store_query *may = NULL;
    struct store_query *must = NULL;
    struct store_query *filter = NULL;
    bool any_may = false;
    bool any_must = false;
    bool any_filter = false;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not) {
            continue;
        }
        if (child->must && node_is_filter(child)) {
            join(&filter, &any_filter, STORE_AND, expand_node(child, certain));
        } else if (child->must) {
            join(&must, &any_must, STORE_AND, expand_node(child, certain));
        } else {
            join(&may, &any_may, STORE_OR, expand_node(child, certain));
        }
    }
    struct store_query *base = any_must ? must : may;
    if (any_must && any_may) {
        base = pair(STORE_AND_MAYBE, must, may);
    }
    if (any_filter) {
        base = pair(STORE_FILTER,
                    any_must || any_may ? base : store_query_all(), filter);
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not) {
            base = without(base, child);
        }
    }
    return base;
}

static struct store_query *expand_node(const struct node *node, bool certain)
{
    const char *prefix = node->title ? PREFIX_TITLE : "";
    switch (node->kind) {
    case NODE_WORD:
    case NODE_PHRASE:
        return expand_places(node, prefix, certain);
    case NODE_NEAR:
        return pair(STORE_AND, expand_node(node->first, certain),
                    expand_node(node->first->next, certain));
    case NODE_AND:
        return expand_and(node, certain);
    case NODE_ANY:
        return expand_any(node, certain);
    case NODE_FILTER:
        return pair(STORE_FILTER, store_query_all(), expand_filter(node));
    case NODE_NOT:
        break;
    }
    return NULL;
}

struct store_query *expand_part(const struct node *node)
{
    return expand_node(node, false);
}

struct store_query *expand_one(const struct query_word *word, bool title)
{
    return expand_word(word, title ? PREFIX_TITLE : "");
}

struct store_query *expand_alternative(const struct node *other)
{
    return store_query_scale(
        expand_words(other, other->title ? PREFIX_TITLE : ""), other->share);
}

struct store_query *expand(const struct shukach_query *query, bool *verify)
{
    *verify = needs_verifying(query->root);
    struct store_query *all = expand_node(query->root, false);
    if (query->since != NULL || query->until != NULL) {
        all = pair(STORE_FILTER, all,
                   store_query_range(SLOT_DATE, query->since, query->until));
    }
    return all;
}

struct store_query *expand_unsure(const struct shukach_query *query,
                                  const struct scoring *scoring)
{
    struct store_query *several = NULL;
    bool any = false;
    for (size_t i = 0; i < scoring->alternative_count; i++) {
        const struct node *other = scoring->alternatives[i].node;
        if (other->word_count > 1) {
            join(&several, &any, STORE_OR, expand_alternative(other));
        }
    }
    /* There are few with all words of one, and these lead. */
    return pair(STORE_AND, several,
                pair(STORE_AND_NOT, expand_node(query->root, false),
                     expand_node(query->root, true)));
}
