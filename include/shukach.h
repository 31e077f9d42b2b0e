/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shukach: full-text search of Ukrainian text. Over 600 lines because the
 * library has one header.
 *
 * Rules that hold for the whole header:
 * - Text is a pointer and a length in bytes, in UTF-8; a result of type
 *   `const char *` is NUL-terminated as well. Offsets are bytes.
 * - A function whose name ends in _new, _open, _parse or _search makes a
 *   handle that the caller owns and ends with the noun's _free or _close;
 *   both accept NULL. All other pointers are lent by the handle they come
 *   from and live as long as the handle, or until it is changed.
 * - What can fail returns a status and fills `err`, which may be NULL.
 *   Every such function may return SHUKACH_NOMEM, SHUKACH_INVALID (an
 *   argument breaks the stated contract) and SHUKACH_INTERNAL (a bug of
 *   shukach); the others are named at the declaration.
 * - A callback ends in the payload given with it. Returning non-zero stops
 *   the work: the function that runs it returns SHUKACH_CANCELLED.
 * - One handle, one thread at a time; different handles are independent.
 *   The library never prints, exits, changes the locale or signals.
 */
#ifndef SHUKACH_H
#define SHUKACH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SHUKACH_API __attribute__((visibility("default")))
#define SHUKACH_CHECK __attribute__((warn_unused_result))
#else
#define SHUKACH_API
#define SHUKACH_CHECK
#endif

/* ---- Status and error ------------------------------------------------ */

/* The values are part of the ABI and never change. */
enum shukach_status {
    SHUKACH_OK = 0,
    SHUKACH_INVALID = 1,    /* an argument breaks the contract */
    SHUKACH_QUERY = 2,      /* malformed query; `offset` says where */
    SHUKACH_NOT_FOUND = 3,  /* no such file, index or document */
    SHUKACH_LOCKED = 4,     /* another writer holds the index */
    SHUKACH_CORRUPT = 5,    /* the index is damaged, or not an index */
    SHUKACH_VERSION = 6,    /* the index was made by another version */
    SHUKACH_NOMEM = 7,      /* out of memory */
    SHUKACH_IO = 8,         /* reading or writing failed */
    SHUKACH_DISK_FULL = 9,  /* no space left, or over the quota */
    SHUKACH_LIMIT = 10,     /* the input is over a documented limit */
    SHUKACH_CANCELLED = 11, /* a callback asked to stop */
    SHUKACH_DUPLICATE = 12, /* a document of this id is already there */
    SHUKACH_ENCODING = 13,  /* text is not valid UTF-8; `offset` is the byte */
    SHUKACH_INTERNAL = 99   /* a bug in shukach or in a library below it */
};

#define SHUKACH_NO_OFFSET UINT64_MAX

/* Owned by the caller, frozen in size. Filled by a failing call only. */
struct shukach_error {
    int32_t status;    /* enum shukach_status */
    uint32_t reserved; /* 0 */
    uint64_t offset;   /* byte in the text at fault, or SHUKACH_NO_OFFSET */
    char message[496]; /* what failed, on what, what to do; UTF-8 */
};

/* "1.0.0". */
SHUKACH_API const char *shukach_version(void);

/* Called now and then by what may take long, with how much of it is done:
 * `done` of `total` documents, 0 where the total is not known. */
typedef int (*shukach_on_progress)(uint64_t done, uint64_t total,
                                   void *payload);

/* ---- Document -------------------------------------------------------- */

/* The values are part of the ABI and of the stored record. */
enum shukach_field {
    SHUKACH_ID = 0,     /* unique name; required */
    SHUKACH_TEXT = 1,   /* body; required */
    SHUKACH_TITLE = 2,  /* headline */
    SHUKACH_DATE = 3,   /* ISO 8601: 2024, 2024-03, 2024-03-19, with time */
    SHUKACH_SOURCE = 4, /* who published it */
    SHUKACH_URL = 5,    /* where it was published */
    SHUKACH_AUTHOR = 6, /* who wrote it */
    SHUKACH_LANG = 7,   /* ISO 639-1 code; found from the letters if absent */
    SHUKACH_FIELDS = 8  /* how many there are */
};

struct shukach_document;

