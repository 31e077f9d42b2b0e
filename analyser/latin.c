/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latin letters to sounds: the tables of transliteration, and how the
 * languages the press takes names from read them. Sources: docs/names.md. */
#include "sounds.h"

/* Where a rule holds: what stands before and behind. */
enum place {
    ANY,
    EDGE,      /* the end or the beginning of the word */
    VOWEL,     /* a vowel */
    CONSONANT, /* a consonant */
    FRONT,     /* e, i, y, é */
    OPEN,      /* a consonant and e: Biden */
    SHUT,      /* two consonants, or one and the end: Trump */
    NO_VOWEL,  /* a consonant or the end */
};

struct rule {
    const char *from;
    const char *to; /* alternatives are parted by | */
    enum place before;
    enum place behind;
};

/* Rules for letters that only some systems use share one table: what a
 * system does not say is read as in transliteration. Of the rules that fit
 * the longest wins, then the first. */
static const struct rule transliteration[] = {
    {"'", "", ANY, ANY},
    {"a", "A", CONSONANT, EDGE},
    {"a", "A", VOWEL, EDGE},
    {"a", "a", ANY, ANY},
    {"ah", "A|ax|ag", ANY, EDGE},
    {"aia", "i|aiA", CONSONANT, EDGE},
    {"aja", "i|aiA", CONSONANT, EDGE},
    {"aya", "i|aiA", CONSONANT, EDGE},
    {"b", "b", ANY, ANY},
    {"c", "c", ANY, ANY},
    {"ch", "q", ANY, ANY},
    {"ck", "k|ck", ANY, ANY},
    {"cki", "cki", ANY, EDGE},
    {"cz", "q", ANY, ANY},
    {"d", "d", ANY, ANY},
    {"dj", "j", ANY, ANY},
    {"e", "e", ANY, ANY},
    {"e", "e|i", CONSONANT, EDGE},
    {"ee", "ee", ANY, ANY},
    {"eh", "eg|e", ANY, EDGE},
    {"enka", "enkA|enk", ANY, EDGE},
    {"eve", "eve|ev|evi", ANY, EDGE},
    {"f", "f", ANY, ANY},
    {"g", "g", ANY, ANY},
    {"gh", "g", ANY, ANY},
    {"h", "g", ANY, ANY},
    {"h", "g|x|", VOWEL, NO_VOWEL},
    {"h", "g|x", EDGE, CONSONANT},
    {"i", "i", ANY, ANY},
    {"ia", "ia", ANY, ANY},
    {"ia", "iA|A", CONSONANT, EDGE},
    {"ic", "iq|ic", ANY, EDGE},
    {"ie", "e|ie", CONSONANT, ANY},
    {"ie", "e", VOWEL, ANY},
    {"iia", "iA", ANY, EDGE},
    {"ija", "iA", ANY, EDGE},
    {"ine", "ine|in|ini", ANY, EDGE},
    {"iov", "ov|iev", CONSONANT, EDGE},
    {"iya", "iA", ANY, EDGE},
    {"iyah", "iA", ANY, EDGE},
    {"iyeh", "iA", ANY, EDGE},
    {"j", "i", ANY, ANY},
    {"ja", "A|iA", CONSONANT, EDGE},
    {"jo", "e|io", CONSONANT, ANY},
    {"k", "k", ANY, ANY},
    {"kh", "x", ANY, ANY},
    {"ki", "ki|k", ANY, EDGE},
    {"l", "l", ANY, ANY},
    {"m", "m", ANY, ANY},
    {"n", "n", ANY, ANY},
    {"o", "o", ANY, ANY},
    {"oi", "oi|i", ANY, EDGE},
    {"oj", "oi|i", ANY, EDGE},
    {"oo", "u|oo", ANY, ANY},
    {"ou", "u|ou", ANY, ANY},
    {"ove", "ove|ov|ovi", ANY, EDGE},
    {"oy", "oi|i", ANY, EDGE},
    {"p", "p", ANY, ANY},
    {"ph", "f", ANY, ANY},
    {"q", "k", ANY, ANY},
    {"qu", "kv", ANY, ANY},
    {"r", "r", ANY, ANY},
    {"s", "s", ANY, ANY},
    {"sch", "w", ANY, ANY},
    {"schch", "wq", ANY, ANY},
    {"sh", "w", ANY, ANY},
    {"shch", "wq", ANY, ANY},
    {"ska", "skA|ski", ANY, EDGE},
    {"skaia", "ski", ANY, EDGE},
    {"skaja", "ski", ANY, EDGE},
    {"skaya", "ski", ANY, EDGE},
    {"ski", "ski", ANY, EDGE},
    {"sky", "ski", ANY, EDGE},
    {"szcz", "wq", ANY, ANY},
    {"t", "t", ANY, ANY},
    {"th", "t", ANY, ANY},
    {"ts", "c", ANY, ANY},
    {"tsh", "tw", ANY, ANY},
    {"tsi", "ci|c", ANY, EDGE},
    {"tski", "cki", ANY, EDGE},
    {"tz", "c", ANY, ANY},
    {"u", "u", ANY, ANY},
    {"v", "v", ANY, ANY},
    {"w", "v", ANY, ANY},
    {"x", "ks", ANY, ANY},
    {"y", "i", ANY, ANY},
    {"y", "i|", CONSONANT, EDGE},
    {"ya", "A|iA", CONSONANT, EDGE},
    {"ya", "iA", VOWEL, EDGE},
    {"ye", "e|ie", CONSONANT, ANY},
    {"ye", "e", ANY, ANY},
    {"yi", "i", VOWEL, ANY},
    {"yne", "ine|in|ini", ANY, EDGE},
    {"yo", "e|ie|io", CONSONANT, ANY},
    {"yo", "io", ANY, ANY},
    {"z", "z", ANY, ANY},
    {"zh", "j", ANY, ANY},
    {"ß", "s", ANY, ANY},
    {"à", "a", ANY, ANY},
    {"á", "a", ANY, ANY},
    {"â", "ia|a", ANY, ANY},
    {"â", "A|iA", CONSONANT, EDGE},
    {"â", "iA", VOWEL, EDGE},
    {"ã", "a", ANY, ANY},
    {"ä", "e", ANY, ANY},
    {"å", "o", ANY, ANY},
    {"æ", "e", ANY, ANY},
    {"ç", "q|s", ANY, ANY},
    {"è", "e", ANY, ANY},
    {"é", "e", ANY, ANY},
    {"ê", "e|ie", ANY, ANY},
    {"ë", "e", ANY, ANY},
    {"ì", "i", ANY, ANY},
    {"í", "i", ANY, ANY},
    {"î", "i", ANY, ANY},
    {"ï", "i", ANY, ANY},
    {"ñ", "n", ANY, ANY},
    {"ò", "o", ANY, ANY},
    {"ó", "o", ANY, ANY},
    {"ô", "o", ANY, ANY},
    {"õ", "o", ANY, ANY},
    {"ö", "e", ANY, ANY},
    {"ø", "e", ANY, ANY},
    {"ù", "u", ANY, ANY},
    {"ú", "u", ANY, ANY},
    {"û", "iu|u", ANY, ANY},
    {"ü", "iu|u", ANY, ANY},
    {"ý", "i", ANY, ANY},
    {"ā", "a", ANY, ANY},
    {"ă", "a", ANY, ANY},
    {"ą", "on", ANY, ANY},
    {"ć", "q", ANY, ANY},
    {"č", "q", ANY, ANY},
    {"ď", "d", ANY, ANY},
    {"đ", "d", ANY, ANY},
    {"ē", "e", ANY, ANY},
    {"ė", "e", ANY, ANY},
    {"ę", "en", ANY, ANY},
    {"ě", "e", ANY, ANY},
    {"ğ", "g", ANY, ANY},
    {"ģ", "g", ANY, ANY},
    {"ī", "i", ANY, ANY},
    {"ı", "i", ANY, ANY},
    {"ķ", "k", ANY, ANY},
    {"ļ", "l", ANY, ANY},
    {"ł", "l", ANY, ANY},
    {"ń", "n", ANY, ANY},
    {"ņ", "n", ANY, ANY},
    {"ň", "n", ANY, ANY},
    {"ō", "o", ANY, ANY},
    {"ő", "e", ANY, ANY},
    {"ř", "rj", ANY, ANY},
    {"ś", "s", ANY, ANY},
    {"ŝ", "wq", ANY, ANY},
    {"ş", "w", ANY, ANY},
    {"š", "w", ANY, ANY},
    {"šč", "wq", ANY, ANY},
    {"ţ", "c", ANY, ANY},
    {"ť", "t", ANY, ANY},
    {"ū", "u", ANY, ANY},
    {"ů", "u", ANY, ANY},
    {"ű", "iu", ANY, ANY},
    {"ź", "z", ANY, ANY},
    {"ż", "j", ANY, ANY},
    {"ž", "j", ANY, ANY},
    {"ș", "w", ANY, ANY},
    {"ț", "c", ANY, ANY},
};

