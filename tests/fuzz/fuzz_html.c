/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a page, its encoding and metadata: no crash, no
 * leak, and what is handed out is UTF-8 with an id and a text. */
#include "reader_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_reader("x.html", data, size, (size_t)1 << 20);
    return 0;
}
