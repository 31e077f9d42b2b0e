/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that search one index, each with its own handle, while another
 * publishes; the first use of everything by all of them at once; and handles
 * that go from thread to thread. Made to be run with -fsanitize=thread too. */
#include <stdatomic.h>

#include "asking.h"

static pthread_barrier_t together;
static atomic_int published; /* generations */

/* ---- Without an index -----------------------------------------------------
 */

static int on_token(const struct shukach_token *token, void *payload)
{
    digest(payload, token->form);
    for (size_t i = 0; i < token->stem_count; i++) {
        digest(payload, token->stems[i]);
    }
    for (size_t i = 0; i < token->name_count; i++) {
        digest(payload, token->names[i]);
    }
    return 0;
}

static bool analyse(struct thread *thread)
{
    static const char text[] =
        "Зеленського, Зеленского і Zelensky бачили в Одесі з С-300; "
        "пʼятсот м’ячів, running, ёлка, Μητσοτάκης, https://example.org/a";
    struct shukach_stemmer *stemmer = NULL;
    struct shukach_error err;
    const char *stem = "";
    size_t length;
    bool good =
        want(thread,
             shukach_stemmer_new("uk", &stemmer, &err) == SHUKACH_OK &&
                 shukach_stemmer_stem(stemmer, "розмову", strlen("розмову"),
                                      &stem, &length, &err) == SHUKACH_OK &&
                 shukach_stemmer_analyse(stemmer, text, strlen(text), on_token,
                                         thread, &err) == SHUKACH_OK,
             "stemmer", &err);
    digest(thread, stem);
    shukach_stemmer_free(stemmer);
    return good;
}

static int take(const struct shukach_document *document, void *payload)
{
    digest(payload, shukach_document_get(document, SHUKACH_TEXT, NULL));
    return 0;
}

static int notice(enum shukach_reason reason, const char *name, size_t line,
                  const char *detail, void *payload)
{
    (void)reason;
    (void)name;
    (void)line;
    digest(payload, detail);
    return 0;
}

/* Inputs in every format and encoding. */
static bool read_inputs(struct thread *thread)
{
    struct shukach_reader *reader = NULL;
    struct shukach_error err;
    enum shukach_status status = shukach_reader_new(&reader, &err);
    if (status == SHUKACH_OK) {
        shukach_reader_set_on_document(reader, take, thread);
        shukach_reader_set_on_notice(reader, notice, thread);
        status = shukach_reader_read(reader, getenv("SHUKACH_TEST_DATA"), &err);
    }
    shukach_reader_free(reader);
    return want(thread, status == SHUKACH_OK, "reader", &err);
}

/* ---- Writing --------------------------------------------------------------
 */

/* A generation of FIRST + `version` documents: every other one anew, those
 * between by replacing all, of which the last is deleted first. */
static enum shukach_status publish(const char *dir, int version, unsigned jobs,
                                   struct shukach_error *err)
{
    struct shukach_indexer *indexer = NULL;
    enum shukach_status status = shukach_indexer_open(dir, &indexer, err);
    if (status == SHUKACH_OK) {
        shukach_indexer_set_jobs(indexer, jobs);
    }
    if (status == SHUKACH_OK && version % 2 == 1) {
        char last[16];
        snprintf(last, sizeof last, "d%d", FIRST + version - 2);
        status = shukach_indexer_update(indexer, err);
        if (status == SHUKACH_OK) {
            status = shukach_indexer_delete(indexer, last, strlen(last), err);
        }
    }
    if (status == SHUKACH_OK) {
        status = add_all(indexer, FIRST + version, version, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_publish(indexer, err);
    }
    shukach_indexer_close(indexer);
    return status;
}

static int on_fault(const char *name, const char *detail, void *payload)
{
    struct thread *thread = payload;
    char what[300];
    snprintf(what, sizeof what, "verify: %.100s: %.180s", name, detail);
    want(thread, false, what, NULL);
    return 0;
}

static bool verify(struct thread *thread, const char *dir)
{
    struct shukach_error err;
    uint64_t faults = 0;
    return want(thread,
                shukach_index_verify(dir, on_fault, thread, &faults, &err) ==
                        SHUKACH_OK &&
                    faults == 0,
                "verify", &err);
}

/* Opens the index and asks it. */
static bool ask_fresh(struct thread *thread, const char *dir)
{
    struct shukach_index *index = NULL;
    struct shukach_error err;
    bool good =
        want(thread, shukach_index_open(dir, &index, &err) == SHUKACH_OK,
             "open", &err) &&
        ask_all(thread, index);
    shukach_index_close(index);
    return good;
}

/* ---- The tests ------------------------------------------------------------
 */

/* Each test runs in a process of its own, in which nothing was used before. */
static void apart(void (*test)(void))
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        test();
        exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void give_up(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* Runs `work` in THREADS threads and ends the process at the first fault. */
static void run(struct thread *threads, void *(*work)(void *))
{
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.number = i};
        if (pthread_create(&threads[i].id, NULL, work, &threads[i]) != 0) {
            give_up("no thread");
        }
    }
}

