/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files to documents. The reading itself is public (shukach_reader_*,
 * shukach_document_* in shukach.h); this is what the modules add. */
#ifndef READER_H
#define READER_H

#include "base.h"

/* ---- document.c ------------------------------------------------------ */

/* Like shukach_document_set for text known to be valid UTF-8: NOMEM. */
SHUKACH_CHECK enum shukach_status
document_set(struct shukach_document *document, enum shukach_field field,
             const char *text, size_t length, struct shukach_error *err);
/* Empties every field; memory is kept for the next document. */
void document_reset(struct shukach_document *document);
/* Says where it came from; `name` is copied. NOMEM. */
SHUKACH_CHECK enum shukach_status
document_set_origin(struct shukach_document *document, const char *name,
                    size_t line, struct shukach_error *err);

/* ---- reader.c -------------------------------------------------------- */

/* Reads bytes as if they were a file of this name: for tests and fuzzing.
 * Notices, documents and statuses as with shukach_reader_read. */
SHUKACH_CHECK enum shukach_status
reader_read_bytes(struct shukach_reader *reader, const char *name,
                  const void *data, size_t length, struct shukach_error *err);

/* ---- language.c ------------------------------------------------------ */

/* The language of a text by its letters: "uk", "ru", "en" or "other".
 * Letters that only one alphabet has decide (і ї є ґ against ы э ъ ё);
 * Latin text is "en" when its commonest words are English. Static text. */
const char *language_detect(const char *text, size_t length);

#endif
