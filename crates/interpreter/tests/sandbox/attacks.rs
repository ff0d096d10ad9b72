//! Programs that try to get out: each way ends in an error of its own.

use dice_model::TaskEnd;

use crate::harness::{interpreter, run};

/// Runs `source`, which must end in this kind of exception.
async fn check(cases: &[(&str, &str)]) {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    for (source, expect) in cases {
        let ran = run(&interpreter, source).await;
        let (kind, message) = ran.exception();
        assert_eq!(kind, *expect, "{source}: {message}");
        assert_eq!(ran.stdout, "", "{source}");
        assert!(!message.is_empty(), "{source}");
    }
}

const DENIED: &str = "PermissionError";

#[tokio::test]
async fn reading_files() {
    check(&[
        ("print(open('/etc/passwd').read())", DENIED),
        (
            "import os; print(os.open('/etc/passwd', os.O_RDONLY))",
            DENIED,
        ),
        (
            "import pathlib; print(pathlib.Path('/etc/passwd').read_text())",
            DENIED,
        ),
        ("import io; print(io.FileIO('/etc/passwd'))", DENIED),
        ("import os; print(os.listdir('/'))", DENIED),
        ("import os; print(os.listdir('/proc'))", DENIED),
        ("print(open('/proc/1/environ', 'rb').read())", DENIED),
        (
            "import os; print(open(f'/proc/{os.getppid()}/environ', 'rb').read())",
            DENIED,
        ),
        (
            "import os; print(open(f'/proc/{os.getppid()}/mem', 'rb').read(1))",
            DENIED,
        ),
        ("print(open('/proc/self/environ', 'rb').read())", DENIED),
        (
            "from PIL import Image; print(Image.open('/etc/passwd'))",
            "FileNotFoundError",
        ),
    ])
    .await;
}

#[tokio::test]
async fn libc_is_no_way_around() {
    let source = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n\
                  for name, *arguments in [\n    ('open', b'/etc/passwd', 0), ('fork',), ('vfork',), \
                  ('socket', 1, 1, 0), ('socket', 2, 1, 0),\n    ('kill', os.getppid(), 9), ('kill', -1, 9), \
                  ('execv', b'/bin/true', None), ('ptrace', 16, os.getppid(), 0, 0),\n    \
                  ('mount', None, b'/', None, 0, None), ('unshare', 0x10000000), ('setuid', 0),\n    \
                  ('memfd_create', b'x', 0), ('process_vm_readv', os.getppid(), None, 0, None, 0, 0),\n    \
                  ('prctl', 1, 0, 0, 0, 0), ('chroot', b'/'), ('mkdir', b'/tmp/x', 0o777), \
                  ('unlink', b'/tmp/x')]:\n    \
                  result = getattr(libc, name)(*arguments)\n    \
                  print(name, result, os.strerror(ctypes.get_errno()) if result == -1 else 'HAPPENED')";
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = run(&interpreter, source).await;
    assert_eq!(ran.end, Some(TaskEnd::Normal), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 18);
    for line in lines {
        let refused = line.ends_with("-1 Operation not permitted");
        assert!(refused || line == "open -1 Permission denied", "{line}");
    }
}

#[tokio::test]
async fn raw_system_calls() {
    // io_uring_setup, bpf, keyctl, userfaultfd, perf_event_open, clone3: no library has all of them.
    let source = "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\n\
                  for number in (425, 321, 250, 323, 298, 435):\n    \
                  assert libc.syscall(number, 0, 0, 0, 0, 0) == -1, number\n    \
                  print(errno.errorcode[ctypes.get_errno()])";
    if !cfg!(target_arch = "x86_64") {
        eprintln!("skipped: the numbers are those of x86_64");
        return;
    }
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = run(&interpreter, source).await;
    assert_eq!(
        ran.stdout, "EPERM\nEPERM\nEPERM\nEPERM\nEPERM\nENOSYS\n",
        "{:?}",
        ran.end
    );
}

