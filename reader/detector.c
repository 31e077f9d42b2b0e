/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICU's detector of encodings. It is all that is taken of libicui18n, and
 * hardly a file needs it, while it would take a tenth of the time in which a
 * process loads its libraries. So it is loaded when a file asks for it. It is
 * of one version and one package with libicuuc, which is linked. */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include <unicode/ucsdet.h>
#include <unicode/uvernum.h>

#include "format.h"

#define LIBRARY "libicui18n.so." U_ICU_VERSION_SHORT

struct detector {
    __typeof__(&ucsdet_open) open;
    __typeof__(&ucsdet_setText) set_text;
    __typeof__(&ucsdet_detect) detect;
    __typeof__(&ucsdet_getName) name;
    __typeof__(&ucsdet_getConfidence) confidence;
    __typeof__(&ucsdet_close) close;
};

/* The headers of ICU add its version to the names. */
#define QUOTE(symbol) #symbol
#define SYMBOL(symbol) QUOTE(symbol)

static const struct {
    const char *symbol;
    size_t offset;
} functions[] = {
    {SYMBOL(ucsdet_open), offsetof(struct detector, open)},
    {SYMBOL(ucsdet_setText), offsetof(struct detector, set_text)},
    {SYMBOL(ucsdet_detect), offsetof(struct detector, detect)},
    {SYMBOL(ucsdet_getName), offsetof(struct detector, name)},
    {SYMBOL(ucsdet_getConfidence), offsetof(struct detector, confidence)},
    {SYMBOL(ucsdet_close), offsetof(struct detector, close)},
};

static enum shukach_status cannot_load(struct shukach_error *err)
{
    const char *why = dlerror();
    return errno == ENOMEM
               ? error_nomem(err)
               : error_set(err, SHUKACH_IO,
                           "cannot load %s, which tells encodings; install "
                           "the package of ICU again: %s",
                           LIBRARY, why == NULL ? "no reason given" : why);
}

/* What was loaded once stays: ICU keeps pointers into it. */
static enum shukach_status load(struct detector *out, struct shukach_error *err)
{
    errno = 0;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL) {
        return cannot_load(err);
    }
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library, functions[i].symbol);
        if (function == NULL) {
            status = cannot_load(err);
            break;
        }
        memcpy((char *)out + functions[i].offset, &function, sizeof function);
    }
    dlclose(library);
    return status;
}

enum shukach_status detector_contradicts(const char *name, const char *words,
                                         size_t length, bool *out,
                                         struct shukach_error *err)
{
    enum { CERTAIN = 50 };
    struct detector icu;
    UErrorCode failure = U_ZERO_ERROR;
    *out = false;
    enum shukach_status status = load(&icu, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    UCharsetDetector *detector = icu.open(&failure);
    if (U_SUCCESS(failure)) { /* set_text does not look */
        icu.set_text(detector, words, (int32_t)length, &failure);
        const UCharsetMatch *match = icu.detect(detector, &failure);
        if (U_SUCCESS(failure) && match != NULL) {
            const char *found = icu.name(match, &failure);
            *out = found != NULL && strcmp(found, name) != 0 &&
                   icu.confidence(match, &failure) >= CERTAIN;
        }
        icu.close(detector);
    }
    return failure == U_MEMORY_ALLOCATION_ERROR ? error_nomem(err) : SHUKACH_OK;
}