/* An empty document. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_document_new(struct shukach_document **out, struct shukach_error *err);

/* Copies the text in; length 0 removes the field. SHUKACH_ENCODING. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_document_set(struct shukach_document *document,
                     enum shukach_field field, const char *text, size_t length,
                     struct shukach_error *err);

/* The field's text, "" where it is absent. `length` may be NULL. */
SHUKACH_API const char *
shukach_document_get(const struct shukach_document *document,
                     enum shukach_field field, size_t *length);

/* The file a reader took it from, "" if none, and its line there, counted
 * from 1, where it begins in a file of several; 0 otherwise. */
SHUKACH_API const char *
shukach_document_origin(const struct shukach_document *document, size_t *line);

SHUKACH_API void shukach_document_free(struct shukach_document *document);

/* ---- Reader: files to documents -------------------------------------- */

/* Why an input was not taken; the values are part of the ABI. */
enum shukach_reason {
    SHUKACH_SKIP_UNREADABLE = 1,  /* cannot be opened or read */
    SHUKACH_SKIP_EMPTY = 2,       /* holds no text */
    SHUKACH_SKIP_BINARY = 3,      /* is not text */
    SHUKACH_SKIP_TOO_LARGE = 4,   /* over the limit of bytes */
    SHUKACH_SKIP_ENCODING = 5,    /* neither UTF-8 nor a known encoding */
    SHUKACH_SKIP_JSON = 6,        /* the line is not a JSON object */
    SHUKACH_SKIP_FIELD = 7,       /* a field is missing or not a string */
    SHUKACH_SKIP_DUPLICATE = 8,   /* the id was seen in this run */
    SHUKACH_SKIP_MARKUP = 9,      /* HTML or XML that cannot be parsed */
    SHUKACH_SKIP_COMPRESSED = 10, /* damaged gzip or zstd data */
    SHUKACH_SKIP_SPECIAL = 11,    /* a device, pipe, socket or link loop */
    /* The next three are for programs that run a reader in a process of its
     * own, as shukach does; the library does not give them. */
    SHUKACH_SKIP_CRASHED = 12, /* the reader's process ended at it */
    SHUKACH_SKIP_TIME = 13,    /* the reader made no progress with it */
    SHUKACH_SKIP_MEMORY = 14,  /* the reader ran out of memory at it */
    SHUKACH_SKIP_UNKNOWN = 15, /* to be deleted, but not there */
    SHUKACH_NOTE_RECODED = 64, /* read, not skipped: it was not UTF-8 */
    SHUKACH_NOTE_UNDATED = 65  /* read, but its date is none */
};

struct shukach_reader;

/* `document` is lent for the call. */
typedef int (*shukach_on_document)(const struct shukach_document *document,
                                   void *payload);

/* One input that was skipped (or one note). `name` is the path; `line` is
 * counted from 1, or 0 for the whole file; `detail` is a sentence. */
typedef int (*shukach_on_notice)(enum shukach_reason reason, const char *name,
                                 size_t line, const char *detail,
                                 void *payload);

/* What is about to be read: a directory or a file (`line` is 0), then each
 * line of JSON Lines that is not blank, counted from 1. */
typedef int (*shukach_on_input)(const char *name, size_t line, void *payload);

SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_reader_new(struct shukach_reader **out, struct shukach_error *err);

/* The largest input taken, in bytes after decompression: a whole file, or
 * a line of JSON Lines. 0 restores the default of 64 MiB. */
SHUKACH_API void shukach_reader_set_max_bytes(struct shukach_reader *reader,
                                              size_t bytes);

SHUKACH_API void shukach_reader_set_on_document(struct shukach_reader *reader,
                                                shukach_on_document callback,
                                                void *payload);

SHUKACH_API void shukach_reader_set_on_notice(struct shukach_reader *reader,
                                              shukach_on_notice callback,
                                              void *payload);

SHUKACH_API void shukach_reader_set_on_input(struct shukach_reader *reader,
                                             shukach_on_input callback,
                                             void *payload);

/* The next shukach_reader_read passes over what it would come to before this
 * path, and over the path itself with all below it, so that a walk that was
 * broken off can go on. The path is as on_input named it, and is copied;
 * NULL: nothing is passed over. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_reader_set_after(struct shukach_reader *reader, const char *path,
                         struct shukach_error *err);

/* A file that is about to be read. 0: go on, 1: pass it over; anything else
 * stops the work. */
typedef int (*shukach_on_file)(const char *path, void *payload);

