/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several indexes as one: random documents in one index and dealt out to
 * three must answer every query alike. Through the public header only. */
#include "random.h"
#include "several.h"

#define DOCUMENTS 400
#define WORDS_MAX 24
#define QUERIES 240
#define INDEXES 3

static const char *const vocabulary[] = {
    "удар",       "ударів",     "ракета",   "ракетних", "місто",    "місті",
    "порт",       "порту",      "С-300",    "Київ",     "Києва",    "не",
    "президента", "НАТО",       "лід",      "Путін",    "Путіна",   "КНДР",
    "Зеленський", "Zelenskyy",  "Северной", "Кореї",    "Північна", "Одеса",
    "155-мм",     "Коваленком",
};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

static const char *const sources[] = {"Порт", "Місто", "", "Вісник"};

static const char *word(void)
{
    return vocabulary[pick(VOCABULARY)];
}

/* ---- Indexes ----------------------------------------------------------- */

static struct fields documents[DOCUMENTS];

static void write_words(char *out, size_t size, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(out + length, size - length, "%s%s", word(),
                                   pick(9) == 0 ? ". " : " ");
    }
}

static void make_documents(void)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct fields *one = &documents[i];
        snprintf(one->id, sizeof one->id, "d%zu", i);
        write_words(one->text, sizeof one->text, 1 + pick(WORDS_MAX));
        one->title[0] = '\0';
        write_words(one->title, sizeof one->title, pick(4));
        one->date[0] = '\0';
        if (pick(5) > 0) {
            snprintf(one->date, sizeof one->date, "2024-%02zu-%02zu",
                     1 + pick(12), 1 + pick(28));
        }
        one->source = sources[pick(4)];
    }
}

/* Documents [from, to), in some runs, so that there are several segments. */
static void fill(const char *dir, size_t from, size_t to)
{
    size_t step = (to - from) / 2 + 1;
    for (size_t first = from; first < to; first += step, step = step / 3 + 1) {
        struct shukach_indexer *indexer;
        assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
        assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_OK);
        for (size_t i = first; i < first + step && i < to; i++) {
            add(indexer, &documents[i]);
        }
        assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
        shukach_indexer_close(indexer);
    }
}

/* ---- Queries ----------------------------------------------------------- */

static void write_query(char *out, size_t size)
{
    static const char *const shapes[] = {
        "%s",
        "%s %s %s",
        "\"%s %s\"",
        "%s NEAR/5 %s",
        "=%s %s",
        "%s -%s",
        "%s OR %s",
        "title:%s %s",
        "(%s OR %s) %s",
        "%s source:порт",
        "міс*",
        "=\"%s %s\"",
        "%s date:2024-05..2024-09",
        "date:2024-03",
        "%s AND NOT %s",
        "\"%s %s\" OR %s",
        "%s пре*",
        "lang:uk",
        "%s %s %s %s %s",
    };
    const char *shape = shapes[pick(sizeof shapes / sizeof *shapes)];
    snprintf(out, size, shape, word(), word(), word(), word(), word());
}

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

/* Which document a hit is; of equal scores that were added up in another
 * order one may come first here and the other there. */
static size_t number_of(const struct shukach_hits *hits, size_t i)
{
    const char *id = shukach_hits_field(hits, i, SHUKACH_ID, NULL);
    return strtoul(id + 1, NULL, 10);
}

/* The hit of a document among those of about its score; SIZE_MAX if there is
 * none. */
