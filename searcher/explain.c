/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the score of a hit is made of. BM25 is the store's, and a sum over the
 * words: each word is asked for alone, in this one document. */
#include "index.h"
#include "ranking.h"
#include "schema.h"

struct explainer {
    struct search *s;
    const struct stored *document;
    double *bm25; /* by word that scores */
    size_t word;  /* the next one */
    struct arena found;
    enum shukach_status status;
    struct shukach_error *err;
};

/* ---- BM25 by word -------------------------------------------------------- */

/* The weight that a query has in the document; whether it matches there. */
static double weigh(struct explainer *e, struct store_query *query,
                    bool *matches)
{
    const struct stored *document = e->document;
    struct store_query *operands[] = {
        query, query_term(PREFIX_ID, document->fields[SHUKACH_ID],
                          document->lengths[SHUKACH_ID])};
    struct store_query *here = store_query_combine(STORE_FILTER, operands, 2);
    struct store_matches found = {0};
    struct store_match_options options = {.limit = 1,
                                          .check_at_least = 1,
                                          .order = STORE_BY_WEIGHT,
                                          .bm25_k1 = BM25_K1,
                                          .bm25_b = BM25_B,
                                          .bm25_shortest = BM25_SHORTEST};
    arena_reset(&e->found);
    if (e->status == SHUKACH_OK) {
        e->status = store_search(e->s->index->store->postings, here, &options,
                                 &e->found, &found, e->err);
    }
    store_query_free(here);
    *matches = e->status == SHUKACH_OK && found.count > 0;
    return *matches ? found.items[0].weight : 0;
}

/* The words of a word or a phrase: their own weights or, where what stands
 * for them weighs more, that weight by the share of each. */
static void weigh_places(struct explainer *e, const struct node *node)
{
    double *bm25 = &e->bm25[e->word];
    double own = 0;
    double best = 0;
    double all = 0;
    bool here = true;
    for (size_t i = 0; i < node->word_count; i++) {
        bool matches;
        bm25[i] = weigh(e, expand_one(&node->words[i], node->title), &matches);
        own += bm25[i];
        all += node->words[i].idf;
        here = here && matches;
    }
    own = here ? own : 0;
    for (const struct node *other = node->alternatives; other != NULL;
         other = other->next) {
        bool matches;
        double weight = weigh(e, expand_alternative(other), &matches);
        best = weight > best ? weight : best;
    }
    for (size_t i = 0; i < node->word_count; i++) {
        double share =
            all > 0 ? node->words[i].idf / all : 1.0 / (double)node->word_count;
        bm25[i] = best > own ? best * share : here ? bm25[i] : 0;
    }
}

/* Goes through the words in the order in which they score. What does not
 * match as a whole, as an AND in a list, adds nothing. */
static void weigh_node(struct explainer *e, const struct node *node,
                       bool counts)
{
    if (node->must_not || node->kind == NODE_NOT || node->kind == NODE_FILTER) {
        return;
    }
    if (node->words != NULL) {
        if (counts) {
            weigh_places(e, node);
        }
        e->word += node->word_count;
        return;
    }
    if (counts) {
        (void)weigh(e, expand_part(node), &counts);
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        weigh_node(e, child, counts);
    }
}

/* ---- Forms --------------------------------------------------------------- */

/* What the analyser did to a token that may be why it matches. */
#define TELLING                                                                \
    (RULE_NORMAL_FORM | RULE_STRESS | RULE_INVISIBLE | RULE_APOSTROPHE |       \
     RULE_LOOKALIKE | RULE_GHE | RULE_ENDING | RULE_DESIGNATOR |               \
     RULE_INITIALS | RULE_NUMBER | RULE_DATE | RULE_HOST | RULE_RUSSIAN |      \
     RULE_ENGLISH)

/* The forms found for one word of the query. */
struct forms_found {
    struct shukach_match *items;
    uint64_t *forms; /* hash of each */
    size_t count;
};

static void add_form(struct explainer *e, struct forms_found *found,
                     uint64_t form, struct shukach_range range, bool title,
                     const char *rule, uint32_t rules)
{
    enum shukach_field field = title ? SHUKACH_TITLE : SHUKACH_TEXT;
    struct arena *arena = &e->s->next->arena;
    char names[RULES_TEXT];
    struct buf text;
    /* The same form by another rule is told apart. */
    form ^= (uint64_t)(rules & TELLING) << 32;
    for (size_t i = 0; i < found->count; i++) {
        if (found->forms[i] == form) {
            found->items[i].count++;
            return;
        }
    }
    analyser_rules(rules & TELLING, names);
    buf_init(&text, SIZE_MAX / 2);
    buf_add_text(&text, rule);
    buf_add_text(&text, *names == '\0' ? "" : ",");
    buf_add_text(&text, names);
    struct shukach_match *match = &found->items[found->count];
    match->length = range.to - range.from;
    match->count = 1;
    match->text = arena_copy(arena, e->document->fields[field] + range.from,
                             match->length);
    match->rules = arena_copy(arena, buf_text(&text), text.length);
    if (match->text == NULL || match->rules == NULL ||
        text.failed != SHUKACH_OK) {
        e->status = error_nomem(e->err);
    }
    buf_free(&text);
    found->forms[found->count++] = form;
}

