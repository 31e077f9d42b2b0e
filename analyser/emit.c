/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of a chunk: what becomes of it is said by the shape of its atoms,
 * see emit_chunk. */
#include "stemmer.h"
#include "tokens.h"

/* The exact form of some atoms, in a->form. */
static void build_form(struct analyser *a, const struct atom *atoms,
                       size_t count)
{
    buf_reset(&a->form);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && atoms[i].hyphen) {
            buf_add_char(&a->form, '-');
        }
        if (atoms[i].digits) {
            buf_add(&a->form, atoms[i].number.key, atoms[i].number.length);
        } else {
            buf_add(&a->form, atoms[i].word.form, atoms[i].word.length);
        }
    }
    a->failed = a->failed || a->form.failed != SHUKACH_OK;
}

/* Emits a token over `count` atoms with the stems added before. `width` 0
 * is a token that moves on by one; a whole stays where its parts begin. */
static bool emit(struct analyser *a, const struct atom *atoms, size_t count,
                 enum token_kind kind, uint32_t width, uint32_t rules)
{
    build_form(a, atoms, count);
    for (size_t i = 0; i < count; i++) {
        rules |= atoms[i].digits ? atoms[i].number.rules : atoms[i].word.rules;
    }
    rules |= kind == TOKEN_PART ? RULE_PART : 0;
    struct token_span span = {.from = atoms[0].from,
                              .to = atoms[count - 1].to,
                              .position = a->position,
                              .width = width > 0 ? width : 1,
                              .kind = kind,
                              .rules = rules};
    a->position += width > 0 ? 0 : 1;
    return token_emit(a, &span, buf_text(&a->form), a->form.length);
}

static bool emit_number(struct analyser *a, const struct atom *atoms,
                        size_t count, enum token_kind kind)
{
    stems_reset(a);
    buf_add(stem_begin(a, false), atoms[0].number.key, atoms[0].number.length);
    stem_end(a);
    return emit(a, atoms, count, kind, 0, count > 1 ? RULE_ENDING : 0);
}

/* HIMARSів, HIMARS'ів: how many bytes of the form stand before a Cyrillic
 * ending; 0 if it is not of that kind. */
static size_t latin_base(const struct word *word)
{
    size_t base = 0;
    while (base < word->length &&
           (unsigned char)(word->form[base] - 'a') < 26) {
        base++;
    }
    size_t tail = base + (word->form[base] == '\'');
    return base >= 2 &&
                   designator_is_ending(word->form + tail, word->length - tail)
               ? base
               : 0;
}

/* Capitals of a query that look like those of the other script, typed with
 * the wrong layout on: HATO is searched as НАТО too, but HE not as не. */
static uint32_t add_double(struct analyser *a, const struct word *word)
{
    struct word other = {.capitals = true};
    other.length = word_double(word, other.form);
    if (other.length == 0 || other.length > ABBREVIATION_BYTES ||
        stopword(&other) || a->stem_count == TOKEN_STEMS) {
        return 0;
    }
    buf_add(stem_begin(a, false), other.form, other.length);
    stem_end(a);
    return RULE_LOOKALIKE;
}

bool emit_word(struct analyser *a, const struct atom *atom,
               enum token_kind kind)
{
    const struct word *word = &atom->word;
    stems_reset(a);
    uint32_t rules = 0;
    size_t base = word->language == WORD_OTHER ? latin_base(word) : 0;
    if (base > 0) {
        rules =
            RULE_ENDING | stems_of_word(a, word->form, base, WORD_EN, false);
    } else {
        rules = stems_of_word(a, word->form, word->length, word->language,
                              word->capitals);
    }
    rules |= a->mode == ANALYSE_QUERY ? add_double(a, word) : 0;
    rules |= stopword(word) ? RULE_STOP : 0;
    return emit(a, atom, 1, kind, 0, rules);
}

/* The stem of a compound: those of its parts, joined. `language` is that
 * of the parts that do not decide it. The last part declines, and may be an
 * ambiguous form: Івано-Франківську is of the town and of the adjective. */
static void add_joined(struct analyser *a, const struct atom *atoms,
                       size_t count, enum word_language language)
{
    struct buf *stem = stem_begin(a, language == WORD_RU);
    enum word_language last = WORD_UNDECIDED;
    size_t length = 0;
    size_t head = 0;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &atoms[i].word;
        last = word->language == WORD_UNDECIDED ? language : word->language;
        const char *text =
            word_stem(a, word->form, word->length, last, &length);
        if (i > 0) {
            buf_add_char(stem, '-');
        }
        head = stem->length;
        buf_add(stem, text, length);
    }
    stem_end(a);
    size_t keys = last == WORD_UK ? stemmer_count(a->uk) : 1;
    for (size_t i = 1; i < keys && a->stem_count < TOKEN_STEMS - 1; i++) {
        const char *text = stemmer_alternative(a->uk, i, &length);
        struct buf *other = stem_begin(a, false);
        if (text == NULL || stem->failed != SHUKACH_OK) {
            a->failed = true;
            return;
        }
        buf_add(other, stem->data, head);
        buf_add(other, text, length);
        stem_end(a);
    }
}