static size_t find(const struct shukach_hits *hits, size_t i, size_t number)
{
    double score = shukach_hits_score(hits, i);
    size_t count = shukach_hits_count(hits);
    while (i > 0 && near(shukach_hits_score(hits, i - 1), score)) {
        i--;
    }
    for (; i < count && near(shukach_hits_score(hits, i), score); i++) {
        if (number_of(hits, i) == number) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void same_parts(const struct shukach_hits *a, size_t i,
                       const struct shukach_hits *b, size_t k)
{
    size_t counts[2];
    const struct shukach_part *x = shukach_hits_parts(a, i, &counts[0]);
    const struct shukach_part *y = shukach_hits_parts(b, k, &counts[1]);
    assert_int_equal(counts[0], counts[1]);
    for (size_t p = 0; p < counts[0]; p++) {
        assert_true(near(x[p].score, y[p].score));
        assert_int_equal(x[p].match_count, y[p].match_count);
    }
    size_t lengths[2];
    same_text(shukach_hits_snippet(a, i, &lengths[0]),
              shukach_hits_snippet(b, k, &lengths[1]));
    assert_int_equal(lengths[0], lengths[1]);
    const struct shukach_range *from =
        shukach_hits_snippet_ranges(a, i, &counts[0]);
    const struct shukach_range *to =
        shukach_hits_snippet_ranges(b, k, &counts[1]);
    assert_int_equal(counts[0], counts[1]);
    assert_true(counts[0] == 0 ||
                memcmp(from, to, counts[0] * sizeof *from) == 0);
}

static void same_facets(const struct shukach_hits *a,
                        const struct shukach_hits *b)
{
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        enum shukach_facet facet = (enum shukach_facet)f;
        size_t count = shukach_hits_facet_count(a, facet);
        assert_int_equal(count, shukach_hits_facet_count(b, facet));
        for (size_t i = 0; i < count; i++) {
            uint64_t documents_of[2];
            same_text(shukach_hits_facet(a, facet, i, &documents_of[0]),
                      shukach_hits_facet(b, facet, i, &documents_of[1]));
            assert_int_equal(documents_of[0], documents_of[1]);
        }
    }
}

static const size_t borders[INDEXES + 1] = {0, 170, 180, DOCUMENTS};

/* Every hit of one index is one of three, with all that is told of it. */
static void same_hits(const struct shukach_hits *one,
                      const struct shukach_hits *three)
{
    uint64_t totals[4];
    size_t count = shukach_hits_count(one);
    assert_int_equal(count, shukach_hits_count(three));
    shukach_hits_total(one, &totals[0], &totals[1]);
    shukach_hits_total(three, &totals[2], &totals[3]);
    assert_int_equal(totals[0], totals[2]);
    assert_int_equal(totals[1], totals[3]);
    for (size_t i = 0; i < count; i++) {
        assert_true(
            near(shukach_hits_score(one, i), shukach_hits_score(three, i)));
        size_t number = number_of(one, i);
        size_t k = find(three, i, number);
        assert_true(k < count);
        same_parts(one, i, three, k);
        size_t index = shukach_hits_index(three, k);
        assert_true(number >= borders[index] && number < borders[index + 1]);
        assert_int_equal(shukach_hits_index(one, i), 0);
    }
    same_facets(one, three);
    same_text(shukach_hits_suggestion(one, NULL),
              shukach_hits_suggestion(three, NULL));
}

/* The pages of an answer are that answer. */
static void check_pages(struct shukach_index *index,
                        struct shukach_query *query,
                        const struct shukach_hits *all)
{
    size_t size = 1 + pick(40);
    size_t count = shukach_hits_count(all);
    for (size_t from = 0; from < count; from += size) {
        shukach_query_set_window(query, from, size);
        struct shukach_hits *page = search(index, query);
        size_t held = shukach_hits_count(page);
        assert_int_equal(held, count - from < size ? count - from : size);
        for (size_t i = 0; i < held; i++) {
            assert_int_equal(number_of(page, i), number_of(all, from + i));
        }
        shukach_hits_free(page);
    }
}

/* ---- One index and three ----------------------------------------------- */

static char *three[INDEXES];

static int make_indexes(void **unused)
{
    const char *seed = getenv("SHUKACH_TEST_SEED");
    random_state = seed != NULL ? strtoull(seed, NULL, 10) : 20240319;
    print_message("seed %llu\n", (unsigned long long)random_state);
    make_documents();
    if (scratch_make(unused) != 0) {
        return 1;
    }
    fill(at("whole"), 0, DOCUMENTS);
    for (size_t i = 0; i < INDEXES; i++) {
        static const char *const names[] = {"a", "b", "c"};
        three[i] = strdup(at(names[i]));
        fill(three[i], borders[i], borders[i + 1]);
    }
    return 0;
}

static int remove_indexes(void **unused)
{
    for (size_t i = 0; i < INDEXES; i++) {
        free(three[i]);
    }
    return scratch_remove(unused);
}

static void same_answers(void **unused)
{
    (void)unused;
    struct shukach_index *one = open_all((const char *[]){at("whole")}, 1);
    struct shukach_index *all = open_all((const char *const *)three, INDEXES);
    size_t found = 0;
    for (size_t q = 0; q < QUERIES; q++) {
        char text[512];
        write_query(text, sizeof text);
        struct shukach_query *query = parse(text);
        shukach_query_set_window(query, 0, 0);
        shukach_query_set_explain(query, q % 3 == 0);
        shukach_query_set_snippet(query, q % 3 == 0 ? 60 : 0);
        shukach_query_set_suggest(query, q % 8 == 0);
        shukach_query_set_exact_total(query, 1);
        shukach_query_add_facet(query,
                                (enum shukach_facet)pick(SHUKACH_FACETS));
        shukach_query_set_sort(query, q % 5 == 0 ? SHUKACH_SORT_NEWEST
                                                 : SHUKACH_SORT_RELEVANCE);
        struct shukach_hits *hits[2] = {search(one, query), search(all, query)};
        found += shukach_hits_count(hits[0]);
        if (q % 5 != 0) {
            same_hits(hits[0], hits[1]);
        }
        if (q % 4 == 1) {
            check_pages(all, query, hits[1]);
        }
        shukach_hits_free(hits[0]);
        shukach_hits_free(hits[1]);
        shukach_query_free(query);
    }
    assert_true(found > 10 * QUERIES);
    shukach_index_close(one);
    shukach_index_close(all);
}

/* ---- Lists ------------------------------------------------------------- */

/* Lines of what callbacks were told. */
static char lists[2][1 << 16];
static size_t lengths[2];

static void tell(size_t list, const char *text, uint64_t number)
{
    lengths[list] += (size_t)snprintf(
        lists[list] + lengths[list], sizeof lists[list] - lengths[list],
        "%s %llu\n", text, (unsigned long long)number);
    assert_true(lengths[list] < sizeof lists[list]);
}

static int on_document(const struct shukach_document *document, void *payload)
{
    tell(*(size_t *)payload, shukach_document_get(document, SHUKACH_ID, NULL),
         0);
    return 0;
}

static int on_name(const struct shukach_name *name, void *payload)
{
    tell(*(size_t *)payload, name->text, name->documents);
    for (size_t i = 0; i < name->form_count; i++) {
        tell(*(size_t *)payload, name->forms[i].text, name->forms[i].documents);
    }
    return 0;
}

static int on_form(const char *form, size_t length, uint64_t count,
                   void *payload)
{
    assert_int_equal(form[length], 0);
    tell(*(size_t *)payload, form, count);
    return 0;
}

static void same_lists(void **unused)
{
    (void)unused;
    struct shukach_index *indexes[2] = {
        open_all((const char *[]){at("whole")}, 1),
        open_all((const char *const *)three, INDEXES)};
    struct shukach_query *query = parse("удар OR Путін");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(shukach_index_stream(indexes[i], query, on_document,
                                              &i, NULL, NULL),
                         SHUKACH_OK);
        assert_int_equal(shukach_index_names(indexes[i], query, 0, 0, on_name,
                                             &i, NULL, NULL, NULL),
                         SHUKACH_OK);
        assert_int_equal(shukach_index_names(indexes[i], NULL, 50, 0, on_name,
                                             &i, NULL, NULL, NULL),
                         SHUKACH_OK);
        assert_int_equal(
            shukach_index_complete(indexes[i], "п", 2, 20, on_form, &i, NULL),
            SHUKACH_OK);
    }
    assert_true(lengths[0] > 2000);
    assert_string_equal(lists[0], lists[1]);
    shukach_query_free(query);
    shukach_index_close(indexes[0]);
    shukach_index_close(indexes[1]);
}