static const struct rule english[] = {
    {"a", "ei", CONSONANT, OPEN},
    {"ai", "ei|ai", ANY, ANY},
    {"al", "ol", ANY, CONSONANT},
    {"au", "o", ANY, ANY},
    {"aw", "o", ANY, NO_VOWEL},
    {"ay", "ei", ANY, ANY},
    {"c", "k", ANY, ANY},
    {"c", "s", ANY, FRONT},
    {"ch", "q", ANY, ANY},
    {"ck", "k", ANY, ANY},
    {"cz", "q", ANY, ANY},
    {"e", "", CONSONANT, EDGE},
    {"ea", "i", ANY, ANY},
    {"ee", "i", ANY, ANY},
    {"ew", "iu", ANY, NO_VOWEL},
    {"h", "", VOWEL, NO_VOWEL},
    {"ham", "gem", CONSONANT, EDGE},
    {"i", "ai", CONSONANT, OPEN},
    {"ie", "i", ANY, EDGE},
    {"igh", "ai", ANY, ANY},
    {"j", "j", ANY, ANY},
    {"kn", "n", EDGE, ANY},
    {"land", "lend|land", ANY, EDGE},
    {"man", "men|man", ANY, EDGE},
    {"o", "ou", CONSONANT, OPEN},
    {"oa", "ou", ANY, ANY},
    {"ou", "au|u", ANY, ANY},
    {"ow", "ou|au", ANY, NO_VOWEL},
    {"tch", "q", ANY, ANY},
    {"u", "a", CONSONANT, SHUT},
    {"wa", "vo", EDGE, CONSONANT},
    {"wh", "v", ANY, ANY},
    {"wr", "r", EDGE, ANY},
    {"y", "ai", CONSONANT, CONSONANT},
};

