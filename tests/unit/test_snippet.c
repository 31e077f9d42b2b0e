/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every snippet must be, checked on random documents and queries: its
 * highlights are whole words of the query, its fragments are pieces of the
 * text of the length asked for, and it holds all words where they stand close
 * enough. */
#include "snippets.h"

#define QUERIES 500
#define HITS 20

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
    CHECK_BEGIN,
    CHECK_SENTENCE,
    CHECK_SOME_WORD,
    CHECK_ALL_WORDS,
    CHECK_PHRASE,
    CHECKS
};

static const char *const check_names[] = {
    [CHECK_ORDER] = "ranges rise and do not overlap",
    [CHECK_BORDERS] = "ranges lie on borders of characters",
    [CHECK_WORD] = "a range is a word",
    [CHECK_ASKED] = "a range is a word of the query",
    [CHECK_LEFT_OUT] = "every word of the query is highlighted",
    [CHECK_LENGTH] = "a fragment is as long as asked for",
    [CHECK_PIECE] = "fragments are pieces of the text, in its order",
    [CHECK_BEGIN] = "… stands in front where no sentence begins",
    [CHECK_SENTENCE] = "a fragment begins where a sentence does, if it can",
    [CHECK_SOME_WORD] = "the snippet holds a word that the text has",
    [CHECK_ALL_WORDS] = "the snippet holds all words that stand close",
    [CHECK_PHRASE] = "the snippet holds the phrase that the text has",
};

