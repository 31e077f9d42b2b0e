/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Without memory: whichever allocation fails, the call says NOMEM or gives the
 * same answer, nothing is lost, and the index that was there stands. All
 * allocations in turn with SHUKACH_TEST_LONG=1, else some of them;
 * SHUKACH_TEST_SEED repeats a run. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../memory.h"
#include "works.h"

/* How the process ended in which a work was run without memory. */
enum end {
    FAILED,   /* with NOMEM */
    ABSORBED, /* with the right answer */
    GAVE_UP,  /* Xapian 1.4.22 ended the process, as it does where memory fails
                 in code that may not throw, or in building some queries */
    WRONG,
    ENDS
};

/* ---- The index a work begins with -----------------------------------------
 */

static char copy_to[128];
static size_t copy_skip;

static int copy_one(const char *path, const struct stat *info, int kind,
                    struct FTW *where)
{
    char to[256];
    char bytes[65536];
    (void)where;
    snprintf(to, sizeof to, "%s%s", copy_to, path + copy_skip);
    if (kind == FTW_D) {
        return mkdir(to, 0700);
    }
    if (kind == FTW_SL) {
        ssize_t length = readlink(path, bytes, sizeof bytes - 1);
        bytes[length] = '\0';
        return symlink(bytes, to);
    }
    int in = open(path, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
    ssize_t got = 0;
    off_t left = info->st_size;
    while (left > 0 && (got = read(in, bytes, sizeof bytes)) > 0) {
        left -= write(out, bytes, (size_t)got);
    }
    close(in);
    close(out);
    return left != 0;
}

static void copy_index(const char *from, const char *to)
{
    if (access(to, F_OK) == 0) {
        assert_int_equal(nftw(to, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    }
    snprintf(copy_to, sizeof copy_to, "%s", to);
    copy_skip = strlen(from);
    assert_int_equal(nftw(from, copy_one, 16, FTW_PHYS), 0);
}

/* The documents of an index, which must be sound. */
static bool find_state(const char *dir, unsigned long *out)
{
    static const char text[] = "date:2024";
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    struct shukach_error err = {0};
    uint64_t faults = 1;
    digest = 0;
    bool sound = shukach_index_open(dir, &index, &err) == SHUKACH_OK &&
                 shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL,
                                     &query, &err) == SHUKACH_OK &&
                 shukach_index_stream(index, query, on_document, NULL, NULL,
                                      &err) == SHUKACH_OK &&
                 shukach_index_verify(dir, on_fault, NULL, &faults, &err) ==
                     SHUKACH_OK &&
                 faults == 0;
    if (!sound) {
        fprintf(stderr, "the index is damaged: %s\n", err.message);
    }
    shukach_query_free(query);
    shukach_index_close(index);
    *out = digest;
    return sound;
}

static struct path dir_of(const char *name)
{
    return at(name, 0);
}

static enum shukach_status run_work(const struct work *work, long number,
                                    bool all, struct shukach_error *err)
{
    if (work->begins != NULL) {
        copy_index(dir_of(work->begins).text, dir_of("work").text);
    }
    *err = (struct shukach_error){0};
    digest = 0;
    fail_all = all;
    allocations = 0;
    fail_at = number;
    enum shukach_status status = work->run(err);
    fail_at = 0;
    return status;
}

/* ---- Whose fault it is ----------------------------------------------------
 */

static bool is_in(const void *caller, const char *library)
{
    Dl_info info;
    return dladdr(caller, &info) != 0 && info.dli_fname != NULL &&
           strstr(info.dli_fname, library) != NULL;
}

/* Whether Xapian was at work; if `innermost`, not code of ours that it called.
 */
static bool by_xapian(void *const *callers, int count, bool innermost)
{
    for (int i = 0; i < count; i++) {
        if (is_in(callers[i], "libxapian")) {
            return true;
        }
        if (innermost && is_in(callers[i], "libshukach")) {
            return false;
        }
    }
    return false;
}

/* Runs a work once more: whether nothing is lost, or Xapian lost it, which
 * forgets parts of a query when a search fails, also those we made for it. */
static bool nothing_lost(const struct work *work, long number, bool all)
{
    struct shukach_error err;
    size_t before = live;
    size_t ours = 0;
    tracing = true;
    (void)!run_work(work, number, all, &err);
    tracing = false;
    for (size_t i = 0; i < BUCKETS && live > before; i++) {
        for (struct block *block = buckets[i]; block != NULL;
             block = block->next) {
            if (block->caller_count > 0 &&
                !by_xapian(block->callers, block->caller_count, false)) {
                ours++;
                backtrace_symbols_fd(block->callers, block->caller_count, 2);
            }
        }
    }
    return ours == 0;
}

/* ---- One failure ----------------------------------------------------------
 */

/* What a work gives when nothing fails. */
struct whole {
    long allocations;
    unsigned long digest;
    unsigned long begun; /* states of the index */
    unsigned long ended;
};

static void on_crash(int number)
{
    void *callers[CALLERS];
    (void)number;
    fail_at = 0;
    int count = backtrace(callers, CALLERS);
    if (by_xapian(callers, count, true)) {
        _exit(GAVE_UP);
    }
    backtrace_symbols_fd(callers, count, 2);
    _exit(WRONG);
}

static enum end wrong(const struct work *work, long number, const char *what,
                      const struct shukach_error *err)
{
    fprintf(stderr, "%s, allocation %ld: %s: %s\n", work->name, number, what,
            err->message);
    return WRONG;
}

/* What is right after a failure, in the process in which it was. `warm`: the
 * libraries below hold already what they keep for ever. */
static enum end try_work(const struct work *work, long number, bool all,
                         bool warm, const struct whole *whole)
{
    struct shukach_error err;
    size_t before = live;
    enum shukach_status status = run_work(work, number, all, &err);
    if (warm && live > before && !nothing_lost(work, number, all)) {
        return wrong(work, number, "memory is lost", &err);
    }
    status = warm ? run_work(work, number, all, &err) : status;
    enum end end = status == SHUKACH_OK ? ABSORBED : FAILED;
    if (end == FAILED &&
        (status != SHUKACH_NOMEM || err.status != SHUKACH_NOMEM ||
         err.message[0] == '\0')) {
        return wrong(work, number, "another status", &err);
    }
    if (end == ABSORBED && digest != whole->digest) {
        return wrong(work, number, "another answer", &err);
    }
    if (work->begins != NULL) {
        return end; /* what it left is still to be looked at */
    }
    /* With memory it works again. But ICU remembers for ever that memory failed
     * when it began. */
    status = run_work(work, 0, false, &err);
    if (status == SHUKACH_OK ? digest != whole->digest
                             : warm || status != SHUKACH_NOMEM) {
        return wrong(work, number, "afterwards", &err);
    }
    return end;
}

/* Whether the index is the one before the work or the one after it, as the end
 * tells; found in a process that has not failed. */
static bool index_stands(const struct whole *whole, enum end end)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        unsigned long state;
        bool sound = find_state(dir_of("work").text, &state);
        _exit(!sound ||
              state != (end == ABSORBED ? whole->ended : whole->begun));
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

/* Runs a work without memory in a process of its own. */
static enum end try_apart(const struct work *work, long number, bool all,
                          bool warm, const struct whole *whole)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        signal(SIGABRT, on_crash);
        signal(SIGSEGV, on_crash);
        _exit(try_work(work, number, all, warm, whole));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    enum end end = WIFEXITED(status) ? (enum end)WEXITSTATUS(status) : WRONG;
    if (end != WRONG && work->begins != NULL && !index_stands(whole, end)) {
        end = WRONG;
    }
    if (end == WRONG) {
        print_error("%s, allocation %ld%s%s: status %x\n", work->name, number,
                    all ? " and all after it" : "", warm ? "" : ", first use",
                    status);
    }
    return end;
}

/* ---- The sweep ------------------------------------------------------------
 */

static long seed;

/* How many allocations of so many are passed over each time. */
static long step_of(long count, long most)
{
    const char *wish = getenv("SHUKACH_TEST_LONG");
    bool all = wish != NULL && *wish != '\0' && strcmp(wish, "0") != 0;
    return all || count <= most ? 1 : count / most;
}

/* Runs a work in a process of its own, from which `out` is shared. */
static void measure(const struct work *work, struct whole *out)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct shukach_error err;
        bool good = run_work(work, 0, false, &err) == SHUKACH_OK;
        *out = (struct whole){.allocations = allocations, .digest = digest};
        if (good && work->begins != NULL) {
            good = find_state(dir_of(work->begins).text, &out->begun) &&
                   find_state(dir_of("work").text, &out->ended) &&
                   out->begun != out->ended;
        }
        _exit(!good);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void sweep(bool warm)
{
    struct whole *whole = mmap(NULL, sizeof *whole, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(whole != MAP_FAILED);
    size_t ends[ENDS] = {0};
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        const struct work *work = &works[i];
        measure(work, whole);
        long step = step_of(whole->allocations, POINTS / 4);
        for (long at = 1 + seed % step; at <= whole->allocations; at += step) {
            ends[try_apart(work, at, false, warm, whole)]++;
            ends[try_apart(work, at, true, warm, whole)]++;
        }
    }
    munmap(whole, sizeof *whole);
    print_message("%zu failed, %zu did not, %zu times Xapian gave up\n",
                  ends[FAILED], ends[ABSORBED], ends[GAVE_UP]);
    assert_int_equal(ends[WRONG], 0);
    assert_true(ends[FAILED] > 10 * ends[GAVE_UP]);
}

/* What libraries do once, when they are used first, fails too. */
static void when_used_first(void **state)
{
    (void)state;
    sweep(false);
}

static void when_used_before(void **state)
{
    (void)state;
    struct shukach_error err;
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        assert_int_equal(run_work(&works[i], 0, false, &err), SHUKACH_OK);
        assert_int_equal(run_work(&works[i], 0, false, &err), SHUKACH_OK);
    }
    sweep(true);
}

