/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>

#include "base.h"

bool thread_start(pthread_t *thread, void *(*work)(void *), void *payload)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(thread, NULL, work, payload) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
