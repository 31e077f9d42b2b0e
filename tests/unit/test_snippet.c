/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every snippet must be, checked on random documents and queries: its
 * highlights are whole words of the query, it is a piece of the text of the
 * length asked for, and it holds all words where they stand close enough. */
#include "scratch.h"

#include "analyser.h"

#define DOCUMENTS 300
#define QUERIES 500
#define HITS 20
#define WORDS 24 /* of a query */

static const char *const vocabulary[] = {
    "удар",
    "удари",
    "ударів",
    "ракета",
    "ракетою",
    "ракетний",
    "ракетних",
    "місто",
    "міста",
    "місті",
    "порт",
    "портами",
    "Київ",
    "Києва",
    "президент",
    "президентові",
    "Раїсі",
    "Путіну",
    "розмова",
    "розмову",
    "зв’язок",
    "зв'язку",
    "об’єкт",
    "НАТО",
    "С-300",
    "F-16-ми",
    "Shahed-136",
    "155-мм",
    "прес-служба",
    "прес-служби",
    "північно-східний",
    "на",
    "про",
    "який",
    "mod.gov.ua",
    "объект",
    "strikes",
    "«Вагнер»",
    "(КНДР)",
    "Зеле́нський",
    "найнепередбачуванішими",
    "гідроелектростанціями",
    "рентгеноелектрокардіографічного",
    "12.05.2024",
    "20:30",
    "1,85",
};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

static uint64_t state;

static size_t pick(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 11) % below;
}

/* ---- Words as the analyser sees them -------------------------------------
 */

struct word {
    size_t from;
    size_t to;
    char form[96];
    char stems[TOKEN_STEMS][96];
    size_t stem_count;
    bool exact;
    bool stop;
    uint32_t position;
    uint32_t width;
    enum token_kind kind;
};

struct words {
    struct word *items;
    size_t count;
    size_t capacity;
};

static int on_token(const struct token *token, void *payload)
{
    struct words *words = payload;
    assert_true(array_grow((void **)&words->items, &words->capacity,
                           words->count + 1, sizeof *words->items));
    struct word *word = &words->items[words->count++];
    *word = (struct word){.from = token->from,
                          .to = token->to,
                          .stem_count = token->stem_count,
                          .position = token->position,
                          .width = token->width,
                          .kind = token->kind,
                          .stop = (token->rules & RULE_STOP) != 0};
    snprintf(word->form, sizeof word->form, "%s", token->form);
    for (size_t i = 0; i < token->stem_count; i++) {
        snprintf(word->stems[i], sizeof word->stems[i], "%s%s",
                 token->stems[i].russian ? "ru:" : "", token->stems[i].text);
    }
    return 0;
}

static struct words read_words(struct analyser *analyser,
                               enum analyser_mode mode, const char *text,
                               size_t length)
{
    struct words words = {0};
    assert_int_equal(analyser_run(analyser, mode, "uk", text, length, on_token,
                                  &words, NULL),
                     SHUKACH_OK);
    return words;
}

