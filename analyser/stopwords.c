/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Function words: prepositions, conjunctions, particles, pronouns, articles
 * and the forms of to be and its like, the closed classes of the grammars
 * (Українська граматика; Русская грамматика, 1980; Quirk et al., 1985). They
 * are indexed like any word, so that a phrase finds them; a query of other
 * words does not ask for them.
 *
 * What is a word of its own in news is in no table: ради is a council far
 * more often than a preposition, тем is of тема, Ли is a name. */

#include "words.h"

/* All tables are sorted by bytes. */
static const char *const ukrainian[] = {
    "а",      "або",    "адже",   "але",    "аніж",   "б",      "без",
    "би",     "був",    "буде",   "будемо", "будете", "будеш",  "буду",
    "будуть", "була",   "були",   "було",   "бути",   "в",      "вам",
    "вами",   "вас",    "ваш",    "ваша",   "ваше",   "ваші",   "весь",
    "вже",    "ви",     "вона",   "вони",   "воно",   "все",    "всього",
    "всю",    "вся",    "всі",    "всіма",  "всіх",   "від",    "він",
    "де",     "для",    "до",     "доки",   "ж",      "же",     "з",
    "за",     "задля",  "зате",   "зі",     "й",      "його",   "йому",
    "коли",   "котра",  "котре",  "котрий", "котрі",  "крім",   "куди",
    "ледве",  "лиш",    "лише",   "мене",   "мені",   "ми",     "мною",
    "моя",    "моє",    "мої",    "між",    "мій",    "на",     "над",
    "нам",    "нами",   "нас",    "наш",    "наша",   "наше",   "наші",
    "не",     "нею",    "неї",    "ним",    "ними",   "них",    "нього",
    "ньому",  "ні",     "ніж",    "ній",    "о",      "об",     "однак",
    "ось",    "отже",   "перед",  "по",     "поки",   "попри",  "при",
    "про",    "проте",  "проти",  "під",    "після",  "саме",   "свого",
    "свою",   "своя",   "своє",   "своєму", "своєї",  "свої",   "своїй",
    "своїм",  "своїми", "своїх",  "свій",   "себе",   "собою",  "собі",
    "та",     "так",    "така",   "таке",   "такий",  "такого", "також",
    "такі",   "там",    "твоя",   "твій",   "те",     "тебе",   "теж",
    "ти",     "тим",    "тими",   "тих",    "то",     "тобою",  "тобто",
    "тобі",   "того",   "тоді",   "той",    "тому",   "ту",     "тут",
    "ті",     "тій",    "тільки", "тією",   "тієї",   "у",      "усе",
    "усього", "усі",    "усіх",   "хоч",    "хоча",   "хто",    "це",
    "цей",    "цим",    "цими",   "цих",    "цього",  "цьому",  "цю",
    "ця",     "ці",     "цій",    "цією",   "цієї",   "через",  "чи",
    "чий",    "чим",    "чия",    "чиє",    "чиї",    "чого",   "чому",
    "ще",     "що",     "щоб",    "щодо",   "я",      "як",     "яка",
    "яке",    "який",   "яким",   "якими",  "яких",   "якого",  "якому",
    "якою",   "якої",   "якраз",  "яку",    "якщо",   "які",    "якій",
    "є",      "і",      "із",     "їй",     "їм",     "їх",     "їхнього",
    "їхня",   "їхнє",   "їхні",   "їхній",  "їхніх",  "її",
};

/* Without those that are in the table above. */
static const char *const russian[] = {
    "бы",      "был",     "была",     "были",    "было",    "быть",
    "ваши",    "ведь",    "во",       "вот",     "всего",   "всем",
    "всех",    "всё",     "вы",       "где",     "да",      "его",
    "ее",      "если",    "есть",     "еще",     "ещё",     "её",
    "и",       "из",      "или",      "им",      "их",      "к",
    "как",     "какая",   "какие",    "какое",   "какой",   "ко",
    "когда",   "которая", "которого", "которое", "которой", "которые",
    "который", "которых", "кто",      "куда",    "лишь",    "между",
    "меня",    "мне",     "мной",     "мое",     "мои",     "мой",
    "моё",     "мы",      "наши",     "него",    "ней",     "ни",
    "но",      "ну",      "обо",      "он",      "она",     "они",
    "оно",     "от",      "под",      "пока",    "после",   "с",
    "свое",    "своего",  "своей",    "своему",  "свои",    "своими",
    "своих",   "свой",    "своё",     "себя",    "со",      "такая",
    "также",   "такие",   "такое",    "такой",   "тебя",    "тобой",
    "тогда",   "тоже",    "только",   "тот",     "ты",      "уже",
    "хотя",    "чего",    "чей",      "что",     "чтобы",   "чьи",
    "чья",     "чём",     "эта",      "эти",     "этим",    "этими",
    "этих",    "это",     "этого",    "этой",    "этом",    "этому",
    "этот",    "эту",
};

static const char *const english[] = {
    "a",      "about",  "after",   "against", "although", "am",      "an",
    "and",    "are",    "as",      "at",      "be",       "because", "been",
    "before", "being",  "between", "but",     "by",       "did",     "do",
    "does",   "during", "for",     "from",    "had",      "has",     "have",
    "he",     "her",    "hers",    "him",     "his",      "how",     "i",
    "if",     "in",     "into",    "is",      "it",       "its",     "me",
    "my",     "nor",    "not",     "of",      "on",       "or",      "our",
    "ours",   "over",   "she",     "since",   "so",       "than",    "that",
    "the",    "their",  "theirs",  "them",    "then",     "there",   "these",
    "they",   "this",   "those",   "through", "to",       "under",   "until",
    "upon",   "us",     "was",     "we",      "were",     "what",    "when",
    "where",  "which",  "while",   "who",     "whom",     "whose",   "why",
    "with",   "you",    "your",    "yours",
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

bool stopword(const struct word *word)
{
    static const struct {
        const char *const *words;
        size_t count;
        bool capitals; /* in capitals too */
    } tables[] = {
        {ukrainian, sizeof ukrainian / sizeof *ukrainian, true},
        {russian, sizeof russian / sizeof *russian, false},
        /* IT, US and WHO are names. */
        {english, sizeof english / sizeof *english, false},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if ((tables[i].capitals || !word->capitals) &&
            bsearch(word->form, tables[i].words, tables[i].count,
                    sizeof *tables[i].words, compare) != NULL) {
            return true;
        }
    }
    return false;
}