static void join(struct thread *threads)
{
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i].id, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        if (threads[i].fault[0] != '\0') {
            give_up(threads[i].fault);
        }
    }
    pthread_barrier_destroy(&together);
}

static void *use_first(void *payload)
{
    struct thread *thread = payload;
    struct shukach_error err;
    struct path own = at("own", thread->number);
    /* Each begins with something else, and all at the same moment. */
    for (int step = 0; step < 4; step++) {
        if (step == 0) {
            pthread_barrier_wait(&together);
        }
        switch ((thread->number + step) % 4) {
        case 0:
            read_inputs(thread);
            break;
        case 1:
            analyse(thread);
            break;
        case 2:
            ask_fresh(thread, at("index", 0).text);
            break;
        default:
            want(thread,
                 publish(own.text, 0, 1 + (unsigned)thread->number / 4, &err) ==
                     SHUKACH_OK,
                 "publish", &err);
            ask_fresh(thread, own.text);
        }
    }
    return NULL;
}

static void first_use(void)
{
    struct thread threads[THREADS];
    run(threads, use_first);
    join(threads);
    for (int i = 4; i < THREADS; i++) {
        if (threads[i].digest != threads[i - 4].digest) {
            give_up("threads see different things");
        }
    }
}

/* Asks a handle that stays open, one that is opened each time and one that
 * moves to what is current, until the last generation is published. */
static void *keep_asking(void *payload)
{
    struct thread *thread = payload;
    struct path dir = at("index", 0);
    struct shukach_index *index = NULL;
    struct shukach_index *moving = NULL;
    struct shukach_error err;
    want(thread,
         shukach_index_open(dir.text, &index, &err) == SHUKACH_OK &&
             shukach_index_open(dir.text, &moving, &err) == SHUKACH_OK,
         "open", &err);
    pthread_barrier_wait(&together);
    bool last = false;
    while (thread->fault[0] == '\0' && !last) {
        last = atomic_load(&published) == GENERATIONS;
        thread->rounds++;
        if (ask_fresh(thread, dir.text) && ask_all(thread, index) &&
            verify(thread, dir.text) && thread->number == 0) {
            read_inputs(thread);
        }
        want(thread, shukach_index_refresh(moving, NULL, &err) == SHUKACH_OK,
             "refresh", &err);
        ask_all(thread, moving);
        analyse(thread);
    }
    shukach_index_close(index);
    shukach_index_close(moving);
    return NULL;
}

static void searching_while_published(void)
{
    struct thread threads[THREADS];
    struct shukach_error err;
    struct path dir = at("index", 0);
    enum shukach_status status = SHUKACH_OK;
    run(threads, keep_asking);
    for (int version = 1; version <= GENERATIONS && status == SHUKACH_OK;
         version++) {
        status = publish(dir.text, version, 1 + (unsigned)version % 3, &err);
        atomic_store(&published, version);
    }
    atomic_store(&published, GENERATIONS);
    join(threads);
    if (status != SHUKACH_OK) {
        give_up(err.message);
    }
}

/* What goes from thread to thread. */
static struct {
    struct shukach_index *index;
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    struct shukach_stemmer *stemmer;
} handed;

