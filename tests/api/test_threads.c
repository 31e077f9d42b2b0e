/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that search one index, each with its own handle, while another
 * publishes; the first use of everything by all of them at once; and handles
 * that go from thread to thread. Made to be run with -fsanitize=thread too. */
#include "api.h"

#include <pthread.h>
#include <stdatomic.h>

/* Generation G holds FIRST + G documents, and each says G. */
enum { THREADS = 8, FIRST = 6, GENERATIONS = 12 };

/* cmocka's assertions are for the thread of main: the others say what they
 * found here. */
struct thread {
    pthread_t id;
    int number;
    unsigned long digest; /* of all that came back */
    int rounds;
    char fault[600];
};

static pthread_barrier_t together;
static atomic_int published; /* generations */

/* Keeps the first fault. */
static bool want(struct thread *thread, bool good, const char *what,
                 const struct shukach_error *err)
{
    if (!good && thread->fault[0] == '\0') {
        snprintf(thread->fault, sizeof thread->fault, "%s: %s", what,
                 err == NULL ? "" : err->message);
    }
    return good;
}

static void digest(struct thread *thread, const char *text)
{
    for (; *text != '\0'; text++) {
        thread->digest = thread->digest * 31 + (unsigned char)*text;
    }
}

/* ---- Asking ---------------------------------------------------------------
 */

enum { NONE = 0, ONE = 1, ALL = 2 };

static const struct {
    const char *text;
    int found;
} questions[] = {
    {"порти", ALL},
    {"\"порт Одеси\"", ALL},
    {"\"Одеса порт\"", NONE},
    {"=Одеси", ALL},
    {"=Одеса", NONE},
    {"порт NEAR/4 Коваленко", ALL},
    {"інж*", ALL},
    {"Kovalenko", ALL},
    {"порт -Одеса", NONE},
    {"(міст АБО порт) І НЕ річка", ALL},
    {"title:новина^2 date:2024-03", ALL},
    {"source:джерело author:редакція site:example.org lang:uk", ALL},
    {"id:d0", ONE},
};

/* What an index handle must answer. */
struct asked {
    struct thread *thread;
    struct shukach_index *index;
    int version; /* the generation that it shows */
    size_t seen; /* by callbacks */
    struct shukach_error err;
};

static size_t documents(const struct asked *asked)
{
    return (size_t)(FIRST + asked->version);
}

/* Whether a text is one of this generation. */
static bool is_ours(const struct asked *asked, const char *text)
{
    char begin[40];
    snprintf(begin, sizeof begin, "Випуск %d.", asked->version);
    return strncmp(text, begin, strlen(begin)) == 0;
}

static struct shukach_query *parse(struct asked *asked, const char *text)
{
    struct shukach_query *query = NULL;
    want(asked->thread,
         shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                             &asked->err) == SHUKACH_OK,
         text, &asked->err);
    return query;
}

/* Total, texts, snippets, parts of the score and facets of an answer. */
static bool check_hits(struct asked *asked, const struct shukach_hits *hits,
                       size_t expected, const char *text)
{
    struct thread *thread = asked->thread;
    uint64_t lower;
    uint64_t upper;
    uint64_t in_facet = 0;
    uint64_t documents_of;
    shukach_hits_total(hits, &lower, &upper);
    bool good =
        want(thread, lower == expected && upper == expected, text, NULL);
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t count;
        size_t length;
        digest(thread, shukach_hits_snippet(hits, i, &length));
        const struct shukach_range *ranges =
            shukach_hits_snippet_ranges(hits, i, &count);
        const char *found = shukach_hits_field(hits, i, SHUKACH_TEXT, NULL);
        good &= want(thread, is_ours(asked, found) && length > 0, found, NULL);
        for (size_t k = 0; k < count; k++) {
            good &= want(thread, ranges[k].to <= length, "a range", NULL);
        }
        double sum = 0;
        const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
        for (size_t k = 0; k < count; k++) {
            sum += parts[k].score;
        }
        double rest = shukach_hits_score(hits, i) - sum;
        good &= want(thread, count == 0 || (rest < 1e-6 && rest > -1e-6),
                     "a sum of parts", NULL);
    }
    for (size_t i = 0; i < shukach_hits_facet_count(hits, SHUKACH_FACET_SOURCE);
         i++) {
        digest(thread, shukach_hits_facet(hits, SHUKACH_FACET_SOURCE, i,
                                          &documents_of));
        in_facet += documents_of;
    }
    return good & want(thread, in_facet == expected, "a facet", NULL);
}

static bool ask(struct asked *asked, const char *text, size_t expected)
{
    struct shukach_query *query = parse(asked, text);
    struct shukach_hits *hits = NULL;
    if (query == NULL) {
        return false;
    }
    shukach_query_set_window(query, 0, 0);
    shukach_query_set_exact_total(query, 1);
    shukach_query_set_explain(query, 1);
    shukach_query_set_fragments(query, 2);
    shukach_query_add_facet(query, SHUKACH_FACET_SOURCE);
    shukach_query_add_facet(query, SHUKACH_FACET_MONTH);
    bool good = want(asked->thread,
                     shukach_index_search(asked->index, query, &hits,
                                          &asked->err) == SHUKACH_OK,
                     text, &asked->err) &&
                check_hits(asked, hits, expected, text);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return good;
}

