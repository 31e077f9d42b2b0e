/* SPDX-License-Identifier: BSD-3-Clause */

/* The tables of rules.c, included there only; their letters are letters.h's. */
#ifndef STEMMER_RULES_TABLES_H
#define STEMMER_RULES_TABLES_H

#include <stddef.h>

/* An ending, what is written in its place (never longer), how many letters
 * must be left and, unless NULL, one of which letters must stand before it. */
struct ending {
    const char *text;
    const char *put;
    unsigned char least;
    const char *after;
};

/* What a stem is written as; never longer. */
struct respelling {
    const char *from;
    const char *to;
};

/* Verb forms of the infinitive stem: infinitive, past, gerund and the
 * synthetic future (SULM, verb: читати, читала, читавши, читатиме). */
#define INFINITIVE(theme, put, least)                                          \
    {theme "ty", put, least, NULL}, {theme "v", put, least, NULL},             \
        {theme "la", put, least, NULL}, {theme "lo", put, least, NULL},        \
        {theme "ly", put, least, NULL}, {theme "vSy", put, least, NULL},       \
        {theme "tyme", put, least, NULL}, {theme "tymeS", put, least, NULL},   \
        {theme "tymu", put, least, NULL}, {theme "tymemo", put, least, NULL},  \
        {theme "tymete", put, least, NULL}, {theme "tymem", put, least, NULL}, \
        {theme "tymetq", put, least, NULL},                                    \
    {                                                                          \
        theme "tymutq", put, least, NULL                                       \
    }

/* First conjugation after a vowel; the form in -еть is what -ся leaves behind
 * (читає, читають; збирається). */
#define PRESENT(theme, put, least)                                             \
    {theme "E", put, least, NULL}, {theme "ES", put, least, NULL},             \
        {theme "Emo", put, least, NULL}, {theme "Ete", put, least, NULL},      \
        {theme "Utq", put, least, NULL}, {theme "UCy", put, least, NULL},      \
    {                                                                          \
        theme "Etq", put, least, NULL                                          \
    }

/* Its forms that look like a noun in -ай (Китаю, край) and do no harm to it,
 * as both lose the ending: читаю, читай. */
#define SHARED(theme, put, least)                                              \
    {theme "U", put, least, NULL}, {theme "j", put, least, NULL},              \
        {theme "jmo", put, least, NULL},                                       \
    {                                                                          \
        theme "jte", put, least, NULL                                          \
    }

/* First conjugation after a consonant (пише: несе, несуть). */
#define CONSONANTAL(root, put, least)                                          \
    {root "e", put, least, NULL}, {root "eS", put, least, NULL},               \
        {root "emo", put, least, NULL}, {root "ete", put, least, NULL},        \
        {root "etq", put, least, NULL}, {root "u", put, least, NULL},          \
    {                                                                          \
        root "utq", put, least, NULL                                           \
    }

/* The suppletive past of йти (SULM, verb: йшов, знайшла). */
#define WENT(root, put, least)                                                 \
    {root "Sov", put, least, NULL}, {root "Sla", put, least, NULL},            \
        {root "Slo", put, least, NULL},                                        \
    {                                                                          \
        root "Sly", put, least, NULL                                           \
    }

