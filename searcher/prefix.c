/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prefixes, Бахмут*: normalised like a word, and when searching every form
 * of the index that begins so, each as if = stood before it. The store is
 * asked for their stems; a token is tested against all of them by one
 * search, since there may be hundreds. */
#include "index.h"

/* How many forms a prefix stands for at most. */
#define PREFIX_FORMS 256

/* ---- Reading ------------------------------------------------------------- */

/* A hyphen or an apostrophe at the end of a prefix, прес-*, is no part of
 * its token. What the analyser makes of it shows between two letters. */
static enum shukach_status add_last_sign(struct words_reader *reader,
                                         const char *text, size_t length,
                                         struct buf *form,
                                         struct shukach_error *err)
{
    struct buf probe;
    struct query_word *words;
    size_t count;
    buf_init(&probe, 64);
    buf_add_text(&probe, "п");
    buf_add(&probe, text, length);
    buf_add_text(&probe, "я");
    if (probe.failed != SHUKACH_OK) {
        /* Longer than any sign: it is none. */
        bool longer = probe.failed == SHUKACH_LIMIT;
        buf_free(&probe);
        return longer ? SHUKACH_OK : error_nomem(err);
    }
    enum shukach_status status = words_read(reader, WORDS_WHOLE, probe.data,
                                            probe.length, &words, &count, err);
    buf_free(&probe);
    if (status == SHUKACH_OK && count == 1) {
        bool hyphen = strcmp(words[0].form, "п-я") == 0;
        bool apostrophe = strcmp(words[0].form, "п'я") == 0;
        buf_add_text(form, hyphen ? "-" : apostrophe ? "'" : "");
    }
    return status;
}

/* Letters and digits of a form, none if it has no letter: numbers and
 * addresses are not in the list of forms. */
static size_t count_letters(const char *form)
{
    size_t count = 0;
    bool letter = false;
    for (const char *c = form; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '.' || byte == '@') {
            return 0;
        }
        letter = letter || byte >= 0x80 || (byte >= 'a' && byte <= 'z');
        count += (byte & 0xc0) != 0x80 && byte != '-' && byte != '\'';
    }
    return letter ? count : 0;
}

enum shukach_status prefix_read(struct analyser *analyser, const char *text,
                                size_t length, struct arena *arena,
                                const char **out, size_t *letters,
                                struct shukach_error *err)
{
    struct words_reader reader = {.analyser = analyser, .arena = arena};
    struct query_word *words;
    size_t count;
    *out = "";
    *letters = 0;
    enum shukach_status status =
        words_read(&reader, WORDS_WHOLE, text, length, &words, &count, err);
    if (status != SHUKACH_OK || count != 1) {
        return status;
    }
    struct buf form;
    buf_init(&form, SIZE_MAX / 2);
    buf_add_text(&form, words[0].form);
    if (words[0].to < length) {
        status = add_last_sign(&reader, text + words[0].to,
                               length - words[0].to, &form, err);
    }
    const char *copy = arena_copy(arena, buf_text(&form), form.length);
    if (status == SHUKACH_OK && (copy == NULL || form.failed != SHUKACH_OK)) {
        status = error_nomem(err);
    }
    buf_free(&form);
    if (status == SHUKACH_OK) {
        *out = copy;
        *letters = count_letters(copy);
    }
    return status;
}

/* ---- When searching ------------------------------------------------------ */

static int by_short_stem(const void *a, const void *b)
{
    uint16_t x = signature_short(((const struct prefix_key *)a)->stem);
    uint16_t y = signature_short(((const struct prefix_key *)b)->stem);
    return (x > y) - (x < y);
}

static int by_stem(const void *a, const void *b)
{
    uint64_t x = ((const struct query_stem *)a)->hash;
    uint64_t y = ((const struct query_stem *)b)->hash;
    return (x > y) - (x < y);
}

/* Adds the stems of a form. One that the analyser does not read back as it
 * stands cannot be found by = either, and is left out. */