static int on_document(const struct shukach_document *document, void *payload)
{
    struct asked *asked = payload;
    asked->seen +=
        is_ours(asked, shukach_document_get(document, SHUKACH_TEXT, NULL));
    return 0;
}

static int on_hit(const struct shukach_hits *hit, void *payload)
{
    struct asked *asked = payload;
    asked->seen +=
        is_ours(asked, shukach_hits_field(hit, 0, SHUKACH_TEXT, NULL));
    return 0;
}

static int on_name(const struct shukach_name *name, void *payload)
{
    struct asked *asked = payload;
    if (strcmp(name->text, "Одеси") == 0) {
        asked->seen += name->documents;
    }
    return 0;
}

static int on_form(const char *form, size_t length, uint64_t count,
                   void *payload)
{
    struct asked *asked = payload;
    if (length == strlen("Одеси") && strcmp(form, "Одеси") == 0) {
        asked->seen += count;
    }
    return 0;
}

/* Whether a call that called back has met every document. */
static bool met_all(struct asked *asked, const char *what,
                    enum shukach_status status)
{
    bool good =
        want(asked->thread, status == SHUKACH_OK, what, &asked->err) &&
        want(asked->thread, asked->seen == documents(asked), what, NULL);
    asked->seen = 0;
    return good;
}

static bool ask_by_callbacks(struct asked *asked)
{
    struct shukach_index *index = asked->index;
    struct shukach_error *err = &asked->err;
    struct shukach_query *query = parse(asked, "порт");
    if (query == NULL) {
        return false;
    }
    shukach_query_set_window(query, 0, 0);
    bool good = met_all(asked, "stream",
                        shukach_index_stream(index, query, on_document, asked,
                                             NULL, err)) &&
                met_all(asked, "stream_hits",
                        shukach_index_stream_hits(index, query, on_hit, asked,
                                                  NULL, err)) &&
                met_all(asked, "names",
                        shukach_index_names(index, query, 0, 0, on_name, asked,
                                            NULL, NULL, err)) &&
                met_all(asked, "complete",
                        shukach_index_complete(index, "Оде", strlen("Оде"), 10,
                                               on_form, asked, err));
    shukach_query_free(query);
    return good;
}

/* One document by its id, and a word that is in none. */
static bool ask_the_rest(struct asked *asked)
{
    static const char wrong[] = "інжененка";
    struct shukach_document *document = NULL;
    struct shukach_hits *hits = NULL;
    struct shukach_query *query = parse(asked, wrong);
    if (query == NULL) {
        return false;
    }
    shukach_query_set_suggest(query, 1);
    bool good =
        want(asked->thread,
             shukach_index_search(asked->index, query, &hits, &asked->err) ==
                     SHUKACH_OK &&
                 strcmp(shukach_hits_suggestion(hits, NULL), "Інженерка") == 0,
             "suggestion", &asked->err) &&
        want(asked->thread,
             shukach_index_document_open(asked->index, "d3", 2, &document,
                                         &asked->err) == SHUKACH_OK &&
                 is_ours(asked,
                         shukach_document_get(document, SHUKACH_TEXT, NULL)),
             "document", &asked->err);
    shukach_document_free(document);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return good;
}

/* All that can be asked; the answers are those of one generation. */
static bool ask_all(struct thread *thread, struct shukach_index *index)
{
    struct asked asked = {.thread = thread,
                          .index = index,
                          .version = (int)shukach_index_count(index) - FIRST};
    const size_t found[] = {[NONE] = 0, [ONE] = 1, [ALL] = documents(&asked)};
    bool good = true;
    for (size_t i = 0; i < sizeof questions / sizeof *questions && good; i++) {
        good = ask(&asked, questions[i].text, found[questions[i].found]);
    }
    for (int version = 0; version <= GENERATIONS && good; version++) {
        char text[40];
        snprintf(text, sizeof text, "\"випуск %d\"", version);
        good = ask(&asked, text, found[version == asked.version ? ALL : NONE]);
    }
    return good && ask_by_callbacks(&asked) && ask_the_rest(&asked);
}

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

/* Asks a handle that stays open, and one of the generation that is current,
 * until the last is published. */
static void *keep_asking(void *payload)
{
    struct thread *thread = payload;
    struct path dir = at("index", 0);
    struct shukach_index *index = NULL;
    struct shukach_error err;
    want(thread, shukach_index_open(dir.text, &index, &err) == SHUKACH_OK,
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
        analyse(thread);
    }
    shukach_index_close(index);
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
        status =
            publish(dir.text, version, 1 + (unsigned)version % 3 / 2, &err);
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
    };
    return cmocka_run_group_tests(tests, make, scratch_remove);
}
