/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Query string to ranked hits. The search itself is public (shukach_query_*,
 * shukach_index_*, shukach_hits_*); this is what its files share. Grouped by
 * implementing file. */
#ifndef SEARCHER_H
#define SEARCHER_H

#include "analyser.h"
#include "base.h"
#include "store.h"

/* ---- lex.c: the words and signs of a query ------------------------------ */

/* Less than the gap between title and text, so that nothing is near both. */
#define NEAR_MAX 99
/* The largest factor of a boost. */
#define BOOST_MAX 100

enum lexeme_kind {
    LEX_END,
    LEX_WORD,   /* a run without space, quote or bracket */
    LEX_PREFIX, /* a word with a star behind it, which is not in it */
    LEX_PHRASE, /* between quotes */
    LEX_OPEN,
    LEX_CLOSE,
    LEX_PLUS, /* in front of what it belongs to, without a space */
    LEX_MINUS,
    LEX_EXACT, /* = */
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_NEAR,
    LEX_FIELD, /* name and colon */
    LEX_BOOST, /* ^2, directly behind what it belongs to */
};

struct lexeme {
    enum lexeme_kind kind;
    size_t from; /* bytes of the query; for a phrase, between the quotes */
    size_t to;
    size_t at;       /* where it begins, with its quotes or sign */
    size_t end;      /* where it ends, likewise */
    uint32_t number; /* of NEAR/n; of a field, enum query_field; of a boost,
                        hundredths */
};

enum query_field {
    FIELD_TITLE,
    FIELD_AUTHOR,
    FIELD_SOURCE,
    FIELD_LANG,
    FIELD_SITE,
    FIELD_ID,
    FIELD_DATE,
};

/* ---- parse.c: the tree --------------------------------------------------- */

#define QUERY_BYTES ((size_t)64 * 1024)
#define QUERY_TERMS 1024
#define QUERY_DEPTH 64
#define QUERY_PREFIXES 16

/* A word in one of its readings. */
struct query_stem {
    const char *text;
    size_t length;
    bool russian;
    uint64_t hash; /* signature_stem */
    bool absent;   /* set when searching: no document holds it */
};

struct query_prefix;

/* One word of the query: any of its stems. */
struct query_word {
    struct query_stem stems[TOKEN_STEMS];
    size_t stem_count;
    const char *form; /* NUL-terminated */
    uint64_t form_hash;
    uint32_t rules; /* of its token */
    bool exact;     /* only this form */
    bool stop;      /* a stop word that may be left out */
    bool name;      /* may be one as it is written; a variant: is one */
    size_t from;    /* bytes of the query */
    size_t to;
    struct query_prefix *prefix; /* of a prefix, else NULL */
    double boost;                /* factor of its weight; 0: none */
    /* Set when searching: */
    uint32_t frequency;          /* documents with its commonest stem */
    double idf;                  /* its weight */
    struct query_word *variants; /* words that stand for it, see `next` */
    struct query_word *next;     /* of a variant */
    double share;                /* of a variant: of its own weight */
};

/* A form that a prefix stands for, under one of its stems. */
struct prefix_key {
    uint64_t stem;
    uint64_t form;
};

/* What a prefix stands for; set when searching, and lent by the hits. */
struct query_prefix {
    struct prefix_key *keys; /* by the short hash of the stem */
    size_t key_count;
    struct query_stem *stems; /* each once */
    size_t stem_count;
    uint64_t documents; /* at most so many hold one of the forms */
};

enum node_kind {
    NODE_WORD,
    NODE_PHRASE, /* the words next to each other */
    NODE_NEAR,   /* both children, at most `distance` words apart */
    NODE_AND,
    NODE_ANY,    /* any child; all of those in `must`, none in `must_not` */
    NODE_NOT,    /* inside AND only */
    NODE_FILTER, /* field and value; does not score */
};

struct node {
    enum node_kind kind;
    struct node *next; /* sibling */
    struct node *first;
    size_t at; /* byte of the query */
    bool must;
    bool must_not;
    bool or_before;           /* an OR stands before it */
    bool title;               /* in the title only */
    struct query_word *words; /* of a word, a phrase or a filter */
    size_t word_count;
    uint32_t distance;
    enum query_field field;
    const char *value; /* of a filter; of dates: from */
    size_t value_length;
    const char *value_to; /* of dates: to; NULL for no bound */
    /* Set when searching: words and phrases that stand for some of the words
     * of a word or a phrase, or for a run of words that begins with it. */
    struct node *alternatives;
    size_t cover_from; /* of an alternative: the words it stands for */
    size_t cover;
    double share; /* of an alternative: of its own weight */
};

