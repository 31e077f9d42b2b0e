/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One name out of its forms and spellings. Each word is taken for the one of
 * its keys that most documents speak for; runs are cut where two names only
 * happen to stand side by side; pieces of the same keys are one name; and a
 * surname alone belongs to the longer name that it can only stand for. */
#include "mentions.h"

/* A longer name must be in so many times more documents than the next one of
 * the same last word, and at least in this part of those of the shorter. */
#define LONGER_TIMES 3
#define LONGER_PART 4

/* ---- Keys ---------------------------------------------------------------- */

/* What speaks for a key. */
struct key_facts {
    uint64_t documents;
    bool inside; /* a word of it stands where no sentence begins */
};

static void read_keys(const struct name_word *word, struct name_keys *out)
{
    names_keys(word->form, strlen(word->form), word->capitals, out);
    if (out->count == 0) { /* of another script */
        snprintf(out->keys[0], NAME_BYTES, "%s", word->form);
        out->count = 1;
    }
}

/* Initials have the first letters of a key and a full stop. */
static uint32_t initials_key(const struct name_word *word, struct intern *table)
{
    char text[NAME_BYTES + 1];
    struct name_keys keys;
    size_t letter = strlen(word->form) - 1;
    names_keys(word->form, letter, false, &keys);
    int length = keys.count > 0
                     ? snprintf(text, sizeof text, "%s.", keys.keys[0])
                     : snprintf(text, sizeof text, "%s", word->form);
    return intern_add(table, text, (size_t)length);
}

/* Adds what a word says for each of its keys. */
static bool count_keys(const struct name_word *word, struct intern *table,
                       struct key_facts **facts, size_t *capacity)
{
    struct name_keys keys;
    read_keys(word, &keys);
    for (size_t k = 0; k < keys.count; k++) {
        size_t before = table->count;
        uint32_t key = intern_add(table, keys.keys[k], strlen(keys.keys[k]));
        if (key == INTERN_NONE || !array_grow((void **)facts, capacity,
                                              table->count, sizeof **facts)) {
            return false;
        }
        if (table->count > before) {
            (*facts)[key] = (struct key_facts){0};
        }
        (*facts)[key].documents += word->documents;
    }
    return true;
}

/* Latin letters have smaller bytes than Greek and Cyrillic ones. */
static bool is_latin(const char *form)
{
    return (unsigned char)form[0] < 0xcd;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t size = strlen(end);
    return length > size && memcmp(text + length - size, end, size) == 0;
}

/* Зеленська, Верховна: of the key of an adjective, but with an ending that
 * only the nominative of the feminine has. Сергія has another. */
static bool is_feminine(const char *form, const char *key)
{
    return ends_with(key, "i") &&
           (ends_with(form, "а") || ends_with(form, "ая"));
}

/* The key of a word; of equals the first, which is the likelier. */
static void choose_key(struct name_word *word, const struct intern *table,
                       struct key_facts *facts)
{
    struct name_keys keys;
    uint64_t most = 0;
    read_keys(word, &keys);
    for (size_t k = 0; k < keys.count; k++) {
        uint32_t key = intern_find(table, keys.keys[k], strlen(keys.keys[k]));
        if (facts[key].documents > most) {
            most = facts[key].documents;
            word->key = key;
        }
    }
    facts[word->key].inside = facts[word->key].inside || word->inside;
    word->nominative = is_latin(word->form) ||
                       is_feminine(word->form, table->items[word->key].data);
    names_nominative(word->form, strlen(word->form), word->capitals, &keys);
    for (size_t k = 0; k < keys.count; k++) {
        uint32_t key = intern_find(table, keys.keys[k], strlen(keys.keys[k]));
        word->nominative = word->nominative || key == word->key;
    }
}

/* Gives every word its key. What stands only where sentences begin is no name
 * then: there every word has a capital. */
static bool give_keys(struct name_reader *reader, struct intern *table)
{
    struct key_facts *facts = NULL;
    size_t capacity = 0;
    bool good = true;
    for (size_t i = 0; good && i < reader->forms.count; i++) {
        if (reader->words[i].name && !reader->words[i].initials) {
            good = count_keys(&reader->words[i], table, &facts, &capacity);
        }
    }
    for (size_t i = 0; good && i < reader->forms.count; i++) {
        if (reader->words[i].name && !reader->words[i].initials) {
            choose_key(&reader->words[i], table, facts);
        }
    }
    for (size_t i = 0; good && i < reader->forms.count; i++) {
        struct name_word *word = &reader->words[i];
        if (word->initials) {
            word->key = initials_key(word, table);
            good = word->key != INTERN_NONE;
        } else if (word->name) {
            word->name = facts[word->key].inside;
        }
    }
    free(facts);
    return good;
}

