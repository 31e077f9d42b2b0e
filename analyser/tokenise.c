/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the words: chunks, initials, measures and addresses. emit.c makes
 * tokens of them. */
#include "tokens.h"

/* ---- Reading --------------------------------------------------------- */

static size_t decode(const struct analyser *a, size_t at, uint32_t *code)
{
    return at < a->length ? utf8_decode(a->text + at, a->length - at, code) : 0;
}

static enum letter_class class_at(const struct analyser *a, size_t at)
{
    uint32_t code;
    return decode(a, at, &code) > 0 ? letter_class(code) : CLASS_OTHER;
}

/* Whether a letter stands at `at`, past marks and what is invisible. */
static bool letter_follows(const struct analyser *a, size_t at)
{
    uint32_t code;
    size_t n;
    while ((n = decode(a, at, &code)) > 0) {
        enum letter_class class = letter_class(code);
        if (class != CLASS_MARK && class != CLASS_INVISIBLE) {
            return class == CLASS_LETTER;
        }
        at += n;
    }
    return false;
}

/* The end of a run of letters, with the marks, apostrophes and invisible
 * characters inside. */
static size_t letters_end(const struct analyser *a, size_t from)
{
    size_t end = from;
    size_t at = from;
    bool letter = false; /* the last thing that shows is one */
    for (size_t count = 0; count < WORD_LETTERS; count++) {
        uint32_t code;
        size_t n = decode(a, at, &code);
        if (n == 0) {
            break;
        }
        enum letter_class class = letter_class(code);
        if (class == CLASS_LETTER || class == CLASS_MARK) {
            end = at + n;
            letter = true;
        } else if (class == CLASS_APOSTROPHE) {
            if (!letter || !letter_follows(a, at + n)) {
                break;
            }
            letter = false;
        } else if (class != CLASS_INVISIBLE) {
            break;
        }
        at += n;
    }
    return end;
}

/* `after_letters`: in a chunk that has some already. */
static void read_atom(struct analyser *a, size_t from, bool after_letters,
                      struct atom *atom)
{
    atom->from = from;
    atom->digits = class_at(a, from) == CLASS_DIGIT;
    if (atom->digits) {
        number_scan(a->text, a->length, from, after_letters, &atom->number);
        atom->to = atom->number.to;
    } else {
        atom->to = letters_end(a, from);
        word_normalise(a->normaliser, a->text + from, atom->to - from,
                       &atom->word);
    }
}

static bool begins_atom(enum letter_class class)
{
    return class == CLASS_LETTER || class == CLASS_DIGIT;
}

/* Where the next atom of the chunk begins, or 0: right here, if letters
 * meet digits, or after a hyphen. С–300 is also written with a dash. */
static size_t next_atom(const struct analyser *a, const struct atom *last,
                        bool *hyphen)
{
    size_t at = skip_invisible(a->text, a->length, last->to);
    uint32_t code;
    size_t n = decode(a, at, &code);
    if (n == 0) {
        return 0;
    }
    enum letter_class class = letter_class(code);
    *hyphen = false;
    if (begins_atom(class)) {
        return (class == CLASS_DIGIT) != last->digits ? at : 0;
    }
    at = skip_invisible(a->text, a->length, at + n);
    enum letter_class after = class_at(a, at);
    bool dash = code == 0x2013 && !last->digits && last->word.letters <= 3 &&
                after == CLASS_DIGIT;
    *hyphen = true;
    return (class == CLASS_HYPHEN && begins_atom(after)) || dash ? at : 0;
}

/* A single letter takes the script of the words it is joined to, Cyrillic
 * where there is doubt: e-декларація with a Latin e, е-mail with a Cyrillic
 * one, C-300ПМУ with a Latin C. */
