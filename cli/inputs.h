/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading what `shukach index` is to index, in this process or apart. */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>

#include "shukach.h"

/* The sanitizers need memory without limit, and at the end a process and ptrace
 * to look for leaks. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

struct inputs {
    char **paths;
    int count;
    uint64_t max_bytes; /* of an input */
    uint64_t memory;    /* of the reading process */
    uint64_t timeout;   /* seconds without progress with one input */
    /* `name` and `line` say where the document comes from, `bytes` how much
     * was read so far. Non-zero stops the reading. */
    int (*on_document)(const struct shukach_document *document,
                       const char *name, size_t line, void *payload);
    shukach_on_notice on_notice;
    shukach_on_file on_file;
    bool asks;             /* whether on_file may pass a file over */
    bool (*stopped)(void); /* asked while waiting */
    void *payload;
    uint64_t bytes; /* read so far, before decompression */
};

/* ---- inputs.c -------------------------------------------------------- */

/* Reads all paths in this process. CANCELLED, NOMEM. */
SHUKACH_CHECK enum shukach_status inputs_read(struct inputs *inputs,
                                              struct shukach_error *err);
/* The command that apart.c starts: reads the paths and tells the records of
 * pipe.h on INPUTS_PIPE; the answers come on INPUTS_ANSWER. Arguments: the
 * limits of bytes and of memory, the path after which to go on or "", 1 if
 * files may be passed over or 0, the paths. */
int command_read(int argc, char **argv);
#define INPUTS_PIPE 3
#define INPUTS_ANSWER 4
#define INPUTS_COMMAND "_read"

/* ---- apart.c --------------------------------------------------------- */

/* Reads all paths in a process of its own. An input that ends that process,
 * or with which it gets nowhere, is a notice; then another one goes on after
 * it. CANCELLED, NOMEM, INTERNAL. */
SHUKACH_CHECK enum shukach_status inputs_read_apart(struct inputs *inputs,
                                                    struct shukach_error *err);

/* ---- confine.c ------------------------------------------------------- */

/* Takes from this process, for good, what parsing does not need: memory over
 * `memory` bytes, writing files, network, other processes. NULL, or what
 * failed, with errno. */
const char *confine(uint64_t memory);

#endif
