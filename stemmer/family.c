/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Lexemes that the dictionary keeps apart and the rules do not, with reason:
 * who looks for one wants the other, and many forms are of both.
 */
#include <stdlib.h>
#include <string.h>

#include "compile.h"

/* A lexeme whose lemma has this prefix and ending is joined to the one with
 * the ending exchanged. */
struct relation {
    const char *prefix;
    const char *ending;
    const char *put;
    enum { TO_ANY, TO_ADJECTIVE } to;
};

static const struct relation relations[] = {
    /* мити, митися */
    {"", "tysA", "ty", TO_ANY},
    /* найновіший, новіший, новий */
    {"Wonaj", "iSyj", "yj", TO_ADJECTIVE},
    {"Aknaj", "iSyj", "yj", TO_ADJECTIVE},
    {"naj", "iSyj", "yj", TO_ADJECTIVE},
    {"", "iSyj", "yj", TO_ADJECTIVE},
    {"Wonaj", "Syj", "Syj", TO_ADJECTIVE},
    {"Aknaj", "Syj", "Syj", TO_ADJECTIVE},
    {"naj", "Syj", "Syj", TO_ADJECTIVE},
    {"Wonaj", "Se", "Syj", TO_ADJECTIVE},
    {"Aknaj", "Se", "Syj", TO_ADJECTIVE},
    {"naj", "Se", "Syj", TO_ADJECTIVE},
    {"", "iSe", "yj", TO_ADJECTIVE},
    /* минуле, військова, неповнолітні: nouns, and forms of an adjective */
    {"", "e", "yj", TO_ADJECTIVE},
    {"", "a", "yj", TO_ADJECTIVE},
    {"", "i", "yj", TO_ADJECTIVE},
    {"", "E", "ij", TO_ADJECTIVE},
    {"", "A", "ij", TO_ADJECTIVE},
    {"", "i", "ij", TO_ADJECTIVE},
};

static bool relation_join(struct lexemes *all, uint32_t lexeme,
                          const struct relation *relation)
{
    char other[2 * EXPAND_WORD_MAX];
    const char *lemma = strings_text(all->strings, all->lexemes[lexeme].lemma);
    size_t length = strlen(lemma);
    size_t prefix = strlen(relation->prefix);
    size_t ending = strlen(relation->ending);
    if (length < prefix + ending + 2 ||
        memcmp(lemma, relation->prefix, prefix) != 0 ||
        memcmp(lemma + length - ending, relation->ending, ending) != 0) {
        return false;
    }
    size_t kept = length - prefix - ending;
    memcpy(other, lemma + prefix, kept);
    memcpy(other + kept, relation->put, strlen(relation->put));
    uint32_t found = lexemes_find(all, other, kept + strlen(relation->put));
    if (found == UINT32_MAX || found == lexeme ||
        (relation->to == TO_ADJECTIVE &&
         (!all->lexemes[found].adjective || all->lexemes[found].capital ||
          !all->lexemes[lexeme].nominal))) {
        return false;
    }
    uint16_t cost = all->lexemes[lexemes_root(all, found)].cost;
    lexemes_join(all, found, lexeme);
    all->lexemes[lexemes_root(all, found)].cost = cost;
    return true;
}

void family_join(struct lexemes *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->lexemes[i].bare || all->lexemes[i].capital) {
            continue;
        }
        for (size_t k = 0; k < sizeof relations / sizeof *relations; k++) {
            if (relation_join(all, i, &relations[k])) {
                break;
            }
        }
    }
}