SHUKACH_API void shukach_reader_set_on_file(struct shukach_reader *reader,
                                            shukach_on_file callback,
                                            void *payload);

/* Reads a file, every file of a directory in the order of their names, or
 * standard input for "-". Formats are told by content, then by name: UTF-8
 * text, HTML, JSON Lines, RSS and Atom, each plain, gzip or zstd. What is
 * bad inside is a notice; SHUKACH_NOT_FOUND if `path` does not exist,
 * SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_reader_read(struct shukach_reader *reader, const char *path,
                    struct shukach_error *err);

/* How many bytes of files were read so far, before decompression. */
SHUKACH_API uint64_t shukach_reader_bytes(const struct shukach_reader *reader);

SHUKACH_API void shukach_reader_free(struct shukach_reader *reader);

/* ---- Indexer: documents to an index ---------------------------------- */

struct shukach_indexer;

/* Begins a new generation of the index in `dir`, made if missing. The one
 * that readers see stays as it is until shukach_indexer_publish.
 * SHUKACH_LOCKED, SHUKACH_IO, SHUKACH_DISK_FULL, SHUKACH_CORRUPT (`dir`
 * holds something that is not an index). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_open(const char *dir, struct shukach_indexer **out,
                     struct shukach_error *err);

/* Copies what it needs. A date that is not ISO 8601 is kept for display, but
 * the document counts as undated. SHUKACH_INVALID (id or text missing),
 * SHUKACH_DUPLICATE, SHUKACH_LIMIT (id over 1,000 bytes, text over 1 GiB, the
 * other fields over 64 MiB): after these the indexer goes on; after any other
 * it does not. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_add(struct shukach_indexer *indexer,
                    const struct shukach_document *document,
                    struct shukach_error *err);

/* Keeps the documents of the index that is there, if there is one: what is
 * added from now on stands beside them or, if it has the id of one, in its
 * place. To be called before anything is added. SHUKACH_CORRUPT,
 * SHUKACH_VERSION (rebuild it), SHUKACH_IO. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_update(struct shukach_indexer *indexer,
                       struct shukach_error *err);

/* Deletes a document that was there before this run. SHUKACH_NOT_FOUND (no
 * such one): the indexer goes on. SHUKACH_CORRUPT, SHUKACH_IO. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_delete(struct shukach_indexer *indexer, const char *id,
                       size_t length, struct shukach_error *err);

/* Says that what is added from now on comes from this file; NULL: from no
 * file. `*unchanged` is 1 if the file is as it was when its documents were
 * indexed: they stay, and it need not be read. Told by its size and time,
 * or if only the time differs by its content. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_source(struct shukach_indexer *indexer, const char *path,
                       int *unchanged, struct shukach_error *err);

/* Says that something could not be taken, for the tally. If it is of the
 * file at work, or `path` is NULL, that file is not known whole and will be
 * read again by the next run. What shukach_indexer_add refuses counts by
 * itself. */
SHUKACH_API void shukach_indexer_skip(struct shukach_indexer *indexer,
                                      const char *path);

/* Deletes the documents that came from files at or below `path`, if the file
 * is gone, or was read whole in this run and held them no more. To be called
 * after these were read. SHUKACH_NOT_FOUND (none was, so that nothing is
 * deleted: is the disk mounted?), SHUKACH_CORRUPT, SHUKACH_IO. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_prune(struct shukach_indexer *indexer, const char *path,
                      struct shukach_error *err);

/* How many processors to work with, at most 64; default 1. With more, threads
 * of the indexer, which block all signals, analyse documents and write them.
 * Each takes 4 MB. The index is the same. Before the first document. */
SHUKACH_API void shukach_indexer_set_jobs(struct shukach_indexer *indexer,
                                          unsigned jobs);

/* How many generations stay after publishing, the new one among them, for
 * shukach_index_rollback; default 1. */
SHUKACH_API void shukach_indexer_set_keep(struct shukach_indexer *indexer,
                                          unsigned generations);

/* Whether publishing makes one segment of all, whatever that costs; default
 * 0. */
SHUKACH_API void shukach_indexer_set_merge(struct shukach_indexer *indexer,
                                           int all);

/* Called while shukach_indexer_publish writes older documents again: before
 * each and, with `done` equal to `total`, once before the new generation
 * becomes the index. Stopped, the old index stands. NULL: nobody is called,
 * the default. */