static const struct rule german[] = {
    {"ae", "e", ANY, ANY},       {"c", "k", ANY, ANY},
    {"ch", "x", ANY, ANY},       {"chs", "ks", ANY, ANY},
    {"ck", "k", ANY, ANY},       {"dsch", "j", ANY, ANY},
    {"dt", "t", ANY, ANY},       {"ei", "ai|ei", ANY, ANY},
    {"eu", "oi|ei", ANY, ANY},   {"ey", "ei", ANY, ANY},
    {"h", "", VOWEL, NO_VOWEL},  {"ie", "i", ANY, ANY},
    {"oe", "e", ANY, ANY},       {"s", "z|s", EDGE, VOWEL},
    {"s", "z", VOWEL, VOWEL},    {"sch", "w|j", ANY, ANY},
    {"schtsch", "wq", ANY, ANY}, {"sp", "wp", EDGE, ANY},
    {"st", "wt", EDGE, ANY},     {"stein", "wtain|wtein", ANY, ANY},
    {"tsch", "q", ANY, ANY},     {"tz", "c", ANY, ANY},
    {"ue", "iu", ANY, ANY},      {"v", "f", EDGE, ANY},
    {"z", "c", ANY, ANY},        {"äu", "oi", ANY, ANY},
};

static const struct rule polish[] = {
    {"ch", "x", ANY, ANY},    {"ci", "q", ANY, VOWEL},
    {"ck", "ck", ANY, ANY},   {"cz", "q", ANY, ANY},
    {"ie", "e", ANY, ANY},    {"ijów", "iiev", ANY, EDGE},
    {"j", "i", ANY, ANY},     {"krz", "kw", ANY, ANY},
    {"prz", "pw", ANY, ANY},  {"rz", "j", ANY, ANY},
    {"si", "s", ANY, VOWEL},  {"sz", "w", ANY, ANY},
    {"szcz", "wq", ANY, ANY}, {"trz", "tw", ANY, ANY},
    {"zi", "z", ANY, VOWEL},  {"ó", "u", ANY, ANY},
    {"ów", "ov", ANY, EDGE},
};

static const struct rule french[] = {
    {"ai", "e", ANY, ANY},
    {"au", "o", ANY, ANY},
    {"c", "k", ANY, ANY},
    {"c", "s", ANY, FRONT},
    {"ch", "w", ANY, ANY},
    {"ck", "k", ANY, ANY},
    {"d", "", VOWEL, EDGE},
    {"e", "", CONSONANT, EDGE},
    {"eau", "o", ANY, ANY},
    {"ei", "e", ANY, ANY},
    {"em", "am", ANY, CONSONANT},
    {"en", "an", ANY, CONSONANT},
    {"eu", "e", ANY, ANY},
    {"g", "j", ANY, FRONT},
    {"gn", "ni", ANY, ANY},
    {"gu", "g", ANY, FRONT},
    {"h", "", CONSONANT, ANY},
    {"ier", "ie", CONSONANT, EDGE},
    {"ill", "ii", CONSONANT, VOWEL},
    {"j", "j", ANY, ANY},
    {"oi", "ua", ANY, ANY},
    {"qu", "k", ANY, ANY},
    {"s", "", VOWEL, EDGE},
    {"t", "", VOWEL, EDGE},
    {"tch", "q", ANY, ANY},
    {"u", "iu|u", CONSONANT, NO_VOWEL},
    {"x", "", VOWEL, EDGE},
    {"z", "", VOWEL, EDGE},
};

