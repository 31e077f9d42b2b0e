/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in other spellings: a word of the query that may be a name is also
 * searched for in the forms of this index that share a key with it. */
#include <stdlib.h>

#include "index.h"

/* Forms looked at under the keys of one word. */
#define FORMS_MAX 64
/* What stands for one word is bounded by this. */
#define NAMES_MAX 16

struct namer {
    struct shukach_index *index;
    double weight;
    struct arena *arena;
    struct shukach_error *err;
    enum shukach_status status; /* sticky */

    char key[NAME_BYTES + 2]; /* with a space behind it */
    /* Capitals if they were found by the key of an abbreviation. */
    struct form forms[FORMS_MAX];
    size_t count;
};

static int on_form(const struct form *form, unsigned distance, void *payload)
{
    struct namer *n = payload;
    size_t head = strlen(n->key);
    (void)distance;
    if (n->count == FORMS_MAX || head >= form->length) {
        return n->count == FORMS_MAX;
    }
    const char *text = form->text + head;
    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->forms[i].text, text) == 0) {
            return 0;
        }
    }
    struct form *known = &n->forms[n->count++];
    known->casing =
        n->key[head - 2] == NAME_ABBREVIATION ? FORM_CAPITALS : FORM_SMALL;
    known->length = form->length - head;
    memcpy(known->text, text, known->length + 1);
    return 0;
}

/* The forms of the index that have a key of the word, with how many documents
 * hold each. */
static void find_forms(struct namer *n, const struct query_word *word)
{
    struct name_keys keys;
    n->count = 0;
    names_keys(word->form, strlen(word->form),
               (word->rules & RULE_ABBREVIATION) != 0, &keys);
    for (size_t i = 0; i < keys.count && n->status == SHUKACH_OK; i++) {
        snprintf(n->key, sizeof n->key, "%s ", keys.keys[i]);
        enum shukach_status status = forms_each(
            n->index->store->names, n->key, strlen(n->key), on_form, n, n->err);
        n->status = status == SHUKACH_CANCELLED ? SHUKACH_OK : status;
    }
    for (size_t i = 0; i < n->count && n->status == SHUKACH_OK; i++) {
        struct form known;
        n->status = forms_find(n->index->store->forms, n->forms[i].text,
                               n->forms[i].length, &known, n->err);
        n->forms[i].frequency = known.frequency;
    }
}

static int by_frequency(const void *a, const void *b)
{
    const struct form *x = a;
    const struct form *y = b;
    return x->frequency != y->frequency ? (x->frequency < y->frequency ? 1 : -1)
                                        : strcmp(x->text, y->text);
}

static bool has_stem(const struct query_word *word, uint64_t hash)
{
    for (size_t i = 0; i < word->stem_count; i++) {
        if (word->stems[i].hash == hash) {
            return true;
        }
    }
    return false;
}

/* An abbreviation stands for its capitals, whose first stem is the form, and
 * not for what it would be a form of: NATO is not Ната. */
static void keep_capitals(struct query_word *word)
{
    size_t length = strlen(word->form);
    word->stems[0] =
        (struct query_stem){.text = word->form,
                            .length = length,
                            .hash = signature_stem(word->form, length, false)};
    word->stem_count = 1;
}

/* Takes the stems out of a form's reading that are known already; false if
 * none is left. */
static bool keep_new(const struct query_word *word, struct query_word *form)
{
    size_t kept = 0;
    for (size_t i = 0; i < form->stem_count; i++) {
        bool known = has_stem(word, form->stems[i].hash);
        for (const struct query_word *other = word->variants;
             other != NULL && !known; other = other->next) {
            known = has_stem(other, form->stems[i].hash);
        }
        if (!known) {
            form->stems[kept++] = form->stems[i];
        }
    }
    form->stem_count = kept;
    return kept > 0;
}

static void add_name(struct namer *n, struct query_word *word,
                     const struct form *form)
{
    struct words_reader reader = {.analyser = n->index->analyser,
                                  .arena = n->arena};
    struct query_word *words;
    size_t count;
    n->status = words_read(&reader, WORDS_WHOLE, form->text, form->length,
                           &words, &count, n->err);
    if (n->status != SHUKACH_OK || count != 1 ||
        strcmp(words[0].form, form->text) != 0) {
        return;
    }
    if (form->casing == FORM_CAPITALS) {
        keep_capitals(&words[0]);
    }
    if (!keep_new(word, &words[0])) {
        return;
    }
    n->status = word_weigh(n->index->store->postings, &words[0], n->err);
    words[0].name = true;
    words[0].share =
        n->weight * (words[0].idf > word->idf ? word->idf / words[0].idf : 1);
    words[0].next = word->variants;
    word->variants = &words[0];
}

/* Written as a name or, in small letters, not known as another word. */
static bool may_be_name(struct namer *n, const struct query_word *word)
{
    struct form form = {.length = 0};
    if (word->name) {
        return true;
    }
    n->status = forms_find(n->index->store->forms, word->form,
                           strlen(word->form), &form, n->err);
    return form.length == 0 || form.casing != FORM_SMALL;
}

static void name_word(struct namer *n, struct query_word *word)
{
    if (word->exact || word->prefix != NULL || word->stop ||
        !may_be_name(n, word) || n->status != SHUKACH_OK) {
        return;
    }
    n->status = word_weigh(n->index->store->postings, word, n->err);
    if (n->status == SHUKACH_OK) {
        find_forms(n, word);
    }
    qsort(n->forms, n->count, sizeof *n->forms, by_frequency);
    size_t most = n->count < NAMES_MAX ? n->count : NAMES_MAX;
    for (size_t i = 0; i < most && n->status == SHUKACH_OK; i++) {
        add_name(n, word, &n->forms[i]);
    }
}

static void name_node(struct namer *n, struct node *node)
{
    if (node->must_not || node->kind == NODE_NOT || node->kind == NODE_FILTER) {
        return;
    }
    for (size_t i = 0; i < node->word_count; i++) {
        if (n->status == SHUKACH_OK) {
            name_word(n, &node->words[i]);
        }
    }
    for (struct node *child = node->first; child != NULL; child = child->next) {
        name_node(n, child);
    }
}

enum shukach_status names_apply(struct shukach_index *index, double weight,
                                struct node *root, struct arena *arena,
                                struct shukach_error *err)
{
    struct namer n = {
        .index = index, .weight = weight, .arena = arena, .err = err};
    name_node(&n, root);
    return n.status;
}