struct shukach_query {
    struct arena arena;
    struct node *root;
    uint64_t offset;
    uint64_t limit;
    enum shukach_sort sort;
    size_t snippet;   /* letters of a fragment */
    size_t stretch;   /* words of one that needs more to show all; 0: none */
    size_t fragments; /* of a snippet */
    bool titles;      /* whether titles are marked without a snippet */
    bool variants;    /* whether variants stand for words */
    bool names;       /* whether a name stands for its other spellings */
    bool exact_total;
    uint32_t half_life; /* days; 0: the date does not count */
    int64_t today;      /* days since 1970 */
    bool facets[SHUKACH_FACETS];
    bool suggest;
    bool explain;
    const char *text; /* as given */
    size_t length;
    const char *since; /* values of SLOT_DATE, NULL for no bound */
    const char *until;
};

/* Days since 1970 of YYYYMMDD as SLOT_DATE has it, unknown parts taken as
 * the first; false for an empty value. */
bool date_days(const char *value, int64_t *days);

/* A copy that a search may add to; NULL out of memory. */
struct node *tree_copy(struct arena *arena, const struct node *node);

/* Whether a node is a filter or a choice of filters: it does not score. */
bool node_is_filter(const struct node *node);

/* Room for a date as a bound of SLOT_DATE. */
#define DATE_BOUND 40

/* ---- words.c: text of a query to words ----------------------------------- */

/* The words of a text as the index has them; parts of a compound are left
 * out (`whole`) or stand for it. `at` is where the text stands in the query.
 * LIMIT (over QUERY_TERMS). */
struct words_reader {
    struct analyser *analyser;
    struct arena *arena;
    size_t terms; /* so far */
};

enum words_mode {
    WORDS_WHOLE, /* one word a compound */
    WORDS_PARTS, /* one word a position */
};

enum shukach_status words_read(struct words_reader *reader,
                               enum words_mode mode, const char *text,
                               size_t length, struct query_word **out,
                               size_t *count, struct shukach_error *err);

/* ---- alternatives.c: words that mean the same ---------------------------- */

/* The tables of variants with their words as the index has them, read when
 * a query first needs them. */
struct alternatives;

void alternatives_free(struct alternatives *alternatives);
/* Adds the table of a file; makes `*alternatives` where it is NULL.
 * NOT_FOUND, IO, LIMIT, ENCODING, INVALID. */
enum shukach_status alternatives_add(struct alternatives **alternatives,
                                     const char *path,
                                     struct shukach_error *err);

/* Gives words their variants and nodes their alternatives, but for what is
 * excluded or asked for exactly. What the index does not hold is left out. A
 * variant has at most `weight` of the weight of what it stands for. */
enum shukach_status alternatives_apply(struct alternatives **alternatives,
                                       struct analyser *analyser,
                                       struct store_postings *postings,
                                       double weight, struct node *root,
                                       struct arena *arena,
                                       struct shukach_error *err);

struct scoring;

/* Marks the documents that only an alternative of several words admits: a
 * bit a number, in the arena; NULL where there are none. CORRUPT, IO. */
enum shukach_status alternatives_unsure(struct store_postings *postings,
                                        const struct shukach_query *query,
                                        const struct scoring *scoring,
                                        struct arena *arena, uint64_t **out,
                                        struct shukach_error *err);

/* ---- names.c: names in other spellings ----------------------------------- */

/* Gives words that may be names the other spellings of this index, but for
 * what is excluded or asked for exactly. A spelling has at most `weight` of
 * the weight of the word. */
enum shukach_status names_apply(struct shukach_index *index, double weight,
                                struct node *root, struct arena *arena,
                                struct shukach_error *err);

/* ---- prefix.c: words that only begin ------------------------------------- */

/* The form of a prefix, without its star, in the arena, and how many letters
 * and digits it has; 0 letters if it is not one word. */
enum shukach_status prefix_read(struct analyser *analyser, const char *text,
                                size_t length, struct arena *arena,
                                const char **out, size_t *letters,
                                struct shukach_error *err);
/* Finds what the prefixes of a tree stand for in an index. */
enum shukach_status prefixes_expand(struct shukach_index *index,
                                    const struct node *node,
                                    struct shukach_hits *hits,
                                    struct shukach_error *err);
struct seen;
struct seen_token;
/* Whether a form that begins so stands at a token. */
bool prefix_at(const struct query_prefix *prefix, const struct seen *seen,
               const struct seen_token *token);

/* ---- complete.c: words as they are written ------------------------------- */

/* A form of at most FORM_BYTES in a casing. */
void form_write(const char *form, enum form_casing casing,
                char out[FORM_BYTES + 1]);