SHUKACH_API void
shukach_indexer_set_on_progress(struct shukach_indexer *indexer,
                                shukach_on_progress callback, void *payload);

/* What happened, a sentence for whoever runs the program; lent for the call.
 * What fails is told by a status and not here. */
typedef void (*shukach_on_message)(const char *text, void *payload);

/* Called by shukach_indexer_publish: which segments it merges, what it
 * published, and which older generation it could not remove and why. NULL:
 * nobody is called, the default. */
SHUKACH_API void shukach_indexer_set_on_message(struct shukach_indexer *indexer,
                                                shukach_on_message callback,
                                                void *payload);

/* How many documents were added: indexed and replaced. */
SHUKACH_API uint64_t
shukach_indexer_count(const struct shukach_indexer *indexer);

/* What became of documents; the values are part of the ABI. Offered were
 * those of the first four together. */
enum shukach_tally {
    SHUKACH_TALLY_INDEXED = 0,   /* of an id that was not there */
    SHUKACH_TALLY_REPLACED = 1,  /* of an id that was there */
    SHUKACH_TALLY_UNCHANGED = 2, /* there already, in every field the same */
    SHUKACH_TALLY_SKIPPED = 3,   /* not taken */
    SHUKACH_TALLY_DELETED = 4,   /* by shukach_indexer_delete */
    SHUKACH_TALLY_PRUNED = 5,    /* by shukach_indexer_prune */
    SHUKACH_TALLY_MERGED = 6,    /* written again by publishing */
    SHUKACH_TALLIES = 7          /* how many there are */
};

SHUKACH_API uint64_t shukach_indexer_tally(
    const struct shukach_indexer *indexer, enum shukach_tally what);

/* Makes the new generation the index, atomically and durably, and removes
 * older ones; open handles keep reading them. Nothing can be added
 * afterwards. SHUKACH_IO, SHUKACH_DISK_FULL, SHUKACH_CANCELLED: the old index
 * stands. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_indexer_publish(struct shukach_indexer *indexer,
                        struct shukach_error *err);

/* Ends the handle; what was not published is removed. */
SHUKACH_API void shukach_indexer_close(struct shukach_indexer *indexer);

/* ---- Index ----------------------------------------------------------- */

struct shukach_index;

/* Opens the generation that is current now. SHUKACH_NOT_FOUND,
 * SHUKACH_CORRUPT, SHUKACH_VERSION, SHUKACH_IO, SHUKACH_LIMIT (segments
 * times documents of the largest are over 4,294,967,295). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_open(const char *dir, struct shukach_index **out,
                   struct shukach_error *err);

/* How many indexes can be opened as one. */
#define SHUKACH_INDEXES_MAX 256

/* Opens the current generations of `count` indexes, at least one, as one: all
 * that is said of an index below holds for all of them together, scores and
 * their statistics too. Documents stand in the order of the directories;
 * those of one id in two indexes are two documents. The paths are copied. An
 * index and a copy of it are not opened together, nor one index twice. If one
 * of them cannot be opened, none is, and `message` names it. SHUKACH_INVALID
 * (the number, a copy), and what shukach_index_open may return; of segments
 * all count for the limit. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_open_several(const char *const *dirs, size_t count,
                           struct shukach_index **out,
                           struct shukach_error *err);

/* Moves to the generations that are current now, of all indexes, if another
 * one is; `*changed`, which may be NULL, says whether. Costs next to nothing
 * if none is. Hits stay valid, and tables of variants stay added; what
 * shukach_index_fact has lent is gone. Not to be called in a callback of the
 * index. If it fails, for which see shukach_index_open_several, the handle
 * is what it was. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_refresh(struct shukach_index *index, int *changed,
                      struct shukach_error *err);

/* Called at the beginning of each search, stream and listing of names, and
 * after every 256 documents it comes to, so that it can be stopped; `total`
 * is 0. NULL: nobody is called, the default. shukach_index_refresh keeps
 * it. */
SHUKACH_API void shukach_index_set_on_progress(struct shukach_index *index,
                                               shukach_on_progress callback,
                                               void *payload);

/* How many documents it holds. */
SHUKACH_API uint64_t shukach_index_count(const struct shukach_index *index);