static void repair_singles(const struct analyser *a, struct atom *atoms,
                           size_t count)
{
    bool cyrillic = false;
    bool latin_word = false;
    bool digits = false;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &atoms[i].word;
        digits = digits || atoms[i].digits;
        if (atoms[i].digits || word->language == WORD_OTHER) {
            continue;
        }
        if (word->language == WORD_EN) {
            latin_word = latin_word || word->letters > 1;
        } else if (!atoms[i].hyphen ||
                   !designator_is_ending(word->form, word->length)) {
            cyrillic = true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct atom *atom = &atoms[i];
        if (atom->digits || atom->word.letters != 1) {
            continue;
        }
        bool english = atom->word.language == WORD_EN;
        if (english ? cyrillic && !latin_word
                    : i == 0 && latin_word && !digits) {
            word_swap_letter(a->text + atom->from, atom->to - atom->from,
                             &atom->word);
        }
    }
}

static size_t read_chunk(struct analyser *a, size_t from, struct atom *atoms)
{
    size_t count = 0;
    size_t at = from;
    bool hyphen = false;
    bool letters = false;
    do {
        read_atom(a, at, letters, &atoms[count]);
        letters = letters || !atoms[count].digits;
        atoms[count].hyphen = hyphen;
        at = next_atom(a, &atoms[count], &hyphen);
        count++;
    } while (at != 0 && count < CHUNK_ATOMS);
    repair_singles(a, atoms, count);
    return count;
}

/* ---- Other shapes ---------------------------------------------------- */

/* У.С.А., з.п.: single letters with full stops, no space between. How many;
 * fewer than two are no initials. */
static size_t read_initials(struct analyser *a, size_t from, struct atom *atoms)
{
    size_t count = 0;
    size_t at = from;
    while (count < CHUNK_ATOMS && class_at(a, at) == CLASS_LETTER) {
        size_t end = letters_end(a, at);
        bool stop = end < a->length && a->text[end] == '.';
        if ((!stop && count == 0) || begins_atom(class_at(a, end)) ||
            class_at(a, end) == CLASS_HYPHEN) {
            break;
        }
        read_atom(a, at, false, &atoms[count]);
        if (atoms[count].word.letters != 1) {
            break;
        }
        atoms[count].hyphen = false;
        count++;
        at = end + 1;
        if (!stop) {
            break;
        }
    }
    repair_singles(a, atoms, count);
    return count;
}

/* "155 мм": whether the atom, a number, is followed by a space and a unit,
 * which is read into the next atom. */
static bool unit_follows(struct analyser *a, struct atom *atoms)
{
    size_t n = number_space(a->text, a->length, atoms[0].to);
    size_t at = atoms[0].to + n;
    if (n == 0 || class_at(a, at) != CLASS_LETTER) {
        return false;
    }
    read_atom(a, at, false, &atoms[1]);
    enum letter_class after = class_at(a, atoms[1].to);
    atoms[1].hyphen = false;
    return !begins_atom(after) && after != CLASS_HYPHEN &&
           designator_is_unit(atoms[1].word.form, atoms[1].word.length);
}