static const struct ending endings[] = {
    /* Verbs keep their theme vowel, which keeps them apart from the nouns of
     * the same root: переходити, перехід. */
    INFINITIVE("a", "a", 1),
    PRESENT("a", "a", 1),
    SHARED("a", "a", 1),
    INFINITIVE("A", "A", 1),
    PRESENT("A", "A", 1),
    SHARED("A", "A", 1),
    /* -увати has -ує in the present: керувати, керує. */
    INFINITIVE("uva", "uv", 1),
    PRESENT("uva", "uv", 1),
    SHARED("uva", "uv", 1),
    PRESENT("u", "uv", 2),
    SHARED("u", "uv", 2),
    INFINITIVE("Uva", "Uv", 1),
    PRESENT("U", "Uv", 2),
    SHARED("U", "Uv", 2),
    /* Second conjugation: робити, робить; бачити, бачать. */
    INFINITIVE("y", "y", 1),
    {"ytq", "y", 1, NULL},
    {"yS", "y", 1, NULL},
    {"ymo", "y", 1, NULL},
    {"yte", "y", 1, NULL},
    {"Atq", "y", 2, NULL},
    /* The infinitive in -ть: показать; but лежать. Of two rows that apply the
     * later counts. */
    {"atq", "a", 2, NULL},
    {"atq", "y", 2, "ZCSW"},
    {"uvatq", "uv", 2, NULL},
    {"Uvatq", "Uv", 2, NULL},
    {"ACy", "y", 2, NULL},
    {"aCy", "y", 2, NULL},
    {"itq", "y", 2, NULL},
    /* Epenthetic л after a labial: люблять, любити; готовлять, готовити. */
    {"vlAtq", "vy", 2, NULL},
    {"mlAtq", "my", 2, NULL},
    {"plAtq", "py", 2, NULL},
    {"blAtq", "by", 2, NULL},
    {"blU", "by", 2, NULL},
    /* -іти goes with -ить or with -іє: сидіти, сидить; розуміла, розуміє. Its
     * -ів is left to the plural of nouns and its -ію to the nouns in -ія. */
    {"ity", "y", 2, NULL},
    {"ila", "y", 2, NULL},
    {"ilo", "y", 2, NULL},
    {"ily", "y", 2, NULL},
    {"ivSy", "y", 2, NULL},
    {"itymu", "y", 2, NULL},
    {"ityme", "y", 2, NULL},
    {"itymeS", "y", 2, NULL},
    {"itymemo", "y", 2, NULL},
    {"itymem", "y", 2, NULL},
    {"itymete", "y", 2, NULL},
    {"itymutq", "y", 2, NULL},
    {"itymetq", "y", 2, NULL},
    {"iEte", "y", 2, NULL},
    {"iUCy", "y", 2, NULL},
    {"ijte", "y", 2, NULL},
    {"ijmo", "y", 2, NULL},
    {"imo", "y", 2, NULL},
    {"iE", "y", 2, NULL},
    {"iES", "y", 2, NULL},
    {"iEmo", "y", 2, NULL},
    {"iUtq", "y", 2, NULL},
    /* -нути: повернути, поверне. */
    INFINITIVE("nu", "n", 2),
    {"nutq", "n", 2, NULL},
    {"nemo", "n", 2, NULL},
    {"nete", "n", 2, NULL},
    {"neS", "n", 2, NULL},
    {"nitq", "n", 3, "krgxptdbvzslcCS"},
    {"nimo", "n", 3, "krgxptdbvzslcCS"},
    /* The impersonal in -но, -то: вирішено, показано, повернуто. It goes with
     * the verb, as the dictionaries have it, not with the participle. */
    {"ano", "a", 3, NULL},
    {"Ano", "A", 3, NULL},
    {"ovano", "uv", 2, NULL},
    {"uvano", "uv", 2, NULL},
    {"Uvano", "Uv", 2, NULL},
    {"qovano", "Uv", 2, NULL},
    {"eno", "y", 3, NULL},
    {"dZeno", "dy", 2, NULL},
    {"Weno", "sty", 2, NULL},
    {"vleno", "vy", 2, NULL},
    {"bleno", "by", 2, NULL},
    {"pleno", "py", 2, NULL},
    {"mleno", "my", 2, NULL},
    {"Eno", "I", 3, NULL},
    {"nuto", "n", 2, NULL},
    {"yto", "y", 4, NULL},
    {"Ato", "A", 3, NULL},
    /* Imperatives: ходьмо, киньте, бачте, ставмо, бийте. */
    {"qte", "y", 2, "dtzsl"},
    {"qmo", "y", 2, "dtzsl"},
    {"nqte", "n", 2, NULL},
    {"nqmo", "n", 2, NULL},
    {"Cte", "Cy", 2, NULL},
    {"Cmo", "Cy", 2, NULL},
    {"Zte", "Zy", 2, NULL},
    {"Zmo", "Zy", 2, NULL},
    {"vte", "vy", 2, NULL},
    {"vmo", "vy", 2, NULL},
    {"yjte", "y", 2, NULL},
    {"yjmo", "y", 2, NULL},
    INFINITIVE("u", "u", 2),
    {"emo", "", 2, NULL},
    {"ete", "", 2, NULL},
    {"eS", "", 2, NULL},
    {"etq", "", 2, NULL},
    {"utq", "", 2, NULL},
    {"Utq", "", 2, NULL},
    {"uCy", "", 2, NULL},
    /* -оїти and -ояти: стоїть, стояти. */
    {"oItq", "oA", 1, NULL},
    {"oIty", "oA", 1, NULL},
    /* Suppletive йти and its prefixed verbs: знайти, знайде, знайшов. */
    {"jty", "j", 0, NULL},
    CONSONANTAL("jd", "j", 0),
    WENT("j", "j", 0),
    {"pity", "pi", 0, NULL},
    CONSONANTAL("pid", "pi", 0),
    WENT("pi", "pi", 0),
    /* First conjugation with a hushing present, the two roots that are in
     * every text: сказати, скаже; писати, пише. */
    CONSONANTAL("kaZ", "kaza", 0),
    CONSONANTAL("pyS", "pysa", 0),

    /* Adjectives, hard and soft: новий, нового; синій, синього. */
    {"yj", "", 1, NULL},
    {"ogo", "", 1, NULL},
    {"omu", "", 1, NULL},
    {"ym", "", 1, NULL},
    {"im", "", 2, NULL},
    {"oI", "", 1, NULL},
    {"oU", "", 1, NULL},
    {"yx", "", 2, NULL},
    {"ymy", "", 2, NULL},
    {"qogo", "", 2, NULL},
    {"qomu", "", 2, NULL},
    {"ix", "", 2, NULL},
    {"imy", "", 2, NULL},
    {"qoI", "", 2, NULL},
    {"qoU", "", 2, NULL},
    /* Not after other letters, where it ends nouns: новій, but організацій. */
    {"ij", "", 1, "nvktSCWmZ"},
    {"slij", "sl", 1, NULL},
    {"tlij", "tl", 1, NULL},
    {"plij", "pl", 1, NULL},
    {"glij", "gl", 1, NULL},
    {"brij", "br", 1, NULL},
    {"krij", "kr", 1, NULL},

    /* Nouns of the four declensions: хата, рука; стіл, поле; ніч; ім'я. */
    {"a", "", 1, NULL},
    {"A", "", 1, NULL},
    {"u", "", 1, NULL},
    {"U", "", 1, NULL},
    {"o", "", 1, NULL},
    {"e", "", 1, NULL},
    {"E", "", 1, NULL},
    {"y", "", 1, NULL},
    {"i", "", 1, NULL},
    {"I", "", 1, NULL},
    {"q", "", 1, NULL},
    {"j", "", 1, NULL},
    {"om", "", 1, NULL},
    {"em", "", 1, NULL},
    {"Em", "", 1, NULL},
    {"eU", "", 1, NULL},
    {"EU", "", 1, NULL},
    {"am", "", 1, NULL},
    {"Am", "", 1, NULL},
    {"amy", "", 1, NULL},
    {"Amy", "", 1, NULL},
    {"ax", "", 1, NULL},
    {"Ax", "", 1, NULL},
    {"iv", "", 1, NULL},
    {"Iv", "", 1, NULL},
    {"ovi", "", 2, NULL},
    {"evi", "", 2, NULL},
    {"Evi", "", 2, "aeoiuyAI'"},
    /* The doubled consonant of the third declension (ніччю, ніч; сіллю, сіль),
     * save нн, тт, дд, which are rather питанню, життю, знаряддю. */
    {"llU", "l", 1, NULL},
    {"ssU", "s", 1, NULL},
    {"zzU", "z", 1, NULL},
    {"CCU", "C", 1, NULL},
    {"ZZU", "Z", 1, NULL},
    {"SSU", "S", 1, NULL},
    /* Not where -ей belongs to the stem: областей, сімей, but музей. */
    {"ej", "", 2, "tCSZdrlm"},
    /* Genitive plural of -ання: питань, завдань. */
    {"anq", "ann", 2, NULL},
};