static bool matches(const struct word *asked, const struct word *seen)
{
    if (asked->exact && strcmp(asked->form, seen->form) != 0) {
        return false;
    }
    for (size_t i = 0; i < asked->stem_count; i++) {
        for (size_t k = 0; k < seen->stem_count; k++) {
            if (strcmp(asked->stems[i], seen->stems[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* ---- Random text and queries ---------------------------------------------
 */

/* `sparse`: most words are such that no query asks for, the others differ. */
static void add_sentence(struct buf *text, size_t words, size_t *sparse)
{
    static const char *const others[] = {"лампа", "вікно", "озеро", "дерево"};
    static const char *const spaces[] = {" ", " ", " ",  " ",  " ",  " ",
                                         " ", " ", "\n", ", ", "  ", " — "};
    static const char *const ends[] = {". ", "! ", "… ", ".\n", ".\n\n", "? "};
    for (size_t w = 0; w < words; w++) {
        buf_add_text(text, w > 0 ? spaces[pick(12)] : "");
        if (sparse == NULL) {
            buf_add_text(text, vocabulary[pick(VOCABULARY)]);
        } else if (pick(4) > 0 || *sparse >= VOCABULARY) {
            buf_add_text(text, others[pick(4)]);
        } else {
            /* Seldom another form of the last one. */
            *sparse += 1 + pick(3);
            buf_add_text(text, vocabulary[(*sparse + 17) % VOCABULARY]);
        }
    }
    buf_add_text(text, ends[pick(6)]);
}

static void set(struct shukach_document *document, enum shukach_field field,
                const char *text)
{
    assert_int_equal(
        shukach_document_set(document, field, text, strlen(text), NULL),
        SHUKACH_OK);
}

static void make_index(const char *dir)
{
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    set(document, SHUKACH_LANG, "uk");
    for (size_t d = 0; d < DOCUMENTS; d++) {
        struct buf text;
        char id[16];
        buf_init(&text, 1 << 20);
        snprintf(id, sizeof id, "%zu", d);
        set(document, SHUKACH_ID, id);
        for (size_t w = pick(6); w > 0; w--) {
            buf_format(&text, "%s ", vocabulary[pick(VOCABULARY)]);
        }
        set(document, SHUKACH_TITLE, buf_text(&text));
        buf_reset(&text);
        size_t next = 0;
        for (size_t s = 1 + pick(20); s > 0; s--) {
            add_sentence(&text, 1 + pick(15), d % 2 == 0 ? &next : NULL);
        }
        set(document, SHUKACH_TEXT, buf_text(&text));
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
        buf_free(&text);
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
}

struct query {
    struct buf text;
    struct word words[WORDS];
    size_t count;
};

/* Adds a part of the query, and the words that it asks for: those of a
 * phrase one by one, others as a whole. */
static void add_part(struct analyser *analyser, struct query *query,
                     const char *before, const char *part, bool phrase)
{
    bool exact = before[0] != '\0' && before[strlen(before) - 1] == '=';
    buf_format(&query->text, "%s%s%s%s", before, phrase ? "\"" : "", part,
               phrase ? "\"" : "");
    struct words words =
        read_words(analyser, ANALYSE_QUERY, part, strlen(part));
    uint32_t covered = 0;
    for (size_t i = 0; i < words.count; i++) {
        struct word *word = &words.items[i];
        bool whole = word->kind == TOKEN_WHOLE;
        bool skip = phrase ? whole : word->position < covered;
        if (!phrase && !skip && whole) {
            covered = word->position + word->width;
        }
        if (!skip && query->count < WORDS) {
            word->exact = exact;
            /* Left out beside other words, if nothing binds it. */
            word->stop =
                word->stop && !phrase && strspn(before, " ") == strlen(before);
            query->words[query->count++] = *word;
        }
    }
    free(words.items);
}

/* Stop words that stand alone stay, others are not asked for. */
static void drop_stop_words(struct query *query)
{
    size_t kept = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (!query->words[i].stop) {
            query->words[kept++] = query->words[i];
        }
    }
    query->count = kept > 0 ? kept : query->count;
}

static void make_query(struct analyser *analyser, struct query *query)
{
    /* Signs in front of the first and of the other parts. */
    static const char *const signs[][2] = {{"", " "},
                                           {"", " "},
                                           {"+", " "},
                                           {"", " І "},
                                           {"", " АБО "},
                                           {"=", " "},
                                           {"=", " ="},
                                           {"", " NEAR/5 "},
                                           {"+=", " OR "},
                                           {"", " NEAR/20 "},
                                           {
                                               "+",
                                               " =",
                                           }};
    *query = (struct query){0};
    buf_init(&query->text, 1 << 16);
    const char *const *sign = signs[pick(sizeof signs / sizeof *signs)];
    for (size_t parts = 1 + pick(4); parts > 0; parts--) {
        char part[512];
        const char *one = vocabulary[pick(VOCABULARY)];
        bool phrase = pick(4) == 0;
        /* A quote or a bracket would end the word. */
        while (one[0] == '(' || (unsigned char)one[0] == 0xc2) {
            one = vocabulary[pick(VOCABULARY)];
        }
        if (phrase) {
            snprintf(part, sizeof part, "%s %s", one,
                     vocabulary[pick(VOCABULARY - 9)]);
        } else {
            snprintf(part, sizeof part, "%s", one);
        }
        add_part(analyser, query, query->text.length > 0 ? sign[1] : sign[0],
                 part, phrase);
    }
    if (sign[1][0] == ' ' && sign[1][1] == '\0') {
        drop_stop_words(query);
    }
}

/* ---- The checks ----------------------------------------------------------
 */

enum check {
    CHECK_ORDER,
    CHECK_BORDERS,
    CHECK_WORD,
    CHECK_ASKED,
    CHECK_LEFT_OUT,
    CHECK_LENGTH,
    CHECK_PIECE,
    CHECK_SOME_WORD,
    CHECK_ALL_WORDS,
    CHECKS
};

static const char *const check_names[] = {
    [CHECK_ORDER] = "ranges rise and do not overlap",
    [CHECK_BORDERS] = "ranges lie on borders of characters",
    [CHECK_WORD] = "a range is a word",
    [CHECK_ASKED] = "a range is a word of the query",
    [CHECK_LEFT_OUT] = "every word of the query is highlighted",
    [CHECK_LENGTH] = "the snippet is as long as asked for",
    [CHECK_PIECE] = "the snippet is a piece of the text",
    [CHECK_SOME_WORD] = "the snippet holds a word that the text has",
    [CHECK_ALL_WORDS] = "the snippet holds all words that stand close",
};

struct checker {
    struct analyser *analyser;
    const struct query *query;
    const char *id;
    size_t letters;
    size_t done[CHECKS];
    size_t failed[CHECKS];
};

static void check(struct checker *c, enum check what, bool good,
                  const char *text)
{
    c->done[what]++;
    if (!good && c->failed[what]++ < 3) {
        print_error("not so: %s\n  query %s\n  document %s, %zu letters\n"
                    "  in %s\n",
                    check_names[what], c->query->text.data, c->id, c->letters,
                    text);
    }
}

static bool border(const char *text, size_t length, size_t at)
{
    return at == length || ((unsigned char)text[at] & 0xc0) != 0x80;
}

static size_t count_letters(const char *text, size_t length)
{
    size_t letters = 0;
    for (size_t i = 0; i < length; i++) {
        letters += border(text, length, i);
    }
    return letters;
}

/* The words of the query that a token is, a bit for each. */
static uint64_t asked(const struct query *query, const struct word *seen)
{
    uint64_t mask = 0;
    for (size_t w = 0; w < query->count; w++) {
        mask |= (uint64_t)matches(&query->words[w], seen) << w;
    }
    return mask;
}

/* Checks the highlights of a text; the words of the query among them. */
static uint64_t check_ranges(struct checker *c, const char *text, size_t length,
                             const struct shukach_range *ranges, size_t count)
{
    struct words words =
        read_words(c->analyser, ANALYSE_DOCUMENT, text, length);
    uint64_t all = 0;
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct shukach_range range = ranges[i];
        bool inside = range.from < range.to && range.to <= length;
        check(c, CHECK_ORDER, inside && range.from >= last, text);
        if (!inside) {
            continue;
        }
        last = range.to;
        check(c, CHECK_BORDERS,
              border(text, length, range.from) &&
                  border(text, length, range.to),
              text);
        bool word = false;
        uint64_t mask = 0;
        for (size_t k = 0; k < words.count; k++) {
            if (words.items[k].from == range.from &&
                words.items[k].to == range.to) {
                word = true;
                mask |= asked(c->query, &words.items[k]);
            }
        }
        check(c, CHECK_WORD, word, text);
        check(c, CHECK_ASKED, mask != 0, text);
    }
    for (size_t k = 0; k < words.count; k++) {
        const struct word *word = &words.items[k];
        uint64_t mask = asked(c->query, word);
        bool found = mask == 0;
        for (size_t i = 0; i < count && !found; i++) {
            found = ranges[i].from <= word->from && ranges[i].to >= word->to;
        }
        check(c, CHECK_LEFT_OUT, found, text);
        all |= mask;
    }
    free(words.items);
    return all;
}

static bool white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A text in one line: every run of white space is one space. */
static struct buf one_line(const char *text, size_t length)
{
    struct buf line;
    buf_init(&line, 1 << 24);
    for (size_t i = 0; i < length; i++) {
        if (!white(text[i])) {
            buf_add_char(&line, text[i]);
        } else if (i == 0 || !white(text[i - 1])) {
            buf_add_char(&line, ' ');
        }
    }
    return line;
}

/* The snippet without the … that say the text goes on. */
static void check_piece(struct checker *c, const char *snippet, size_t length,
                        const char *text, size_t text_length)
{
    static const char more[] = "…";
    const size_t n = sizeof more - 1;
    struct buf line = one_line(text, text_length);
    bool piece = false;
    size_t letters = 0;
    /* Either … may be of the text itself. */
    for (unsigned cut = 4; cut-- > 0 && !piece;) {
        size_t from = cut & 1 ? n : 0;
        size_t to = cut & 2 ? n : 0;
        if (length < from + to || (from > 0 && memcmp(snippet, more, n) != 0) ||
            (to > 0 && memcmp(snippet + length - n, more, n) != 0)) {
            continue;
        }
        const char *at = snippet + from;
        piece = memmem(buf_text(&line), line.length, at, length - from - to) !=
                NULL;
        letters = count_letters(at, length - from - to);
    }
    check(c, CHECK_PIECE, piece, snippet);
    /* A single word may be longer than what was asked for. */
    bool one_word = memchr(snippet, ' ', length) == NULL;
    check(c, CHECK_LENGTH, letters <= c->letters || one_word, snippet);
    buf_free(&line);
}

/* Whether some window of the text holds every word of the query. Texts
 * where a word stands twice, or is two words of the query, are passed over:
 * there a window with repetitions may be preferred. */
static bool stand_close(const struct checker *c, const char *text,
                        const struct words *words)
{
    const uint64_t full = ((uint64_t)1 << c->query->count) - 1;
    uint64_t all = 0;
    size_t from = SIZE_MAX;
    size_t to = 0;
    for (size_t i = 0; i < words->count; i++) {
        uint64_t mask = asked(c->query, &words->items[i]);
        if ((mask & all) != 0 || (mask & (mask - 1)) != 0) {
            return false;
        }
        if (mask != 0) {
            from = from < words->items[i].from ? from : words->items[i].from;
            to = to > words->items[i].to ? to : words->items[i].to;
        }
        all |= mask;
    }
    return all == full && count_letters(text + from, to - from) <= c->letters;
}

/* Which words of the query the snippet shows, out of those the text has. */
static void check_held(struct checker *c, uint64_t held, const char *snippet,
                       const char *text, size_t length)
{
    struct words words =
        read_words(c->analyser, ANALYSE_DOCUMENT, text, length);
    uint64_t all = 0;
    for (size_t i = 0; i < words.count; i++) {
        all |= asked(c->query, &words.items[i]);
    }
    if (all != 0) {
        check(c, CHECK_SOME_WORD, held != 0, snippet);
    }
    if (stand_close(c, text, &words)) {
        check(c, CHECK_ALL_WORDS, held == all, snippet);
    }
    free(words.items);
}

static void check_hit(struct checker *c, struct shukach_index *index,
                      const struct shukach_hits *hits, size_t i)
{
    size_t count;
    size_t length;
    const char *title = shukach_hits_field(hits, i, SHUKACH_TITLE, &length);
    const struct shukach_range *ranges =
        shukach_hits_title_ranges(hits, i, &count);
    c->id = shukach_hits_field(hits, i, SHUKACH_ID, NULL);
    check_ranges(c, title, length, ranges, count);

    const char *snippet = shukach_hits_snippet(hits, i, &length);
    ranges = shukach_hits_snippet_ranges(hits, i, &count);
    uint64_t held = check_ranges(c, snippet, length, ranges, count);

    struct shukach_document *document;
    assert_int_equal(shukach_index_document_open(index, c->id, strlen(c->id),
                                                 &document, NULL),
                     SHUKACH_OK);
    size_t text_length;
    const char *text =
        shukach_document_get(document, SHUKACH_TEXT, &text_length);
    check_piece(c, snippet, length, text, text_length);
    check_held(c, held, snippet, text, text_length);
    shukach_document_free(document);
}

static void check_query(struct checker *c, struct shukach_index *index)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    struct shukach_error err;
    const struct buf *text = &c->query->text;
    if (shukach_query_parse(text->data, text->length, SHUKACH_SYNTAX_FULL,
                            &query, &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text->data, err.message);
    }
    shukach_query_set_window(query, 0, HITS);
    shukach_query_set_snippet(query, c->letters);
    assert_int_equal(shukach_index_search(index, query, &hits, &err),
                     SHUKACH_OK);
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        check_hit(c, index, hits, i);
    }
    shukach_hits_free(hits);
    shukach_query_free(query);
}

static void test_random(void **unused)
{
    (void)unused;
    const char *seed = getenv("SHUKACH_SEED");
    state = seed == NULL ? 20240319 : strtoull(seed, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)state);
    const char *dir = at("index");
    make_index(dir);
    struct shukach_index *index;
    struct checker c = {0};
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    assert_int_equal(analyser_new(&c.analyser, NULL), SHUKACH_OK);
    for (size_t q = 0; q < QUERIES; q++) {
        static const size_t lengths[] = {20, 60, 120, 240, 500};
        struct query query;
        make_query(c.analyser, &query);
        c.query = &query;
        c.letters = lengths[pick(5)];
        check_query(&c, index);
        buf_free(&query.text);
    }
    analyser_free(c.analyser);
    shukach_index_close(index);
    size_t bad = 0;
    for (size_t i = 0; i < CHECKS; i++) {
        print_message("%s: %zu of %zu fail\n", check_names[i], c.failed[i],
                      c.done[i]);
        assert_true(c.done[i] > 50);
        bad += c.failed[i];
    }
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