/* How a word stands at a token, from its strongest reading. */
static enum word_match match_of(const struct query_word *word,
                                const struct seen *seen,
                                const struct placed_token *token)
{
    enum word_match best = MATCH_NONE;
    for (size_t k = 0; k < token->seen_count; k++) {
        enum word_match match =
            word_match_at(word, seen, &seen->tokens[token->seen + k]);
        best = match > best ? match : best;
    }
    return best < MATCH_EXACT && word->exact ? MATCH_NONE : best;
}

static const char *rule_of(const struct query_word *word, enum word_match match,
                           const struct placed_token *token)
{
    return word->prefix != NULL     ? "prefix"
           : match == MATCH_EXACT   ? "exact"
           : match == MATCH_VARIANT ? "variant"
           : match == MATCH_NAME    ? "name"
           : token->lexicon         ? "lexicon"
                                    : "stem";
}

/* Where `count` words that begin at token `i` of a list end. */
static size_t words_end(const struct seen *seen,
                        const struct placed_token *placed, size_t placed_count,
                        size_t i, size_t count)
{
    uint32_t last = seen->tokens[placed[i].seen].position + (uint32_t)count - 1;
    size_t end = placed[i].to;
    for (; i < placed_count; i++) {
        if (placed[i].seen_count == 0) {
            continue;
        }
        if (seen->tokens[placed[i].seen].position > last) {
            break;
        }
        end = placed[i].to > end ? placed[i].to : end;
    }
    return end;
}

/* What a node of several words looks like when it is asked for in a list of
 * tokens. */
struct lookup {
    const struct node *node;
    bool exact;
    const char *rule;
};

static void find_several(struct explainer *e, const struct lookup *lookup,
                         bool title, struct forms_found *out)
{
    const struct reading *reading = &e->document->reading;
    const struct seen *seen = &reading->seen;
    const struct placed_token *placed = title ? reading->title : reading->text;
    size_t count = title ? reading->title_count : reading->text_count;
    for (size_t i = 0; i < count; i++) {
        bool here = false;
        for (size_t k = 0; k < placed[i].seen_count && !here; k++) {
            here = lookup->exact
                       ? phrase_exact_at(lookup->node, seen, placed[i].seen + k)
                       : words_at(lookup->node, seen, placed[i].seen + k);
        }
        if (here) {
            size_t from = placed[i].from;
            size_t to =
                words_end(seen, placed, count, i, lookup->node->word_count);
            const char *text =
                e->document->fields[title ? SHUKACH_TITLE : SHUKACH_TEXT];
            add_form(e, out, hash64(text + from, to - from),
                     (struct shukach_range){from, to}, title, lookup->rule, 0);
        }
    }
}

/* `rule` instead of the one by which each form matches, unless NULL. */
static void find_word(struct explainer *e, const struct query_word *word,
                      const char *rule, bool title, struct forms_found *out)
{
    const struct reading *reading = &e->document->reading;
    const struct placed_token *placed = title ? reading->title : reading->text;
    size_t count = title ? reading->title_count : reading->text_count;
    for (size_t i = 0; i < count; i++) {
        const struct placed_token *token = &placed[i];
        enum word_match match = match_of(word, &reading->seen, token);
        if (match != MATCH_NONE) {
            add_form(e, out, reading->seen.tokens[token->seen].form,
                     (struct shukach_range){token->from, token->to}, title,
                     rule != NULL ? rule : rule_of(word, match, token),
                     token->rules | word->rules);
        }
    }
}

/* The store knows only that the words of a variant are there, and weighs them
 * even where they do not stand together. */
static void find_apart(struct explainer *e, size_t w, struct forms_found *out)
{
    const struct scoring *scoring = &e->s->scoring;
    for (size_t a = 0; a < scoring->alternative_count; a++) {
        const struct alternative *other = &scoring->alternatives[a];
        bool stands = other->first <= w && w < other->first + other->count;
        for (size_t i = 0; stands && i < other->node->word_count; i++) {
            for (int title = 1; title >= 0; title--) {
                find_word(e, &other->node->words[i], "variant-apart",
                          title == 1, out);
            }
        }
    }
}

