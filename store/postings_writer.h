/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: the postings of a segment being made. */
#ifndef POSTINGS_WRITER_H
#define POSTINGS_WRITER_H

#include "store.h"

/* ---- postings_writer.c: batches, merged -------------------------------- */

/* DIR/NAME, owned by the caller. NOMEM. */
enum shukach_status path_of(const char *dir, const char *name, char **out,
                            struct shukach_error *err);

struct postings_writer;

enum shukach_status postings_writer_new(const char *dir,
                                        const struct segment_limits *limits,
                                        struct postings_writer **out,
                                        struct shukach_error *err);
enum shukach_status postings_writer_add(struct postings_writer *writer,
                                        const struct store_document *document,
                                        struct shukach_error *err);
/* Merges the batches into DIR/postings and fsyncs it. */
enum shukach_status postings_writer_finish(struct postings_writer *writer,
                                           struct shukach_error *err);
void postings_writer_close(struct postings_writer *writer);

/* ---- postings_queue.c: the same, perhaps in a thread of its own ---------- */

struct postings_queue;

/* With `jobs` over 1, documents are copied and added by a thread. The writer
 * becomes the queue's, if this succeeds. NOMEM, INTERNAL (no thread). */
enum shukach_status postings_queue_new(struct postings_writer *writer,
                                       unsigned jobs,
                                       struct postings_queue **out,
                                       struct shukach_error *err);
/* Only terms and values of the document are looked at. A failure of the
 * thread is told by a later call. */
enum shukach_status postings_queue_add(struct postings_queue *queue,
                                       const struct store_document *document,
                                       struct shukach_error *err);
/* Says that there will be no more: the thread finishes meanwhile. */
void postings_queue_end(struct postings_queue *queue);
/* Waits until all is finished. */
enum shukach_status postings_queue_finish(struct postings_queue *queue,
                                          struct shukach_error *err);
void postings_queue_close(struct postings_queue *queue);

#endif
