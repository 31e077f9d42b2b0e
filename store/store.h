/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inverted index behind plain C. Grouped by implementing file.
 * Only the files *_xapian.cc know Xapian, and glass.c its format. Over 600
 * lines because a module has one header. */
#ifndef STORE_H
#define STORE_H

#include "base.h"

/* C++ must see that nothing below throws. */
#ifdef __cplusplus
#define STORE_NOTHROW noexcept
#else
#define STORE_NOTHROW
#endif

/* ---- term.c -------------------------------------------------------------- */

/* A term and how often it occurs in the document (0 for a filter, which
 * then does not count in the document's length). */
struct store_term {
    const char *text;
    uint32_t length;
    uint32_t count;
};

struct store_value {
    uint32_t slot; /* under 8 */
    uint32_t length;
    const char *data;
};

/* Xapian takes terms of at most so many bytes, a NUL counting twice. */
#define STORE_TERM_BYTES 245

/* The term as it is posted: a longer one is cut and ends in a hash. It is
 * the text itself or stands in `out`; the length is set. */
const char *store_term_cut(const char *text, size_t *length,
                           char out[STORE_TERM_BYTES + 1]) STORE_NOTHROW;

/* ---- store_xapian.cc: postings, read ------------------------------------ */

struct store_postings;

/* Opens database files as one. Document numbers begin at 1 in the first and
 * go on in the next.
 * NOT_FOUND, CORRUPT (also an empty file), VERSION, LIMIT (together they have
 * more documents than Xapian can number), IO. */
enum shukach_status
store_postings_open(const char *const *paths, size_t count,
                    struct store_postings **out,
                    struct shukach_error *err) STORE_NOTHROW;
void store_postings_close(struct store_postings *postings) STORE_NOTHROW;

struct records;
/* Where the lengths of the documents are read from, which outlives it; NULL:
 * from the files themselves, which is slower. */
void store_postings_set_lengths(struct store_postings *postings,
                                const struct records *records) STORE_NOTHROW;

size_t
store_postings_parts(const struct store_postings *postings) STORE_NOTHROW;
/* How many documents file `part` has, counted from 0. */
uint64_t store_postings_documents(const struct store_postings *postings,
                                  size_t part) STORE_NOTHROW;
/* Two files that are the same or copies; equal numbers if there are none.
 * CORRUPT, IO. */
enum shukach_status
store_postings_twins(const struct store_postings *postings, size_t *one,
                     size_t *other, struct shukach_error *err) STORE_NOTHROW;

struct tombstones;
/* From now on no search finds these documents; frequencies and statistics
 * count them all the same. No file stands there twice. */
enum shukach_status
store_postings_bury(struct store_postings *postings,
                    const struct tombstones *dead,
                    struct shukach_error *err) STORE_NOTHROW;
/* Called for each document that a search comes to, and that counting comes to;
 * non-zero stops it: CANCELLED. NULL: none. */
typedef int (*store_on_match)(void *payload);
void store_postings_set_on_match(struct store_postings *postings,
                                 store_on_match callback,
                                 void *payload) STORE_NOTHROW;
/* The number of a living document that holds the term, the latest one; 0 if
 * there is none. CORRUPT, IO. */
enum shukach_status
store_postings_find(const struct store_postings *postings, const char *term,
                    size_t length, uint32_t *out,
                    struct shukach_error *err) STORE_NOTHROW;
/* How many faults Xapian finds in the structure of a file. NOT_FOUND, IO,
 * CORRUPT (so damaged that it cannot be gone through). */
enum shukach_status
store_postings_check(const char *path, uint64_t *faults,
                     struct shukach_error *err) STORE_NOTHROW;

/* Of all documents, deleted ones among them. */
struct store_statistics {
    uint64_t documents;
    double average_length; /* stems a document */
};
struct store_statistics
store_postings_statistics(const struct store_postings *postings) STORE_NOTHROW;

/* How many documents hold the term, deleted ones among them. CORRUPT, IO. */
enum shukach_status
store_postings_frequency(struct store_postings *postings, const char *term,
                         size_t length, uint32_t *out,
                         struct shukach_error *err) STORE_NOTHROW;
