//! The seccomp filters. Everything that is not listed fails with `EPERM`.
//!
//! Filters add up: the fork server puts its own on itself, each program's process one more.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::PolicyError;

/// A rule per way in which a call is allowed; none: always.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// The fork server may also fork, wait, pass descriptors, and confine what it forks.
pub(crate) fn server_filter() -> Result<Vec<u8>, PolicyError> {
    let mut rules = always(&[COMMON, LEGACY, SERVER, SERVER_LEGACY].concat());
    rules.extend(conditional()?);
    for call in [libc::SYS_clone, libc::SYS_prctl] {
        rules.insert(call, vec![]);
    }
    compile(
        rules,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
    )
}

/// In the order in which they are to be applied: the last one lets no further ones in.
pub(crate) fn program_filters() -> Result<Vec<Vec<u8>>, PolicyError> {
    let mut rules = always(&[COMMON, LEGACY].concat());
    rules.extend(conditional()?);
    let allowed = compile(
        rules,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
    )?;
    // Its arguments are in memory, where no filter can see them; on this error glibc uses `clone`.
    let absent = compile(
        always(&[libc::SYS_clone3]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
    )?;
    Ok(vec![absent, allowed])
}

fn always(calls: &[i64]) -> Rules {
    calls.iter().map(|call| (*call, vec![])).collect()
}

fn compile(
    rules: Rules,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<Vec<u8>, PolicyError> {
    let architecture = std::env::consts::ARCH;
    let target =
        TargetArch::try_from(architecture).map_err(|_| PolicyError::Architecture(architecture))?;
    let program: BpfProgram = SeccompFilter::new(rules, otherwise, listed, target)?.try_into()?;
    Ok(program.iter().flat_map(bytes_of).collect())
}

/// As `struct sock_filter` lies in memory.
fn bytes_of(instruction: &seccompiler::sock_filter) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..2].copy_from_slice(&instruction.code.to_ne_bytes());
    bytes[2] = instruction.jt;
    bytes[3] = instruction.jf;
    bytes[4..].copy_from_slice(&instruction.k.to_ne_bytes());
    bytes
}

/// Calls that are allowed for some arguments.
fn conditional() -> Result<Rules, PolicyError> {
    const PR_SET_VMA: u64 = 0x5356_4d41;
    let thread = libc::CLONE_THREAD as u64;
    // Not F_SETOWN, which sends signals, and not F_SETPIPE_SZ, which takes the kernel's memory.
    let harmless_fcntls = [
        libc::F_DUPFD,
        libc::F_DUPFD_CLOEXEC,
        libc::F_GETFD,
        libc::F_SETFD,
        libc::F_GETFL,
        libc::F_SETFL,
    ];
    let harmless_ioctls = [
        libc::TCGETS,
        libc::TIOCGWINSZ,
        libc::FIONREAD,
        libc::FIONBIO,
        libc::FIOCLEX,
    ];
    Ok(Rules::from([
        // Threads, not processes: RLIMIT_NPROC does not stop root (S1).
        (
            libc::SYS_clone,
            vec![when(0, SeccompCmpOp::MaskedEq(thread), thread)?],
        ),
        // Pairs, for event loops; a socket that could be connected is not to be had.
        (
            libc::SYS_socketpair,
            vec![when(0, SeccompCmpOp::Eq, libc::AF_UNIX as u64)?],
        ),
        // To the other end only: with an address, half a pair reaches any socket of the host.
        (libc::SYS_sendto, vec![when(4, SeccompCmpOp::Eq, 0)?]),
        (
            libc::SYS_fcntl,
            one_of(1, harmless_fcntls.map(|command| command as u64))?,
        ),
        // Of this process only.
        (libc::SYS_prlimit64, vec![when(0, SeccompCmpOp::Eq, 0)?]),
        (
            libc::SYS_prctl,
            one_of(
                0,
                [
                    libc::PR_SET_NAME as u64,
                    libc::PR_GET_NAME as u64,
                    PR_SET_VMA,
                ],
            )?,
        ),
        (libc::SYS_ioctl, one_of(1, harmless_ioctls.map(u64::from))?),
    ]))
}

fn one_of<const N: usize>(argument: u8, values: [u64; N]) -> Result<Vec<SeccompRule>, PolicyError> {
    values
        .into_iter()
        .map(|value| when(argument, SeccompCmpOp::Eq, value))
        .collect()
}

fn when(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, PolicyError> {
    let length = SeccompCmpArgLen::Qword;
    let condition = SeccompCondition::new(argument, length, operator, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

const COMMON: &[i64] = &[
    // Descriptors that are open, and what landlock lets be opened.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_openat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_getdents64,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getcwd,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_umask,
    // The connection, and event loops.
    libc::SYS_recvfrom,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    libc::SYS_getsockopt,
    libc::SYS_shutdown,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_eventfd2,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // Threads of this process, its signals, its end.
    libc::SYS_clone3,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_sigaltstack,
    libc::SYS_setitimer,
    libc::SYS_getitimer,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_times,
    libc::SYS_getrandom,
    // Who and where.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getgroups,
    libc::SYS_getpgid,
    libc::SYS_getsid,
    libc::SYS_capget,
    libc::SYS_getrlimit,
    libc::SYS_setrlimit,
    libc::SYS_getrusage,
    libc::SYS_sysinfo,
    libc::SYS_uname,
];

const SERVER: &[i64] = &[
    libc::SYS_wait4,
    libc::SYS_waitid,
    libc::SYS_pidfd_open,
    libc::SYS_sendmsg,
    libc::SYS_recvmsg,
    libc::SYS_setsid,
    libc::SYS_landlock_restrict_self,
];

/// What older processors have under further names.
#[cfg(target_arch = "x86_64")]
const LEGACY: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_pipe,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_getpgrp,
    libc::SYS_time,
    libc::SYS_alarm,
    libc::SYS_pause,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const LEGACY: &[i64] = &[];

#[cfg(target_arch = "x86_64")]
const SERVER_LEGACY: &[i64] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const SERVER_LEGACY: &[i64] = &[];
