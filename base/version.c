/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base.h"

const char *shukach_version(void)
{
    return SHUKACH_VERSION_TEXT; /* from CMakeLists.txt */
}
