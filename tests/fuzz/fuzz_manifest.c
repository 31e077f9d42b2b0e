/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a manifest, as they are and with a sum that holds: no crash,
 * no leak, and what is read can be written. */
#include <inttypes.h>
#include <unistd.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_manifest(const char *dir, const char *path, const void *data,
                          size_t size)
{
    struct manifest *manifest;
    if (file_write(path, data, size, NULL) != SHUKACH_OK) {
        abort();
    }
    enum shukach_status status = manifest_read(dir, &manifest, NULL);
    unlink(path);
    if (status != SHUKACH_OK) {
        return;
    }
    for (size_t i = 0; manifest_file(manifest, i) != NULL; i++) {
        (void)manifest_fact(manifest, manifest_file(manifest, i));
    }
    (void)manifest_bytes(manifest);
    if (manifest_write(manifest, dir, NULL) != SHUKACH_OK) {
        abort();
    }
    unlink(path);
    manifest_free(manifest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char dir[] = "/tmp/shukach-fuzz-XXXXXX";
    char path[64];
    struct buf text;
    if (mkdtemp(dir) == NULL) {
        abort();
    }
    snprintf(path, sizeof path, "%s/manifest", dir);
    read_manifest(dir, path, data, size);
    buf_init(&text, (size_t)1 << 24);
    buf_add(&text, data, size);
    buf_format(&text, "sum %016" PRIx64 "\n",
               hash64(buf_text(&text), text.length));
    read_manifest(dir, path, buf_text(&text), text.length);
    buf_free(&text);
    rmdir(dir);
    return 0;
}
