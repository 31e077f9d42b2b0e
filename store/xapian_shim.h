/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of C++ share. */
#ifndef XAPIAN_SHIM_H
#define XAPIAN_SHIM_H

#include <xapian.h>

#include <string>

extern "C" {
#include "store.h"
}

struct store_query {
    Xapian::Query query;
};

/* Sorts the exception in flight into a status; to be called in a handler.
 * `what` is the path or the object at work. */
enum shukach_status map_exception(struct shukach_error *err,
                                  const char *what) noexcept;
/* The term, cut if it is too long for Xapian. */
std::string bounded_term(const char *text, size_t length);

#endif
