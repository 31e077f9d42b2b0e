/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents stand in a ring, in order: the caller fills one, a thread
 * analyses it, and the writer takes them from the ring in the order in which
 * they came, so that the segment is the same however many threads there are.
 * A thread is woken for several documents at once, not for each. */
#include "indexer.h"

#define THREADS_MAX 64
/* Drafts for each thread, and for how many it is worth to wake the writer. */
#define DRAFTS 64
#define WORTH 8
/* Fields that wait, in bytes; a longer document waits alone. */
#define WAITING_BYTES ((size_t)16 << 20)

enum stage { EMPTY, FILLED, TAKEN, DONE };

struct place {
    struct draft *draft;
    enum stage stage;
    enum shukach_status status; /* of the analysis */
    struct shukach_error error;
};

struct crew {
    struct segment_writer *segment;
    struct analyser *analyser; /* of a crew without threads */
    uint64_t tokens;
    unsigned started;
    pthread_t analysts[THREADS_MAX];
    pthread_t writer;
    bool writing; /* the writer was started */

    /* Under the lock: */
    pthread_mutex_t lock;
    unsigned threads;    /* that analyse; 0: the caller does all */
    pthread_cond_t room; /* for the caller */
    pthread_cond_t work; /* for who analyses */
    pthread_cond_t done; /* for the writer */
    struct place *ring;
    size_t size;
    size_t first;    /* the next to be written */
    size_t taken;    /* how many from there on were taken or done, */
    size_t count;    /* and filled */
    size_t finished; /* of them, done */
    size_t bytes;
    unsigned idle; /* threads without work */
    bool ended;    /* no document will come */
    bool given_up;
    enum shukach_status status;
    struct shukach_error error; /* the first failure */
};

static bool stopped(const struct crew *crew)
{
    return crew->given_up || crew->status != SHUKACH_OK;
}

/* ---- Analysing ----------------------------------------------------------- */

/* The next document to be analysed; NULL if there will be none. */
static struct place *take(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->idle++;
    while (crew->taken == crew->count && !crew->ended && !stopped(crew)) {
        pthread_cond_signal(&crew->done);
        pthread_cond_wait(&crew->work, &crew->lock);
    }
    struct place *place = NULL;
    if (crew->taken < crew->count && !stopped(crew)) {
        crew->idle--;
        place = &crew->ring[(crew->first + crew->taken++) % crew->size];
        place->stage = TAKEN;
    }
    pthread_mutex_unlock(&crew->lock);
    return place;
}

