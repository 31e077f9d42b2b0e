/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xapian takes half of the time of indexing, and a thread of its own when
 * there is a processor for it. Documents wait in a queue, in order, so that
 * the segment is the same with a thread and without. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "postings_writer.h"

/* So many documents wait, or so many bytes of them but at least one. */
#define WAITING 256
#define WAITING_BYTES ((size_t)16 << 20)

/* The terms and values of a document, in one piece of memory. */
struct job {
    struct store_document document;
    size_t bytes;
};

struct postings_queue {
    struct postings_writer *writer;
    bool threaded;
    pthread_t thread;

    /* Under the lock: */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *waiting[WAITING];
    size_t first;
    size_t count;
    size_t bytes;
    bool ended; /* no document will come */
    bool given_up;
    enum shukach_status status;
    struct shukach_error error; /* the first failure */
};

/* ---- Copies -------------------------------------------------------------- */

/* Where a copy of so many bytes goes; `at` moves on. */
static char *place(char **at, const char *bytes, size_t length)
{
    char *copy = *at;
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    *at += length;
    return copy;
}

/* NULL out of memory. */
static struct job *job_new(const struct store_document *document)
{
    size_t terms = document->term_count * sizeof *document->terms;
    size_t values = document->value_count * sizeof *document->values;
    size_t bytes = sizeof(struct job) + terms + values;
    for (size_t i = 0; i < document->term_count; i++) {
        bytes += document->terms[i].length;
    }
    for (size_t i = 0; i < document->value_count; i++) {
        bytes += document->values[i].length;
    }
    struct job *job = malloc(bytes);
    if (job == NULL) {
        return NULL;
    }
    struct store_term *term = (struct store_term *)(job + 1);
    struct store_value *value =
        (struct store_value *)(term + document->term_count);
    char *at = (char *)(value + document->value_count);
    *job = (struct job){.document = {.terms = term,
                                     .term_count = document->term_count,
                                     .values = value,
                                     .value_count = document->value_count},
                        .bytes = bytes};
    for (size_t i = 0; i < document->term_count; i++) {
        term[i] = document->terms[i];
        term[i].text = place(&at, term[i].text, term[i].length);
    }
    for (size_t i = 0; i < document->value_count; i++) {
        value[i] = document->values[i];
        value[i].data = place(&at, value[i].data, value[i].length);
    }
    return job;
}

/* ---- The thread ---------------------------------------------------------- */

/* The next document; NULL if there is none any more. */
static struct job *take(struct postings_queue *queue, bool *given_up)
{
    struct job *job = NULL;
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && !queue->ended) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    *given_up = queue->given_up;
    if (queue->count > 0 && !queue->given_up) {
        job = queue->waiting[queue->first];
        queue->first = (queue->first + 1) % WAITING;
        queue->count--;
        queue->bytes -= job->bytes;
        pthread_cond_signal(&queue->changed);
    }
    pthread_mutex_unlock(&queue->lock);
    return job;
}

static void keep(struct postings_queue *queue, enum shukach_status status,
                 const struct shukach_error *err)
{
    pthread_mutex_lock(&queue->lock);
    queue->status = status;
    queue->error = *err;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

static void *work(void *payload)
{
    struct postings_queue *queue = payload;
    struct shukach_error err = {.message = ""};
    enum shukach_status status = SHUKACH_OK;
    struct job *job;
    bool given_up = false;
    while (status == SHUKACH_OK && (job = take(queue, &given_up)) != NULL) {
        status = postings_writer_add(queue->writer, &job->document, &err);
        free(job);
    }
    if (status == SHUKACH_OK && !given_up) {
        status = postings_writer_finish(queue->writer, &err);
    }
    keep(queue, status, &err);
    return NULL;
}

/* Signals are for the threads of the user. */
static int start(struct postings_queue *queue)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&queue->thread, NULL, work, queue);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

/* ---- The queue ----------------------------------------------------------- */

enum shukach_status postings_queue_new(struct postings_writer *writer,
                                       unsigned jobs,
                                       struct postings_queue **out,
                                       struct shukach_error *err)
{
    *out = NULL;
    struct postings_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL) {
        return error_nomem(err);
    }
    queue->writer = writer;
    if (jobs > 1) {
        pthread_mutex_init(&queue->lock, NULL);
        pthread_cond_init(&queue->changed, NULL);
        /* Where none can be had it goes without, to the same segment. */
        queue->threaded = start(queue) == 0;
    }
    *out = queue;
    return SHUKACH_OK;
}

/* What the thread failed with, under the lock. */
static enum shukach_status failure(const struct postings_queue *queue,
                                   struct shukach_error *err)
{
    if (queue->status != SHUKACH_OK && err != NULL) {
        *err = queue->error;
    }
    return queue->status;
}

enum shukach_status postings_queue_add(struct postings_queue *queue,
                                       const struct store_document *document,
                                       struct shukach_error *err)
{
    if (!queue->threaded) {
        return postings_writer_add(queue->writer, document, err);
    }
    struct job *job = job_new(document);
    if (job == NULL) {
        return error_nomem(err);
    }
    pthread_mutex_lock(&queue->lock);
    while (queue->status == SHUKACH_OK &&
           (queue->count == WAITING ||
            (queue->count > 0 && queue->bytes + job->bytes > WAITING_BYTES))) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    enum shukach_status status = failure(queue, err);
    if (status == SHUKACH_OK) {
        queue->waiting[(queue->first + queue->count) % WAITING] = job;
        queue->count++;
        queue->bytes += job->bytes;
        pthread_cond_signal(&queue->changed);
    }
    pthread_mutex_unlock(&queue->lock);
    if (status != SHUKACH_OK) {
        free(job);
    }
    return status;
}

static void end(struct postings_queue *queue, bool given_up)
{
    pthread_mutex_lock(&queue->lock);
    queue->ended = true;
    queue->given_up = given_up;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

void postings_queue_end(struct postings_queue *queue)
{
    if (queue->threaded) {
        end(queue, false);
    }
}

enum shukach_status postings_queue_finish(struct postings_queue *queue,
                                          struct shukach_error *err)
{
    if (!queue->threaded) {
        return postings_writer_finish(queue->writer, err);
    }
    pthread_join(queue->thread, NULL);
    queue->threaded = false;
    return failure(queue, err);
}

void postings_queue_close(struct postings_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    if (queue->threaded) {
        end(queue, true);
        pthread_join(queue->thread, NULL);
    }
    for (size_t i = 0; i < queue->count; i++) {
        free(queue->waiting[(queue->first + i) % WAITING]);
    }
    postings_writer_close(queue->writer);
    free(queue);
}