/* ---- Setting up -----------------------------------------------------------
 */

static bool put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* "base", an index; "kept", with a generation before the current one; inputs.
 */
static int make_indexes(void)
{
    static const char lines[] = "{\"id\": \"a\", \"text\": \"Порт.\"}\n{]\n"
                                "{\"id\": \"b\", \"text\": \"Міст.\", "
                                "\"date\": \"2024-03\"}\n";
    if (mkdir(dir_of("in").text, 0700) != 0 ||
        !put(at("in0/text", 0).text, "Порт Одеси відновили.") ||
        !put(at("in0/lines", 0).text, lines) ||
        !put(dir_of("file").text, "порт = гавань\n") ||
        write_index(dir_of("base").text, 1, 1, NULL) != SHUKACH_OK) {
        return 1;
    }
    copy_index(dir_of("base").text, dir_of("work").text);
    if (work_update(NULL) != SHUKACH_OK) {
        return 1;
    }
    copy_index(dir_of("work").text, dir_of("kept").text);
    copy_index(dir_of("work").text, dir_of("moving").text);
    return write_index(dir_of("other").text, 1, 3, NULL) != SHUKACH_OK;
}

static int make(void **state)
{
    const char *given = getenv("SHUKACH_TEST_SEED");
    int status;
    void *callers[1];
    seed = given != NULL ? strtol(given, NULL, 10) : (long)getpid();
    print_message("SHUKACH_TEST_SEED=%ld\n", seed);
    (void)!backtrace(callers, 1); /* which loads a library the first time */
    if (scratch_make(state) != 0) {
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(make_indexes());
    }
    return waitpid(child, &status, 0) != child || status != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when_used_first), /* before this process does */
        cmocka_unit_test(when_used_before),
    };
    return cmocka_run_group_tests(tests, make, scratch_remove);
}
