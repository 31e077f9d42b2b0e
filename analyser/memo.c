/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words met before. Most of a text is plain words: Cyrillic letters and then
 * a space or a stop. What becomes of such a word depends on its bytes and on
 * the language of the text alone, and most were met a little while ago. */
#include "tokens.h"

/* Of news two thirds of the words are found in so many places, 3 MB
 * (docs/performance.md); for a few documents they would cost more than they
 * save. A word stays until it was missed in its place more often than found,
 * of which so many times count. */
#define PLACES_FIRST 512
#define PLACES_MAX 16384
#define USES 4
#define MEMO_BYTES 151

struct remembered {
    uint64_t hash;
    uint32_t rules;
    uint8_t length; /* 0 for an empty place */
    uint8_t uses;
    uint8_t form_length;
    uint8_t stem_count;
    uint8_t stem_lengths[TOKEN_STEMS];
    bool russian[TOKEN_STEMS];
    bool russian_text;
    bool lexicon;
    /* The word, its form and its stems, each of the latter with a NUL. */
    char bytes[MEMO_BYTES];
};

struct memo {
    struct remembered *places;
    size_t size;
    size_t missed; /* words, since it has this size */
};

struct memo *memo_new(void)
{
    struct memo *memo = calloc(1, sizeof *memo);
    if (memo != NULL) {
        memo->size = PLACES_FIRST;
        memo->places = calloc(memo->size, sizeof *memo->places);
        if (memo->places == NULL) {
            free(memo);
            return NULL;
        }
    }
    return memo;
}

void memo_free(struct memo *memo)
{
    if (memo != NULL) {
        free(memo->places);
        free(memo);
    }
}

/* All places, once many words were missed; without memory it stays small. */
static void grow(struct memo *memo)
{
    struct remembered *places = NULL;
    if (memo->size < PLACES_MAX && ++memo->missed == 8 * memo->size) {
        places = calloc(PLACES_MAX, sizeof *places);
    }
    if (places != NULL) {
        free(memo->places);
        memo->places = places;
        memo->size = PLACES_MAX;
    }
}

size_t memo_plain(const struct analyser *a, size_t from)
{
    const unsigned char *text = (const unsigned char *)a->text;
    size_t at = from;
    while (a->length - at >= 2 && (text[at] == 0xd0 || text[at] == 0xd1)) {
        at += 2; /* U+0400 to U+047F: letters all */
    }
    if (at == from || at - from > MEMO_BYTES / 3 ||
        a->mode != ANALYSE_DOCUMENT) {
        return 0;
    }
    if (at == a->length) {
        return at;
    }
    unsigned char next = text[at];
    bool initial = at == from + 2 && next == '.';
    return next < 0x80 && !initial && letter_class(next) == CLASS_OTHER ? at
                                                                        : 0;
}

static struct remembered *place_of(const struct analyser *a, size_t from,
                                   size_t to, uint64_t *hash)
{
    *hash = hash64(a->text + from, to - from);
    return &a->memo->places[*hash & (a->memo->size - 1)];
}

bool memo_find(struct analyser *a, size_t from, size_t to, struct token *out)
{
    uint64_t hash;
    size_t length = to - from;
    struct remembered *word = place_of(a, from, to, &hash);
    if (word->hash != hash || word->length != length ||
        word->russian_text != (a->language == WORD_RU) ||
        memcmp(word->bytes, a->text + from, length) != 0) {
        return false;
    }
    word->uses = word->uses < USES ? (uint8_t)(word->uses + 1) : USES;
    const char *at = word->bytes + length;
    *out = (struct token){.from = from,
                          .to = to,
                          .form = at,
                          .form_length = word->form_length,
                          .stem_count = word->stem_count,
                          .position = a->position,
                          .width = 1,
                          .kind = TOKEN_WORD,
                          .rules = word->rules,
                          .lexicon = word->lexicon};
    at += word->form_length + 1;
    for (size_t i = 0; i < word->stem_count; i++) {
        out->stems[i] = (struct token_stem){.text = at,
                                            .length = word->stem_lengths[i],
                                            .russian = word->russian[i]};
        at += word->stem_lengths[i] + 1;
    }
    return true;
}

void memo_keep(struct analyser *a, size_t from, size_t to)
{
    size_t length = to - from;
    size_t need = length + a->form.length + 1;
    grow(a->memo);
    for (size_t i = 0; i < a->stem_count; i++) {
        need += a->stems[i].length + 1;
    }
    if (need > MEMO_BYTES || a->stem_count == 0 || a->failed) {
        return;
    }
    uint64_t hash;
    struct remembered *word = place_of(a, from, to, &hash);
    if (word->uses > 0) {
        word->uses--;
        return;
    }
    *word = (struct remembered){.hash = hash,
                                .rules = a->rules,
                                .length = (uint8_t)length,
                                .form_length = (uint8_t)a->form.length,
                                .stem_count = (uint8_t)a->stem_count,
                                .russian_text = a->language == WORD_RU,
                                .lexicon = a->lexicon};
    memcpy(word->bytes, a->text + from, length);
    char *at = word->bytes + length;
    memcpy(at, buf_text(&a->form), a->form.length);
    at += a->form.length + 1;
    for (size_t i = 0; i < a->stem_count; i++) {
        word->stem_lengths[i] = (uint8_t)a->stems[i].length;
        word->russian[i] = a->russian[i];
        memcpy(at, buf_text(&a->stems[i]), a->stems[i].length);
        at += a->stems[i].length + 1;
    }
}