static void give(struct crew *crew, struct place *place)
{
    pthread_mutex_lock(&crew->lock);
    place->stage = DONE;
    crew->finished++;
    if (crew->finished >= WORTH) {
        pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
}

static void fail(struct crew *crew, enum shukach_status status,
                 const struct shukach_error *err)
{
    pthread_mutex_lock(&crew->lock);
    if (crew->status == SHUKACH_OK) {
        crew->status = status;
        crew->error = *err;
    }
    pthread_cond_broadcast(&crew->work);
    pthread_cond_signal(&crew->room);
    pthread_cond_signal(&crew->done);
    pthread_mutex_unlock(&crew->lock);
}

/* What is dear and can be done before it is a document's turn. */
static enum shukach_status work_on(const struct crew *crew, struct draft *draft,
                                   struct analyser *analyser,
                                   struct record_packer *packer,
                                   struct shukach_error *err)
{
    enum shukach_status status = draft_analyse(draft, analyser, err);
    return status == SHUKACH_OK ? draft_pack(draft, crew->segment, packer, err)
                                : status;
}

static void *analyse(void *payload)
{
    struct crew *crew = payload;
    struct analyser *analyser = NULL;
    struct record_packer *packer = NULL;
    struct shukach_error err = {.message = ""};
    enum shukach_status status = analyser_new(&analyser, &err);
    if (status == SHUKACH_OK) {
        status = record_packer_new(&packer, &err);
    }
    if (status != SHUKACH_OK) {
        fail(crew, status, &err);
    } else {
        for (struct place *place; (place = take(crew)) != NULL;) {
            place->status =
                work_on(crew, place->draft, analyser, packer, &place->error);
            give(crew, place);
        }
    }
    analyser_free(analyser);
    record_packer_free(packer);
    return NULL;
}

/* ---- Writing ------------------------------------------------------------- */

static size_t size_of(const struct draft *draft)
{
    return draft->copy.length;
}

/* Whether there is a document to be written, and it is worth to begin: there
 * are several, or there will not be more soon. */
static bool worth_writing(const struct crew *crew)
{
    return crew->count > 0 && crew->ring[crew->first].stage == DONE &&
           (crew->finished >= WORTH || crew->ended ||
            (crew->taken == crew->count && crew->idle == crew->threads));
}

/* The next document to be written; NULL at the end. */
static struct place *next(struct crew *crew, struct place *last)
{
    pthread_mutex_lock(&crew->lock);
    if (last != NULL) {
        last->stage = EMPTY;
        crew->first = (crew->first + 1) % crew->size;
        crew->taken--;
        crew->count--;
        crew->finished--;
        crew->bytes -= size_of(last->draft);
    }
    bool more = crew->count > 0 && crew->ring[crew->first].stage == DONE;
    if (!more || 2 * crew->count <= crew->size) {
        pthread_cond_signal(&crew->room);
    }
    while (!more && !stopped(crew) && !(crew->ended && crew->count == 0)) {
        pthread_cond_wait(&crew->done, &crew->lock);
        more = worth_writing(crew);
    }
    struct place *place =
        more && !stopped(crew) ? &crew->ring[crew->first] : NULL;
    pthread_mutex_unlock(&crew->lock);
    return place;
}

static void *write_all(void *payload)
{
    struct crew *crew = payload;
    for (struct place *place = NULL; (place = next(crew, place)) != NULL;) {
        struct shukach_error err = place->error;
        enum shukach_status status = place->status;
        if (status == SHUKACH_OK) {
            status = draft_write(place->draft, crew->segment, &err);
        }
        if (status != SHUKACH_OK) {
            fail(crew, status, &err);
            break;
        }
        crew->tokens += place->draft->tokens;
    }
    return NULL;
}

/* ---- The crew ------------------------------------------------------------ */

static void end(struct crew *crew, bool given_up)
{
    pthread_mutex_lock(&crew->lock);
    crew->ended = true;
    crew->given_up = given_up;
    pthread_cond_broadcast(&crew->work);
    pthread_cond_signal(&crew->done);
    pthread_mutex_unlock(&crew->lock);
}

static void join(struct crew *crew)
{
    while (crew->started > 0) {
        pthread_join(crew->analysts[--crew->started], NULL);
    }
    /* Who analyses is done: what is left can be written. */
    if (crew->writing) {
        pthread_mutex_lock(&crew->lock);
        pthread_cond_signal(&crew->done);
        pthread_mutex_unlock(&crew->lock);
        pthread_join(crew->writer, NULL);
        crew->writing = false;
    }
}

/* As many threads as can be had: the segment is the same. */
static void start_threads(struct crew *crew)
{
    crew->writing = thread_start(&crew->writer, write_all, crew);
    while (crew->writing && crew->started < crew->threads &&
           thread_start(&crew->analysts[crew->started], analyse, crew)) {
        crew->started++;
    }
    if (crew->started == 0) {
        end(crew, true);
        join(crew);
        crew->given_up = false;
    }
    pthread_mutex_lock(&crew->lock);
    crew->threads = crew->started;
    pthread_mutex_unlock(&crew->lock);
}

static enum shukach_status fill(struct crew *crew, struct shukach_error *err)
{
    crew->size = crew->threads == 0 ? 1 : (size_t)crew->threads * DRAFTS;
    crew->ring = calloc(crew->size, sizeof *crew->ring);
    if (crew->ring == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < crew->size && status == SHUKACH_OK; i++) {
        status = draft_new(&crew->ring[i].draft, err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    if (crew->threads > 0) {
        start_threads(crew);
    }
    return crew->threads == 0 ? analyser_new(&crew->analyser, err) : SHUKACH_OK;
}

enum shukach_status crew_new(struct segment_writer *segment, unsigned jobs,
                             struct crew **out, struct shukach_error *err)
{
    *out = NULL;
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL) {
        return error_nomem(err);
    }
    crew->segment = segment;
    crew->threads = jobs <= 1 ? 0 : jobs > THREADS_MAX ? THREADS_MAX : jobs;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->room, NULL);
    pthread_cond_init(&crew->work, NULL);
    pthread_cond_init(&crew->done, NULL);
    enum shukach_status status = fill(crew, err);
    if (status != SHUKACH_OK) {
        crew_free(crew);
        return status;
    }
    *out = crew;
    return SHUKACH_OK;
}

static enum shukach_status add_alone(struct crew *crew,
                                     const char *const *fields,
                                     const size_t *lengths,
                                     struct shukach_error *err)
{
    struct draft *draft = crew->ring[0].draft;
    enum shukach_status status = draft_set(draft, fields, lengths, err);
    if (status == SHUKACH_OK) {
        status = draft_analyse(draft, crew->analyser, err);
    }
    if (status == SHUKACH_OK) {
        status = draft_write(draft, crew->segment, err);
        crew->tokens += draft->tokens;
    }
    return status;
}

/* What a thread failed with, under the lock. */
static enum shukach_status failure(const struct crew *crew,
                                   struct shukach_error *err)
{
    if (crew->status != SHUKACH_OK && err != NULL) {
        *err = crew->error;
    }
    return crew->status;
}

enum shukach_status crew_add(struct crew *crew, const char *const *fields,
                             const size_t *lengths, struct shukach_error *err)
{
    if (crew->threads == 0) {
        return add_alone(crew, fields, lengths, err);
    }
    size_t bytes = 0;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        bytes += lengths[i] + 1;
    }
    pthread_mutex_lock(&crew->lock);
    while (crew->status == SHUKACH_OK &&
           (crew->count == crew->size ||
            (crew->count > 0 && crew->bytes + bytes > WAITING_BYTES))) {
        pthread_cond_wait(&crew->room, &crew->lock);
    }
    struct place *place = &crew->ring[(crew->first + crew->count) % crew->size];
    enum shukach_status status = failure(crew, err);
    pthread_mutex_unlock(&crew->lock);
    /* Nobody else touches an empty place. */
    if (status == SHUKACH_OK) {
        status = draft_set(place->draft, fields, lengths, err);
    }
    if (status == SHUKACH_OK) {
        pthread_mutex_lock(&crew->lock);
        place->stage = FILLED;
        crew->count++;
        crew->bytes += bytes;
        pthread_cond_signal(&crew->work);
        pthread_mutex_unlock(&crew->lock);
    }
    return status;
}

enum shukach_status crew_finish(struct crew *crew, uint64_t *tokens,
                                struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    if (crew->threads > 0) {
        end(crew, false);
        join(crew);
        status = failure(crew, err);
    }
    *tokens = crew->tokens;
    return status;
}

void crew_free(struct crew *crew)
{
    if (crew == NULL) {
        return;
    }
    if (crew->writing) {
        end(crew, true);
        join(crew);
    }
    for (size_t i = 0; crew->ring != NULL && i < crew->size; i++) {
        draft_free(crew->ring[i].draft);
    }
    free(crew->ring);
    analyser_free(crew->analyser);
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->room);
    pthread_cond_destroy(&crew->work);
    pthread_cond_destroy(&crew->done);
    free(crew);
}