static bool emit_compound(struct analyser *a, const struct atom *atoms,
                          size_t count)
{
    enum word_language decided = WORD_UNDECIDED;
    for (size_t i = 0; i < count; i++) {
        enum word_language one = atoms[i].word.language;
        decided = one == WORD_UK || one == WORD_RU ? one : decided;
    }
    stems_reset(a);
    add_joined(a, atoms, count,
               decided == WORD_UNDECIDED ? a->language : decided);
    if (decided == WORD_UNDECIDED && a->mode == ANALYSE_QUERY) {
        add_joined(a, atoms, count, a->language == WORD_RU ? WORD_UK : WORD_RU);
    }
    bool go =
        emit(a, atoms, count, TOKEN_WHOLE, (uint32_t)count, RULE_COMPOUND);
    for (size_t i = 0; go && i < count; i++) {
        go = emit_word(a, &atoms[i], TOKEN_PART);
    }
    return go;
}

/* ---- Letters with digits ---------------------------------------------- */

/* A long word declines, Шахедів-136; a short one beside digits does not,
 * Су-34. */
#define PREFIX_LETTERS 3

static bool is_long(const struct atom *atom)
{
    return !atom->digits && atom->word.letters > PREFIX_LETTERS;
}

static bool is_ending(const struct atom *atom)
{
    return !atom->digits && atom->hyphen &&
           designator_is_ending(atom->word.form, atom->word.length);
}

/* Adds the key of a designator or a measure as a stem; with `lookalike`,
 * its Latin words read as Cyrillic capitals. */
static void add_key(struct analyser *a, const struct atom *atoms, size_t count,
                    bool lookalike)
{
    struct buf *key = stem_begin(a, false);
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &atoms[i].word;
        if (atoms[i].digits) {
            char last = key->length > 0 ? key->data[key->length - 1] : '\0';
            if (last >= '0' && last <= '9') {
                buf_add_char(key, '-');
            }
            buf_add(key, atoms[i].number.key, atoms[i].number.length);
        } else if (lookalike && word->language == WORD_EN) {
            if (!designator_add_lookalike(key, word->form, word->length)) {
                return;
            }
        } else if (is_long(&atoms[i]) && word->language != WORD_EN) {
            size_t length;
            const char *stem =
                word_stem(a, word->form, word->length, WORD_UK, &length);
            designator_add(key, stem, length);
        } else if (i == 0 || !atoms[i - 1].digits || !is_ending(&atoms[i])) {
            designator_add(key, word->form, word->length);
        }
    }
    stem_end(a);
}

/* How many atoms are the designator without its suffix: Т-72 of Т-72Б3; all
 * of them where a number comes first, 9К720. */
static size_t base_atoms(const struct atom *atoms, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (atoms[i].digits && !atoms[0].digits) {
            return i + 1;
        }
    }
    return count;
}

/* The full key first: it is the one shown. */
static void add_keys(struct analyser *a, const struct atom *atoms, size_t count)
{
    bool lookalike = !is_long(&atoms[0]);
    stems_reset(a);
    if (lookalike) {
        add_key(a, atoms, count, true);
    }
    add_key(a, atoms, count, false);
    size_t base = base_atoms(atoms, count);
    if (a->mode != ANALYSE_DOCUMENT || base == count) {
        return;
    }
    if (lookalike) {
        add_key(a, atoms, base, true);
    }
    add_key(a, atoms, base, false);
}

/* A number with a word rather than a designator: 155-мм, 20-річний, 5тис;
 * not 9К720, 3D. */
static bool is_measure(const struct atom *atoms, size_t count)
{
    const struct word *word = &atoms[1].word;
    return word->letters >= PREFIX_LETTERS ||
           (atoms[1].hyphen && word->letters >= 2) ||
           (count == 2 && designator_is_unit(word->form, word->length));
}

/* Letters and digits fall into pieces that stand at a position each: words,
 * numbers and designators. How many atoms the piece at `at` has. */
static size_t piece_atoms(const struct atom *atoms, size_t count, size_t at)
{
    const struct atom *first = &atoms[at];
    size_t left = count - at;
    size_t digits = first->digits ? 0 : 1;
    if (left <= digits || !first[digits].digits || is_long(first)) {
        return 1;
    }
    if (first->digits) {
        if (left >= 2 && is_ending(&first[1])) {
            return 2;
        }
        if (at > 0 || left < 2 || first[1].digits || is_measure(first, left)) {
            return 1;
        }
    }
    /* On to a long word or, behind a hyphen, to another designator: Су-34 of
     * Су-34-бомбардувальник and of Су-34-Су-35. */
    size_t n = digits + 1;
    while (n < left && !is_long(&first[n]) &&
           !(first[n].hyphen && !first[n].digits && n + 1 < left &&
             first[n + 1].digits)) {
        n++;
    }
    return n;
}

