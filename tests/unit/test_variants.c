/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tests/cases/variants.test: each text is a document, each query must
 * find its own by a variant and only by a variant. Every group of the tables
 * must have a row. And what a user's table may look like. */
#include "analyser.h"
#include "texts.h"

#define ROWS_MAX 2000

struct row {
    char query[256];
    char text[256];
    size_t line;
    bool friend; /* must not be found */
};

static struct row rows[ROWS_MAX];
static size_t row_count;

static void read_rows(void)
{
    char path[4096];
    char text[1024];
    snprintf(path, sizeof path, "%s/tests/cases/variants.test",
             getenv("SHUKACH_SOURCE"));
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    row_count = 0;
    for (size_t line = 1; fgets(text, sizeof text, file) != NULL; line++) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '\0' || text[0] == '#') {
            continue;
        }
        char *tab = strchr(text, '\t');
        if (tab == NULL || row_count == ROWS_MAX) {
            fail_msg("variants.test:%zu: no tab, or too many rows", line);
        }
        *tab = '\0';
        struct row *row = &rows[row_count++];
        row->friend = strncmp(text, "! ", 2) == 0;
        row->line = line;
        snprintf(row->query, sizeof row->query, "%s",
                 text + (row->friend ? 2 : 0));
        snprintf(row->text, sizeof row->text, "%s", tab + 1);
    }
    fclose(file);
}

