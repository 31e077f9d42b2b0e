/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share; other modules include reader.h.
 * Grouped by the file that implements it. */
#ifndef FORMAT_H
#define FORMAT_H

#include "reader.h"

struct _xmlNode;

struct shukach_reader {
    size_t max_bytes;
    shukach_on_document on_document;
    void *document_payload;
    shukach_on_notice on_notice;
    void *notice_payload;
    shukach_on_input on_input;
    void *input_payload;
    char *after; /* the walk passes over up to it */
    shukach_on_file on_file;
    void *file_payload;
    uint64_t bytes;                    /* raw bytes read so far */
    const char *name;                  /* the input being read */
    struct shukach_document *document; /* reused for every document */
    struct buf raw;                    /* a whole file, or a line */
    struct buf text;                   /* the same in UTF-8 */
};

/* ---- input.c --------------------------------------------------------- */

/* The bytes of one file, decompressed on the way, in bounded memory. A
 * failure is sticky and looks like the end: ask for it once, after. */
struct input;

/* From a descriptor (not closed by input_close), or from memory, which is
 * lent until then. `count` is added the raw bytes read. NULL: no memory. */
struct input *input_open(int fd, uint64_t *count);
struct input *input_open_memory(const void *data, size_t length,
                                uint64_t *count);
/* The bytes that come next, lent until the next call; 0 at the end. The
 * first time these are as many as there are up to INPUT_HEAD. */
size_t input_peek(struct input *input, const char **data);
#define INPUT_HEAD ((size_t)64 * 1024)
/* Goes on behind `length` of the peeked bytes. */
void input_take(struct input *input, size_t length);
/* Whether the bytes come out of gzip or zstd. */
bool input_compressed(const struct input *input);
/* 0, SHUKACH_SKIP_UNREADABLE or SHUKACH_SKIP_COMPRESSED, and why. */
enum shukach_reason input_failure(const struct input *input,
                                  const char **detail);
/* Whether the failure was lack of memory. */
bool input_nomem(const struct input *input);
void input_close(struct input *input);

/* ---- reader.c -------------------------------------------------------- */

/* Tells the notice callback; the detail is cut at 500 bytes and made valid
 * UTF-8. CANCELLED. */