static void find_forms(struct explainer *e, size_t w, struct forms_found *out)
{
    const struct scoring *scoring = &e->s->scoring;
    for (int title = 1; title >= 0; title--) {
        find_word(e, scoring->words[w], NULL, title == 1, out);
        for (size_t a = 0; a < scoring->alternative_count; a++) {
            const struct alternative *other = &scoring->alternatives[a];
            if (other->first <= w && w < other->first + other->count) {
                struct lookup lookup = {.node = other->node, .rule = "variant"};
                find_several(e, &lookup, title == 1, out);
            }
        }
    }
    if (out->count == 0 && e->bm25[w] > 0) {
        find_apart(e, w, out);
    }
}

/* ---- Parts --------------------------------------------------------------- */

/* Keeps what was found as the matches of a part. */
static void keep_forms(struct explainer *e, const struct forms_found *found,
                       struct shukach_part *part)
{
    struct shukach_match *copy =
        arena_array(&e->s->next->arena, found->count + 1, sizeof *copy);
    if (copy == NULL) {
        e->status = error_nomem(e->err);
        return;
    }
    if (found->count > 0) {
        memcpy(copy, found->items, found->count * sizeof *copy);
    }
    part->matches = copy;
    part->match_count = found->count;
}

static void add_parts(struct explainer *e, const struct account *account,
                      double factor, struct forms_found *found, struct hit *hit)
{
    const struct scoring *scoring = &e->s->scoring;
    for (size_t w = 0; w < scoring->count && e->status == SHUKACH_OK; w++) {
        struct shukach_part *part = &hit->parts[hit->part_count++];
        *part = (struct shukach_part){
            .from = scoring->words[w]->from,
            .to = scoring->words[w]->to,
            .score = (e->bm25[w] + account->exact[w]) * factor};
        found->count = 0;
        find_forms(e, w, found);
        keep_forms(e, found, part);
    }
    for (size_t p = 0; p < scoring->phrase_count && e->status == SHUKACH_OK;
         p++) {
        const struct node *phrase = scoring->phrases[p];
        struct lookup lookup = {
            .node = phrase, .exact = true, .rule = "exact-phrase"};
        if (account->phrases[p] <= 0) {
            continue;
        }
        struct shukach_part *part = &hit->parts[hit->part_count++];
        *part = (struct shukach_part){
            .from = phrase->words[0].from,
            .to = phrase->words[phrase->word_count - 1].to,
            .score = account->phrases[p] * factor};
        found->count = 0;
        find_several(e, &lookup, true, found);
        find_several(e, &lookup, false, found);
        keep_forms(e, found, part);
    }
}

/* Nothing but BM25, for a hit that was not scored again. */
static enum shukach_status plain_account(struct search *s, double score,
                                         double bm25, struct account *out,
                                         struct shukach_error *err)
{
    *out = (struct account){
        .exact = arena_array(&s->scratch, s->scoring.count, sizeof *out->exact),
        .phrases = arena_array(&s->scratch, s->scoring.phrase_count + 1,
                               sizeof *out->phrases),
        .factors = {1, 1, 1, 1}};
    if (out->exact == NULL || out->phrases == NULL) {
        return error_nomem(err);
    }
    out->factors[SHUKACH_FACTOR_RANK] = bm25 > 0 ? score / bm25 : 1;
    return SHUKACH_OK;
}

enum shukach_status explain(struct search *s, const struct store_match *match,
                            bool again, const struct stored *document,
                            struct hit *hit, struct shukach_error *err)
{
    size_t words = s->scoring.count;
    size_t tokens =
        document->reading.title_count + document->reading.text_count;
    size_t several = s->scoring.alternative_count + 1;
    struct explainer e = {.s = s, .document = document, .err = err};
    struct forms_found found = {0};
    struct account account;
    if (words == 0) {
        return SHUKACH_OK;
    }
    hit->parts = arena_array(&s->next->arena, words + s->scoring.phrase_count,
                             sizeof *hit->parts);
    e.bm25 = arena_array(&s->scratch, words, sizeof *e.bm25);
    found.items =
        arena_array(&s->scratch, tokens * several + 1, sizeof *found.items);
    found.forms =
        arena_array(&s->scratch, tokens * several + 1, sizeof *found.forms);
    if (hit->parts == NULL || e.bm25 == NULL || found.items == NULL ||
        found.forms == NULL) {
        return error_nomem(err);
    }
    weigh_node(&e, s->query->root, true);
    arena_free(&e.found);
    double bm25 = 0;
    for (size_t w = 0; w < words; w++) {
        bm25 += e.bm25[w];
    }
    if (e.status == SHUKACH_OK) {
        e.status = again ? score_account(s, match->number, &account, err)
                         : plain_account(s, match->weight, bm25, &account, err);
    }
    if (e.status == SHUKACH_OK) {
        memcpy(hit->factors, account.factors, sizeof hit->factors);
        add_parts(&e, &account, account_factor(&account), &found, hit);
    }
    return e.status;
}