#[tokio::test]
async fn writing_files() {
    check(&[
        ("open('/tmp/hermod-was-here', 'w')", DENIED),
        ("open('/dev/null', 'w')", DENIED),
        ("import os; os.mkdir('/tmp/hermod-was-here')", DENIED),
        ("import os; os.remove('/etc/hostname')", DENIED),
        (
            "import os; os.rename('/etc/hostname', '/etc/hostname2')",
            DENIED,
        ),
        ("import os; os.chmod('/etc/hostname', 0o777)", DENIED),
        (
            "import os; os.symlink('/etc/passwd', '/tmp/hermod-was-here')",
            DENIED,
        ),
        (
            "import tempfile; tempfile.TemporaryFile()",
            "FileNotFoundError",
        ),
    ])
    .await;
}

#[tokio::test]
async fn network() {
    check(&[
        ("import socket; socket.socket()", DENIED),
        (
            "import socket; socket.create_connection(('127.0.0.1', 80))",
            DENIED,
        ),
        ("import socket; socket.socket(socket.AF_UNIX)", DENIED),
        ("import socket; socket.socketpair(socket.AF_INET)", DENIED),
        (
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1')",
            "urllib.error.URLError",
        ),
        (
            "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n\
             a.sendto(b'x', '/dev/log')",
            DENIED,
        ),
        (
            "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n\
             a.connect('/dev/log')",
            DENIED,
        ),
        (
            "import socket, os\na, b = socket.socketpair()\nsocket.send_fds(a, [b'x'], [1])",
            DENIED,
        ),
    ])
    .await;
}

/// RUNTIME S1.
#[tokio::test]
async fn processes_and_signals() {
    check(&[
        ("import os; os.fork()", DENIED),
        (
            "import os; os.posix_spawn('/bin/true', ['true'], {})",
            DENIED,
        ),
        ("import subprocess; subprocess.run(['true'])", DENIED),
        ("import os; os.execv('/bin/true', ['true'])", DENIED),
        ("import os; os.kill(os.getppid(), 9)", DENIED),
        ("import os; os.kill(1, 0)", DENIED),
        ("import os; os.killpg(0, 9)", DENIED),
        (
            "import multiprocessing; multiprocessing.Process(target=print).start()",
            DENIED,
        ),
        ("import os; os.pidfd_open(os.getppid())", DENIED),
        (
            "import resource, os; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))",
            DENIED,
        ),
        ("import os; os.setpriority(os.PRIO_PROCESS, 0, -5)", DENIED),
    ])
    .await;
}

#[tokio::test]
async fn signals_by_way_of_a_descriptor() {
    let source = "import fcntl, os, socket\na, b = socket.socketpair()\n";
    for attack in [
        "fcntl.fcntl(a, fcntl.F_SETOWN, os.getppid())",
        "fcntl.fcntl(a, 10, 9)",                        // F_SETSIG
        "fcntl.ioctl(a, 0x5452, b'\\1\\0\\0\\0')",      // FIOASYNC
        "fcntl.fcntl(os.pipe()[0], 1031, 1 << 30)",     // F_SETPIPE_SZ
        "a.setsockopt(socket.SOL_SOCKET, 33, 1 << 30)", // SO_RCVBUFFORCE
    ] {
        check(&[(&format!("{source}{attack}"), DENIED)]).await;
    }
}

#[tokio::test]
async fn root_is_nobody_here() {
    // CapEff and its like cannot be read from /proc; capget(2) says the same.
    let source = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n\
                  header, held = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()\n\
                  print(libc.capget(header, held), list(held))";
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = run(&interpreter, source).await;
    assert_eq!(ran.stdout, "0 [0, 0, 0, 0, 0, 0]\n");
}

#[tokio::test]
async fn limits_cannot_be_raised() {
    let source = "import resource\n_, hard = resource.getrlimit(resource.RLIMIT_CPU)\n\
                  resource.setrlimit(resource.RLIMIT_CPU, (hard + 1, hard + 1))";
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = run(&interpreter, source).await;
    assert!(
        matches!(ran.end, Some(TaskEnd::Exception { .. })),
        "{:?}",
        ran.end
    );
}

#[tokio::test]
async fn nothing_of_the_host_is_inherited() {
    let source = "import os\nprint(dict(os.environ))\n\
                  for fd in range(3, 64):\n    try:\n        print(fd, os.fstat(fd).st_mode >> 12)\n    \
                  except OSError: pass";
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = run(&interpreter, source).await;
    // One socket (type 0o14): the connection.
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.stdout);
    assert_eq!(lines[0], "{}");
    assert!(lines[1].ends_with(" 12"), "{}", ran.stdout);
}
