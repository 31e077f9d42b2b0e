/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the process that parses inputs (inputs.c) tells the one that indexes
 * (apart.c). Records follow each other on a pipe: a head of fixed size, then
 * its texts, each with a NUL behind it. Both ends are the same program, so
 * numbers stand as they are in memory. The reading end trusts nothing. */
#ifndef PIPE_H
#define PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shukach.h"

enum pipe_kind {
    PIPE_ARGUMENT = 1, /* `number`: which path of the command line is next */
    PIPE_INPUT,        /* PIPE_NAME; `number`: its line, or 0 */
    PIPE_FILE,         /* PIPE_NAME, about to be opened; `code`: 1 if a byte
                        * is awaited that says whether to pass it over */
    PIPE_NOTICE,       /* PIPE_NAME, PIPE_DETAIL; `number`: line, `code` */
    PIPE_DOCUMENT,     /* the fields of a document; `number`: its line */
    PIPE_END           /* `code`: a status; PIPE_DETAIL: its message */
};

/* Places of texts in a record that is no document. */
enum { PIPE_NAME = 0, PIPE_DETAIL = 1 };

struct pipe_head {
    uint32_t kind;
    uint32_t code;
    uint64_t number;
    uint64_t bytes; /* of files read so far */
    uint32_t lengths[SHUKACH_FIELDS];
};

struct pipe_record {
    struct pipe_head head;
    const char *texts[SHUKACH_FIELDS]; /* NUL-terminated */
};

/* What is longer is left out of a notice; longer paths cannot be opened. */
#define PIPE_NAME_MAX ((size_t)16384)
#define PIPE_DETAIL_MAX ((size_t)500)

/* Writes a record, whose lengths are set; false: errno. */
bool pipe_write(int fd, const struct pipe_record *record);

/* The bytes that came and are not yet taken. Zero-initialise, set `max`. */
struct pipe_in {
    unsigned char *data;
    size_t capacity;
    size_t from;
    size_t to;
    size_t max; /* the largest record taken, in bytes */
};

enum pipe_state { PIPE_RECORD, PIPE_MORE, PIPE_BAD };

/* The next record, lent until the next call of one of the two. MORE: it is
 * not complete, BAD: the other end does not keep to the format. Names and
 * details hold no NUL, details are UTF-8, the lengths stand within the data;
 * fields of documents are yet to be checked. */
enum pipe_state pipe_next(struct pipe_in *in, struct pipe_record *out);
/* The place to read the next bytes to, at least one; NULL out of memory. */
unsigned char *pipe_space(struct pipe_in *in, size_t *size);
void pipe_free(struct pipe_in *in);

#endif