struct checker {
    struct analyser *analyser;
    const struct query *query;
    const char *id;
    size_t letters;
    uint32_t stretch; /* words that count as close, 0: only letters do */
    size_t fragments;
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

/* A text in one line: every run of white space is one space. `map` has the
 * place in the text of each byte. */
static struct buf one_line(const char *text, size_t length, size_t **map)
{
    struct buf line;
    buf_init(&line, 1 << 24);
    *map = calloc(length + 1, sizeof **map);
    assert_non_null(*map);
    for (size_t i = 0; i < length; i++) {
        (*map)[line.length] = i;
        if (!white(text[i])) {
            buf_add_char(&line, text[i]);
        } else if (i == 0 || !white(text[i - 1])) {
            buf_add_char(&line, ' ');
        }
    }
    (*map)[line.length] = length;
    return line;
}

/* ---- Where fragments begin ------------------------------------------------
 */

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t size = strlen(end);
    return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* The rule of docs/output.md, for the sentences of this test. */
static bool sentence_begins(const char *text, size_t at)
{
    static const char *const ends[] = {".", "!", "?", "…"};
    size_t end = at;
    bool ended = false;
    while (end > 0 && white(text[end - 1])) {
        if (text[--end] == '\n') {
            return true;
        }
    }
    for (size_t i = 0; i < 4 && end < at; i++) {
        ended = ended || ends_with(text, end, ends[i]) ||
                (ends_with(text, end, "»") &&
                 ends_with(text, end - strlen("»"), ends[i]));
    }
    uint32_t code = 0;
    (void)utf8_decode(text + at, strlen(text + at), &code);
    bool small =
        (code >= 'a' && code <= 'z') || (code >= 0x430 && code < 0x460);
    return end == 0 || (ended && !small);
}

/* A fragment: bytes [from, to) of the text, its first and last highlights
 * between `first` and `last`. */
struct fragment {
    size_t from;
    size_t to;
    size_t first;
    size_t last;
};

static void check_sentence(struct checker *c, const char *text,
                           const struct fragment *fragment, size_t low)
{
    size_t used =
        count_letters(text + fragment->first, fragment->last - fragment->first);
    size_t at = fragment->first;
    while (at > low && !(border(text, SIZE_MAX, at) && !white(text[at]) &&
                         sentence_begins(text, at))) {
        at--;
    }
    if (used <= c->letters && at >= low && !white(text[at]) &&
        sentence_begins(text, at) &&
        count_letters(text + at, fragment->first - at) <= c->letters - used) {
        check(c, CHECK_SENTENCE, fragment->from == at, text + at);
    }
}

/* Finds a fragment in the text, whose bytes from `*at` on are not yet taken;
 * whether it is there, and there only. */
static bool find_piece(struct checker *c, const struct buf *line,
                       const char *piece, size_t length, size_t *at)
{
    const char *from = buf_text(line);
    const char *found = memmem(from + *at, line->length - *at, piece, length);
    check(c, CHECK_PIECE, found != NULL, piece);
    if (found == NULL) {
        return false;
    }
    *at = (size_t)(found - from) + length;
    return memmem(found + 1, line->length - (size_t)(found + 1 - from), piece,
                  length) == NULL &&
           memmem(from, *at - 1, piece, length) == NULL;
}

static void check_long(struct checker *c, const char *piece, size_t length)
{
    size_t letters = count_letters(piece, length);
    size_t most = c->letters;
    uint32_t stretch = c->stretch;
    /* Fragments that touch are one, and no word of this test is longer. */
    if (c->fragments > 1) {
        most = c->fragments * ((most > 40 ? most : 40) + 1);
        stretch += stretch > 0 ? (uint32_t)most : 0;
    }
    struct words words =
        read_words(c->analyser, ANALYSE_DOCUMENT, piece, length);
    /* The second part of a compound may be one beyond. */
    uint32_t last = words.count > 0 ? words.items[words.count - 1].position : 0;
    free(words.items);
    /* A single word may be longer than what was asked for. */
    bool one_word = memchr(piece, ' ', length) == NULL;
    check(c, CHECK_LENGTH, letters <= most || one_word || last <= stretch,
          piece);
}

/* The fragments without the … around them. */
static void check_pieces(struct checker *c, const char *snippet, size_t length,
                         const struct shukach_range *ranges, size_t count,
                         const char *text, size_t text_length)
{
    static const char more[] = "…";
    static const char between[] = " … ";
    size_t *map;
    struct buf line = one_line(text, text_length, &map);
    bool cut = strncmp(snippet, more, sizeof more - 1) == 0;
    size_t from = cut ? sizeof more - 1 : 0;
    size_t taken = 0;
    size_t low = 0;
    size_t range = 0;
    while (from < length) {
        const char *piece = snippet + from;
        const char *next = strstr(piece, between);
        size_t size = next != NULL ? (size_t)(next - piece) : length - from;
        bool first = from <= sizeof more - 1;
        bool last = next == NULL && ends_with(piece, size, more) &&
                    !ends_with(buf_text(&line), line.length, piece);
        size_t inner = last ? size - (sizeof more - 1) : size;
        check_long(c, piece, inner);
        bool only = find_piece(c, &line, piece, inner, &taken);
        size_t begin = taken - inner;
        struct fragment fragment = {.from = map[begin], .to = map[taken]};
        if (first && only) {
            check(c, CHECK_BEGIN, cut != sentence_begins(text, fragment.from),
                  snippet);
        }
        size_t start = range;
        while (range < count && ranges[range].to <= from + inner) {
            range++;
        }
        if (only && range > start) {
            fragment.first = map[begin + ranges[start].from - from];
            fragment.last = map[begin + ranges[range - 1].to - 1 - from] + 1;
            check_sentence(c, text, &fragment, low);
        }
        low = fragment.to;
        from += next != NULL ? size + sizeof between - 1 : size;
    }
    free(map);
    buf_free(&line);
}

/* ---- What fragments hold --------------------------------------------------
 */

/* Whether some window of the text holds every word of the query. */
static bool stand_close(const struct checker *c, const char *text,
                        const struct words *words)
{
    const uint64_t full = ((uint64_t)1 << c->query->count) - 1;
    for (size_t i = 0; i < words->count; i++) {
        const struct word *first = &words->items[i];
        uint64_t all = 0;
        size_t to = first->to;
        for (size_t k = i; k < words->count && all != full; k++) {
            const struct word *word = &words->items[k];
            uint64_t mask = asked(c->query, word);
            to = mask != 0 && word->to > to ? word->to : to;
            all |= mask;
            bool close = count_letters(text + first->from, to - first->from) <=
                             c->letters ||
                         word->position - first->position < c->stretch;
            if (!close) {
                break;
            }
            if (all == full) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the words of a phrase stand next to each other, within the length
 * of a fragment. */
static bool has_phrase(const struct checker *c, const char *text,
                       const struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        size_t w = 0;
        for (size_t k = i; k < words->count && w < c->query->count; k++) {
            w += words->items[k].position == words->items[i].position + w &&
                 matches(&c->query->words[w], &words->items[k]);
            if (w == c->query->count &&
                count_letters(text + words->items[i].from,
                              words->items[k].to - words->items[i].from) <=
                    c->letters) {
                return true;
            }
        }
    }
    return false;
}

/* Which words of the query the snippet shows, out of those the text has. */
static void check_held(struct checker *c, uint64_t held, const char *snippet,
                       size_t snippet_length, const char *text, size_t length)
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
    if (c->query->phrase && c->fragments == 1 && has_phrase(c, text, &words)) {
        struct words shown =
            read_words(c->analyser, ANALYSE_DOCUMENT, snippet, snippet_length);
        check(c, CHECK_PHRASE, has_phrase(c, snippet, &shown), snippet);
        free(shown.items);
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
    check_pieces(c, snippet, length, ranges, count, text, text_length);
    check_held(c, held, snippet, length, text, text_length);
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
    shukach_query_set_fragments(query, c->fragments);
    if (c->stretch == 0) {
        shukach_query_set_snippet(query, c->letters);
    }
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
    random_state = seed == NULL ? 20240319 : strtoull(seed, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)random_state);
    const char *dir = at("index");
    make_index(dir);
    struct shukach_index *index;
    struct checker c = {0};
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    assert_int_equal(analyser_new(&c.analyser, NULL), SHUKACH_OK);
    for (size_t q = 0; q < QUERIES; q++) {
        static const size_t lengths[] = {20, 60, 120, 240, 500, 1000};
        static const size_t fragments[] = {1, 1, 1, 2, 3, 7};
        struct query query;
        make_query(c.analyser, &query);
        c.query = &query;
        c.letters = lengths[pick(6)];
        c.fragments = fragments[pick(6)];
        /* As without --snippet. */
        c.stretch = c.letters == 240 ? 60 : 0;
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

/* ---- What is shown of one text --------------------------------------------
 */

/* The snippet for a query in a text, owned by the caller. */
static char *snippet_of(const char *text, const char *query, size_t letters)
{
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    struct shukach_index *index;
    struct shukach_query *parsed;
    struct shukach_hits *hits;
    const char *dir = at("one");
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    set(document, SHUKACH_ID, "1");
    set(document, SHUKACH_TEXT, text);
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    assert_int_equal(shukach_query_parse(query, strlen(query),
                                         SHUKACH_SYNTAX_FULL, &parsed, NULL),
                     SHUKACH_OK);
    shukach_query_set_snippet(parsed, letters);
    assert_int_equal(shukach_index_search(index, parsed, &hits, NULL),
                     SHUKACH_OK);
    assert_int_equal(shukach_hits_count(hits), 1);
    char *snippet = strdup(shukach_hits_snippet(hits, 0, NULL));
    assert_non_null(snippet);
    shukach_hits_free(hits);
    shukach_query_free(parsed);
    shukach_index_close(index);
    return snippet;
}

#define GAP                                                                    \
    " Далі довго мовчали і лампа горіла. І ще довго мовчали, як годиться."

static void test_one(void **unused)
{
    static const struct {
        const char *text;
        const char *query;
        size_t letters;
        const char *begins; /* the snippet begins so */
    } rows[] = {
        /* The phrase, not its words apart, however often those stand. */
        {"Удар був, а завод ракетний." GAP " Учора був ракетний удар." GAP,
         "\"ракетний удар\"", 40, "Учора був ракетний удар."},
        {"Ракетний завод. Удар. Удар. Удар. Завод ракетний." GAP
         " Тут ракетні удари." GAP,
         "\"ракетний удар\"", 40, "Тут ракетні удари."},
        {"Удар і ракетний." GAP " І ракетного удару." GAP
         " Порт: удар, ракетний.",
         "\"ракетний удар\" порт", 40, "Порт: удар, ракетний."},
        /* One word that is two of the query counts for both: "удар" and
         * the prefix beside one, "порт" and "порт" beside two. */
        {"Ось порт, порт." GAP " Ось порт і удару." GAP, "удар ударі порт", 40,
         "Ось порт і удару."},
        /* Where sentences begin. */
        {"Лампа горіла. Тоді був удар." GAP, "удар", 40, "Тоді був удар."},
        {"Лампа горіла! Тоді був удар." GAP, "удар", 20, "Тоді був удар."},
        {"Лампа горіла…  Тоді був удар." GAP, "удар", 20, "Тоді був удар."},
        {"«Лампа горіла?» Тоді був удар." GAP, "удар", 20, "Тоді був удар."},
        {"(Лампа горіла.) Тоді був удар." GAP, "удар", 20, "Тоді був удар."},
        {"Лампа горіла\nтоді був удар." GAP, "удар", 20, "тоді був удар."},
        {"Лампа горіла, горіла, 5 тис. гривень удар." GAP, "удар", 30,
         "…тис. гривень"},
        {"Лампа горіла, тоді м. Київ удар." GAP, "удар", 22, "…м. Київ"},
        {"Лампа горіла, тоді В. Київ удар." GAP, "удар", 22, "…В. Київ"},
        {"Лампа горіла, тоді був удар." GAP, "удар", 20, "…був удар."},
    };
    (void)unused;
    size_t bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *snippet =
            snippet_of(rows[i].text, rows[i].query, rows[i].letters);
        if (strncmp(snippet, rows[i].begins, strlen(rows[i].begins)) != 0) {
            print_error("%zu: %s\n", i, snippet);
            bad++;
        }
        free(snippet);
    }
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_one),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