static bool emit_piece(struct analyser *a, const struct atom *atoms,
                       size_t count)
{
    if (atoms[0].digits && (count == 1 || is_ending(&atoms[1]))) {
        return emit_number(a, atoms, count, TOKEN_PART);
    }
    if (count == 1) {
        return emit_word(a, atoms, TOKEN_PART);
    }
    add_keys(a, atoms, count);
    return emit(a, atoms, count, TOKEN_PART, 0, RULE_DESIGNATOR);
}

/* `count` atoms of letters and digits, `written` with their ending. */
static bool emit_mixed(struct analyser *a, const struct atom *atoms,
                       size_t count, size_t written)
{
    uint32_t pieces = 0;
    for (size_t i = 0; i < count; i += piece_atoms(atoms, count, i)) {
        pieces++;
    }
    uint32_t rules =
        RULE_DESIGNATOR | (written > count ? (uint32_t)RULE_ENDING : 0);
    add_keys(a, atoms, count);
    if (pieces == 1) {
        return emit(a, atoms, written, TOKEN_WORD, 0, rules);
    }
    bool go = emit(a, atoms, written, TOKEN_WHOLE, pieces, rules);
    for (size_t i = 0; go && i < count;) {
        size_t n = piece_atoms(atoms, count, i);
        go = emit_piece(a, atoms + i, n);
        i += n;
    }
    return go;
}

/* How many atoms are left without an inflected ending: С-300-ми, 2024-го,
 * HIMARS-ів, F-16s, 2022р. */
static size_t without_ending(const struct atom *atoms, size_t count)
{
    const struct atom *last = &atoms[count - 1];
    if (count < 2 || last->digits) {
        return count;
    }
    const struct atom *before = last - 1;
    const char *form = last->word.form;
    bool glued = !last->hyphen && before->digits;
    bool plural = glued && count >= 3 && strcmp(form, "s") == 0;
    bool year = glued && (count == 2 || atoms[0].digits) &&
                (strcmp(form, "р") == 0 || strcmp(form, "рр") == 0);
    bool declines = before->digits || before->word.capitals ||
                    before->word.language == WORD_EN || atoms[0].digits ||
                    base_atoms(atoms, count) < count;
    return plural || year || (declines && is_ending(last)) ? count - 1 : count;
}

/* An abbreviation with an ending: HIMARS-ів, ЗСУ-шний is not one. */
static bool emit_inflected(struct analyser *a, const struct atom *atoms)
{
    const struct word *word = &atoms[0].word;
    stems_reset(a);
    uint32_t rules =
        RULE_ENDING | stems_of_word(a, word->form, word->length, word->language,
                                    word->capitals);
    return emit(a, atoms, 2, TOKEN_WORD, 0, rules);
}

bool emit_chunk(struct analyser *a, const struct atom *atoms, size_t count)
{
    size_t core = without_ending(atoms, count);
    size_t digits = 0;
    for (size_t i = 0; i < core; i++) {
        digits += atoms[i].digits;
    }
    if (core == 1 && digits == 1) {
        return emit_number(a, atoms, count, TOKEN_WORD);
    }
    if (core == 1) {
        return count == 1 ? emit_word(a, atoms, TOKEN_WORD)
                          : emit_inflected(a, atoms);
    }
    if (digits == 0) {
        return emit_compound(a, atoms, count);
    }
    if (digits < core) {
        return emit_mixed(a, atoms, core, count);
    }
    /* A range, 10-15: separate numbers. */
    bool go = true;
    for (size_t i = 0; go && i < core; i++) {
        go = emit_number(a, &atoms[i], i + 1 == core ? count - i : 1,
                         TOKEN_WORD);
    }
    return go;
}

/* У.С.А. is УСА, and з.п. is зп. Two Cyrillic capitals are a person's, О.В.;
 * their full stop keeps them from being the stem of a word, ОВА. */
bool emit_initials(struct analyser *a, const struct atom *atoms, size_t count)
{
    const struct word *first = &atoms[0].word;
    const struct word *last = &atoms[count - 1].word;
    bool person = count == 2 && first->capital && last->capital &&
                  first->language != WORD_EN;
    stems_reset(a);
    struct buf *stem = stem_begin(a, false);
    for (size_t i = 0; i < count; i++) {
        if (person && i > 0) {
            buf_add_char(stem, '.');
        }
        buf_add(stem, atoms[i].word.form, atoms[i].word.length);
    }
    stem_end(a);
    bool go =
        emit(a, atoms, count, TOKEN_WHOLE, (uint32_t)count, RULE_INITIALS);
    for (size_t i = 0; go && i < count; i++) {
        go = emit_word(a, &atoms[i], TOKEN_PART);
    }
    return go;
}