/* The document's length in stems. NOT_FOUND, CORRUPT, IO. */
enum shukach_status
store_postings_length(const struct store_postings *postings, uint32_t number,
                      double *out, struct shukach_error *err) STORE_NOTHROW;

/* ---- query_xapian.cc: what to search for -------------------------------- */

/* Queries are built bottom up. A NULL operand gives NULL, so that a whole
 * tree is built freely and checked once, by store_search: NULL is out of
 * memory. Operands belong to the result. */
struct store_query;

enum store_operator {
    STORE_AND,
    STORE_OR,
    STORE_SYNONYM,   /* any of them, weighted as one term */
    STORE_BEST,      /* any of them, weighted by the heaviest alone */
    STORE_AND_NOT,   /* first without second */
    STORE_FILTER,    /* both, weighted by the first alone */
    STORE_AND_MAYBE, /* first; second only adds weight */
};

/* An empty term matches nothing. */
struct store_query *store_query_term(const char *term,
                                     size_t length) STORE_NOTHROW;
struct store_query *store_query_all(void) STORE_NOTHROW;
/* A value from `from` to `to`, both included; NULL for no bound. With no
 * bound at all every document matches. */
struct store_query *store_query_range(uint32_t slot, const char *from,
                                      const char *to) STORE_NOTHROW;
struct store_query *store_query_combine(enum store_operator op,
                                        struct store_query *const *operands,
                                        size_t count) STORE_NOTHROW;
struct store_query *store_query_scale(struct store_query *query,
                                      double factor) STORE_NOTHROW;
void store_query_free(struct store_query *query) STORE_NOTHROW;

/* ---- store_xapian.cc: postings, searched -------------------------------- */

/* Whether a candidate is a match. What is not OK ends the search with that
 * status. */
typedef enum shukach_status (*store_on_candidate)(uint32_t number, bool *match,
                                                  void *payload,
                                                  struct shukach_error *err);

/* Whether some documents may be matches; `may` is true of each before. The
 * same for what is not OK. */
typedef enum shukach_status (*store_on_ahead)(const uint32_t *numbers,
                                              size_t count, bool *may,
                                              void *payload,
                                              struct shukach_error *err);

/* A document that will perhaps be asked about soon. */
typedef void (*store_on_likely)(uint32_t number, void *payload);

enum store_order { STORE_BY_WEIGHT, STORE_BY_SLOT_DOWN, STORE_BY_SLOT_UP };

struct store_match_options {
    uint32_t first;
    uint32_t limit;
    uint32_t check_at_least; /* count at least so many before estimating */
    enum store_order order;
    uint32_t slot;        /* for the orders by slot */
    double bm25_k1;       /* saturation of repeated words */
    double bm25_b;        /* how much length counts */
    double bm25_shortest; /* of the average length; the least that counts */
    /* Asked of documents that would come among the best, and of what is
     * counted; NULL: every candidate is a match. */
    store_on_candidate on_candidate;
    /* Asked of some documents at once before, if there is `on_candidate`, but
     * not of all that it is asked about. NULL: each may match. */
    store_on_ahead on_ahead;
    store_on_likely on_likely; /* may be NULL */
    void *payload;
};

struct store_match {
    uint32_t number;
    double weight;
};

struct store_matches {
    struct store_match *items; /* in the arena given */
    size_t count;
    uint64_t lower; /* bounds of the number of all matches */
    uint64_t upper;
};

/* Only documents of file `part`, counted from 0, of at least that weight;
 * SIZE_MAX: all. Of equals those come first that come first in their files.
 * CORRUPT, IO, CANCELLED. */
enum shukach_status store_search_part(struct store_postings *postings,
                                      const struct store_query *query,
                                      const struct store_match_options *options,
                                      size_t part, double least,
                                      struct arena *arena,
                                      struct store_matches *out,
                                      struct shukach_error *err) STORE_NOTHROW;