/* ---- Cutting ------------------------------------------------------------- */

/* `Ірану Ебрагім`: an inflected word, and one that is not. */
static bool disagree(const struct name_word *a, const struct name_word *b)
{
    return !a->initials && !b->initials && !a->nominative && b->nominative;
}

/* `Ебрагім Раїсі`: neither is inflected. */
static bool agree(const struct name_word *a, const struct name_word *b)
{
    return !a->initials && !b->initials && a->nominative && b->nominative;
}

struct cutter {
    struct name_reader *reader;
    struct joined_names *out;
    struct intern agreeing; /* pairs of keys that stand together */
    struct intern disagreeing;
    uint32_t (*pieces)[RUN_WORDS]; /* by run; NONE behind the last */
    size_t piece_capacity;
    size_t name_capacity;
    bool good;
};

static const uint32_t *run_words(const struct cutter *c, size_t run,
                                 size_t *count)
{
    const struct interned *item = &c->reader->runs.items[run];
    *count = item->length / sizeof(uint32_t);
    return item->data;
}

static void note_pairs(struct cutter *c, size_t run)
{
    size_t count;
    const uint32_t *words = run_words(c, run, &count);
    for (size_t i = 1; c->good && i < count; i++) {
        const struct name_word *a = &c->reader->words[words[i - 1]];
        const struct name_word *b = &c->reader->words[words[i]];
        uint32_t pair[2] = {a->key, b->key};
        if (a->name && b->name && agree(a, b)) {
            c->good =
                intern_add(&c->agreeing, pair, sizeof pair) != INTERN_NONE;
        } else if (a->name && b->name && disagree(a, b)) {
            c->good =
                intern_add(&c->disagreeing, pair, sizeof pair) != INTERN_NONE;
        }
    }
}

/* Whether word `i` of a run begins another name than the one before it: behind
 * an abbreviation (`США Джо Байден`), and where the two stand disagreeing
 * somewhere and agreeing nowhere, which `Ангели Меркель` does. */
static bool is_cut(const struct cutter *c, const uint32_t *run, size_t i)
{
    const struct name_word *a = &c->reader->words[run[i - 1]];
    const struct name_word *b = &c->reader->words[run[i]];
    uint32_t pair[2] = {a->key, b->key};
    return (a->capitals && !b->capitals) ||
           (intern_find(&c->disagreeing, pair, sizeof pair) != INTERN_NONE &&
            intern_find(&c->agreeing, pair, sizeof pair) == INTERN_NONE);
}

/* The number of the name with the keys of these words. Only the first initial
 * counts: Donald J. Trump is Donald Trump. */
static uint32_t name_of(struct cutter *c, const uint32_t *words, size_t count)
{
    uint32_t keys[RUN_WORDS];
    size_t used = 0;
    bool initials = c->reader->words[words[0]].initials;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !c->reader->words[words[i]].initials) {
            keys[used++] = c->reader->words[words[i]].key;
        }
    }
    struct intern *table = &c->out->name_table;
    uint32_t name = intern_add(table, keys, used * sizeof keys[0]);
    if (name == INTERN_NONE ||
        !array_grow((void **)&c->out->names, &c->name_capacity, table->count,
                    sizeof *c->out->names)) {
        return INTERN_NONE;
    }
    c->out->names[name] = (struct joined_name){.keys = table->items[name].data,
                                               .count = used,
                                               .full = used - initials,
                                               .whole = name,
                                               .shown = INTERN_NONE};
    return name;
}

static uint32_t piece_of(struct cutter *c, const uint32_t *words, size_t count)
{
    struct intern *table = &c->out->piece_table;
    size_t before = table->count;
    uint32_t piece = intern_add(table, words, count * sizeof *words);
    if (piece == INTERN_NONE ||
        !array_grow((void **)&c->out->pieces, &c->piece_capacity, table->count,
                    sizeof *c->out->pieces)) {
        return INTERN_NONE;
    }
    if (table->count > before) {
        uint32_t name = name_of(c, words, count);
        c->out->pieces[piece] = (struct name_piece){
            .words = table->items[piece].data, .count = count, .name = name};
        piece = name == INTERN_NONE ? INTERN_NONE : piece;
    }
    return piece;
}

/* Keeps words [from, to) of a run as a piece, without initials at its end. */
static void keep_piece(struct cutter *c, size_t run, const uint32_t *words,
                       size_t from, size_t to, size_t *kept)
{
    while (to > from && c->reader->words[words[to - 1]].initials) {
        to--;
    }
    if (to > from) {
        uint32_t piece = piece_of(c, words + from, to - from);
        c->pieces[run][(*kept)++] = piece;
        c->good = c->good && piece != INTERN_NONE;
    }
}