static struct shukach_hits *ask(struct shukach_index *index, const char *text,
                                bool variants)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    struct shukach_error err;
    if (shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, &query,
                            &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    shukach_query_set_window(query, 0, 0);
    shukach_query_set_variants(query, variants);
    shukach_query_set_names(query, 0);
    if (shukach_index_search(index, query, &hits, &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    shukach_query_free(query);
    return hits;
}

/* The place of a document among the hits, or SIZE_MAX. */
static size_t place_of(const struct shukach_hits *hits, size_t number)
{
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        const char *id = shukach_hits_field(hits, i, SHUKACH_ID, NULL);
        if (strtoul(id, NULL, 10) == number) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void test_rows(void **state)
{
    (void)state;
    static const char *texts[ROWS_MAX];
    size_t bad = 0;
    read_rows();
    for (size_t i = 0; i < row_count; i++) {
        texts[i] = rows[i].text;
    }
    struct shukach_index *index = index_of("rows", row_count, texts);
    for (size_t i = 0; i < row_count; i++) {
        struct shukach_hits *with = ask(index, rows[i].query, true);
        struct shukach_hits *without = ask(index, rows[i].query, false);
        size_t place = place_of(with, i);
        bool marked = false;
        if (place != SIZE_MAX) {
            size_t ranges;
            shukach_hits_snippet_ranges(with, place, &ranges);
            marked = ranges > 0;
        }
        const char *wrong =
            rows[i].friend      ? (place != SIZE_MAX ? "is found" : NULL)
            : place == SIZE_MAX ? "is not found"
            : place_of(without, i) != SIZE_MAX ? "is found without variants"
            : !marked                          ? "is not marked"
                                               : NULL;
        if (wrong != NULL) {
            bad++;
            fprintf(stderr, "variants.test:%zu: %s: \"%s\" %s\n", rows[i].line,
                    rows[i].query, rows[i].text, wrong);
        }
        shukach_hits_free(with);
        shukach_hits_free(without);
    }
    shukach_index_close(index);
    print_message("%zu rows, %zu wrong\n", row_count, bad);
    assert_int_equal(bad, 0);
}

/* ---- Every group has a row --------------------------------------------- */

struct stems {
    char text[64][4][64];
    size_t counts[64];
    size_t length;
};

static int on_token(const struct token *token, void *payload)
{
    struct stems *stems = payload;
    if (token->kind == TOKEN_WHOLE && token->width > 1 &&
        (token->rules & RULE_COMPOUND) != 0) {
        return 0;
    }
    if (token->kind == TOKEN_PART && (token->rules & RULE_COMPOUND) == 0 &&
        (token->rules & RULE_DESIGNATOR) != 0) {
        return 0;
    }
    assert_true(stems->length < 64);
    for (size_t i = 0; i < token->stem_count; i++) {
        snprintf(stems->text[stems->length][i], 64, "%s", token->stems[i].text);
    }
    stems->counts[stems->length++] = token->stem_count;
    return 0;
}

static struct stems stems_of(struct analyser *analyser, const char *text,
                             size_t length)
{
    struct stems stems = {0};
    assert_int_equal(analyser_run(analyser, ANALYSE_QUERY, "uk", text, length,
                                  on_token, &stems, NULL),
                     SHUKACH_OK);
    return stems;
}

static bool same_stems(const struct stems *a, size_t i, const struct stems *b,
                       size_t k)
{
    for (size_t x = 0; x < a->counts[i]; x++) {
        for (size_t y = 0; y < b->counts[k]; y++) {
            if (strcmp(a->text[i][x], b->text[k][y]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool contains(const struct stems *all, const struct stems *part)
{
    for (size_t from = 0; from + part->length <= all->length; from++) {
        size_t n = 0;
        while (n < part->length && same_stems(all, from + n, part, n)) {
            n++;
        }
        if (n == part->length) {
            return true;
        }
    }
    return false;
}

/* Whether a row asks for one member and has another in its text. */
static bool covers(struct analyser *analyser, const struct variants *table,
                   size_t group, const struct stems *query,
                   const struct stems *text)
{
    bool asks = false;
    bool found = false;
    size_t count = variants_get(table, group)->group_count;
    for (size_t i = group; i < group + count; i++) {
        const struct variant *member = variants_get(table, i);
        struct stems stems = stems_of(analyser, member->text, member->length);
        asks = asks || (member->asks && contains(query, &stems));
        found = found || (member->found && contains(text, &stems));
    }
    return asks && found;
}

static void test_every_group_has_a_row(void **state)
{
    (void)state;
    struct variants *table;
    struct analyser *analyser;
    static struct stems queries[ROWS_MAX];
    static struct stems texts[ROWS_MAX];
    read_rows();
    assert_int_equal(variants_new(&table, NULL), SHUKACH_OK);
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    for (size_t i = 0; i < row_count; i++) {
        queries[i] = stems_of(analyser, rows[i].query, strlen(rows[i].query));
        texts[i] = stems_of(analyser, rows[i].text, strlen(rows[i].text));
    }
    size_t groups = 0;
    size_t bad = 0;
    for (size_t group = 0; group < variants_count(table);
         group += variants_get(table, group)->group_count, groups++) {
        bool covered = false;
        for (size_t i = 0; i < row_count && !covered; i++) {
            covered = !rows[i].friend &&
                      covers(analyser, table, group, &queries[i], &texts[i]);
        }
        if (!covered) {
            const struct variant *first = variants_get(table, group);
            bad++;
            fprintf(stderr, "no row for the group of %.*s\n",
                    (int)first->length, first->text);
        }
    }
    print_message("%zu groups, %zu without a row\n", groups, bad);
    analyser_free(analyser);
    variants_free(table);
    assert_true(groups >= 400);
    assert_int_equal(bad, 0);
}

/* ---- Weights and tables of the user -------------------------------------- */

static void test_counts_less(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "вночі збили дрон над містом",
        "вночі збили безпілотник над містом",
        "вночі збили ракету над містом",
    };
    struct shukach_index *index = index_of("weights", 3, texts);
    struct shukach_hits *hits = ask(index, "дрон", true);
    assert_int_equal(shukach_hits_count(hits), 2);
    assert_int_equal(place_of(hits, 0), 0);
    assert_true(shukach_hits_score(hits, 1) <
                0.7 * shukach_hits_score(hits, 0));
    assert_true(shukach_hits_score(hits, 1) > 0);
    shukach_hits_free(hits);
    hits = ask(index, "дрон", false);
    assert_int_equal(shukach_hits_count(hits), 1);
    shukach_hits_free(hits);
    /* What is excluded is excluded by its own words only. */
    hits = ask(index, "збили -дрон", true);
    assert_int_equal(shukach_hits_count(hits), 2);
    shukach_hits_free(hits);
    shukach_index_close(index);
}

static void test_table_of_the_user(void **state)
{
    (void)state;
    static const char *const texts[] = {"наш мопед летить", "вночі дрон"};
    static const char good[] = "# наше\n\nдрон = мопед # так кажуть\r\n";
    static const struct {
        const char *text;
        enum shukach_status status;
        const char *message;
    } bad[] = {
        {"дрон = мопед\nдрон\n", SHUKACH_INVALID, ":2: a line needs two"},
        {"дрон = = мопед", SHUKACH_INVALID, ":1: a word is missing"},
        {"a > b > c", SHUKACH_INVALID, ":1: a line has one >"},
        {"\n\na > b = ", SHUKACH_INVALID, ":3: a word is missing"},
        {"! = b", SHUKACH_INVALID, ":1: a word is missing"},
        {"\xff = b", SHUKACH_ENCODING, "not valid UTF-8"},
    };
    struct shukach_index *index = index_of("user", 2, texts);
    struct shukach_error err;
    const char *path = at("table.txt");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put(path, bad[i].text, strlen(bad[i].text));
        assert_int_equal(shukach_index_add_variants(index, path, &err),
                         bad[i].status);
        if (strstr(err.message, bad[i].message) == NULL) {
            fail_msg("%s: %s", bad[i].text, err.message);
        }
        assert_non_null(strstr(err.message, "table.txt"));
    }
    struct shukach_hits *hits = ask(index, "дрон", true);
    assert_int_equal(shukach_hits_count(hits), 1);
    shukach_hits_free(hits);
    put(path, good, strlen(good));
    assert_int_equal(shukach_index_add_variants(index, path, &err), SHUKACH_OK);
    hits = ask(index, "дронами", true);
    assert_int_equal(shukach_hits_count(hits), 2);
    shukach_hits_free(hits);
    assert_int_equal(shukach_index_add_variants(index, at("nowhere"), &err),
                     SHUKACH_NOT_FOUND);
    put(path, "", 0);
    assert_int_equal(shukach_index_add_variants(index, path, &err), SHUKACH_OK);
    shukach_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_every_group_has_a_row),
        cmocka_unit_test(test_counts_less),
        cmocka_unit_test(test_table_of_the_user),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