/* Stems without a vowel or with one vowel only, before which no ending would
 * be found otherwise. Closed: the monosyllabic verbs (дати, жити; SULM, verb)
 * and the nouns whose only vowel is fleeting (день, дня; пес, пса). */
static const char *const short_stems[] = {
    "bra", "bry", "by",  "da",  "dba", "dn",  "dra", "dA",  "gna", "gra", "gry",
    "j",   "kla", "kry", "ly",  "lA",  "ma",  "my",  "na",  "pn",  "ps",  "py",
    "rva", "sn",  "spa", "sta", "stA", "sA",  "Sla", "vzA", "Sy",  "tka", "vCy",
    "vy",  "za",  "zda", "zl",  "zna", "zva", "Zda", "Zy"};

/* The alternating nouns of one syllable, a closed class (Pravopys, alternation
 * of vowels; о/е with і: стіл, стола; ніч, ночі; fleeting: день, дня; not лоб
 * and рот, which keep it), with the town Львів and the two verbs of this kind,
 * могти and хотіти. Longer stems need no list, see drop_fleeting(). */
static const struct respelling monosyllables[] = {
    {"bik", "bok"},     {"den", "dn"},    {"dim", "dom"},   {"dvir", "dvor"},
    {"dzvin", "dzvon"}, {"gir", "gor"},   {"gist", "gost"}, {"imen", "im"},
    {"imn", "im"},      {"kil", "kol"},   {"kin", "kon"},   {"kist", "kost"},
    {"lqviv", "lqvov"}, {"mid", "med"},   {"mig", "mog"},   {"mogl", "mog"},
    {"mogty", "mog"},   {"moZ", "mog"},   {"nig", "nog"},   {"niC", "noC"},
    {"nis", "nos"},     {"oC", "ok"},     {"pen", "pn"},    {"pes", "ps"},
    {"pil", "pol"},     {"piC", "peC"},   {"pit", "pot"},   {"rid", "rod"},
    {"rig", "rog"},     {"rik", "rok"},   {"rist", "rost"}, {"riC", "reC"},
    {"sil", "sel"},     {"sliv", "slov"}, {"son", "sn"},    {"spir", "spor"},
    {"stil", "stol"},   {"Skil", "Skol"}, {"tvir", "tvor"}, {"vil", "vol"},
    {"xid", "xod"},     {"xoC", "xot"},   {"xoty", "xot"},  {"xvist", "xvost"},
    {"zir", "zor"}};

/* Words whose last letters only look like an ending. Closed: the towns in -ів
 * that are genitive plurals to the eye (Харків, Харкова), alternating words of
 * this shape (слів, бій) and the suppletive plurals (людина, люди; око, очі).
 */
enum { MONOSYLLABLE_MAX = 5 };

static const struct respelling words[] = {
    {"bij", "bo"},      {"Cernigiv", "Cernigv"}, {"kaniv", "kanv"},
    {"lqviv", "lqvov"}, {"lUdej", "lUd"},        {"lUdyna", "lUd"},
    {"lUdynoU", "lUd"}, {"lUdynu", "lUd"},       {"lUdyni", "lUd"},
    {"lUdyny", "lUd"},  {"oCej", "ok"},          {"oCi", "ok"},
    {"sliv", "slov"},   {"xarkiv", "xarkv"}};

#endif