/* A fact of the index as text, "" if unknown: "generation", "documents",
 * "deleted" (documents still in its files), "segments", "tokens", "created"
 * (ISO 8601, UTC), "schema", "analyser", "unicode", "bytes", "lang.uk"
 * (documents in Ukrainian), "lang.ru", "lang.en", "lang.other". Of several
 * indexes numbers are added up, "generation" is all names with a space
 * between, "created" the latest, and any other "" if they differ in it. */
SHUKACH_API const char *shukach_index_fact(const struct shukach_index *index,
                                           const char *name);

/* How many indexes were opened as one; 1 by shukach_index_open. */
SHUKACH_API size_t shukach_index_parts(const struct shukach_index *index);

/* A fact of index `i` of several, counted from 0 in the order in which they
 * were named; also "directory", as it was named. "" beyond the last. */
SHUKACH_API const char *shukach_index_fact_of(const struct shukach_index *index,
                                              size_t i, const char *name);

/* The stored document of this id, owned by the caller; of several indexes
 * that of the first which has one. SHUKACH_NOT_FOUND, SHUKACH_CORRUPT. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_document_open(struct shukach_index *index, const char *id,
                            size_t length, struct shukach_document **out,
                            struct shukach_error *err);

/* Adds a table of variants to those that are built in: groups of words that
 * mean the same, shukach-query(7) says how they are written. It holds for
 * all later searches. SHUKACH_NOT_FOUND, SHUKACH_IO, SHUKACH_LIMIT,
 * SHUKACH_ENCODING, SHUKACH_INVALID (`message` names file and line); then
 * nothing was added. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_add_variants(struct shukach_index *index, const char *path,
                           struct shukach_error *err);

/* A word form as it is mostly written, and how many documents hold it. */
typedef int (*shukach_on_form)(const char *form, size_t length,
                               uint64_t documents, void *payload);

/* The `limit` (up to 10,000) word forms in most documents that begin so, those
 * of most documents first. The prefix is normalised like a word; numbers,
 * addresses and words of over 64 bytes are not listed. SHUKACH_QUERY (not the
 * beginning of one word), SHUKACH_ENCODING, SHUKACH_LIMIT, SHUKACH_CORRUPT,
 * SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_complete(struct shukach_index *index, const char *prefix,
                       size_t length, size_t limit, shukach_on_form callback,
                       void *payload, struct shukach_error *err);

SHUKACH_API void shukach_index_close(struct shukach_index *index);

/* One fault: the file and what is wrong with it. */
typedef int (*shukach_on_fault)(const char *name, const char *detail,
                                void *payload);

/* Reads the whole index and compares it with its checksums: every change of
 * a byte is found. `*faults` is how many the callback was told of.
 * SHUKACH_NOT_FOUND, SHUKACH_CORRUPT (not even a manifest can be found),
 * SHUKACH_VERSION, SHUKACH_IO, SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_verify(const char *dir, shukach_on_fault callback, void *payload,
                     uint64_t *faults, struct shukach_error *err);

/* Makes the generation before the current one the index again, atomically.
 * SHUKACH_INVALID (none is kept), SHUKACH_NOT_FOUND, SHUKACH_CORRUPT,
 * SHUKACH_VERSION, SHUKACH_LOCKED, SHUKACH_IO. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_rollback(const char *dir, struct shukach_error *err);

/* ---- Query ----------------------------------------------------------- */

enum shukach_syntax {
    SHUKACH_SYNTAX_FULL = 0, /* the language of shukach-query(7) */
    SHUKACH_SYNTAX_PLAIN = 1 /* plain words, no operators */
};

enum shukach_sort {
    SHUKACH_SORT_RELEVANCE = 0,
    SHUKACH_SORT_NEWEST = 1, /* by date, undated documents last */
    SHUKACH_SORT_OLDEST = 2  /* by date, undated documents first */
};

struct shukach_query;

/* Parses a query. SHUKACH_QUERY, SHUKACH_LIMIT, SHUKACH_ENCODING: `offset`
 * says where, `message` what was expected. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_query_parse(const char *text, size_t length, enum shukach_syntax syntax,
                    struct shukach_query **out, struct shukach_error *err);

/* What a malformed query of SHUKACH_SYNTAX_FULL was probably meant to be: as
 * near to it as can be, and a query that parses. Its length in bytes without
 * the NUL; it is written to `out`, which may be NULL, only if `size` is
 * greater (65,537 always is). 0: `text` parses as it is, or nobody can say. */
