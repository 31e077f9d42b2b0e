/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What indexer and searcher must agree on: term prefixes, value slots, the
 * facts of a manifest and the versions that guard them. A change here is a
 * change of the index format: raise SCHEMA_VERSION and say it in
 * docs/index-format.md. */
#ifndef SCHEMA_H
#define SCHEMA_H

#define SCHEMA_VERSION "7"

/* Xapian's conventions, so that xapian-delve and omega can read an index.
 * A stem of the text has no prefix: stems are lower case or begin with a
 * digit, prefixes are capitals. */
#define PREFIX_ID "Q"       /* the id as it is */
#define PREFIX_TITLE "S"    /* stems of the title */
#define PREFIX_AUTHOR "A"   /* stems of the author's name */
#define PREFIX_HOST "H"     /* host of the URL, and each domain above it */
#define PREFIX_LANGUAGE "L" /* uk, ru, en, other, or as given */
#define PREFIX_SOURCE "XS"  /* stems of the source's name */
#define PREFIX_RUSSIAN "XR" /* stems of Russian words, kept apart */

/* Slot 0: the date as YYYYMMDD, then THHMMSS if there is a time. What is
 * not known is 00, so that 2024 sorts before 2024-01-01. */
#define SLOT_DATE 0
/* What facets count; the texts as given. */
#define SLOT_LANGUAGE 1
#define SLOT_SOURCE 2
#define SLOT_AUTHOR 3

/* Facts of a manifest. */
#define FACT_DOCUMENTS "documents"
#define FACT_TOKENS "tokens"
#define FACT_DELETED "deleted"
#define FACT_CREATED "created"
#define FACT_SCHEMA "schema"
#define FACT_ANALYSER "analyser"
#define FACT_UNICODE "unicode"
#define FACT_LANGUAGE "lang." /* and the code */
/* Of a segment, its name before it: the words in it. */
#define FACT_SEGMENT_TOKENS ".tokens"

#endif
