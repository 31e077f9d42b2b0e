/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that mean the same as those of a query. One word for one word goes
 * to the word, so that it works in phrases and NEAR; where either side has
 * several words, a node gets an alternative: ЗСУ, "Збройні сили України". */
#include "searcher.h"

/* A table is made by hand. */
#define TABLE_BYTES ((size_t)16 * 1024 * 1024)
/* What stands for one node is bounded by this. */
#define ALTERNATIVES_MAX 16

/* The words of a member of a table, in both modes; NULL until asked for. */
struct member {
    struct query_word *words[2];
    size_t counts[2];
};

struct alternatives {
    struct variants *table;
    struct arena arena; /* of the words */
    struct member *members;
    size_t count;
    size_t capacity;
};

/* ---- Tables ------------------------------------------------------------ */

/* A place for every member of the table. */
static enum shukach_status make_room(struct alternatives *all,
                                     struct shukach_error *err)
{
    size_t count = variants_count(all->table);
    if (!array_grow((void **)&all->members, &all->capacity, count,
                    sizeof *all->members)) {
        return error_nomem(err);
    }
    memset(all->members + all->count, 0,
           (count - all->count) * sizeof *all->members);
    all->count = count;
    return SHUKACH_OK;
}

static enum shukach_status make(struct alternatives **out,
                                struct shukach_error *err)
{
    struct alternatives *all = calloc(1, sizeof *all);
    if (all == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = variants_new(&all->table, err);
    if (status == SHUKACH_OK) {
        status = make_room(all, err);
    }
    if (status != SHUKACH_OK) {
        alternatives_free(all);
        return status;
    }
    *out = all;
    return SHUKACH_OK;
}

void alternatives_free(struct alternatives *alternatives)
{
    if (alternatives != NULL) {
        variants_free(alternatives->table);
        arena_free(&alternatives->arena);
        free(alternatives->members);
        free(alternatives);
    }
}

enum shukach_status alternatives_add(struct alternatives **alternatives,
                                     const char *path,
                                     struct shukach_error *err)
{
    struct buf text;
    size_t bad;
    buf_init(&text, TABLE_BYTES);
    enum shukach_status status = file_read(path, &text, err);
    if (status == SHUKACH_OK && *alternatives == NULL) {
        status = make(alternatives, err);
    }
    if (status == SHUKACH_OK && !utf8_valid(text.data, text.length, &bad)) {
        status = error_at(err, SHUKACH_ENCODING, bad,
                          "%s is not valid UTF-8 at byte %zu", path, bad);
    }
    if (status == SHUKACH_OK) {
        status = variants_add((*alternatives)->table, path, buf_text(&text),
                              text.length, err);
    }
    buf_free(&text);
    return status == SHUKACH_OK ? make_room(*alternatives, err) : status;
}

/* ---- Which members stand in a query ------------------------------------ */

/* What is at work: a run of words of a list or the words of a phrase. */
struct applier {
    struct alternatives *all;
    struct analyser *analyser;
    struct store_postings *postings;
    double weight;
    struct arena *arena;
    struct shukach_error *err;
    enum shukach_status status; /* sticky */