SHUKACH_API size_t shukach_query_correct(const char *text, size_t length,
                                         char *out, size_t size);

/* How many hits to return (default 10; 0: all) after leaving out the first
 * `offset` (default 0). */
SHUKACH_API void shukach_query_set_window(struct shukach_query *query,
                                          uint64_t offset, uint64_t limit);

SHUKACH_API void shukach_query_set_sort(struct shukach_query *query,
                                        enum shukach_sort sort);

/* Only documents dated within, both ends included; 2024, 2024-03 or
 * 2024-03-19, "" for no bound. SHUKACH_QUERY (not such a date). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_query_set_dates(struct shukach_query *query, const char *since,
                        const char *until, struct shukach_error *err);

/* A snippet that is the whole text, as it is. */
#define SHUKACH_WHOLE_TEXT SIZE_MAX

/* How long a fragment of a snippet may be, in letters; 0: no snippets, or
 * SHUKACH_WHOLE_TEXT. If never set, 240, or as long as it takes to show all
 * words of the query that stand within 60 words. */
SHUKACH_API void shukach_query_set_snippet(struct shukach_query *query,
                                           size_t letters);

/* Whether the words of titles that match are known where there are no
 * snippets; default 0, since titles must be analysed for it. */
SHUKACH_API void shukach_query_set_title_ranges(struct shukach_query *query,
                                                int on);

/* How many fragments of the text a snippet may have, joined by " … " in the
 * order of the text; default 1. */
SHUKACH_API void shukach_query_set_fragments(struct shukach_query *query,
                                             size_t most);

/* Whether words of the same meaning (abbreviations, renamed places, other
 * spellings) match too, at a lower weight; default 1, 0: they do not. */
SHUKACH_API void shukach_query_set_variants(struct shukach_query *query,
                                            int on);

/* Whether a name matches in the spellings of other languages and scripts too
 * (Зеленський, Зеленский, Zelensky), at a lower weight; default 1, 0: not. */
SHUKACH_API void shukach_query_set_names(struct shukach_query *query, int on);

/* What can be counted over all matches. */
enum shukach_facet {
    SHUKACH_FACET_SOURCE = 0,
    SHUKACH_FACET_AUTHOR = 1,
    SHUKACH_FACET_LANG = 2,
    SHUKACH_FACET_DAY = 3,   /* 2024-03-19 */
    SHUKACH_FACET_WEEK = 4,  /* the Monday it begins with */
    SHUKACH_FACET_MONTH = 5, /* 2024-03 */
    SHUKACH_FACETS = 6       /* how many there are */
};

/* Counts a facet over all matches (repeat it for others). */
SHUKACH_API void shukach_query_add_facet(struct shukach_query *query,
                                         enum shukach_facet facet);

/* Ranks newer documents higher: `half_life` days before `today` a document
 * counts three quarters, long before that half, as an undated one does. 0
 * days: off, the default. `today` as in shukach_query_set_dates; "" is the
 * day of the search. SHUKACH_QUERY (not such a date). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_query_set_recent(struct shukach_query *query, uint32_t half_life,
                         const char *today, struct shukach_error *err);

/* Counts the matches exactly, however many they are. */
SHUKACH_API void shukach_query_set_exact_total(struct shukach_query *query,
                                               int exact);

/* Whether to look for a corrected query where a word is in no document, or
 * fewer than three documents match; default 0, since that goes through all
 * words of the index. */
SHUKACH_API void shukach_query_set_suggest(struct shukach_query *query,
                                           int suggest);

/* Whether each hit tells what its score is made of, see shukach_hits_parts;
 * default 0, since that asks for every word once more. */
SHUKACH_API void shukach_query_set_explain(struct shukach_query *query,
                                           int explain);

SHUKACH_API void shukach_query_free(struct shukach_query *query);

/* ---- Hits ------------------------------------------------------------ */

struct shukach_hits;

/* Bytes [from, to) of a text. */
struct shukach_range {
    size_t from;
    size_t to;
};