static void cut_run(struct cutter *c, size_t run)
{
    size_t count;
    size_t kept = 0;
    size_t from = 0;
    const uint32_t *words = run_words(c, run, &count);
    memset(c->pieces[run], 0xff, sizeof c->pieces[run]);
    for (size_t i = 0; i < count; i++) {
        bool name = c->reader->words[words[i]].name;
        if (!name || (i > from && is_cut(c, words, i))) {
            keep_piece(c, run, words, from, i, &kept);
            from = name ? i : i + 1;
        }
    }
    keep_piece(c, run, words, from, count, &kept);
}

/* Pieces of all runs, and in which documents they stand. */
static bool cut_runs(struct name_reader *reader, struct joined_names *out)
{
    struct cutter c = {.reader = reader, .out = out, .good = true};
    size_t runs = reader->runs.count;
    c.pieces = calloc(runs + 1, sizeof *c.pieces);
    c.good = c.pieces != NULL;
    for (size_t i = 0; c.good && i < runs; i++) {
        note_pairs(&c, i);
    }
    for (size_t i = 0; c.good && i < runs; i++) {
        cut_run(&c, i);
    }
    for (size_t i = 0; c.good && i < reader->mentions.count; i++) {
        const struct mention *mention = &reader->mentions.items[i];
        const uint32_t *pieces = c.pieces[mention->what];
        for (size_t k = 0; k < RUN_WORDS && pieces[k] != INTERN_NONE; k++) {
            c.good = c.good &&
                     mention_add(&out->mentions, pieces[k], mention->document);
        }
    }
    mentions_unique(&out->mentions);
    for (size_t i = 0; c.good && i < out->mentions.count; i++) {
        out->pieces[out->mentions.items[i].what].documents++;
    }
    intern_free(&c.agreeing);
    intern_free(&c.disagreeing);
    free(c.pieces);
    return c.good;
}

/* ---- Counting ------------------------------------------------------------ */

/* In how many documents each name stands, that it is joined to. */
static bool count_names(struct joined_names *out)
{
    struct mentions names = {0};
    for (size_t i = 0; i < out->name_table.count; i++) {
        out->names[i].documents = 0;
    }
    for (size_t i = 0; i < out->mentions.count; i++) {
        const struct mention *mention = &out->mentions.items[i];
        uint32_t name = out->pieces[mention->what].name;
        if (!mention_add(&names, out->names[name].whole, mention->document)) {
            free(names.items);
            return false;
        }
    }
    mentions_unique(&names);
    for (size_t i = 0; i < names.count; i++) {
        out->names[names.items[i].what].documents++;
    }
    free(names.items);
    return true;
}

/* ---- What is shown --------------------------------------------------------
 */

const char *piece_text(const struct name_reader *reader,
                       const struct name_piece *piece, struct arena *arena)
{
    size_t length = 1;
    for (size_t i = 0; i < piece->count; i++) {
        length += strlen(reader->words[piece->words[i]].text) + 1;
    }
    char *text = arena_alloc(arena, length);
    char *at = text;
    for (size_t i = 0; text != NULL && i < piece->count; i++) {
        at = stpcpy(at, i > 0 ? " " : "");
        at = stpcpy(at, reader->words[piece->words[i]].text);
    }
    return text;
}

/* Whether its first word that is no initials is not inflected. */
static bool is_nominative(const struct name_reader *reader,
                          const struct name_piece *piece)
{
    size_t i = 0;
    while (reader->words[piece->words[i]].initials) {
        i++;
    }
    return reader->words[piece->words[i]].nominative;
}

/* Whether piece `a` stands for its name rather than `b`. */
static bool shows_better(const struct name_reader *reader,
                         const struct name_piece *a, const struct name_piece *b)
{
    bool first = is_nominative(reader, a);
    if (first != is_nominative(reader, b)) {
        return first;
    }
    if (a->documents != b->documents) {
        return a->documents > b->documents;
    }
    for (size_t i = 0; i < a->count; i++) {
        int order = strcmp(reader->words[a->words[i]].text,
                           reader->words[b->words[i]].text);
        if (order != 0) {
            return order < 0;
        }
    }
    return false;
}

static void choose_shown(const struct name_reader *reader,
                         struct joined_names *out)
{
    for (size_t i = 0; i < out->piece_table.count; i++) {
        struct joined_name *name = &out->names[out->pieces[i].name];
        if (name->shown == INTERN_NONE ||
            shows_better(reader, &out->pieces[i], &out->pieces[name->shown])) {
            name->shown = (uint32_t)i;
        }
    }
}

/* ---- Shorter and longer names ---------------------------------------------
 */