/* ---- expand.c: tree to query of the store -------------------------------- */

/* The term of a stem, NUL-terminated; its length. One that does not fit is
 * cut, which only makes its frequency unknown. */
#define TERM_TEXT 512
size_t stem_term(const struct query_stem *stem, char out[TERM_TEXT]);

/* Sets frequency and idf of a word, and which of its stems are absent. */
enum shukach_status word_weigh(struct store_postings *postings,
                               struct query_word *word,
                               struct shukach_error *err);

/* A query for the term of a prefix and a text; NULL out of memory. */
struct store_query *query_term(const char *prefix, const char *text,
                               size_t length);

/* A node, a word or an alternative of a node as it scores. NULL out of
 * memory. */
struct store_query *expand_part(const struct node *node);
struct store_query *expand_one(const struct query_word *word, bool title);
struct store_query *expand_alternative(const struct node *other);

/* NULL out of memory. Where positions or exact forms matter the query
 * admits more than matches; `*verify` says so. */
struct store_query *expand(const struct shukach_query *query, bool *verify);
/* What only alternatives of several words admit, of which there is one, so that
 * it may not match although nothing else of the query need be verified. */
struct store_query *expand_unsure(const struct shukach_query *query,
                                  const struct scoring *scoring);

/* ---- verify.c: does a document really match? ----------------------------- */

/* A token of a document, from its signature or from its text. */
struct seen_token {
    uint64_t stem; /* 16 bits of it if `!full` */
    uint64_t form; /* 8 bits of it if `!full` */
    uint32_t position;
    bool title;
};

struct seen {
    const struct seen_token *tokens;
    size_t count;
    double stems; /* of the document, known from a signature */
    bool strict;  /* what is excluded and seems to be there is there */
    bool full;
    const char *const *fields; /* the stored fields, where `full` */
    const size_t *lengths;     /* theirs */
    struct analyser *analyser; /* where `full` */
    struct arena *arena;       /* for working memory */
};

/* How a word stands at a token, from weak to strong. */
enum word_match {
    MATCH_NONE,
    MATCH_VARIANT, /* a word of the same meaning */
    MATCH_NAME,    /* another spelling of the name */
    MATCH_STEM,
    MATCH_EXACT
};
enum word_match word_match_at(const struct query_word *word,
                              const struct seen *seen,
                              const struct seen_token *token);
/* Whether it stands there as it was asked for. */
bool word_at(const struct query_word *word, const struct seen *seen,
             const struct seen_token *token);
/* Whether a word or a phrase begins at token `i`. */
bool words_at(const struct node *node, const struct seen *seen, size_t i);
/* Evaluates the tree. NOMEM. */
enum shukach_status verify(const struct node *root, const struct seen *seen,
                           bool *out, struct shukach_error *err);
/* Whether a phrase stands somewhere in exactly these forms, and whether it
 * does from token `i` on. */
bool phrase_exact(const struct node *phrase, const struct seen *seen);
bool phrase_exact_at(const struct node *phrase, const struct seen *seen,
                     size_t i);
/* The tokens of a signature that the query asks for, in the arena: those of
 * the stems asked for. */
enum shukach_status seen_signature(const struct signature *signature,
                                   struct signature_filter *asked,
                                   struct arena *arena, struct seen *out,
                                   struct shukach_error *err);

/* ---- pairs.c: what must stand next to each other ------------------------- */

struct need;

/* What every match of a tree needs, in the arena; NULL if nothing is known.
 * NOMEM. */
enum shukach_status need_make(const struct node *root, struct arena *arena,
                              struct need **out, struct shukach_error *err);
/* Tells the processor that this will be asked soon. */
void need_expect(const struct need *need, const struct pairs *pairs,
                 uint64_t index);
/* Whether document `index` (from 0) may have it. CORRUPT. */
enum shukach_status need_met(const struct need *need, const struct pairs *pairs,
                             uint64_t index, bool *out,
                             struct shukach_error *err);

/* ---- what counts in a score ---------------------------------------------- */

/* A word or a phrase that stands for the words [first, first + count). */
struct alternative {
    const struct node *node;
    size_t first;
    size_t count;
};

/* The words of a query that count in its score, in order. */
struct scoring {
    struct query_word **words;
    size_t count;
    struct node **phrases;
    size_t phrase_count;
    struct alternative *alternatives;
    size_t alternative_count;
    size_t covered; /* words of all alternatives */
};

/* ---- standing.c: where the words of a query stand ------------------------ */

/* One word of the query where it stands in a document. */
struct place {
    uint32_t position;
    uint32_t word;
    enum word_match match;
};