static const struct rule southern[] = {
    {"c", "k", ANY, ANY},    {"c", "q|s", ANY, FRONT},
    {"cc", "k", ANY, ANY},   {"ch", "q", ANY, ANY},
    {"ch", "k", ANY, FRONT}, {"g", "j", ANY, FRONT},
    {"gh", "g", ANY, FRONT}, {"gli", "li", VOWEL, VOWEL},
    {"gu", "g", ANY, FRONT}, {"h", "", CONSONANT, ANY},
    {"j", "x", ANY, ANY},    {"qu", "k", ANY, FRONT},
    {"z", "s", ANY, ANY},
};

/* Čaputová, Vučić without their signs, and Hungarian: Szeged, Magyar. */
static const struct rule central[] = {
    {"c", "q", ANY, ANY},  {"cs", "q", ANY, ANY}, {"gy", "di", ANY, ANY},
    {"sz", "s", ANY, ANY}, {"zs", "j", ANY, ANY},
};

/* The systems, the likeliest first; a rule of a system goes before one of
 * transliteration that is as long. */
static const struct {
    const struct rule *rules;
    size_t count;
} systems[] = {
    {transliteration, sizeof transliteration / sizeof *transliteration},
    {english, sizeof english / sizeof *english},
    {german, sizeof german / sizeof *german},
    {polish, sizeof polish / sizeof *polish},
    {french, sizeof french / sizeof *french},
    {southern, sizeof southern / sizeof *southern},
    {central, sizeof central / sizeof *central},
};
#define SYSTEMS (sizeof systems / sizeof *systems)
/* Readings of a system by the alternatives of its rules. */
#define WAYS_MAX 8
/* Transliteration has most. */
#define RULES_MAX (sizeof transliteration / sizeof *transliteration)

/* The rules of each system by the first byte they read, longest first. */
struct latin {
    struct {
        const struct rule *rule;
        size_t length; /* of what it reads */
    } rules[SYSTEMS][RULES_MAX];
    uint16_t first[SYSTEMS][257];
};

/* Whether a rule is tried before another that begins like it: the longer
 * one, then the one with a condition, then the first. */
static bool goes_before(const struct rule *rule, const struct rule *other)
{
    size_t length = strlen(rule->from);
    size_t other_length = strlen(other->from);
    bool bound = rule->before != ANY || rule->behind != ANY;
    bool other_bound = other->before != ANY || other->behind != ANY;
    return length > other_length ||
           (length == other_length && bound && !other_bound);
}

/* Places the rules of a system that begin with a byte, from `begin` on. */
static size_t place_rules(struct latin *latin, size_t system, size_t begin,
                          unsigned char byte)
{
    size_t count = begin;
    for (size_t i = 0; i < systems[system].count; i++) {
        const struct rule *rule = &systems[system].rules[i];
        if ((unsigned char)rule->from[0] != byte) {
            continue;
        }
        size_t at = count++;
        for (;
             at > begin && goes_before(rule, latin->rules[system][at - 1].rule);
             at--) {
            latin->rules[system][at] = latin->rules[system][at - 1];
        }
        latin->rules[system][at].rule = rule;
        latin->rules[system][at].length = strlen(rule->from);
    }
    return count;
}

struct latin *latin_new(void)
{
    struct latin *latin = calloc(1, sizeof *latin);
    for (size_t s = 0; latin != NULL && s < SYSTEMS; s++) {
        size_t count = 0;
        for (unsigned byte = 0; byte < 256; byte++) {
            latin->first[s][byte] = (uint16_t)count;
            count = place_rules(latin, s, count, (unsigned char)byte);
        }
        latin->first[s][256] = (uint16_t)count;
    }
    return latin;
}

void latin_free(struct latin *latin)
{
    free(latin);
}

/* ---- Reading --------------------------------------------------------- */

struct reading {
    const struct latin *latin;
    size_t system;
    bool plain;
    const char *form;
    size_t length;
    struct readings *out;
    size_t ways; /* tried so far */
    size_t own;  /* rules of the system on this way */
};