/* All matching documents in the order of their numbers, unranked. */
enum shukach_status store_search_all(struct store_postings *postings,
                                     const struct store_query *query,
                                     struct arena *arena, uint32_t **numbers,
                                     size_t *count,
                                     struct shukach_error *err) STORE_NOTHROW;

/* ---- values_xapian.cc: values of documents ------------------------------- */

/* The value of a slot of a document, cut to `size` - 1 bytes; "" if it has
 * none. */
enum shukach_status store_read_value(const struct store_postings *postings,
                                     uint32_t number, uint32_t slot, char *out,
                                     size_t size,
                                     struct shukach_error *err) STORE_NOTHROW;

/* A value of a slot and in how many documents it stands. */
struct store_count {
    const char *value; /* NUL-terminated, "" for documents without one */
    uint64_t documents;
};

/* Counts the values of a slot, cut to `most` bytes if that is not 0, over
 * documents in rising order of their numbers. In no order, in the arena. */
enum shukach_status
store_count_values(struct store_postings *postings, uint32_t slot, size_t most,
                   const uint32_t *numbers, size_t number_count,
                   struct arena *arena, struct store_count **counts,
                   size_t *count, struct shukach_error *err) STORE_NOTHROW;

/* ---- ranked.c: the best documents of all files --------------------------- */

/* By weight, then by number: so the first N are the same, however many are
 * asked for. CORRUPT, IO, CANCELLED. */
enum shukach_status store_search(struct store_postings *postings,
                                 const struct store_query *query,
                                 const struct store_match_options *options,
                                 struct arena *arena, struct store_matches *out,
                                 struct shukach_error *err) STORE_NOTHROW;

/* ---- tombstones.c: documents that are deleted --------------------------- */

/* A bit a document of a generation, counted from 0. */
struct tombstones {
    uint64_t *bits;
    uint64_t documents;
    uint64_t count; /* bits that are set */
};

/* None is set. NOMEM. */
enum shukach_status tombstones_new(uint64_t documents, struct tombstones *out,
                                   struct shukach_error *err) STORE_NOTHROW;
void tombstones_free(struct tombstones *dead) STORE_NOTHROW;
bool tombstones_has(const struct tombstones *dead,
                    uint64_t index) STORE_NOTHROW;
void tombstones_add(struct tombstones *dead, uint64_t index) STORE_NOTHROW;
/* How many there are in [from, to). */
uint64_t tombstones_within(const struct tombstones *dead, uint64_t from,
                           uint64_t to) STORE_NOTHROW;
/* Writes and fsyncs a new file. NOMEM, IO, DISK_FULL. */
enum shukach_status tombstones_write(const struct tombstones *dead,
                                     const char *path,
                                     struct shukach_error *err) STORE_NOTHROW;
/* Those of a generation of so many documents. NOT_FOUND, CORRUPT, IO. */
enum shukach_status tombstones_read(const char *path, uint64_t documents,
                                    struct tombstones *out,
                                    struct shukach_error *err) STORE_NOTHROW;

/* ---- signature.c: token signatures ------------------------------------ */

/* One token of a document: a word in one of its readings. Decoded tokens
 * hold the short hashes that a signature keeps; see signature_of. */
struct signature_token {
    uint16_t stem;
    uint8_t form;
    bool title;
    uint32_t position;
};

/* Words between the title's last and the text's first. */
#define SIGNATURE_GAP 100u

/* The hashes of a stem, Russian ones apart, and of an exact form; whole,
 * and as a signature keeps them. */
uint64_t signature_stem(const char *stem, size_t length, bool russian);
uint16_t signature_short(uint64_t stem);
struct signature_token signature_of(const char *stem, size_t stem_length,
                                    bool russian, const char *form,
                                    size_t form_length);

/* Adds a token; positions must not fall, nor skip except from title to
 * text. `previous` is the token before it or NULL. 3 bytes a token. */
void signature_add(struct buf *out, const struct signature_token *token,
                   const struct signature_token *previous);

/* A bit for each short hash of a stem. */
#define SIGNATURE_BITS ((UINT16_MAX + 1) / 64)