SHUKACH_CHECK enum shukach_status
reader_notice(struct shukach_reader *reader, enum shukach_reason reason,
              size_t line, struct shukach_error *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Tells what is about to be read, see shukach_on_input. CANCELLED. */
SHUKACH_CHECK enum shukach_status reader_input(struct shukach_reader *reader,
                                               const char *name, size_t line,
                                               struct shukach_error *err);

/* Hands out reader->document after checking that all of it is UTF-8.
 * `line` is where it begins, or 0. CANCELLED, NOMEM. */
SHUKACH_CHECK enum shukach_status reader_emit(struct shukach_reader *reader,
                                              size_t line,
                                              struct shukach_error *err);

/* Sets SHUKACH_ID to the name of the input, then `suffix`; bytes of the
 * name that are no UTF-8 are written as %XX. NOMEM. */
SHUKACH_CHECK enum shukach_status reader_set_id(struct shukach_reader *reader,
                                                const char *suffix,
                                                struct shukach_error *err);

/* ---- format.c -------------------------------------------------------- */

enum format {
    FORMAT_TEXT,
    FORMAT_HTML,
    FORMAT_FEED,
    FORMAT_XML, /* neither a feed nor HTML */
    FORMAT_JSONL
};

/* By the beginning of the content, then by the name. */
enum format format_detect(const char *text, size_t length, const char *name);
/* Whether the content begins like JSON, whatever the name. */
bool format_is_json(const char *text, size_t length);

/* ---- encoding.c ------------------------------------------------------ */

/* What became of some bytes. */
struct encoding {
    enum shukach_reason reason; /* 0: the bytes were UTF-8 already */
    const char *name;           /* with SHUKACH_NOTE_RECODED; static */
    char detail[160];           /* with all reasons */
};

/* Makes UTF-8 without a BOM of `raw` into `out`. NOMEM, INTERNAL, IO. */
SHUKACH_CHECK enum shukach_status
encoding_decode(const char *raw, size_t length, struct buf *out,
                struct encoding *result, struct shukach_error *err);
/* The length of a UTF-8 BOM at the beginning, or 0. */
size_t encoding_bom(const char *raw, size_t length);

/* ---- detector.c ------------------------------------------------------ */

/* Whether ICU is certain that words are not in the encoding of this name. On
 * its own it is no judge: it knows Russian but no Ukrainian, and takes "м'ята
 * об'єкт" in windows-1251 for KOI8-R and short headlines for Hebrew. NOMEM,
 * IO. */
SHUKACH_CHECK enum shukach_status
detector_contradicts(const char *name, const char *words, size_t length,
                     bool *out, struct shukach_error *err);

/* ---- text.c ---------------------------------------------------------- */

/* The length of a white space character at `text`, or 0. */
size_t text_space(const char *text, size_t left);
/* Moves both ends inwards past white space; false if nothing is left. */
bool text_trim(const char **text, size_t *length);

/* A reader of one whole file in UTF-8. CANCELLED, NOMEM. */
SHUKACH_CHECK enum shukach_status text_read(struct shukach_reader *reader,
                                            const char *text, size_t length,
                                            struct shukach_error *err);

/* ---- xml.c ----------------------------------------------------------- */

/* The complaints of libxml2 in this thread between the two calls, which may
 * be nested. */
struct xml_watch {
    bool nomem;
    bool fatal;                  /* a parser gave up; the rest is of it */
    size_t line;                 /* where */
    const struct _xmlNode *open; /* the innermost element open then */
    char why[128];
    void (*old_function)(void);
    void *old_context;
};

void xml_watch(struct xml_watch *watch);
void xml_unwatch(struct xml_watch *watch);

/* ---- flatten.c ------------------------------------------------------- */

/* The text below a node: white space runs become one space, blocks and
 * <br> a newline; scripts, forms and navigation are left out, and so are
 * header, footer and aside outside of article and main. Appended to `out`. */
void flatten_node(const struct _xmlNode *root, struct buf *out);
/* The next node of a walk over all below `root` in document order, without
 * recursion; NULL at the end. */
const struct _xmlNode *flatten_next(const struct _xmlNode *node,
                                    const struct _xmlNode *root, bool descend);
/* Whether it is an element of this (local) name. */
bool flatten_is(const struct _xmlNode *node, const char *name);

/* ---- html.c ---------------------------------------------------------- */

SHUKACH_CHECK enum shukach_status html_read(struct shukach_reader *reader,
                                            const char *text, size_t length,
                                            struct shukach_error *err);
/* Appends the text of an HTML fragment to `out`; false if it is too deep
 * or too large for the parser. */
bool html_flatten(const char *text, size_t length, struct buf *out);

/* ---- jsonld.c -------------------------------------------------------- */

/* What schema.org metadata says of an article; "" where it is silent. */
struct jsonld {
    struct buf headline;
    struct buf date;
    struct buf author;
};

/* Adds what a <script type="application/ld+json"> holds; bad JSON is
 * ignored. Fields that are there already stay. */
void jsonld_read(const char *text, size_t length, struct jsonld *out);

/* ---- feed.c ---------------------------------------------------------- */

SHUKACH_CHECK enum shukach_status feed_read(struct shukach_reader *reader,
                                            const char *text, size_t length,
                                            struct shukach_error *err);

/* ---- jsonl.c --------------------------------------------------------- */

SHUKACH_CHECK enum shukach_status jsonl_read(struct shukach_reader *reader,
                                             struct input *input,
                                             struct shukach_error *err);

/* ---- datetime.c ------------------------------------------------------ */

#define DATETIME_SIZE 40

/* Makes ISO 8601 of ISO 8601 in its looser forms, of an e-mail date (RFC
 * 822, as in RSS) or of 19.03.2024; false if it is none of them. */
bool datetime_parse(const char *text, size_t length, char out[DATETIME_SIZE]);

#endif
