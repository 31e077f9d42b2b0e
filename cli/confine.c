/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process that parses foreign files may not do. It needs to read files
 * and to write to a pipe that is open already. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inputs.h"

/* What the code and the tables of libraries may take beside. */
#define LIBRARIES ((uint64_t)256 << 20)

/* ---- System calls -------------------------------------------------------- */

/* The filter compares the number of a system call, which says nothing without
 * the architecture that is called. */
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define LAST_NUMBER 0x3fffffff /* above: another set of calls, x32 */
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define LAST_NUMBER 0x7fffffff
#endif

#ifdef ARCHITECTURE

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

/* Refused: always, or where one of these bits is set in an argument. All
 * others, mostly harmless ones of the C library, are let through: a list of
 * those that are allowed would break with the next version of it. */
static const struct rule {
    unsigned number;
    unsigned argument;
    unsigned bits; /* 0: always */
} rules[] = {
    /* Network and other processes' sockets. */
    {SYS_socket, 0, 0},
    {SYS_socketpair, 0, 0},
    {SYS_connect, 0, 0},
    {SYS_bind, 0, 0},
    {SYS_listen, 0, 0},
    {SYS_accept, 0, 0},
    {SYS_accept4, 0, 0},
    {SYS_sendto, 0, 0},
    {SYS_sendmsg, 0, 0},
    {SYS_sendmmsg, 0, 0},
    /* Processes. */
    {SYS_execve, 0, 0},
    {SYS_execveat, 0, 0},
    {SYS_clone, 0, 0},
    {SYS_clone3, 0, 0},
    {SYS_kill, 0, 0},
    {SYS_ptrace, 0, 0},
    {SYS_process_vm_readv, 0, 0},
    {SYS_process_vm_writev, 0, 0},
    {SYS_pidfd_open, 0, 0},
    {SYS_pidfd_send_signal, 0, 0},
    {SYS_setrlimit, 0, 0},
    {SYS_prlimit64, 0, 0},
    {SYS_setpriority, 0, 0},
    {SYS_setns, 0, 0},
    {SYS_unshare, 0, 0},
    /* Files: everything but opening for reading. */
    {SYS_openat, 2, WRITING},
    {SYS_openat2, 0, 0},
    {SYS_open_by_handle_at, 0, 0},
    {SYS_truncate, 0, 0},
    {SYS_ftruncate, 0, 0},
    {SYS_fallocate, 0, 0},
    {SYS_unlinkat, 0, 0},
    {SYS_renameat2, 0, 0},
    {SYS_linkat, 0, 0},
    {SYS_symlinkat, 0, 0},
    {SYS_mkdirat, 0, 0},
    {SYS_mknodat, 0, 0},
    {SYS_fchmod, 0, 0},
    {SYS_fchmodat, 0, 0},
    {SYS_fchown, 0, 0},
    {SYS_fchownat, 0, 0},
    {SYS_utimensat, 0, 0},
    {SYS_setxattr, 0, 0},
    {SYS_lsetxattr, 0, 0},
    {SYS_fsetxattr, 0, 0},
    {SYS_mount, 0, 0},
    {SYS_umount2, 0, 0},
    {SYS_chroot, 0, 0},
    {SYS_pivot_root, 0, 0},
    {SYS_ioctl, 0, 0}, /* typing into a terminal, for one */
    /* Doors that bugs of the kernel were found behind. */
    {SYS_bpf, 0, 0},
    {SYS_io_uring_setup, 0, 0},
    {SYS_userfaultfd, 0, 0},
    {SYS_perf_event_open, 0, 0},
    {SYS_add_key, 0, 0},
    {SYS_keyctl, 0, 0},
    {SYS_request_key, 0, 0},
    {SYS_memfd_create, 0, 0},
    {SYS_shmget, 0, 0},
#if defined(__x86_64__)
    {SYS_fork, 0, 0},
    {SYS_vfork, 0, 0},
    {SYS_open, 1, WRITING},
    {SYS_creat, 0, 0},
    {SYS_unlink, 0, 0},
    {SYS_rename, 0, 0},
    {SYS_renameat, 0, 0},
    {SYS_link, 0, 0},
    {SYS_symlink, 0, 0},
    {SYS_mkdir, 0, 0},
    {SYS_rmdir, 0, 0},
    {SYS_mknod, 0, 0},
    {SYS_chmod, 0, 0},
    {SYS_chown, 0, 0},
    {SYS_lchown, 0, 0},
    {SYS_utime, 0, 0},
    {SYS_utimes, 0, 0},
    {SYS_futimesat, 0, 0},
#endif
};

#define RULES (sizeof rules / sizeof *rules)
#define CALL(field) ((unsigned)offsetof(struct seccomp_data, field))

/* Adds instructions that compare the call in the accumulator with a rule. */
static size_t add_rule(struct sock_filter *program, size_t at,
                       const struct rule *rule)
{
    const struct sock_filter refuse =
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    if (rule->bits == 0) {
        program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                     rule->number, 0, 1);
        program[at++] = refuse;
        return at;
    }
    /* The lower half of an argument, where flags stand; both architectures
     * keep it first. */
    unsigned place = CALL(args) + 8 * rule->argument;
    program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                 rule->number, 0, 4);
    program[at++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place);
    program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K,
                                                 rule->bits, 0, 1);
    program[at++] = refuse;
    program[at++] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    return at;
}

static bool filter_calls(void)
{
    struct sock_filter program[7 + 5 * RULES] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, CALL(arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, CALL(nr)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_NUMBER, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    size_t length = 6;
    for (size_t i = 0; i < RULES; i++) {
        length = add_rule(program, length, &rules[i]);
    }
    program[length++] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = (unsigned short)length,
                                .filter = program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

#else

/* Elsewhere the other limits have to do. */
static bool filter_calls(void)
{
    return true;
}

#endif

/* ---- Limits -------------------------------------------------------------- */

/* Lowers both limits, which stay as they are where they are lower. */
static bool limit(__rlimit_resource_t resource, uint64_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) {
        return false;
    }
    rlim_t most = now.rlim_max < value ? now.rlim_max : (rlim_t)value;
    return setrlimit(resource, &(struct rlimit){most, most}) == 0;
}

const char *confine(uint64_t memory)
{
    signal(SIGXFSZ, SIG_IGN);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return "prctl";
    }
    if (!limit(RLIMIT_CORE, 0)) {
        return "setrlimit";
    }
    if (SANITIZED) {
        return NULL;
    }
    /* RLIMIT_DATA is what counts; RLIMIT_AS is for shared memory, which the
     * other does not know. */
    if (!limit(RLIMIT_DATA, memory) || !limit(RLIMIT_AS, memory + LIBRARIES) ||
        !limit(RLIMIT_FSIZE, 0)) {
        return "setrlimit";
    }
    return filter_calls() ? NULL : "seccomp";
}
