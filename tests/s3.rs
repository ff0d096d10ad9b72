//! An S3-compatible service for one test: `s3s-fs`, on a folder and a port of its own.
//!
//! Its program is the one that `DICE_TEST_S3` names, or on the PATH. Without it the test is skipped, which it
//! says, unless the variable is set: `make test` sets it.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
const PROGRAM: &str = "s3s-fs";
const BUCKET: &str = "dice";

#[derive(Debug)]
pub(crate) struct S3 {
    program: PathBuf,
    port: u16,
    server: Option<Child>,
    /// A folder per bucket. Last: the server ends first.
    folder: tempfile::TempDir,
}

impl S3 {
    /// With one empty bucket. `None`, said on stderr: there is no program to start.
    pub(crate) fn start() -> Option<Self> {
        let named = std::env::var_os("DICE_TEST_S3").map(PathBuf::from);
        let program = named.unwrap_or_else(|| PROGRAM.into());
        let answers = Command::new(&program).arg("--version").output().is_ok();
        if !answers {
            assert!(
                std::env::var_os("DICE_TEST_S3").is_none(),
                "DICE_TEST_S3 names no program: {}",
                program.display()
            );
            eprintln!("skipped: no {PROGRAM} on the PATH or at DICE_TEST_S3");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("made");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let mut service = Self {
            program,
            port: free.local_addr().expect("bound").port(),
            server: None,
            folder,
        };
        drop(free);
        service.restart();
        Some(service)
    }

    /// Ready when it answers.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let mut server = Command::new(&self.program);
        server.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        server.args(["--access-key", "key", "--secret-key", "secret"]);
        server.arg(self.folder.path());
        server.stdin(Stdio::null()).stdout(Stdio::null());
        server.stderr(Stdio::null());
        self.server = Some(server.spawn().expect("it starts"));
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < until, "the S3 service does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// As a crash would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // It may have ended by itself.
            let _ = server.kill();
            server.wait().expect("it is our child");
        }
    }

    /// `s3://…`, for `--blobs`.
    pub(crate) fn url(&self) -> String {
        format!("s3://{BUCKET}/team")
    }

    /// What its clients have to have in their environment.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.kill();
    }
}