/* Entries that have codes. */
struct signature_codes {
    const unsigned char *entries; /* in the order of their stems */
    size_t count;                 /* 0: there are no codes */
};

/* A signature as it is stored. */
struct signature {
    const unsigned char *data;
    size_t length;
    struct signature_codes codes;
    uint64_t stems; /* of the document, which is its length in postings */
};

/* Which stems a reader of signatures wants; the arena outlives it. */
struct signature_filter {
    struct arena *arena;
    struct signature_asked *asked; /* the codes of these stems, by segment */
    uint64_t stems[SIGNATURE_BITS];
};

/* Asks for a stem, given its whole hash; before anything is decoded. */
void signature_ask(struct signature_filter *filter, uint64_t stem);

/* The tokens whose stems are asked for, all of them if `filter` is NULL, in
 * the arena. CORRUPT. */
enum shukach_status signature_decode(const struct signature *signature,
                                     struct signature_filter *filter,
                                     struct arena *arena,
                                     struct signature_token **out,
                                     size_t *count, struct shukach_error *err);

/* ---- signature_codes.c: short codes for what is frequent ---------------- */

/* How many codes there are at most. */
#define SIGNATURE_CODES 65535

struct signature_coder;

/* Learns the frequent entries of signatures, one behind another. NOMEM. */
enum shukach_status signature_coder_new(const struct buf *signatures,
                                        struct signature_coder **out,
                                        struct shukach_error *err);
struct signature_codes
signature_coder_codes(const struct signature_coder *coder);
/* Adds a signature as it is stored; NULL adds it as it is. `rare` is working
 * memory. */
void signature_encode(const struct signature_coder *coder,
                      const char *signature, size_t length, struct buf *rare,
                      struct buf *out);
void signature_coder_free(struct signature_coder *coder);

/* ---- records_writer.c: signatures and stored documents, written --------- */

/* The side file of a segment: for each document its signatures and its
 * fields, compressed. */
struct records_writer;

/* The first documents, of at least `samples` bytes together, are what the
 * compression learns from; if there are fewer bytes it learns nothing. */
enum shukach_status records_create(const char *path, size_t samples,
                                   struct records_writer **out,
                                   struct shukach_error *err);
/* `stems` is the length of the document in postings; `fields`:
 * SHUKACH_FIELDS texts with their lengths; `packed` what records_pack made of
 * the document, or NULL. */
enum shukach_status records_add(struct records_writer *writer, uint64_t stems,
                                const struct buf *signature,
                                const char *const *fields,
                                const size_t *lengths, const struct buf *packed,
                                struct shukach_error *err);
/* Makes records beside the writer, each of the threads with its own. */
struct record_packer;
enum shukach_status record_packer_new(struct record_packer **out,
                                      struct shukach_error *err);
void record_packer_free(struct record_packer *packer);
/* The record of a document, while another thread writes; empty where the writer
 * has not learned yet, and must make it itself. NOMEM, LIMIT. */
enum shukach_status
records_pack(const struct records_writer *writer, struct record_packer *packer,
             const struct buf *signature, const char *const *fields,
             const size_t *lengths, struct buf *out, struct shukach_error *err);
enum shukach_status records_finish(struct records_writer *writer,
                                   struct shukach_error *err);
void records_close(struct records_writer *writer);

/* ---- records.c: the same, read ------------------------------------------ */

struct records;

/* NOT_FOUND, CORRUPT, IO. */
enum shukach_status records_open(const char *path, struct records **out,
                                 struct shukach_error *err);
/* The records of another file follow those that are there. NOT_FOUND,
 * CORRUPT, IO: nothing changes. */
enum shukach_status records_append(struct records *records, const char *path,
                                   struct shukach_error *err);
uint64_t records_count(const struct records *records);
/* The signature of document `index` (from 0), lent. CORRUPT. */
enum shukach_status records_signature(const struct records *records,
                                      uint64_t index, struct signature *out,
                                      struct shukach_error *err);
/* Lengths in stems of `count` documents from `first` on. */
struct record_lengths {
    uint64_t first;
    uint32_t count;
    const unsigned char *data; /* 4 bytes each, little-endian */
};

