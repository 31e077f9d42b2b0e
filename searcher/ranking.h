/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of ranking, chosen on the development sets:
 * docs/ranking.md. */
#ifndef RANKING_H
#define RANKING_H

#define BM25_K1 1.2
#define BM25_B 0.75
/* Of the average length: a shorter document counts as that long. */
#define BM25_SHORTEST 0.5
/* What the exact form adds to a word's weight. More ruins queries in another
 * inflection, none ties the surname Раїсі with the first name Раїса. */
#define EXACT_WEIGHT 0.15
/* What a phrase in exactly these forms adds: more than its words can weigh,
 * so that such documents come first. */
#define EXACT_PHRASE_WEIGHT 1.0
/* The power of the share of the query's words, by weight, that a document
 * has: those with more of them come first. */
#define COORDINATION 1.5
/* What a stretch of so many words adds that holds all words of the query. */
#define PROXIMITY 1.0
#define PROXIMITY_WORDS 16
/* What a variant has at most of the weight of the word it stands for. */
#define VARIANT_WEIGHT 0.5
/* What another spelling of a name has at most of the weight of the word. */
#define NAME_WEIGHT 0.8
/* What an old document keeps of its score where recent ones are asked for. */
#define OLD_SHARE 0.5
/* How many of the best are scored again. */
#define RESCORE 50

#endif
