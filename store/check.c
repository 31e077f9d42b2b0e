/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether an index is as it was written. The sums of the manifest find every
 * change of a byte; what stands behind a sum that holds is gone through all
 * the same, since it may have been wrong before it was summed. */
#include "generation.h"
#include "schema.h"

struct checker {
    const char *dir;
    uint64_t number; /* of the generation at work */
    bool superseded; /* a writer published another, and removed this one */
    const struct store_reader *reader;
    store_on_fault sink;
    void *payload;
    uint64_t faults;
};

/* Whether another generation is current now. */
static bool is_superseded(const struct checker *checker)
{
    char *name;
    uint64_t number;
    if (generation_current(checker->dir, &name, &number, NULL) != SHUKACH_OK) {
        return false;
    }
    free(name);
    return number != checker->number;
}

/* Tells of a fault that a call found; other failures are passed on: what
 * cannot be read now may be sound, and what is gone may have been removed by a
 * writer. */
static enum shukach_status tell(struct checker *checker, const char *path,
                                enum shukach_status status,
                                const struct shukach_error *why,
                                struct shukach_error *err)
{
    if (status != SHUKACH_CORRUPT && status != SHUKACH_NOT_FOUND) {
        if (status != SHUKACH_OK && err != NULL) {
            *err = *why;
        }
        return status;
    }
    if (status == SHUKACH_NOT_FOUND && is_superseded(checker)) {
        checker->superseded = true;
        return status;
    }
    checker->faults++;
    return checker->sink(path, why->message, checker->payload) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_CANCELLED, "stopped by the callback");
}

static enum shukach_status check_sums(struct checker *checker, const char *path,
                                      const struct manifest *manifest,
                                      struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0;
         status == SHUKACH_OK && manifest_file(manifest, i) != NULL; i++) {
        struct shukach_error why = {.message = ""};
        status = tell(checker, manifest_file(manifest, i),
                      manifest_check_file(manifest, path, i, &why), &why, err);
    }
    return status;
}

static enum shukach_status check_postings(struct checker *checker,
                                          const struct store_segment *segment,
                                          struct shukach_error *err)
{
    char *name;
    if (asprintf(&name, "%s/" SEGMENT_POSTINGS, segment->name) < 0) {
        return error_nomem(err);
    }
    struct shukach_error why = {.message = ""};
    uint64_t faults = 0;
    char *path = path_join(checker->reader->generations[0].path, name);
    enum shukach_status status =
        path == NULL ? error_nomem(&why)
                     : store_postings_check(path, &faults, &why);
    if (status == SHUKACH_OK && faults > 0) {
        status = error_set(&why, SHUKACH_CORRUPT,
                           "Xapian finds its structure wrong");
    }
    status = tell(checker, name, status, &why, err);
    free(path);
    free(name);
    return status;
}

/* Records and postings agree on how long a document is. */
static enum shukach_status check_length(const struct store_postings *postings,
                                        uint64_t index, uint64_t stems,
                                        struct shukach_error *err)
{
    double length;
    enum shukach_status status =
        store_postings_length(postings, (uint32_t)index + 1, &length, err);
    return status != SHUKACH_OK || length == (double)stems
               ? status
               : error_set(err, SHUKACH_CORRUPT,
                           "a document has another length than in postings; "
                           "rebuild the index");
}

/* The stems that stand next to each other are among the pairs. */
static enum shukach_status check_pairs(const struct pairs *pairs,
                                       uint64_t index,
                                       const struct signature_token *tokens,
                                       size_t count, struct shukach_error *err)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t next = tokens[i].position + 1;
        for (size_t k = i + 1; k < count && tokens[k].position <= next; k++) {
            if (tokens[k].position < next) {
                continue;
            }
            uint64_t key = pairs_key(tokens[i].stem, tokens[k].stem);
            bool found;
            enum shukach_status status =
                pairs_have(pairs, index, &key, 1, &found, err);
            if (status != SHUKACH_OK) {
                return status;
            }
            if (!found) {
                return error_set(err, SHUKACH_CORRUPT,
                                 "a document has other pairs of words than in "
                                 "records; rebuild the index");
            }
        }
    }
    return SHUKACH_OK;
}

static enum shukach_status check_records(struct checker *checker,
                                         struct shukach_error *err)
{
    struct records *records = checker->reader->records;
    struct arena arena = {0};
    enum shukach_status status = SHUKACH_OK;
    for (uint64_t i = 0; i < records_count(records) && status == SHUKACH_OK;
         i++) {
        struct shukach_error why = {.message = ""};
        struct signature signature;
        struct signature_token *tokens;
        size_t count;
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        arena_reset(&arena);
        enum shukach_status found =
            records_signature(records, i, &signature, &why);
        if (found == SHUKACH_OK) {
            found = signature_decode(&signature, NULL, &arena, &tokens, &count,
                                     &why);
        }
        if (found == SHUKACH_OK) {
            found = records_fields(records, i, &arena, fields, lengths, &why);
        }
        if (found == SHUKACH_OK) {
            found = check_length(checker->reader->postings, i, signature.stems,
                                 &why);
        }
        status = tell(checker, SEGMENT_RECORDS, found, &why, err);
        if (status == SHUKACH_OK && found == SHUKACH_OK) {
            found = check_pairs(checker->reader->pairs, i, tokens, count, &why);
            status = tell(checker, SEGMENT_PAIRS, found, &why, err);
        }
    }
    arena_free(&arena);
    return status;
}