static enum shukach_status add_form(struct shukach_index *index,
                                    struct query_prefix *prefix,
                                    const struct form *form,
                                    struct arena *arena,
                                    struct shukach_error *err)
{
    struct words_reader reader = {.analyser = index->analyser, .arena = arena};
    struct query_word *words;
    size_t count;
    enum shukach_status status = words_read(&reader, WORDS_WHOLE, form->text,
                                            form->length, &words, &count, err);
    if (status != SHUKACH_OK || count != 1 ||
        strcmp(words[0].form, form->text) != 0) {
        return status;
    }
    for (size_t i = 0; i < words[0].stem_count; i++) {
        prefix->keys[prefix->key_count++] = (struct prefix_key){
            .stem = words[0].stems[i].hash, .form = words[0].form_hash};
        prefix->stems[prefix->stem_count++] = words[0].stems[i];
    }
    prefix->documents += form->frequency;
    return SHUKACH_OK;
}

static enum shukach_status say_cut(struct shukach_hits *hits, const char *form,
                                   uint64_t all, struct shukach_error *err)
{
    char text[256];
    int most = (int)utf8_floor(form, strlen(form) < 80 ? strlen(form) : 80);
    snprintf(text, sizeof text,
             N_("%.*s* begins %llu word forms; the %d most frequent are "
                "searched, write more letters for the others"),
             most, form, (unsigned long long)all, PREFIX_FORMS);
    return hits_add_notice(hits, text, err);
}

/* Finds what a prefix stands for in this index. */
static enum shukach_status expand_prefix(struct shukach_index *index,
                                         const struct query_word *word,
                                         struct shukach_hits *hits,
                                         struct shukach_error *err)
{
    struct query_prefix *prefix = word->prefix;
    struct form *forms;
    size_t count;
    uint64_t all;
    struct arena *arena = &hits->arena;
    *prefix = (struct query_prefix){0};
    enum shukach_status status =
        forms_top(index->store->forms, word->form, strlen(word->form),
                  PREFIX_FORMS, arena, &forms, &count, &all, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    prefix->keys =
        arena_array(arena, count * TOKEN_STEMS + 1, sizeof *prefix->keys);
    prefix->stems =
        arena_array(arena, count * TOKEN_STEMS + 1, sizeof *prefix->stems);
    if (prefix->keys == NULL || prefix->stems == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        status = add_form(index, prefix, &forms[i], arena, err);
    }
    qsort(prefix->keys, prefix->key_count, sizeof *prefix->keys, by_short_stem);
    qsort(prefix->stems, prefix->stem_count, sizeof *prefix->stems, by_stem);
    size_t kept = 0;
    for (size_t i = 0; i < prefix->stem_count; i++) {
        if (kept == 0 ||
            prefix->stems[kept - 1].hash != prefix->stems[i].hash) {
            prefix->stems[kept++] = prefix->stems[i];
        }
    }
    prefix->stem_count = kept;
    return status == SHUKACH_OK && all > count
               ? say_cut(hits, word->form, all, err)
               : status;
}

enum shukach_status prefixes_expand(struct shukach_index *index,
                                    const struct node *node,
                                    struct shukach_hits *hits,
                                    struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    if (node->kind == NODE_WORD && node->words[0].prefix != NULL) {
        status = expand_prefix(index, &node->words[0], hits, err);
    }
    for (const struct node *child = node->first;
         child != NULL && status == SHUKACH_OK; child = child->next) {
        status = prefixes_expand(index, child, hits, err);
    }
    return status;
}

bool prefix_at(const struct query_prefix *prefix, const struct seen *seen,
               const struct seen_token *token)
{
    uint16_t stem =
        seen->full ? signature_short(token->stem) : (uint16_t)token->stem;
    size_t low = 0;
    size_t high = prefix->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (signature_short(prefix->keys[middle].stem) < stem) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < prefix->key_count; low++) {
        const struct prefix_key *key = &prefix->keys[low];
        if (signature_short(key->stem) != stem) {
            break;
        }
        if (seen->full ? key->stem == token->stem && key->form == token->form
                       : (uint8_t)key->form == (uint8_t)token->form) {
            return true;
        }
    }
    return false;
}