/* The lengths of document `index` and those around it, lent. CORRUPT. */
enum shukach_status records_lengths(const struct records *records,
                                    uint64_t index, struct record_lengths *out,
                                    struct shukach_error *err) STORE_NOTHROW;

/* One of them. */
static inline uint32_t record_length(const struct record_lengths *lengths,
                                     uint64_t index)
{
    const unsigned char *at = lengths->data + 4 * (index - lengths->first);
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

/* Tells the processor that this signature will be read soon. */
void records_expect(const struct records *records, uint64_t index);
/* The fields, in the arena, NUL-terminated. CORRUPT. */
enum shukach_status records_fields(struct records *records, uint64_t index,
                                   struct arena *arena,
                                   const char *fields[SHUKACH_FIELDS],
                                   size_t lengths[SHUKACH_FIELDS],
                                   struct shukach_error *err);
void records_free(struct records *records);

/* ---- pairs.c: which stems stand next to each other ----------------------- */

/* The side file of a segment: for each document a Bloom filter of the pairs of
 * stems that its signature has at one position and the next. */
struct pairs_writer;

enum shukach_status pairs_create(const char *path, struct pairs_writer **out,
                                 struct shukach_error *err);
/* The next document. NOMEM, IO, DISK_FULL, LIMIT. */
enum shukach_status pairs_add(struct pairs_writer *writer,
                              const struct buf *signature,
                              struct shukach_error *err);
/* Writes the table and fsyncs. */
enum shukach_status pairs_finish(struct pairs_writer *writer,
                                 struct shukach_error *err);
void pairs_close(struct pairs_writer *writer);

struct pairs;

/* The documents of a file follow those that are there; makes `*pairs` where it
 * is NULL. NOT_FOUND, CORRUPT, IO. */
enum shukach_status pairs_append(struct pairs **pairs, const char *path,
                                 struct shukach_error *err);
uint64_t pairs_count(const struct pairs *pairs);
/* What to ask for: two stems by their short hashes. */
uint64_t pairs_key(uint16_t first, uint16_t second);
/* Whether document `index` (from 0) has some of these pairs. It may be said to
 * have what it has not, never the reverse. CORRUPT. */
enum shukach_status pairs_have(const struct pairs *pairs, uint64_t index,
                               const uint64_t *keys, size_t count, bool *out,
                               struct shukach_error *err);
/* Tells the processor that this will be asked soon. */
void pairs_expect(const struct pairs *pairs, uint64_t index,
                  const uint64_t *keys, size_t count);
void pairs_free(struct pairs *pairs);

/* ---- forms_writer.c: the list of word forms, made ----------------------- */

/* How a form is written. The list keeps the commonest for each. */
enum form_casing {
    FORM_SMALL,    /* розмова */
    FORM_CAPITAL,  /* Раїсі */
    FORM_CAPITALS, /* НАТО */
    FORM_PARTS, /* each part of a compound: Івано-Франківськ */
};

/* Longer forms are left out. */
#define FORM_BYTES 64

struct forms_writer;

/* Makes PATH, and PATH-0 and so on until it is finished. At `counted_max`
 * forms memory is emptied; 0 for the default. */
enum shukach_status forms_create(const char *path, size_t counted_max,
                                 struct forms_writer **out,
                                 struct shukach_error *err);
/* An exact form of the document at work; one that is empty or too long is
 * left out. Failure is sticky. No form holds NUL. */
void forms_add(struct forms_writer *writer, const char *text, size_t length,
               enum form_casing casing);
/* NOMEM, IO, DISK_FULL. */
enum shukach_status forms_end_document(struct forms_writer *writer,
                                       struct shukach_error *err);
/* Writes the list and fsyncs. NOMEM, IO, DISK_FULL. */
enum shukach_status forms_finish(struct forms_writer *writer,
                                 struct shukach_error *err);
void forms_close(struct forms_writer *writer);

/* ---- forms.c: the list of word forms, read ------------------------------ */

/* All exact forms of an index in the order of their bytes: the lists of its
 * segments as one. */
struct forms;

struct form {
    char text[FORM_BYTES + 1]; /* UTF-8, NUL-terminated */
    size_t length;
    uint32_t frequency; /* documents that hold it */
    enum form_casing casing;
};

/* `form` is lent for the call; `distance` is that of forms_fuzzy, else 0.
 * Non-zero stops. */
typedef int (*forms_sink)(const struct form *form, unsigned distance,
                          void *payload);

/* NOT_FOUND, CORRUPT, IO. */
enum shukach_status forms_open(const char *path, struct forms **out,
                               struct shukach_error *err);
/* Adds another list: a form of both is one, in as many documents as they
 * say together. NOT_FOUND, CORRUPT, IO: nothing changes. */
enum shukach_status forms_append(struct forms *forms, const char *path,
                                 struct shukach_error *err);
/* How many there are at most: those of each list. */
uint64_t forms_count(const struct forms *forms);
/* Frequency 0 and length 0 if it is not there. CORRUPT. */
enum shukach_status forms_find(const struct forms *forms, const char *text,
                               size_t length, struct form *out,
                               struct shukach_error *err);
/* Every form that begins so, in order. CORRUPT, CANCELLED. */
enum shukach_status forms_each(const struct forms *forms, const char *prefix,
                               size_t length, forms_sink sink, void *payload,
                               struct shukach_error *err);
/* The `most` most frequent of them, in the arena, most frequent first;
 * `*all` is how many begin so. CORRUPT. */
enum shukach_status forms_top(const struct forms *forms, const char *prefix,
                              size_t length, size_t most, struct arena *arena,
                              struct form **out, size_t *count, uint64_t *all,
                              struct shukach_error *err);
void forms_free(struct forms *forms);

/* ---- fuzzy.c: forms like a word ----------------------------------------- */

#define FORMS_EDITS 3

/* Every form at most `most` (FORMS_EDITS) letters away, with its distance:
 * letters put in, left out, replaced, or two neighbours exchanged. Goes
 * through the whole list. CORRUPT, CANCELLED. */
enum shukach_status forms_fuzzy(const struct forms *forms, const char *text,
                                size_t length, unsigned most, forms_sink sink,
                                void *payload, struct shukach_error *err);

/* ---- segment.c: one immutable segment ---------------------------------- */

struct store_document {
    const struct store_term *terms;
    size_t term_count;
    const struct store_value *values;
    size_t value_count;
    const struct buf *signature;
    const char *const *fields; /* SHUKACH_FIELDS of them */
    const size_t *lengths;
    const struct buf *packed; /* by segment_pack; NULL: not yet */
};

/* Writes a segment into a directory of its own. */
struct segment_writer;

struct segment_limits {
    size_t postings; /* bytes in memory before they go to a file */
    size_t samples;  /* bytes of documents to learn from */
    size_t forms;    /* counted before they go to a file; 0: default */
    bool apart;      /* a thread of its own finishes the postings */
};
extern const struct segment_limits segment_defaults;

/* `dir` may be missing. IO, DISK_FULL. */
enum shukach_status segment_create(const char *dir,
                                   const struct segment_limits *limits,
                                   struct segment_writer **out,
                                   struct shukach_error *err);
/* records_pack for the records of the segment. */
enum shukach_status
segment_pack(const struct segment_writer *writer, struct record_packer *packer,
             const struct buf *signature, const char *const *fields,
             const size_t *lengths, struct buf *out, struct shukach_error *err);
/* Counts a word form of the document that is added next; its bytes may come
 * again. Failure is told by segment_add. */
void segment_form(struct segment_writer *writer, const char *form,
                  size_t length, enum form_casing casing);
/* After a failure the writer can only be closed. IO, DISK_FULL, LIMIT. */
enum shukach_status segment_add(struct segment_writer *writer,
                                const struct store_document *document,
                                struct shukach_error *err);
/* Told of each word form of a finished segment, to give its keys as a name
 * to segment_name. */
typedef void (*segment_on_form)(struct segment_writer *writer,
                                const struct form *form, void *payload);
/* Lists a form under a key, which has no space. What is too long together is
 * left out. Failure is told by segment_finish. */
void segment_name(struct segment_writer *writer, const char *key,
                  const struct form *form);
/* `names` may be NULL. */
enum shukach_status segment_finish(struct segment_writer *writer,
                                   segment_on_form names, void *payload,
                                   struct shukach_error *err);
void segment_close(struct segment_writer *writer);

/* The files of a finished segment. */
#define SEGMENT_PREFIX "segment-"
#define SEGMENT_POSTINGS "postings"
#define SEGMENT_RECORDS "records"
#define SEGMENT_PAIRS "pairs"
#define SEGMENT_FORMS "forms"
#define SEGMENT_NAMES "names"
#define SEGMENT_FILES 5
extern const char *const segment_files[SEGMENT_FILES];

/* ---- manifest.c: what a generation consists of ------------------------- */

/* Facts (name and value) and files (name, size, checksum). */
struct manifest;

enum shukach_status manifest_new(struct manifest **out,
                                 struct shukach_error *err);
/* Sets a fact, instead of the value it had. INVALID (a name with a space, a
 * value of several lines). */
enum shukach_status manifest_set(struct manifest *manifest, const char *name,
                                 const char *value, struct shukach_error *err);
/* "" for a fact that is not there. */
const char *manifest_fact(const struct manifest *manifest, const char *name);
/* Measures and adds DIR/NAME, a name without spaces. NOT_FOUND, IO. */
enum shukach_status manifest_add_file(struct manifest *manifest,
                                      const char *dir, const char *name,
                                      struct shukach_error *err);
/* The same of a file that another manifest names, without reading it.
 * CORRUPT (it does not). */
enum shukach_status manifest_copy_file(struct manifest *manifest,
                                       const struct manifest *from,
                                       const char *name,
                                       struct shukach_error *err);
/* Compares the sum of a file, counted from 0, with DIR/NAME. NOT_FOUND,
 * CORRUPT, IO. */
enum shukach_status manifest_check_file(const struct manifest *manifest,
                                        const char *dir, size_t i,
                                        struct shukach_error *err);
/* Writes DIR/manifest. */
enum shukach_status manifest_write(const struct manifest *manifest,
                                   const char *dir, struct shukach_error *err);
/* Reads DIR/manifest and checks its own sum and the sizes of the files.
 * NOT_FOUND, CORRUPT, VERSION. */
enum shukach_status manifest_read(const char *dir, struct manifest **out,
                                  struct shukach_error *err);
/* Bytes of all files. */
uint64_t manifest_bytes(const struct manifest *manifest);
/* The names of the files, in the order added; NULL past the last. */
const char *manifest_file(const struct manifest *manifest, size_t i);
uint64_t manifest_file_bytes(const struct manifest *manifest, size_t i);
void manifest_free(struct manifest *manifest);

/* ---- open.c: index directories, read --------------------------------------
 */

struct store_segment {
    char *name;     /* "segment-3" */
    char *path;     /* DIR/gen-3/segment-3 */
    uint64_t first; /* documents in the segments before */
    uint64_t count;
    uint64_t dead; /* how many of them are deleted */
};

/* What a file is told by. */
struct store_identity {
    uint64_t device;
    uint64_t inode;
    struct timespec modified;
};

struct store_generation {
    char *dir;
    char *name; /* "gen-3" */
    char *path; /* DIR/gen-3 */
    struct manifest *manifest;
    struct store_identity identity; /* of the manifest */
    uint64_t first;                 /* documents in the generations before */
    uint64_t count;                 /* of documents, deleted ones too */
    size_t segments;                /* how many it has */
};

/* Generations, one of each index, open for reading: the segments of all as
 * one. Documents are numbered through, deleted ones too; searches do not find
 * those. */
struct store_reader {
    struct store_generation *generations;
    size_t generation_count;
    struct store_postings *postings;
    struct records *records;
    struct pairs *pairs;
    struct forms *forms;
    struct forms *names; /* KEY, space, FORM */
    struct store_segment *segments;
    size_t segment_count;
    size_t segment_capacity;
    struct tombstones dead;
};

/* The current generation. NOT_FOUND, CORRUPT, VERSION, LIMIT, IO. */
enum shukach_status store_reader_open(const char *dir,
                                      struct store_reader **out,
                                      struct shukach_error *err);
/* Those of several directories, at least one. Also INVALID (one is a copy of
 * another). */
enum shukach_status store_reader_open_several(const char *const *dirs,
                                              size_t count,
                                              struct store_reader **out,
                                              struct shukach_error *err);
/* Whether all of them are still current. NOT_FOUND, CORRUPT, IO. */
enum shukach_status store_reader_is_current(const struct store_reader *reader,
                                            bool *current,
                                            struct shukach_error *err);
/* Which one a document, counted from 0, is of. */
size_t store_reader_generation(const struct store_reader *reader,
                               uint64_t index);
void store_reader_close(struct store_reader *reader);

/* ---- generation.c: the index directory, written -------------------------- */

/* A generation being made; holds the writer's lock of the index. */
struct generation;

/* Files of a generation that not every one has. */
#define GENERATION_DEAD "dead"
#define GENERATION_SOURCES "sources"

/* LOCKED, IO, DISK_FULL, CORRUPT (`dir` holds something else). */
enum shukach_status generation_begin(const char *dir, struct generation **out,
                                     struct shukach_error *err);
/* The generation that is current, whose segments it may share; NULL if there
 * is none. CORRUPT, VERSION, IO. */
enum shukach_status generation_base(const struct generation *generation,
                                    struct store_reader **out,
                                    struct shukach_error *err);
/* Where its other files belong. */
const char *generation_path(const struct generation *generation);
/* Where to write its segment, and the one that takes the place of that; the
 * directories do not exist yet. */
const char *generation_segment(const struct generation *generation);
const char *generation_merged(const struct generation *generation);
enum shukach_status generation_use_merged(struct generation *generation,
                                          struct shukach_error *err);
/* Takes a segment of an older generation over: the files by a link, their
 * sums from its manifest. IO, DISK_FULL, CORRUPT. */
enum shukach_status generation_share(struct generation *generation,
                                     struct manifest *manifest,
                                     const struct store_reader *base,
                                     const char *segment,
                                     struct shukach_error *err);
/* How many generations stay after publishing, the new one among them; at
 * least and by default 1. */
void generation_set_keep(struct generation *generation, unsigned keep);
/* Told where an older generation cannot be removed; NULL: nobody. */
void generation_set_on_message(struct generation *generation,
                               shukach_on_message callback, void *payload);
/* Checks what was written, makes it current and removes older ones. The
 * manifest holds the facts and the shared files; its own are added here.
 * IO, DISK_FULL. */
enum shukach_status generation_publish(struct generation *generation,
                                       struct manifest *manifest,
                                       struct shukach_error *err);
/* Releases the lock; removes what was not published. */
void generation_end(struct generation *generation);

/* Makes the generation before the current one current. INVALID (none is
 * kept), LOCKED, NOT_FOUND, CORRUPT, VERSION, IO. */
enum shukach_status store_rollback(const char *dir, struct shukach_error *err);

/* ---- check.c: is it sound? ----------------------------------------------- */

/* Tells of one fault. Non-zero stops. */
typedef int (*store_on_fault)(const char *path, const char *what,
                              void *payload);

/* Reads all of the current generation: every sum, every structure, every
 * record and form. `*faults` is how many were told of. NOT_FOUND, IO,
 * VERSION, CORRUPT (`current` itself), CANCELLED. */
enum shukach_status store_check(const char *dir, store_on_fault sink,
                                void *payload, uint64_t *faults,
                                struct shukach_error *err);
/* Compares the sums of the postings only, which reading does not, if they are
 * of at most so many bytes. `*done` says whether it did. OK also if a writer
 * has removed them meanwhile. CORRUPT, IO. */
enum shukach_status store_check_postings(const struct store_reader *reader,
                                         uint64_t most, bool *done,
                                         struct shukach_error *err);

#endif