struct joiner {
    const struct name_reader *reader;
    struct joined_names *out;
    uint32_t *order;     /* names by last key, then the longest first */
    struct intern lasts; /* name and last word of its pieces */
    bool good;
};

static uint32_t last_key(const struct joined_name *name)
{
    return name->keys[name->count - 1];
}

static int by_last_key(const void *a, const void *b, void *payload)
{
    const struct joined_name *names = payload;
    uint32_t i = *(const uint32_t *)a;
    uint32_t k = *(const uint32_t *)b;
    if (last_key(&names[i]) != last_key(&names[k])) {
        return last_key(&names[i]) < last_key(&names[k]) ? -1 : 1;
    }
    if (names[i].full != names[k].full) {
        return names[i].full > names[k].full ? -1 : 1;
    }
    return i < k ? -1 : 1;
}

static bool has_initial(const struct joined_name *name)
{
    return name->full < name->count;
}

/* Whether the first word of the shorter is that of the longer, or its initial;
 * a surname alone has none, but must be shown as the longer one ends
 * somewhere: Україна is not the end of `Верховної Ради України`. ООН is none.
 */
static bool fits(const struct joiner *j, const struct joined_name *shorter,
                 uint32_t number)
{
    const struct joined_name *longer = &j->out->names[number];
    if (has_initial(shorter)) {
        const struct interned *keys = j->out->keys.items;
        const struct interned *initial = &keys[shorter->keys[0]];
        return strncmp(initial->data, keys[longer->keys[0]].data,
                       initial->length - 1) == 0;
    }
    if (shorter->count > 1) {
        return shorter->keys[0] == longer->keys[0];
    }
    uint32_t word = j->out->pieces[shorter->shown].words[0];
    uint32_t end[2] = {number, word};
    return !j->reader->words[word].capitals &&
           intern_find(&j->lasts, end, sizeof end) != INTERN_NONE;
}

/* Joins a name to the one longer name before it in the order, [from, at),
 * that it can stand for. */
static void join_name(struct joiner *j, size_t from, size_t at)
{
    struct joined_name *names = j->out->names;
    struct joined_name *shorter = &names[j->order[at]];
    uint32_t best = INTERN_NONE;
    uint64_t most = 0;
    uint64_t next = 0;
    for (size_t i = from; i < at; i++) {
        uint32_t number = j->order[i];
        const struct joined_name *longer = &names[number];
        if (longer->full == shorter->full || has_initial(longer) ||
            longer->whole != number || !fits(j, shorter, number)) {
            continue;
        }
        if (longer->documents > most) {
            next = most;
            most = longer->documents;
            best = number;
        } else if (longer->documents > next) {
            next = longer->documents;
        }
    }
    if (best != INTERN_NONE && most >= LONGER_TIMES * next &&
        LONGER_PART * most >= shorter->documents) {
        shorter->whole = best;
    }
}

static bool note_lasts(struct joiner *j)
{
    for (size_t i = 0; i < j->out->piece_table.count; i++) {
        const struct name_piece *piece = &j->out->pieces[i];
        uint32_t end[2] = {piece->name, piece->words[piece->count - 1]};
        if (piece->count > 1 &&
            intern_add(&j->lasts, end, sizeof end) == INTERN_NONE) {
            return false;
        }
    }
    return true;
}

static bool join_shorter(const struct name_reader *reader,
                         struct joined_names *out)
{
    struct joiner j = {.reader = reader, .out = out};
    size_t count = out->name_table.count;
    j.order = calloc(count + 1, sizeof *j.order);
    bool good = j.order != NULL && note_lasts(&j);
    for (size_t i = 0; good && i < count; i++) {
        j.order[i] = (uint32_t)i;
    }
    if (good) {
        qsort_r(j.order, count, sizeof *j.order, by_last_key, out->names);
    }
    size_t from = 0;
    for (size_t i = 0; good && i < count; i++) {
        if (last_key(&out->names[j.order[i]]) !=
            last_key(&out->names[j.order[from]])) {
            from = i;
        }
        join_name(&j, from, i);
    }
    intern_free(&j.lasts);
    free(j.order);
    return good;
}

enum shukach_status names_join(struct name_reader *reader,
                               struct joined_names *out,
                               struct shukach_error *err)
{
    *out = (struct joined_names){0};
    bool good = give_keys(reader, &out->keys) && cut_runs(reader, out) &&
                count_names(out);
    if (good) {
        choose_shown(reader, out);
        good = join_shorter(reader, out) && count_names(out);
    }
    return good ? SHUKACH_OK : error_nomem(err);
}

void joined_names_free(struct joined_names *joined)
{
    intern_free(&joined->keys);
    intern_free(&joined->piece_table);
    intern_free(&joined->name_table);
    free(joined->pieces);
    free(joined->names);
    free(joined->mentions.items);
}