/* By word of the query. */
struct standing {
    uint32_t *own;         /* how often it stands there itself */
    uint32_t *exact;       /* in its exact form */
    enum word_match *best; /* how it stands there at best */
    uint32_t *inside;      /* for standing_densest */
    struct place *places;
    size_t count;
};

/* From a signature. In the arena; false out of memory. */
bool standing_make(const struct scoring *scoring, const struct seen *seen,
                   struct arena *arena, struct standing *out);
/* What a word counts, by how it stands: all but MATCH_VARIANT and MATCH_NAME
 * count 1. */
double match_weight(enum word_match match);
/* The most that a stretch of so many words holds of the query, by the weight
 * of its words. */
double standing_densest(const struct scoring *scoring,
                        struct standing *standing, uint32_t stretch);

/* ---- reading.c: the words of a stored document --------------------------- */

/* A token of a document's text with its place, for snippets. */
struct placed_token {
    size_t from;
    size_t to;
    size_t seen; /* its first entry in the seen tokens */
    size_t seen_count;
    uint32_t rules; /* of its token */
    bool lexicon;   /* likewise */
};

/* Title and text of a stored document, analysed again. */
struct reading {
    struct seen seen;
    struct placed_token *title;
    size_t title_count;
    struct placed_token *text;
    size_t text_count;
};

/* What is read of a text: nothing, the words that the query asks for, or all
 * words. */
enum reading_text { READING_NONE, READING_ASKED, READING_ALL };

/* Of words that `signature`, what the query asks for of the document's, does
 * not hold, little more is known than where they stand. */
enum shukach_status reading_make(struct analyser *analyser,
                                 const struct seen *signature,
                                 const char *const fields[SHUKACH_FIELDS],
                                 const size_t lengths[SHUKACH_FIELDS],
                                 enum reading_text text, struct arena *arena,
                                 struct reading *out,
                                 struct shukach_error *err);

/* A token that stands for words of the query. */
struct match {
    size_t from;
    size_t to;
    size_t letters_from; /* set by snippet.c */
    size_t letters_to;
    uint32_t position;
    uint64_t words; /* their bits, see match_bit */
    uint64_t firm;  /* those of them in whose phrase it stands */
    bool shown;     /* in a fragment that was chosen before */
};

struct matches {
    struct match *items;
    size_t count;
};

#define MATCH_BITS 64
/* The bit of a word of the query. From the 64th on they share one and count
 * as one word: no fragment shows more than that. */
static inline uint64_t match_bit(size_t word)
{
    return (uint64_t)1 << (word < MATCH_BITS ? word : MATCH_BITS - 1);
}

/* The matching tokens among `placed`, in order; one within another is part
 * of it. NOMEM. */
enum shukach_status find_matches(const struct reading *reading,
                                 const struct scoring *scoring,
                                 const struct placed_token *placed,
                                 size_t count, struct arena *arena,
                                 struct matches *out,
                                 struct shukach_error *err);

struct marked_text {
    const char *text;
    size_t length;
    struct shukach_range *ranges;
    size_t count;
};

/* Makes ranges of all matches. NOMEM. */
enum shukach_status mark_ranges(const struct matches *matches,
                                struct arena *arena, struct marked_text *out,
                                struct shukach_error *err);
/* The words of the title that match. NOMEM. */
enum shukach_status mark_title(const struct reading *reading,
                               const struct scoring *scoring, const char *title,
                               size_t length, struct arena *arena,
                               struct marked_text *out,
                               struct shukach_error *err);

/* ---- snippet.c: what a hit shows ----------------------------------------- */

/* The parts of the text that tell most, as the query asks for, joined; or
 * the whole text as it is. NOMEM. */
enum shukach_status snippet_make(const struct reading *reading,
                                 const struct scoring *scoring,
                                 const struct shukach_query *query,
                                 struct arena *arena, struct marked_text *out,
                                 struct shukach_error *err);

/* ---- typo.c: what may have been meant ------------------------------------ */

/* How unlikely it is that who typed one form meant the other, in tenths of
 * an edit; both of at most FORM_BYTES. */
unsigned typo_cost(const char *typed, size_t typed_length, const char *meant,
                   size_t meant_length);
/* What the same keys type in the other of the Ukrainian and the English
 * layout, in small letters; false if that is no word. */
bool layout_swap(const char *text, size_t length, struct buf *out);

/* ---- suggest.c: a corrected query ---------------------------------------- */

/* Sets the suggestion of the hits, if there is one. Where there are not `few`
 * hits, only words are corrected that stand nowhere, nor anything for them. */
enum shukach_status suggest_make(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 const struct scoring *scoring, bool few,
                                 struct shukach_hits *hits,
                                 struct shukach_error *err);

#endif
