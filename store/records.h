/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: the file of records, which records_writer.c writes and
 * records.c reads. Little-endian:
 *   magic, 8 bytes
 *   a record a document: check of all up to the signature and check of the
 *     frame (4 bytes each), length of the signature (varint), signature, fields
 *     as one zstd frame; two checks, so that reading signatures, as a phrase
 *     does, costs nothing for the text
 *   dictionary of zstd, which may be empty
 *   entries of signatures that have codes, 3 bytes each; none is allowed
 *   the table: where each record begins and where the last ends, 8 bytes
 *     each
 *   the lengths of the documents in stems, 4 bytes each, and behind each
 *     RECORD_BLOCK of them and the last their check, 4 bytes
 *   length of the dictionary, number of codes, check of both (8 bytes each)
 *   the number of records (8 bytes), magic again
 * The frame holds, for each field, its length (varint) and its bytes. */
#ifndef RECORDS_H
#define RECORDS_H

#include <zstd_errors.h>

#include "signature.h"

#define RECORD_MAGIC "shukrec4"
#define RECORD_MAGIC_BYTES 8
/* Fields of one document, unpacked: text up to 1 GiB and the rest. */
#define RECORD_FIELDS_MAX ((size_t)1100 << 20)
#define RECORD_DICTIONARY_MAX ((size_t)256 << 10)
#define RECORD_CHECK 4
#define RECORD_LENGTH 4
#define RECORD_BLOCK 1024
#define RECORD_CHECKS (2 * RECORD_CHECK)
/* What stands behind the table. */
#define RECORD_TAIL (4 * 8 + RECORD_MAGIC_BYTES)

/* Whether zstd or its trainer failed for lack of memory. */
static inline bool is_nomem(size_t result)
{
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
}

#endif
