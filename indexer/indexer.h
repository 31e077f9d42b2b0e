/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents to an index. The indexer itself is public (shukach_indexer_*);
 * this is what its files share. Grouped by implementing file. */
#ifndef INDEXER_H
#define INDEXER_H

#include "analyser.h"
#include "base.h"
#include "store.h"

/* ---- terms.c: the distinct terms of one document ----------------------- */

struct terms {
    struct arena *arena; /* where the texts of terms live */
    struct store_term *items;
    size_t count;
    size_t capacity;
    uint32_t *table; /* index + 1 into items, 0 for empty */
    size_t table_size;
    bool failed; /* out of memory */
};

/* Forgets the terms of the document before; its arena is given anew. */
void terms_begin(struct terms *terms, struct arena *arena);
/* Adds `count` occurrences of prefix + text. 0 makes a filter. */
void terms_add(struct terms *terms, const char *prefix, const char *text,
               size_t length, uint32_t count);
void terms_free(struct terms *terms);

/* ---- casing.c: how a word is written ----------------------------------- */

/* By its small and capital letters, of which Cyrillic and ASCII are known;
 * another script has none. */
enum form_casing casing_of(const char *text, size_t length);

/* ---- ids.c: which ids were seen ---------------------------------------- */

/* A set of 128-bit hashes of ids: 32 bytes a document at most. */
struct ids {
    struct hash128 *table;
    size_t size;
    size_t count;
};

/* Adds an id; `*fresh` is false if it was there. NOMEM. */
enum shukach_status ids_add(struct ids *ids, const char *id, size_t length,
                            bool *fresh, struct shukach_error *err);
void ids_free(struct ids *ids);

/* ---- sources.c: where documents come from ------------------------------ */

/* A file that documents were read from. */
struct source {
    const char *path;
    bool known; /* whether it can be told that it did not change: */
    uint64_t size;
    int64_t modified; /* nanoseconds since 1970 */
    struct hash128 sum;
    uint64_t documents; /* that it gave */
    bool seen;          /* in this run */
    bool whole;         /* read in this run, and nothing of it was skipped */
    bool used;          /* by a document of the new generation */
};

/* Numbers of sources begin at 1; 0 is none. */
struct sources {
    struct arena arena;
    struct source *items;
    size_t count;
    size_t capacity;
    uint32_t *table; /* numbers by the hash of the path */
    size_t table_size;
    uint32_t *links; /* the source of each document of the old generation */
    uint64_t link_count;
    uint32_t *lists;  /* these documents by their sources, and */
    uint64_t *begins; /* where those of each source begin */
    size_t listed;    /* sources that were there before */
};

/* The number of a path, which is added if it is new. NOMEM. */
enum shukach_status sources_number(struct sources *sources, const char *path,
                                   uint32_t *out, struct shukach_error *err);
/* Reads a file that sources_write wrote for so many documents. NOT_FOUND,
 * CORRUPT, IO, NOMEM. */
enum shukach_status sources_read(struct sources *sources, const char *path,
                                 uint64_t documents, struct shukach_error *err);
/* The documents, counted from 0, that the old generation has of a source. */
const uint32_t *sources_documents(const struct sources *sources,
                                  uint32_t number, uint64_t *count);
/* Writes a new file: the sources that were seen in this run or that a link
 * names, and the links, a document each. NOMEM, IO, DISK_FULL. */
enum shukach_status sources_write(struct sources *sources, const char *path,
                                  const uint32_t *links, uint64_t count,
                                  struct shukach_error *err);
void sources_free(struct sources *sources);

/* ---- draft.c: a document on its way into the segment -------------------- */

/* At most so many values of a document. */
#define DRAFT_VALUES 4

struct draft {
    struct buf copy; /* the fields, which are: */
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];

    /* What the analyser made of them. */
    struct arena arena;
    struct terms terms;
    struct buf signature;
    struct buf forms; /* length, casing and bytes of each */
    uint64_t tokens;
    struct buf record; /* as it is stored, if it was packed */

    /* While it is at work. */
    struct signature_token last;
    bool any; /* `last` is set */
    bool title;
    const char *text;       /* of the field */
    uint32_t base_position; /* of the field's first word */
};

