/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a list of word forms: no crash, no leak, and what is handed
 * out is UTF-8. */
#include <sys/mman.h>
#include <unistd.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_form(const struct form *form, unsigned distance, void *payload)
{
    (void)distance;
    (void)payload;
    if (!utf8_valid(form->text, form->length, NULL) ||
        form->length > FORM_BYTES) {
        abort();
    }
    return 0;
}

static void read_all(const void *data, size_t size)
{
    struct forms *forms;
    struct form form;
    struct form *top;
    struct arena arena = {0};
    size_t count;
    uint64_t all;
    char path[64];
    int fd = memfd_create("forms", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || !file_write_all(fd, data, size)) {
        abort();
    }
    if (forms_open(path, &forms, NULL) == SHUKACH_OK) {
        (void)!forms_each(forms, "", 0, on_form, NULL, NULL);
        (void)!forms_each(forms, "a", 1, on_form, NULL, NULL);
        (void)!forms_find(forms, "ab", 2, &form, NULL);
        (void)!forms_top(forms, "а", 2, 3, &arena, &top, &count, &all, NULL);
        (void)!forms_fuzzy(forms, "абв", 6, 2, on_form, NULL, NULL);
        forms_free(forms);
    }
    arena_free(&arena);
    close(fd);
}

static void add_fixed(struct buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(out, (char)(value >> (8 * i) & 0xff));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    if (size == 0) {
        return 0;
    }
    /* As a block whose check holds, in a file that is whole; the first byte
     * is how many forms it has. */
    struct buf file;
    buf_init(&file, (size_t)1 << 24);
    buf_add_text(&file, "shukfrm1");
    add_fixed(&file, hash64(data + 1, size - 1), 4);
    buf_add(&file, data + 1, size - 1);
    size_t table = file.length;
    add_fixed(&file, 8, 8);
    add_fixed(&file, 1, 4);
    add_fixed(&file, 1u + data[0] % 32, 8);
    add_fixed(&file, hash64(file.data + table, file.length - table), 8);
    buf_add_text(&file, "shukfrm1");
    read_all(buf_text(&file), file.length);
    buf_free(&file);
    return 0;
}