static int pass_over(const struct form *form, unsigned distance, void *payload)
{
    (void)form;
    (void)distance;
    (void)payload;
    return 0;
}

/* Whether a number in the manifest is that of the files. */
static enum shukach_status check_count(struct checker *checker,
                                       const char *fact, uint64_t counted,
                                       struct shukach_error *err)
{
    const char *stated =
        manifest_fact(checker->reader->generations[0].manifest, fact);
    char number[24];
    struct shukach_error why = {.message = ""};
    enum shukach_status status = SHUKACH_OK;
    snprintf(number, sizeof number, "%llu", (unsigned long long)counted);
    if (strcmp(stated, number) != 0) {
        status = error_set(&why, SHUKACH_CORRUPT,
                           "it says %s \"%s\", the files hold %s", fact, stated,
                           number);
    }
    return tell(checker, "manifest", status, &why, err);
}

static enum shukach_status check_contents(struct checker *checker,
                                          struct shukach_error *err)
{
    const struct store_reader *reader = checker->reader;
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < reader->segment_count && status == SHUKACH_OK; i++) {
        status = check_postings(checker, &reader->segments[i], err);
    }
    if (status == SHUKACH_OK) {
        status = check_records(checker, err);
    }
    const struct forms *lists[] = {reader->forms, reader->names};
    static const char *const names[] = {SEGMENT_FORMS, SEGMENT_NAMES};
    for (size_t i = 0; i < 2 && status == SHUKACH_OK; i++) {
        struct shukach_error why = {.message = ""};
        enum shukach_status found =
            forms_each(lists[i], "", 0, pass_over, NULL, &why);
        status = tell(checker, names[i], found, &why, err);
    }
    uint64_t dead = reader->dead.count;
    if (status == SHUKACH_OK) {
        status = check_count(checker, FACT_DELETED, dead, err);
    }
    if (status == SHUKACH_OK) {
        status = check_count(checker, FACT_DOCUMENTS,
                             records_count(reader->records) - dead, err);
    }
    return status;
}

static enum shukach_status check_generation(struct checker *checker,
                                            const char *dir, const char *name,
                                            const char *path,
                                            struct shukach_error *err)
{
    struct shukach_error why = {.message = ""};
    struct manifest *manifest;
    struct store_reader *reader = NULL;
    enum shukach_status found = manifest_read(path, &manifest, &why);
    if (found != SHUKACH_OK) {
        return tell(checker, "manifest", found, &why, err);
    }
    enum shukach_status status = check_sums(checker, path, manifest, err);
    manifest_free(manifest);
    if (status != SHUKACH_OK || checker->faults > 0) {
        return status;
    }
    found = generation_open(dir, name, &reader, &why);
    status = tell(checker, name, found, &why, err);
    checker->reader = reader;
    if (status == SHUKACH_OK && reader != NULL) {
        status = check_contents(checker, err);
    }
    store_reader_close(reader);
    return status;
}

enum shukach_status store_check(const char *dir, store_on_fault sink,
                                void *payload, uint64_t *faults,
                                struct shukach_error *err)
{
    struct checker checker = {.dir = dir, .sink = sink, .payload = payload};
    enum shukach_status status;
    *faults = 0;
    do {
        char *name;
        checker.superseded = false;
        checker.reader = NULL;
        status = generation_current(dir, &name, &checker.number, err);
        if (status != SHUKACH_OK) {
            break;
        }
        char *path = path_join(dir, name);
        status = path == NULL
                     ? error_nomem(err)
                     : check_generation(&checker, dir, name, path, err);
        free(path);
        free(name);
    } while (checker.superseded);
    *faults = checker.faults;
    return status;
}

static bool is_postings(const char *file)
{
    static const char tail[] = "/" SEGMENT_POSTINGS;
    size_t length = strlen(file);
    return length > sizeof tail - 1 &&
           strcmp(file + length - (sizeof tail - 1), tail) == 0;
}

static enum shukach_status check_sum(const struct store_generation *of,
                                     size_t file, struct shukach_error *err)
{
    enum shukach_status status =
        manifest_check_file(of->manifest, of->path, file, err);
    if (status == SHUKACH_CORRUPT) {
        return error_set(err, status,
                         "%s/%s is damaged; check the disk and rebuild the "
                         "index",
                         of->path, manifest_file(of->manifest, file));
    }
    return status == SHUKACH_NOT_FOUND ? SHUKACH_OK : status;
}

enum shukach_status store_check_postings(const struct store_reader *reader,
                                         uint64_t most, bool *done,
                                         struct shukach_error *err)
{
    uint64_t bytes = 0;
    const char *name;
    for (size_t g = 0; g < reader->generation_count; g++) {
        const struct manifest *manifest = reader->generations[g].manifest;
        for (size_t i = 0; (name = manifest_file(manifest, i)) != NULL; i++) {
            bytes += is_postings(name) ? manifest_file_bytes(manifest, i) : 0;
        }
    }
    *done = bytes <= most;
    enum shukach_status status = SHUKACH_OK;
    for (size_t g = 0; *done && g < reader->generation_count; g++) {
        const struct store_generation *of = &reader->generations[g];
        for (size_t i = 0; status == SHUKACH_OK &&
                           (name = manifest_file(of->manifest, i)) != NULL;
             i++) {
            status = is_postings(name) ? check_sum(of, i, err) : SHUKACH_OK;
        }
    }
    return status;
}