/* Letters beyond ASCII that are consonants; two bytes each. */
static const char consonants[] = "çñćčďđğģķļłńņňřśŝşšţťźżžșțß";

/* Whether a letter of two bytes stands at `at`. */
static bool letter_is(const struct reading *r, size_t at, const char *letter)
{
    return at + 2 <= r->length && memcmp(r->form + at, letter, 2) == 0;
}

/* `at` may be any byte of the letter. */
static bool vowel_at(const struct reading *r, size_t at)
{
    if (at >= r->length) {
        return false;
    }
    if ((unsigned char)r->form[at] < 0x80) {
        return strchr("aeiouy", r->form[at]) != NULL;
    }
    at = utf8_floor(r->form, at);
    for (size_t i = 0; i + 1 < sizeof consonants; i += 2) {
        if (letter_is(r, at, consonants + i)) {
            return false;
        }
    }
    return true;
}

static bool consonant_at(const struct reading *r, size_t at)
{
    return at < r->length && !vowel_at(r, at);
}

static bool holds(const struct reading *r, enum place place, size_t at,
                  bool before)
{
    bool edge = at >= r->length; /* SIZE_MAX before the first letter */
    switch (place) {
    case ANY:
        return true;
    case EDGE:
        return edge;
    case VOWEL:
        return vowel_at(r, at);
    case CONSONANT:
        return consonant_at(r, at);
    case NO_VOWEL:
        return !vowel_at(r, at);
    case FRONT:
        return !edge &&
               (strchr("eiy", r->form[at]) != NULL || letter_is(r, at, "é"));
    case OPEN:
        return consonant_at(r, at) && at + 1 < r->length &&
               r->form[at + 1] == 'e';
    case SHUT:
        return !before && consonant_at(r, at) && !vowel_at(r, at + 1);
    }
    return false;
}

/* The rule of a system that fits at a place, and the bytes it reads. */
static const struct rule *rule_in(const struct reading *r, size_t system,
                                  size_t at, size_t *length)
{
    unsigned char byte = (unsigned char)r->form[at];
    for (size_t i = r->latin->first[system][byte];
         i < r->latin->first[system][byte + 1]; i++) {
        const struct rule *rule = r->latin->rules[system][i].rule;
        *length = r->latin->rules[system][i].length;
        if (*length <= r->length - at &&
            memcmp(r->form + at, rule->from, *length) == 0 &&
            holds(r, rule->before, at - 1, true) &&
            holds(r, rule->behind, at + *length, false)) {
            return rule;
        }
    }
    *length = 0;
    return NULL;
}

static const struct rule *rule_at(const struct reading *r, size_t at,
                                  size_t *length, bool *is_own)
{
    size_t own_length = 0;
    *is_own = false;
    const struct rule *common = rule_in(r, 0, at, length);
    const struct rule *own =
        r->system == 0 ? NULL : rule_in(r, r->system, at, &own_length);
    if (own == NULL || *length > own_length) {
        return common;
    }
    *length = own_length;
    *is_own = true;
    return own;
}

/* Reads on from `at`; each alternative of a rule is a way of its own. */
static void read_on(struct reading *r, size_t at, struct sounds *sounds)
{
    if (at == r->length) {
        if (r->system == 0 || r->own > 0) {
            readings_add(r->out, sounds);
        }
        r->ways++;
        return;
    }
    size_t read = 0;
    bool own = false;
    const struct rule *rule = rule_at(r, at, &read, &own);
    r->own += own;
    for (const char *to = rule == NULL ? NULL : rule->to; to != NULL;) {
        size_t length = strcspn(to, "|");
        size_t kept = sounds->length;
        char piece[8];
        memcpy(piece, to, length);
        piece[length] = '\0';
        sounds_add(sounds, piece);
        read_on(r, at + read, sounds);
        sounds->length = kept;
        sounds->text[kept] = '\0';
        bool more = to[length] != '\0' && !r->plain && r->ways < WAYS_MAX;
        to = more ? to + length + 1 : NULL;
    }
    r->own -= own;
}

void latin_read(const struct latin *latin, const char *form, size_t length,
                bool plain, struct readings *out)
{
    struct reading r = {.latin = latin,
                        .plain = plain,
                        .form = form,
                        .length = length,
                        .out = out};
    for (r.system = 0; r.system < (plain ? 1 : SYSTEMS); r.system++) {
        struct sounds sounds = {.length = 0};
        r.ways = 0;
        read_on(&r, 0, &sounds);
    }
}