/* One turn with the handles: the first makes them, the last publishes. */
static void *take_turn(void *payload)
{
    static const char word[] = "розмову";
    struct thread *thread = payload;
    struct path dir = at("handed", 0);
    struct shukach_error err;
    struct shukach_indexer *second = NULL;
    const char *stem = "";
    size_t length;
    enum shukach_status status = SHUKACH_OK;
    if (thread->number == 0) {
        status = shukach_index_open(at("index", 0).text, &handed.index, &err);
        status = status == SHUKACH_OK
                     ? shukach_indexer_open(dir.text, &handed.indexer, &err)
                     : status;
        status = status == SHUKACH_OK
                     ? shukach_document_new(&handed.document, &err)
                     : status;
        status = status == SHUKACH_OK
                     ? shukach_stemmer_new("uk", &handed.stemmer, &err)
                     : status;
    }
    want(thread,
         status == SHUKACH_OK &&
             document_fill(handed.document, thread->number, 0, &err) ==
                 SHUKACH_OK &&
             shukach_indexer_add(handed.indexer, handed.document, &err) ==
                 SHUKACH_OK &&
             shukach_stemmer_stem(handed.stemmer, word, strlen(word), &stem,
                                  &length, &err) == SHUKACH_OK &&
             strcmp(stem, "розмв") == 0,
         "a handle of another thread", &err);
    want(thread,
         shukach_indexer_open(dir.text, &second, &err) == SHUKACH_LOCKED,
         "a second writer", &err);
    ask_all(thread, handed.index);
    if (thread->number == THREADS - 1) {
        want(thread,
             shukach_indexer_publish(handed.indexer, &err) == SHUKACH_OK,
             "publish", &err);
    }
    return NULL;
}

static void handles_that_move(void)
{
    struct thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.number = i};
        if (pthread_create(&threads[i].id, NULL, take_turn, &threads[i]) != 0 ||
            pthread_join(threads[i].id, NULL) != 0) {
            give_up("no thread");
        }
        if (threads[i].fault[0] != '\0') {
            give_up(threads[i].fault);
        }
    }
    shukach_index_close(handed.index);
    shukach_indexer_close(handed.indexer);
    shukach_document_free(handed.document);
    shukach_stemmer_free(handed.stemmer);
}

/* More documents than wait for the threads of an indexer; once to the end, and
 * once given up in their midst. */
static void indexing_by_four(void)
{
    enum { MANY = 500 };
    for (int finish = 0; finish < 2; finish++) {
        struct shukach_error err = {0};
        struct shukach_index *index = NULL;
        struct shukach_indexer *indexer = NULL;
        struct path dir = at("many", 0);
        enum shukach_status status =
            shukach_indexer_open(dir.text, &indexer, &err);
        if (status == SHUKACH_OK) {
            shukach_indexer_set_jobs(indexer, 4);
            status = add_all(indexer, MANY, 1, &err);
        }
        if (status == SHUKACH_OK && finish != 0) {
            status = shukach_indexer_publish(indexer, &err);
        }
        shukach_indexer_close(indexer);
        if (status != SHUKACH_OK) {
            give_up(err.message);
        }
        status = shukach_index_open(dir.text, &index, &err);
        if (finish == 0
                ? status == SHUKACH_OK
                : status != SHUKACH_OK || shukach_index_count(index) != MANY) {
            give_up("the index is not what was published");
        }
        shukach_index_close(index);
    }
}

static void first_generation(void)
{
    struct shukach_error err;
    if (publish(at("index", 0).text, 0, 1, &err) != SHUKACH_OK) {
        give_up(err.message);
    }
}

#define APART(name)                                                            \
    static void test_##name(void **state)                                      \
    {                                                                          \
        (void)state;                                                           \
        apart(name);                                                           \
    }

APART(first_use)
APART(handles_that_move)
APART(searching_while_published)
APART(indexing_by_four)

static int make(void **state)
{
    if (scratch_make(state) != 0) {
        return 1;
    }
    apart(first_generation);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_use),
        cmocka_unit_test(test_handles_that_move),
        cmocka_unit_test(test_searching_while_published),
        cmocka_unit_test(test_indexing_by_four),
    };
    return cmocka_run_group_tests(tests, make, scratch_remove);
}