/* One whole token over bytes of an address, in lower case. */
static bool emit_address_whole(struct analyser *a, size_t from, size_t to,
                               uint32_t width)
{
    buf_reset(&a->form);
    for (size_t i = from; i < to; i++) {
        char c = a->text[i];
        buf_add_char(&a->form, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
    }
    a->failed = a->failed || a->form.failed != SHUKACH_OK;
    stems_reset(a);
    buf_add(stem_begin(a, false), buf_text(&a->form), a->form.length);
    stem_end(a);
    struct token_span span = {.from = from,
                              .to = to,
                              .position = a->position,
                              .width = width,
                              .kind = TOKEN_WHOLE,
                              .rules = RULE_HOST};
    return token_emit(a, &span, buf_text(&a->form), a->form.length);
}

static bool tokenise_range(struct analyser *a, size_t from, size_t to,
                           bool address);

static int drop(const struct token *token, void *payload)
{
    (void)token;
    (void)payload;
    return 0;
}

/* Positions that the words of a stretch of an address take: f-16.com has
 * two. Known only by making its tokens, here for nobody. */
static uint32_t count_words(struct analyser *a, size_t from, size_t to)
{
    uint32_t position = a->position;
    analyser_sink sink = a->sink;
    a->sink = drop;
    tokenise_range(a, from, to, true);
    a->sink = sink;
    uint32_t count = a->position - position;
    a->position = position;
    return count;
}

static bool emit_address(struct analyser *a, const struct address *address)
{
    /* The words before the host of an e-mail address come first. */
    uint32_t before = count_words(a, address->words, address->host_from);
    uint32_t host = count_words(a, address->host_from, address->host_to);
    if (address->email &&
        !emit_address_whole(a, address->words, address->to, before + host)) {
        return false;
    }
    if (!tokenise_range(a, address->words, address->host_from, true) ||
        !emit_address_whole(a, address->host_from, address->host_to, host)) {
        return false;
    }
    /* Apart, so that no number goes from one into the other, 10.0.0.1:80. */
    return tokenise_range(a, address->host_from, address->host_to, true) &&
           tokenise_range(a, address->host_to, address->to, true);
}

/* Whether the next token is needed with its stems. */
static bool is_wanted(struct analyser *a)
{
    if (a->wanted == NULL) {
        return true;
    }
    while (a->wanted < a->wanted_end && *a->wanted < a->position) {
        a->wanted++;
    }
    return a->wanted < a->wanted_end && *a->wanted == a->position;
}

/* Emits what begins with the letter or digit at `at`; where it ends, or 0
 * when stopped. */
static size_t emit_at(struct analyser *a, size_t at)
{
    struct atom atoms[CHUNK_ATOMS];
    struct token token;
    size_t plain = memo_plain(a, at);
    if (plain != 0 && !is_wanted(a)) {
        if (!a->others) {
            a->position++;
            return plain;
        }
        token = (struct token){.from = at,
                               .to = plain,
                               .form = "",
                               .position = a->position++,
                               .width = 1,
                               .kind = TOKEN_WORD};
        return token_give(a, &token) ? plain : 0;
    }
    if (plain != 0 && memo_find(a, at, plain, &token)) {
        a->position++;
        return token_give(a, &token) ? plain : 0;
    }
    size_t count = read_initials(a, at, atoms);
    bool go;
    if (count >= 2) {
        go = emit_initials(a, atoms, count);
    } else {
        count = read_chunk(a, at, atoms);
        if (count == 1 && atoms[0].digits && unit_follows(a, atoms)) {
            count = 2;
        }
        go = emit_chunk(a, atoms, count);
    }
    if (go && plain != 0) {
        memo_keep(a, at, plain);
    }
    return go ? atoms[count - 1].to : 0;
}

static bool emit_ideograph(struct analyser *a, size_t from, size_t to)
{
    struct atom atom = {.from = from, .to = to};
    word_normalise(a->normaliser, a->text + from, to - from, &atom.word);
    return emit_word(a, &atom, TOKEN_WORD);
}

/* `address`: inside one, where %D0 is no word and addresses do not nest. */
static bool tokenise_range(struct analyser *a, size_t from, size_t to,
                           bool address)
{
    size_t whole = a->length;
    a->length = to;
    size_t at = from;
    while (at < to &&
           (a->wanted == NULL || a->others || a->wanted < a->wanted_end)) {
        uint32_t code = 0;
        size_t n = decode(a, at, &code);
        enum letter_class class = letter_class(code);
        struct address found;
        if (n == 0) {
            break;
        }
        if (class == CLASS_IDEOGRAPH) {
            if (!emit_ideograph(a, at, at + n)) {
                return false;
            }
        } else if (begins_atom(class)) {
            if (!address && address_scan(a->text, to, at, &found)) {
                if (!emit_address(a, &found)) {
                    return false;
                }
                n = found.to - at;
            } else {
                size_t end = emit_at(a, at);
                if (end == 0) {
                    return false;
                }
                n = end - at;
            }
        } else if (address && code == '%' && to - at >= 3) {
            n = 3;
        }
        at += n;
    }
    a->length = whole;
    return true;
}

bool tokenise(struct analyser *analyser)
{
    return tokenise_range(analyser, 0, analyser->length, false);
}
