/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the analyser: the handle, and what tokenise.c and analyser.c say to
 * each other. */
#ifndef TOKENS_H
#define TOKENS_H

#include "words.h"

/* A hyphenated word of up to CHUNK_ATOMS parts, or an address. */
#define FORM_MAX ((size_t)32 * 1024)

/* Capitals of at most six letters may be an abbreviation. */
#define ABBREVIATION_BYTES 12

/* A chunk is a run of letters and digits with hyphens inside; its atoms are
 * its runs of letters and its numbers. */
#define CHUNK_ATOMS 8

struct atom {
    size_t from;
    size_t to;
    bool digits;
    bool hyphen; /* a hyphen stands before it */
    struct word word;
    struct number number;
};

struct stemmer;

struct analyser {
    struct normaliser *normaliser;
    struct stemmer *uk;
    struct stemmer *ru;
    struct stemmer *en;
    struct memo *memo; /* from the first document on */

    /* The text at work. */
    enum analyser_mode mode;
    enum word_language language;
    const char *text;
    size_t length;
    analyser_sink sink;
    void *payload;
    uint32_t position;
    const uint32_t *wanted; /* positions; NULL: all */
    const uint32_t *wanted_end;
    bool others; /* give those that are not wanted, too */
    bool failed; /* out of memory */
    bool cancelled;

    /* The token at work. */
    struct buf form;
    struct buf stems[TOKEN_STEMS];
    bool russian[TOKEN_STEMS];
    size_t stem_count;
    bool lexicon; /* the first is from the lexicon */
    uint32_t rules;
};

/* ---- analyser.c ------------------------------------------------------ */

struct token_span {
    size_t from;
    size_t to;
    uint32_t position;
    uint32_t width;
    enum token_kind kind;
    uint32_t rules;
};

void stems_reset(struct analyser *analyser);
/* A stem is written into the buffer between the two; one that is empty or
 * there already is dropped. At most TOKEN_STEMS times a token. */
struct buf *stem_begin(struct analyser *analyser, bool russian);
void stem_end(struct analyser *analyser);
/* One stem, lent until the next call; "" out of memory. */
const char *word_stem(struct analyser *analyser, const char *form,
                      size_t length, enum word_language language,
                      size_t *stem_length);
/* Adds the stems of a word; the rules applied. */
uint32_t stems_of_word(struct analyser *analyser, const char *form,
                       size_t length, enum word_language language,
                       bool capitals);
/* Hands the token with the stems so far to the sink; false to stop. */
bool token_emit(struct analyser *analyser, const struct token_span *span,
                const char *form, size_t form_length);

/* Hands a token to the sink; false to stop. */
bool token_give(struct analyser *analyser, const struct token *token);

/* ---- memo.c: words met before ----------------------------------------- */

/* NULL out of memory. */
struct memo *memo_new(void);
void memo_free(struct memo *memo);
/* The end of a plain word of a document that begins here; 0 if it is none. */
size_t memo_plain(const struct analyser *analyser, size_t from);
/* The token of a plain word, if it is remembered, lent until the next is
 * kept. */
bool memo_find(struct analyser *analyser, size_t from, size_t to,
               struct token *out);
/* Keeps what was just made of a plain word. */
void memo_keep(struct analyser *analyser, size_t from, size_t to);

/* ---- emit.c ---------------------------------------------------------- */

/* Each returns false when stopped. A number and its unit, "155 мм", are a
 * chunk like 155мм. */
bool emit_word(struct analyser *analyser, const struct atom *atom,
               enum token_kind kind);
bool emit_initials(struct analyser *analyser, const struct atom *atoms,
                   size_t count);
bool emit_chunk(struct analyser *analyser, const struct atom *atoms,
                size_t count);

/* ---- tokenise.c ------------------------------------------------------ */

/* Runs over the text; false when stopped. */
bool tokenise(struct analyser *analyser);

#endif
