/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of JSON Lines: no crash, no leak, and what is handed
 * out is UTF-8 with an id and a text. */
#include "reader_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Small, so that the limit of a line is met as well. */
    check_reader("x.jsonl", data, size, 4096);
    return 0;
}