enum shukach_status draft_new(struct draft **out, struct shukach_error *err);
/* Copies the fields of a document; `lang` is not absent. NOMEM. */
enum shukach_status draft_set(struct draft *draft, const char *const *fields,
                              const size_t *lengths, struct shukach_error *err);
/* LIMIT, NOMEM. */
enum shukach_status draft_analyse(struct draft *draft,
                                  struct analyser *analyser,
                                  struct shukach_error *err);
/* Makes of it what is stored, which else draft_write does. LIMIT, NOMEM. */
enum shukach_status draft_pack(struct draft *draft,
                               const struct segment_writer *segment,
                               struct record_packer *packer,
                               struct shukach_error *err);
/* IO, DISK_FULL, LIMIT, NOMEM. */
enum shukach_status draft_write(const struct draft *draft,
                                struct segment_writer *segment,
                                struct shukach_error *err);
void draft_free(struct draft *draft);

/* ---- crew.c: drafts, analysed side by side and written in order ---------- */

struct crew;

/* With `jobs` over 1, so many threads analyse and one writes; until
 * crew_finish the segment is theirs. NOMEM, INTERNAL (no thread). */
enum shukach_status crew_new(struct segment_writer *segment, unsigned jobs,
                             struct crew **out, struct shukach_error *err);
/* Copies the document. A failure of a thread is told by a later call. */
enum shukach_status crew_add(struct crew *crew, const char *const *fields,
                             const size_t *lengths, struct shukach_error *err);
/* Waits until all is written; `*tokens` is how many words that were. */
enum shukach_status crew_finish(struct crew *crew, uint64_t *tokens,
                                struct shukach_error *err);
void crew_free(struct crew *crew);

/* ---- indexer.c --------------------------------------------------------- */

#define INDEXER_LANGUAGES 4

struct shukach_indexer {
    struct generation *generation;
    unsigned jobs;
    struct segment_writer *segment; /* NULL until there is a document */
    struct crew *crew;              /* that fills it */
    struct ids ids;                 /* of the documents of this run */
    uint64_t written;               /* documents in the segment */
    uint64_t tokens;                /* words in the segment */
    uint64_t by_language[INDEXER_LANGUAGES];
    uint64_t tally[SHUKACH_TALLIES];
    shukach_on_progress on_progress;
    void *progress_payload;
    shukach_on_message on_message;
    void *message_payload;
    bool broken; /* a failure that cannot be gone on after */

    /* An update: the generation before, and what became of its documents. */
    struct store_reader *base; /* NULL: there is none */
    struct tombstones dead;
    struct tombstones offered; /* that were met in this run */
    bool merge_all;

    struct sources sources;
    uint32_t source;    /* the one at work, 0 for none */
    bool source_broken; /* something of it was skipped */
    uint64_t source_documents;
    uint32_t *links; /* the source of each document written */
    size_t link_capacity;
    struct arena arena; /* for a document of the generation before */
};

/* ---- update.c ---------------------------------------------------------- */

/* What is to be done with a document of this id. */
enum update_case {
    UPDATE_NEW,
    UPDATE_SAME,    /* it stands there as it is */
    UPDATE_REPLACE, /* another of the id is deleted now */
    UPDATE_AGAIN,   /* the id was met in this run */
};

/* Compares a document with the generation before. CORRUPT, IO. */
enum shukach_status update_compare(struct shukach_indexer *indexer,
                                   const char *const *fields,
                                   const size_t *lengths, enum update_case *out,
                                   struct shukach_error *err);
/* Ends the source at work. NOMEM. */
void update_end_source(struct shukach_indexer *indexer);
/* Which of the languages counted it is. */
size_t language_index(const char *language);
extern const char *const language_names[INDEXER_LANGUAGES];

/* ---- publish.c --------------------------------------------------------- */

/* Makes the segment, and who fills it, if there is none. */
enum shukach_status segment_begin(struct shukach_indexer *indexer,
                                  struct shukach_error *err);

#endif