static void facts_add_up(void **unused)
{
    (void)unused;
    static const char *const equal[] = {
        "documents", "deleted",    "tokens", "lang.uk",  "lang.ru",
        "lang.en",   "lang.other", "schema", "analyser", "unicode"};
    struct shukach_index *one = open_all((const char *[]){at("whole")}, 1);
    struct shukach_index *all = open_all((const char *const *)three, INDEXES);
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
        same_text(shukach_index_fact(one, equal[i]),
                  shukach_index_fact(all, equal[i]));
    }
    assert_int_equal(shukach_index_count(all), DOCUMENTS);
    assert_int_equal(shukach_index_parts(one), 1);
    assert_int_equal(shukach_index_parts(all), INDEXES);
    const char *generations[INDEXES];
    unsigned long segments = 0;
    for (size_t i = 0; i < INDEXES; i++) {
        generations[i] = shukach_index_fact_of(all, i, "generation");
        segments +=
            strtoul(shukach_index_fact_of(all, i, "segments"), NULL, 10);
        same_text(shukach_index_fact_of(all, i, "directory"), three[i]);
        assert_true(strcmp(shukach_index_fact_of(all, i, "created"),
                           shukach_index_fact(all, "created")) <= 0);
    }
    char names[64];
    snprintf(names, sizeof names, "%s %s %s", generations[0], generations[1],
             generations[2]);
    same_text(shukach_index_fact(all, "generation"), names);
    assert_true(segments > INDEXES);
    assert_int_equal(strtoul(shukach_index_fact(all, "segments"), NULL, 10),
                     segments);
    same_text(shukach_index_fact_of(all, 1, "documents"), "10");
    same_text(shukach_index_fact_of(all, INDEXES, "documents"), "");
    same_text(shukach_index_fact(all, "nothing"), "");
    same_text(shukach_index_fact(all, "directory"), "");
    shukach_index_close(one);
    shukach_index_close(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_answers),
        cmocka_unit_test(same_lists),
        cmocka_unit_test(facts_add_up),
    };
    return cmocka_run_group_tests(tests, make_indexes, remove_indexes);
}