    enum words_mode mode;
    struct query_word **words;
    struct node **nodes; /* of the words of a run */
    struct node *phrase; /* or the phrase */
    size_t count;
    size_t at;
    bool single;  /* looks for one word that stands for one */
    bool several; /* looks for the rest */
};

/* The words of a member. */
static const struct member *read_member(struct applier *a, size_t i)
{
    struct member *member = &a->all->members[i];
    struct words_reader reader = {.analyser = a->analyser,
                                  .arena = &a->all->arena};
    const struct variant *variant = variants_get(a->all->table, i);
    if (member->words[a->mode] == NULL) {
        a->status = words_read(&reader, a->mode, variant->text, variant->length,
                               &member->words[a->mode],
                               &member->counts[a->mode], a->err);
    }
    return member;
}

/* ЗСУ, but not HIMARS, which takes endings. */
static bool is_abbreviation(const struct query_word *word)
{
    return (word->rules & RULE_ABBREVIATION) != 0 &&
           (word->rules & RULE_ENGLISH) == 0;
}

/* Whether two words have a stem in common. A Ukrainian word is not compared
 * by how it would be stemmed in Russian. */
static bool share_stem(const struct query_word *a, const struct query_word *b)
{
    for (size_t i = 0; i < a->stem_count; i++) {
        const struct query_stem *stem = &a->stems[i];
        for (size_t k = 0; k < b->stem_count; k++) {
            const struct query_stem *other = &b->stems[k];
            if (stem->russian == other->russian &&
                (!stem->russian || a->stems[0].russian) &&
                stem->length == other->length &&
                memcmp(stem->text, other->text, stem->length) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool same_word(const struct query_word *member,
                      const struct query_word *word)
{
    if (is_abbreviation(member)) {
        return strcmp(member->form, word->form) == 0 ||
               ((word->rules & RULE_ENDING) != 0 && share_stem(member, word));
    }
    return share_stem(member, word);
}

/* How many words of the query a member stands over from `at` on; 0 if it
 * does not stand there. Stop words may be missing, as in a list they are. */
static size_t stands_over(struct applier *a, size_t i)
{
    const struct variant *variant = variants_get(a->all->table, i);
    const struct member *member = read_member(a, i);
    size_t at = a->at;
    if (a->status != SHUKACH_OK) {
        return 0;
    }
    for (size_t m = 0; m < member->counts[a->mode]; m++) {
        const struct query_word *word = &member->words[a->mode][m];
        if (at < a->count && same_word(word, a->words[at])) {
            bool capitals = (a->words[at]->rules & RULE_ABBREVIATION) != 0;
            if (variant->strict && !capitals) {
                return 0;
            }
            at++;
        } else if (!word->stop || m == 0) {
            return 0;
        }
    }
    return at - a->at;
}

/* ---- What stands for them ----------------------------------------------- */

/* Weighs the words of a variant; false if the index lacks one of them. */
static bool weigh_words(struct applier *a, struct query_word *words,
                        size_t count, double *sum)
{
    *sum = 0;
    for (size_t i = 0; i < count && a->status == SHUKACH_OK; i++) {
        if (is_abbreviation(&words[i])) {
            /* Only as it is written, not as a word with an ending. */
            words[i].stem_count = 1;
        }
        words[i].stop = false;
        a->status = word_weigh(a->postings, &words[i], a->err);
        *sum += words[i].idf;
        if (words[i].frequency == 0) {
            return false;
        }
    }
    return a->status == SHUKACH_OK;
}

/* At most so much of what it stands for. */
static double share_of(const struct applier *a, double own, double variant)
{
    return a->weight * (variant > own ? own / variant : 1);
}

static void add_single(struct applier *a, const struct query_word *variant)
{
    struct query_word *word = a->words[a->at];
    struct query_word **link = &word->variants;
    size_t known = 0;
    for (size_t i = 0; i < variant->stem_count; i++) {
        for (size_t k = 0; k < word->stem_count; k++) {
            known += word->stems[k].hash == variant->stems[i].hash;
        }
    }
    for (size_t n = 0; *link != NULL; link = &(*link)->next) {
        n += !(*link)->name;
        if (n > ALTERNATIVES_MAX ||
            (*link)->stems[0].hash == variant->stems[0].hash) {
            return;
        }
    }
    struct query_word *copy = arena_array(a->arena, 1, sizeof *copy);
    if (copy == NULL) {
        a->status = error_nomem(a->err);
    } else if (known < variant->stem_count) {
        *copy = *variant;
        copy->name = false;
        copy->share = share_of(a, word->idf, variant->idf);
        *link = copy;
    }
}

static bool same_forms(const struct node *a, const struct node *b)
{
    bool same = a->word_count == b->word_count;
    for (size_t i = 0; same && i < a->word_count; i++) {
        same = a->words[i].form_hash == b->words[i].form_hash;
    }
    return same;
}

/* A node of the variant, in a phrase with the words around it. */
static void add_several(struct applier *a, const struct query_word *variant,
                        size_t count, size_t over, double weight)
{
    struct node *node = a->phrase != NULL ? a->phrase : a->nodes[a->at];
    size_t before = a->phrase != NULL ? a->at : 0;
    size_t after = a->phrase != NULL ? a->count - a->at - over : 0;
    size_t total = before + count + after;
    double own = 0;
    struct node *other = arena_array(a->arena, 1, sizeof *other);
    struct query_word *words = arena_array(a->arena, total, sizeof *words);
    if (other == NULL || words == NULL) {
        a->status = error_nomem(a->err);
        return;
    }
    for (size_t i = 0; i < total; i++) {
        words[i] = i < before ? *a->words[i]
                   : i < before + count
                       ? variant[i - before]
                       : *a->words[a->at + over + i - before - count];
    }
    for (size_t i = 0; i < over; i++) {
        own += a->words[a->at + i]->idf;
    }
    *other = (struct node){.kind = total == 1 ? NODE_WORD : NODE_PHRASE,
                           .at = node->at,
                           .title = node->title,
                           .words = words,
                           .word_count = total,
                           .cover_from = before,
                           .cover = over,
                           .share = share_of(a, own, weight)};
    struct node **link = &node->alternatives;
    for (size_t n = 0; *link != NULL; link = &(*link)->next, n++) {
        if (n == ALTERNATIVES_MAX || same_forms(*link, other)) {
            return;
        }
    }
    *link = other;
}

/* Lets a text stand for `over` words from `at` on. */
static void add_text(const char *text, size_t length, size_t over,
                     void *payload)
{
    struct applier *a = payload;
    struct words_reader reader = {.analyser = a->analyser, .arena = a->arena};
    struct query_word *words = NULL;
    size_t count = 0;
    double weight;
    if (a->status == SHUKACH_OK) {
        a->status =
            words_read(&reader, a->mode, text, length, &words, &count, a->err);
    }
    bool single = over == 1 && count == 1;
    if (a->status == SHUKACH_OK && a->mode == WORDS_WHOLE && count > 1) {
        a->status = words_read(&reader, WORDS_PARTS, text, length, &words,
                               &count, a->err);
    }
    if (a->status != SHUKACH_OK || count == 0 ||
        !(single ? a->single : a->several) ||
        !weigh_words(a, words, count, &weight)) {
        return;
    }
    if (single) {
        add_single(a, words);
    } else {
        add_several(a, words, count, over, weight);
    }
}

/* ---- The tree ---------------------------------------------------------- */

static void apply_at(struct applier *a)
{
    const struct variants *table = a->all->table;
    const char *form = a->words[a->at]->form;
    const char *next = a->phrase != NULL && a->at + 1 < a->count
                           ? a->words[a->at + 1]->form
                           : NULL;
    for (size_t i = variants_first(table, form);
         i != VARIANTS_END && a->status == SHUKACH_OK;
         i = variants_next(table, i)) {
        const struct variant *member = variants_get(table, i);
        size_t over = member->asks ? stands_over(a, i) : 0;
        for (size_t k = 0; over > 0 && k < member->group_count; k++) {
            const struct variant *other =
                variants_get(table, member->group + k);
            if (other->found && member->group + k != i) {
                add_text(other->text, other->length, over, a);
            }
        }
    }
    if (a->status == SHUKACH_OK) {
        a->status = variants_by_rule(form, next, add_text, a, a->err);
    }
}

static void apply_words(struct applier *a)
{
    for (size_t i = 0; i < a->count && a->status == SHUKACH_OK; i++) {
        a->status = word_weigh(a->postings, a->words[i], a->err);
    }
    for (a->at = 0; a->at < a->count && a->status == SHUKACH_OK; a->at++) {
        apply_at(a);
    }
}

/* `count` nodes from this one on, of one word each. */
static void apply_run(struct applier *a, struct node *node, size_t count)
{
    a->mode = WORDS_WHOLE;
    a->phrase = NULL;
    a->count = count;
    a->words = arena_array(a->arena, count, sizeof *a->words);
    a->nodes = arena_array(a->arena, count, sizeof(struct node *));
    if (a->words == NULL || a->nodes == NULL) {
        a->status = error_nomem(a->err);
        return;
    }
    for (size_t i = 0; i < count; i++, node = node->next) {
        a->nodes[i] = node;
        a->words[i] = &node->words[0];
    }
    a->single = true;
    a->several = true;
    apply_words(a);
}

/* First words for words, so that phrases around another have them too. */
static void apply_phrase(struct applier *a, struct node *node)
{
    a->mode = WORDS_PARTS;
    a->phrase = node;
    a->count = node->word_count;
    a->words = arena_array(a->arena, a->count, sizeof *a->words);
    if (a->words == NULL) {
        a->status = error_nomem(a->err);
        return;
    }
    for (size_t i = 0; i < a->count; i++) {
        a->words[i] = &node->words[i];
    }
    a->single = true;
    a->several = false;
    apply_words(a);
    a->single = false;
    a->several = true;
    apply_words(a);
}

/* Whether the words of a list may be read as one run through this node. */
static bool in_run(const struct node *node)
{
    return node->kind == NODE_WORD && !node->must && !node->must_not &&
           !node->words[0].exact && node->words[0].prefix == NULL;
}

static void apply_node(struct applier *a, struct node *node)
{
    if (node->must_not || node->kind == NODE_NOT || node->kind == NODE_FILTER ||
        a->status != SHUKACH_OK) {
        return;
    }
    if (node->words != NULL) {
        if (node->words[0].exact || node->words[0].prefix != NULL) {
            return;
        }
        if (node->kind == NODE_WORD) {
            apply_run(a, node, 1);
        } else {
            apply_phrase(a, node);
        }
        return;
    }
    struct node *child = node->first;
    while (child != NULL) {
        size_t run = 1;
        struct node *next = child->next;
        while (node->kind == NODE_ANY && in_run(child) && next != NULL &&
               in_run(next) && !next->or_before) {
            run++;
            next = next->next;
        }
        if (run > 1) {
            apply_run(a, child, run);
        } else {
            apply_node(a, child);
        }
        child = next;
    }
}

enum shukach_status alternatives_apply(struct alternatives **alternatives,
                                       struct analyser *analyser,
                                       struct store_postings *postings,
                                       double weight, struct node *root,
                                       struct arena *arena,
                                       struct shukach_error *err)
{
    if (*alternatives == NULL) {
        enum shukach_status status = make(alternatives, err);
        if (status != SHUKACH_OK) {
            return status;
        }
    }
    struct applier applier = {.all = *alternatives,
                              .analyser = analyser,
                              .postings = postings,
                              .weight = weight,
                              .arena = arena,
                              .err = err};
    apply_node(&applier, root);
    return applier.status;
}

enum shukach_status alternatives_unsure(struct store_postings *postings,
                                        const struct shukach_query *query,
                                        const struct scoring *scoring,
                                        struct arena *arena, uint64_t **out,
                                        struct shukach_error *err)
{
    bool several = false;
    for (size_t i = 0; i < scoring->alternative_count; i++) {
        several = several || scoring->alternatives[i].node->word_count > 1;
    }
    *out = NULL;
    if (!several) {
        return SHUKACH_OK;
    }
    struct arena scratch = {0};
    uint32_t *numbers;
    size_t count = 0;
    struct store_query *admitted = expand_unsure(query, scoring);
    enum shukach_status status =
        store_search_all(postings, admitted, &scratch, &numbers, &count, err);
    store_query_free(admitted);
    if (status == SHUKACH_OK && count > 0) {
        uint64_t documents = store_postings_statistics(postings).documents;
        *out = arena_array(arena, documents / 64 + 1, sizeof **out);
        status = *out == NULL ? error_nomem(err) : SHUKACH_OK;
    }
    for (size_t i = 0; status == SHUKACH_OK && i < count; i++) {
        (*out)[numbers[i] / 64] |= (uint64_t)1 << (numbers[i] % 64);
    }
    arena_free(&scratch);
    return status;
}
