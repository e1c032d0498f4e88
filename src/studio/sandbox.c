#include "studio/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#ifdef ARCHITECTURE

#define NUMBER offsetof(struct seccomp_data, nr)
#define MACHINE offsetof(struct seccomp_data, arch)
/* The lower half of an argument: these machines are little-endian. */
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t))

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)
/* Two instructions: refuse this call, whatever its arguments. */
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), RETURN(REFUSED)
/* Five: refuse it where one of `bits` is set in argument n. */
#define REFUSE_BITS(call, n, bits)                                                                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), LOAD(ARGUMENT(n)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1),    \
        RETURN(REFUSED), RETURN(SECCOMP_RET_ALLOW)

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

static struct sock_filter filter[] = {
    LOAD(MACHINE),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    RETURN(SECCOMP_RET_KILL_PROCESS), /* calls of another machine's numbers */
    LOAD(NUMBER),
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* x32 */
    RETURN(SECCOMP_RET_KILL_PROCESS),
#endif
    /* files */
    REFUSE_BITS(SYS_openat, 2, WRITING),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1), /* its flags lie in memory: say that there is no such call */
    RETURN(SECCOMP_RET_ERRNO | ENOSYS),
#ifdef SYS_open
    REFUSE_BITS(SYS_open, 1, WRITING),
    REFUSE(SYS_creat),
    REFUSE(SYS_unlink),
    REFUSE(SYS_rename),
    REFUSE(SYS_renameat),
    REFUSE(SYS_mkdir),
    REFUSE(SYS_rmdir),
    REFUSE(SYS_link),
    REFUSE(SYS_symlink),
    REFUSE(SYS_mknod),
    REFUSE(SYS_chmod),
    REFUSE(SYS_chown),
    REFUSE(SYS_lchown),
    REFUSE(SYS_utime),
    REFUSE(SYS_utimes),
    REFUSE(SYS_fork),
    REFUSE(SYS_vfork),
#endif
    REFUSE(SYS_unlinkat),
    REFUSE(SYS_renameat2),
    REFUSE(SYS_mkdirat),
    REFUSE(SYS_linkat),
    REFUSE(SYS_symlinkat),
    REFUSE(SYS_mknodat),
    REFUSE(SYS_truncate),
    REFUSE(SYS_fchmod),
    REFUSE(SYS_fchmodat),
    REFUSE(SYS_fchown),
    REFUSE(SYS_fchownat),
    REFUSE(SYS_utimensat),
    REFUSE(SYS_setxattr),
    REFUSE(SYS_fsetxattr),
    REFUSE(SYS_mount),
    REFUSE(SYS_chroot),
    /* the network, and everything else that is no file */
    REFUSE(SYS_socket),
    REFUSE(SYS_socketpair),
    REFUSE(SYS_connect),
    REFUSE(SYS_bind),
    REFUSE(SYS_listen),
    REFUSE(SYS_io_uring_setup),
    REFUSE(SYS_bpf),
    REFUSE(SYS_perf_event_open),
    REFUSE(SYS_userfaultfd),
    REFUSE(SYS_keyctl),
    REFUSE(SYS_add_key),
    /* other processes */
    REFUSE(SYS_execve),
    REFUSE(SYS_execveat),
    REFUSE(SYS_clone),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
    RETURN(SECCOMP_RET_ERRNO | ENOSYS), /* the C library tries clone then */
    REFUSE(SYS_ptrace),
    REFUSE(SYS_process_vm_readv),
    REFUSE(SYS_process_vm_writev),
    REFUSE(SYS_kill),
    REFUSE(SYS_pidfd_open),
    REFUSE(SYS_unshare),
    REFUSE(SYS_setns),
    RETURN(SECCOMP_RET_ALLOW),
};

bool sandbox_is_there(void)
{
    uint32_t action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool sandbox_enter(void)
{
    const struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

#else

bool sandbox_is_there(void)
{
    return false;
}

bool sandbox_enter(void)
{
    return false;
}

#endif
