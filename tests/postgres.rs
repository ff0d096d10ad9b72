//! A PostgreSQL server for one test, in a folder of its own, on a socket that only it knows.
//!
//! Its programs are those in the folder that `DICE_TEST_POSTGRES` names, or on the PATH, or Debian's. Without
//! any the test is skipped, which it says, unless the variable is set: `make test` sets it.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `nobody`: the server refuses to be run by root.
const UNPRIVILEGED: u32 = 65534;
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Postgres {
    programs: PathBuf,
    server: Option<Child>,
    /// Data, socket and log. Last: the server ends first.
    folder: tempfile::TempDir,
}

impl Postgres {
    /// `None`, said on stderr: there are no programs to start.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!(
                "skipped: no PostgreSQL on the PATH, in /usr/lib/postgresql or at DICE_TEST_POSTGRES"
            );
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let programs = readable(programs, folder.path());
        let mut postgres = Self {
            programs,
            server: None,
            folder,
        };
        postgres.make();
        postgres.restart();
        Some(postgres)
    }

    fn make(&self) {
        if is_root() {
            std::os::unix::fs::chown(self.folder.path(), Some(UNPRIVILEGED), None)
                .expect("root may give a folder away");
        }
        let data = self.data();
        let made = self
            .command("initdb")
            .args(["--username=dice", "--auth=trust", "--no-sync", "--pgdata"])
            .arg(data)
            .output()
            .expect("initdb starts");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
    }

    /// Ready when it answers. A server whose predecessor's processes still linger ends at once, and is
    /// started again.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let until = Instant::now() + PATIENCE;
        while !self.answers() {
            assert!(Instant::now() < until, "{}", self.log());
            let ended = self.server.as_mut().map(|server| server.try_wait());
            if !matches!(ended, Some(Ok(None))) {
                self.server = Some(self.spawn());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn spawn(&self) -> Child {
        let mut log = std::fs::File::options();
        let log = log.create(true).append(true).open(self.log_file());
        let mut server = self.command("postgres");
        server.arg("-D").arg(self.data());
        server.arg("-k").arg(self.folder.path());
        server.args(["-c", "listen_addresses="]);
        server.stderr(log.expect("a log can be written"));
        server.spawn().expect("postgres starts")
    }

    fn answers(&self) -> bool {
        let Some(server) = &self.server else {
            return false;
        };
        // Its number is the first line; the last says `ready` once connections are taken.
        let state = std::fs::read_to_string(self.data().join("postmaster.pid"));
        let lines = state.unwrap_or_default();
        let mut lines = lines.lines().map(str::trim);
        lines.next() == Some(&server.id().to_string()) && lines.next_back() == Some("ready")
    }

    /// As a crash would: nothing is asked, nothing is written.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // It may have ended by itself.
            let _ = server.kill();
            server.wait().expect("it is our child");
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn url(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://dice@{folder}/postgres")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.current_dir("/");
        if is_root() {
            command.uid(UNPRIVILEGED);
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn programs() -> Option<PathBuf> {
    let has =
        |folder: &PathBuf| folder.join("postgres").is_file() && folder.join("initdb").is_file();
    if let Some(folder) = std::env::var_os("DICE_TEST_POSTGRES") {
        let folder = PathBuf::from(folder);
        assert!(has(&folder), "no PostgreSQL in {}", folder.display());
        return Some(folder);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    folders.extend(versions.filter_map(|version| Some(version.ok()?.path().join("bin"))));
    folders.into_iter().find(has)
}

/// Whom root runs them as may not be able to read root's own folders. So those of a Python package are
/// run from a copy; it keeps their libraries beside itself.
fn readable(programs: PathBuf, folder: &Path) -> PathBuf {
    let package = programs.ancestors().nth(2).expect("PACKAGE/PREFIX/bin");
    let libraries = package.with_extension("libs");
    if !is_root() || !libraries.is_dir() {
        return programs;
    }
    let mut copy = Command::new("cp");
    copy.arg("--recursive").args([package, &libraries, folder]);
    assert!(copy.status().is_ok_and(|status| status.success()), "cp");
    let site = package.parent().expect("packages lie in a folder");
    let copied = programs.strip_prefix(site).expect("it is below");
    folder.join(copied)
}
