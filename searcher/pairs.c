/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must stand next to each other in every match, so that most candidates
 * of a phrase are turned down without their signatures. Never more is asked
 * than verify.c asks of the same tree. */
#include "searcher.h"

/* Words that stand for more pairs than this are not asked for. */
#define PAIRS_MAX 64

/* Some of these pairs, or all or some of the children. */
struct need {
    const uint64_t *pairs; /* of a leaf, else NULL */
    size_t pair_count;
    bool some;
    struct need *first;
    struct need *next;
};

struct needs {
    struct arena *arena;
    bool failed; /* out of memory */
};

/* NULL if out of memory. */
static struct need *new_need(struct needs *needs, const struct need *from)
{
    struct need *need = arena_array(needs->arena, 1, sizeof *need);
    if (need == NULL) {
        needs->failed = true;
        return NULL;
    }
    *need = *from;
    return need;
}

/* Whether all of `a` and of `b`; either may be NULL, which is no need. */
static struct need *both(struct needs *needs, struct need *a, struct need *b)
{
    if (a == NULL || b == NULL) {
        return a == NULL ? b : a;
    }
    a->next = b;
    return new_need(needs, &(struct need){.first = a});
}

/* Whether `a` or `b`. */
static struct need *either(struct needs *needs, struct need *a, struct need *b)
{
    if (a == NULL || b == NULL) {
        return NULL;
    }
    a->next = b;
    return new_need(needs, &(struct need){.some = true, .first = a});
}

/* ---- Two words ----------------------------------------------------------- */

struct stems {
    uint16_t items[PAIRS_MAX];
    size_t count;
};

/* The stems at which a word may stand, of each of which a pair is made, so
 * that those of another language are left out where the index has none of it;
 * false if they are too many. */
static bool add_stems(const struct query_word *word, struct stems *out)
{
    for (size_t i = 0; i < word->stem_count; i++) {
        if (word->stems[i].absent) {
            continue;
        }
        if (out->count == PAIRS_MAX) {
            return false;
        }
        out->items[out->count++] = signature_short(word->stems[i].hash);
    }
    return true;
}

static bool stems_of(const struct query_word *word, struct stems *out)
{
    out->count = 0;
    bool fit = word->prefix == NULL && add_stems(word, out);
    const struct query_word *variant = word->exact ? NULL : word->variants;
    for (; variant != NULL && fit; variant = variant->next) {
        fit = add_stems(variant, out);
    }
    return fit;
}

static struct need *need_pair(struct needs *needs,
                              const struct query_word *first)
{
    struct stems left;
    struct stems right;
    if (!stems_of(&first[0], &left) || !stems_of(&first[1], &right) ||
        left.count * right.count > PAIRS_MAX) {
        return NULL;
    }
    struct need need = {.pair_count = 0};
    uint64_t *pairs =
        arena_array(needs->arena, left.count * right.count + 1, sizeof *pairs);
    if (pairs == NULL) {
        needs->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < left.count; i++) {
        for (size_t k = 0; k < right.count; k++) {
            pairs[need.pair_count++] = pairs_key(left.items[i], right.items[k]);
        }
    }
    need.pairs = pairs;
    return new_need(needs, &need);
}

/* ---- The tree ------------------------------------------------------------ */

static struct need *need_words(struct needs *needs, const struct node *node)
{
    struct need *all = NULL;
    for (size_t i = 1; i < node->word_count; i++) {
        all = both(needs, all, need_pair(needs, &node->words[i - 1]));
    }
    return all;
}

/* A word or a phrase, or what stands for it. */
static struct need *need_places(struct needs *needs, const struct node *node)
{
    struct need *any = need_words(needs, node);
    for (const struct node *other = node->alternatives;
         other != NULL && any != NULL; other = other->next) {
        any = either(needs, any, need_words(needs, other));
    }
    return any;
}

static struct need *need_spans(struct needs *needs, const struct node *node);

/* Any child, which here may be called for or not. */
static struct need *need_some(struct needs *needs, const struct node *node)
{
    struct need *some = NULL;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        struct need *need = need_spans(needs, child);
        some = child == node->first ? need : either(needs, some, need);
    }
    return some;
}

/* What has a place. */
static struct need *need_spans(struct needs *needs, const struct node *node)
{
    switch (node->kind) {
    case NODE_NEAR:
        return both(needs, need_spans(needs, node->first),
                    need_spans(needs, node->first->next));
    case NODE_ANY:
        return need_some(needs, node);
    default:
        return need_places(needs, node);
    }
}

static struct need *need_node(struct needs *needs, const struct node *node);

static struct need *need_all(struct needs *needs, const struct node *node)
{
    struct need *all = NULL;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        all = both(needs, all, need_node(needs, child));
    }
    return all;
}

/* What must be there, and where nothing must, some of the rest. */
static struct need *need_any(struct needs *needs, const struct node *node)
{
    struct need *must = NULL;
    struct need *may = NULL;
    bool any_may = false;
    bool any_must = false;
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not) {
            continue;
        }
        if (child->must) {
            any_must = any_must || !node_is_filter(child);
            must = both(needs, must, need_node(needs, child));
        } else {
            struct need *need = need_node(needs, child);
            may = any_may ? either(needs, may, need) : need;
            any_may = true;
        }
    }
    return any_must ? must : may;
}

/* NULL if nothing is known of every match. */
static struct need *need_node(struct needs *needs, const struct node *node)
{
    switch (node->kind) {
    case NODE_WORD:
    case NODE_PHRASE:
    case NODE_NEAR:
        return need_spans(needs, node);
    case NODE_AND:
        return need_all(needs, node);
    case NODE_ANY:
        return need_any(needs, node);
    case NODE_NOT:
    case NODE_FILTER:
        break;
    }
    return NULL;
}

enum shukach_status need_make(const struct node *root, struct arena *arena,
                              struct need **out, struct shukach_error *err)
{
    struct needs needs = {.arena = arena};
    *out = need_node(&needs, root);
    return needs.failed ? error_nomem(err) : SHUKACH_OK;
}

void need_expect(const struct need *need, const struct pairs *pairs,
                 uint64_t index)
{
    if (need->pairs != NULL) {
        pairs_expect(pairs, index, need->pairs, need->pair_count);
    }
    for (const struct need *child = need->first; child != NULL;
         child = child->next) {
        need_expect(child, pairs, index);
    }
}

enum shukach_status need_met(const struct need *need, const struct pairs *pairs,
                             uint64_t index, bool *out,
                             struct shukach_error *err)
{
    if (need->pairs != NULL) {
        return pairs_have(pairs, index, need->pairs, need->pair_count, out,
                          err);
    }
    enum shukach_status status = SHUKACH_OK;
    *out = !need->some;
    for (const struct need *child = need->first;
         child != NULL && status == SHUKACH_OK && *out != need->some;
         child = child->next) {
        status = need_met(child, pairs, index, out, err);
    }
    return status;
}
