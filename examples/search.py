#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Indexes two documents, searches them, and marks what was found.

The library is called through ctypes, so nothing is to be built."""
import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_void_p

ID, TEXT, TITLE = 0, 1, 2  # enum shukach_field


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int32), ("reserved", ctypes.c_uint32),
                ("offset", ctypes.c_uint64), ("message", ctypes.c_char * 496)]


class Range(ctypes.Structure):
    _fields_ = [("start", c_size_t), ("end", c_size_t)]


library = ctypes.CDLL("libshukach.so.1")
HANDLE = POINTER(c_void_p)
ARGUMENTS = {
    "shukach_document_new": [HANDLE],
    "shukach_document_set": [c_void_p, c_int, c_char_p, c_size_t],
    "shukach_indexer_open": [c_char_p, HANDLE],
    "shukach_indexer_add": [c_void_p, c_void_p],
    "shukach_indexer_publish": [c_void_p],
    "shukach_index_open": [c_char_p, HANDLE],
    "shukach_query_parse": [c_char_p, c_size_t, c_int, HANDLE],
    "shukach_index_search": [c_void_p, c_void_p, HANDLE],
}
for name, types in ARGUMENTS.items():
    getattr(library, name).argtypes = types + [POINTER(Error)]
for name in ["document_free", "indexer_close", "index_close", "query_free",
             "hits_free"]:
    getattr(library, "shukach_" + name).argtypes = [c_void_p]
    getattr(library, "shukach_" + name).restype = None
library.shukach_hits_count.argtypes = [c_void_p]
library.shukach_hits_count.restype = c_size_t
library.shukach_hits_snippet.argtypes = [c_void_p, c_size_t, c_void_p]
library.shukach_hits_snippet.restype = c_char_p
library.shukach_hits_snippet_ranges.argtypes = [c_void_p, c_size_t,
                                                POINTER(c_size_t)]
library.shukach_hits_snippet_ranges.restype = POINTER(Range)


def call(name, *arguments):
    """Calls a function that can fail; what failed is an exception."""
    error = Error()
    if getattr(library, name)(*arguments, byref(error)):
        raise RuntimeError(error.message.decode())


def make(name, *arguments):
    """The handle that a function makes."""
    handle = c_void_p()
    call(name, *arguments, byref(handle))
    return handle


def index(directory, documents):
    indexer = make("shukach_indexer_open", directory.encode())
    try:
        for fields in documents:
            document = make("shukach_document_new")
            try:
                for field, text in fields.items():
                    data = text.encode()
                    call("shukach_document_set", document, field, data,
                         len(data))
                call("shukach_indexer_add", indexer, document)
            finally:
                library.shukach_document_free(document)
        call("shukach_indexer_publish", indexer)
    finally:
        library.shukach_indexer_close(indexer)


def snippets(hits):
    """The snippet of each hit, with what was found in [brackets]."""
    count = c_size_t()
    for i in range(library.shukach_hits_count(hits)):
        text = library.shukach_hits_snippet(hits, i, None)
        ranges = library.shukach_hits_snippet_ranges(hits, i, byref(count))
        out, at = b"", 0
        for k in range(count.value):  # bytes, not letters
            start, end = ranges[k].start, ranges[k].end
            out += text[at:start] + b"[" + text[start:end] + b"]"
            at = end
        yield (out + text[at:]).decode()


def search(directory, words):
    data = words.encode()
    handle = make("shukach_index_open", directory.encode())
    query = hits = None
    try:
        query = make("shukach_query_parse", data, len(data), 0)
        hits = make("shukach_index_search", handle, query)
        return list(snippets(hits))
    finally:
        library.shukach_hits_free(hits)
        library.shukach_query_free(query)
        library.shukach_index_close(handle)


if __name__ == "__main__":
    index("example-index", [
        {ID: "port", TITLE: "Порт",
         TEXT: "У порту відновили роботу зернового термінала."},
        {ID: "mist", TITLE: "Міст", TEXT: "Міст відкрили після ремонту."},
    ])
    for line in search("example-index", "зерновий термінал"):
        print(line)