/* Best first; equals in the order of the index, so that a window moved on over
 * one handle neither repeats a hit nor leaves one out. The hits stay valid
 * after index and query are gone. SHUKACH_CORRUPT, SHUKACH_IO,
 * SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_search(struct shukach_index *index,
                     const struct shukach_query *query,
                     struct shukach_hits **out, struct shukach_error *err);

/* One hit, number 0 of `hit`, which is lent for the call. */
typedef int (*shukach_on_hit)(const struct shukach_hits *hit, void *payload);

/* The same search, but calls back with each hit, best first, as it is read,
 * and holds no other; of the rest number and weight are held. `out`, which may
 * be NULL, is an answer without hits: total, facets, notices, suggestion.
 * SHUKACH_CORRUPT, SHUKACH_IO, SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_stream_hits(struct shukach_index *index,
                          const struct shukach_query *query,
                          shukach_on_hit callback, void *payload,
                          struct shukach_hits **out, struct shukach_error *err);

/* Calls back with every document that matches, in the order in which they
 * were indexed; window, sorting, snippets and facets of the query do not
 * count. Four bytes a match are held, and one document. `out`, which may be
 * NULL, is an answer without hits: the exact total, and the notices.
 * SHUKACH_CORRUPT, SHUKACH_IO, SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_index_stream(struct shukach_index *index,
                     const struct shukach_query *query,
                     shukach_on_document callback, void *payload,
                     struct shukach_hits **out, struct shukach_error *err);

/* A name as it stands in documents, and in how many of those that were read.
 * A word stands as the index mostly writes it. */
struct shukach_name_form {
    const char *text; /* NUL-terminated */
    uint64_t documents;
};

/* A name in all its forms and spellings; lent for the callback. */
struct shukach_name {
    const char *text; /* the form that is shown, NUL-terminated */
    uint64_t documents;
    const struct shukach_name_form *forms; /* those of most documents first */
    size_t form_count;
};

typedef int (*shukach_on_name)(const struct shukach_name *name, void *payload);

/* Calls back with the `limit` (0: all) names that stand in most of the
 * documents that match, those in most first. The text of the best `sample`
 * documents is read for it (0: of all); without a query, of so many that are
 * evenly spread over the index. Window, sorting and snippets of the query do
 * not count. `read` and `out` may be NULL: how many documents were read, and
 * an answer without hits: total, facets, notices. SHUKACH_CORRUPT, SHUKACH_IO,
 * SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status shukach_index_names(
    struct shukach_index *index, const struct shukach_query *query,
    uint64_t sample, size_t limit, shukach_on_name callback, void *payload,
    uint64_t *read, struct shukach_hits **out, struct shukach_error *err);

/* How many hits are held here. */
SHUKACH_API size_t shukach_hits_count(const struct shukach_hits *hits);

/* How many documents match: at least `*lower`, at most `*upper`; equal
 * where the number is exact. */
SHUKACH_API void shukach_hits_total(const struct shukach_hits *hits,
                                    uint64_t *lower, uint64_t *upper);

/* What the asker should know of how the query was searched, a sentence each
 * (a prefix that was cut); NULL beyond the last. */
SHUKACH_API const char *shukach_hits_notice(const struct shukach_hits *hits,
                                            size_t i);

/* The query with the words of the index that were probably meant, "" if none
 * was asked for or found. It was not searched. `length` may be NULL. */
SHUKACH_API const char *shukach_hits_suggestion(const struct shukach_hits *hits,
                                                size_t *length);

/* For hit `i`, counted from 0: a stored field ("" if absent), the score,
 * and the snippet with the ranges of the words that matched. A hit beyond
 * the count has empty fields. */
SHUKACH_API const char *shukach_hits_field(const struct shukach_hits *hits,
                                           size_t i, enum shukach_field field,
                                           size_t *length);
SHUKACH_API double shukach_hits_score(const struct shukach_hits *hits,
                                      size_t i);
/* Which of several indexes it is from, counted from 0; 0 beyond the count. */
SHUKACH_API size_t shukach_hits_index(const struct shukach_hits *hits,
                                      size_t i);
SHUKACH_API const char *shukach_hits_snippet(const struct shukach_hits *hits,
                                             size_t i, size_t *length);
SHUKACH_API const struct shukach_range *
shukach_hits_snippet_ranges(const struct shukach_hits *hits, size_t i,
                            size_t *count);
/* Ranges in the field SHUKACH_TITLE. */
SHUKACH_API const struct shukach_range *
shukach_hits_title_ranges(const struct shukach_hits *hits, size_t i,
                          size_t *count);

/* A form that was found in a document for a word of the query. */
struct shukach_match {
    const char *text; /* as it stands there first, NUL-terminated */
    size_t length;
    size_t count; /* how often */
    const char
        *rules; /* what joins the two, comma-separated: first exact,
                   stem, lexicon (a stem that the rules alone would not
                   give), variant, variant-apart (its words, which do
                   not stand together), name, prefix or exact-phrase, then
                   rules of the analyser (look-alike, apostrophe, …) */
};

/* What a word of the query, or a phrase in exactly its forms, has of a
 * score. */
struct shukach_part {
    size_t from; /* bytes [from, to) of the query */
    size_t to;
    double score; /* 0 for a word that is missing */
    const struct shukach_match *matches;
    size_t match_count;
};

/* The parts of the score of hit `i`, whose sum it is; none if the query did
 * not ask for them or nothing in it scores. */
SHUKACH_API const struct shukach_part *
shukach_hits_parts(const struct shukach_hits *hits, size_t i, size_t *count);

/* What all parts were multiplied by; the values are part of the ABI. */
enum shukach_factor {
    SHUKACH_FACTOR_COVERAGE = 0, /* less than 1 where words are missing */
    SHUKACH_FACTOR_NEARNESS = 1, /* more than 1 where they stand together */
    SHUKACH_FACTOR_AGE = 2,      /* shukach_query_set_recent */
    SHUKACH_FACTOR_RANK = 3, /* keeps a hit that was scored by its words alone
                                below the best, which were scored in full */
    SHUKACH_FACTORS = 4      /* how many there are */
};

/* 1 where the query did not ask for parts. */
SHUKACH_API double shukach_hits_factor(const struct shukach_hits *hits,
                                       size_t i, enum shukach_factor factor);

/* How many values a facet has among all matches; 0 if it was not asked for.
 * Sources, authors and languages come by falling count, dates in order;
 * documents without the value count as "". */
SHUKACH_API size_t shukach_hits_facet_count(const struct shukach_hits *hits,
                                            enum shukach_facet facet);
/* Value `i`, and in how many documents it stands; "" and 0 beyond. */
SHUKACH_API const char *shukach_hits_facet(const struct shukach_hits *hits,
                                           enum shukach_facet facet, size_t i,
                                           uint64_t *documents);

SHUKACH_API void shukach_hits_free(struct shukach_hits *hits);

/* ---- Stemmer and analyser -------------------------------------------- */

struct shukach_stemmer;

/* Normalises and stems single words and analyses text, as the index does;
 * `language` (uk, ru, en) is that of words whose letters do not decide it.
 * SHUKACH_INVALID (another language). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_stemmer_new(const char *language, struct shukach_stemmer **out,
                    struct shukach_error *err);

/* The stem, lent until the next call. What is not one word is returned in
 * its normal form. SHUKACH_ENCODING, SHUKACH_LIMIT (over 4,096 bytes). */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_stemmer_stem(struct shukach_stemmer *stemmer, const char *word,
                     size_t length, const char **stem, size_t *stem_length,
                     struct shukach_error *err);

/* One token of an analysed text. All text is lent for the callback. */
struct shukach_token {
    size_t from; /* bytes [from, to) of the text */
    size_t to;
    const char *form;         /* exact form: normal form, case folded */
    const char *stem;         /* what is searched by; further stems follow */
    const char *const *stems; /* all stems, the one above first */
    size_t stem_count;
    uint64_t position; /* words from the beginning, counted from 0 */
    const char *rules; /* what was done, comma-separated; "" for nothing */
    /* Keys of the name that the word may be, equal for its spellings in other
     * languages and scripts; none for a small Cyrillic word. */
    const char *const *names;
    size_t name_count;
};

typedef int (*shukach_on_token)(const struct shukach_token *token,
                                void *payload);

/* The tokens of a text, in order. SHUKACH_ENCODING, SHUKACH_CANCELLED. */
SHUKACH_API SHUKACH_CHECK enum shukach_status
shukach_stemmer_analyse(struct shukach_stemmer *stemmer, const char *text,
                        size_t length, shukach_on_token callback, void *payload,
                        struct shukach_error *err);

SHUKACH_API void shukach_stemmer_free(struct shukach_stemmer *stemmer);

#ifdef __cplusplus
}
#endif

#endif
