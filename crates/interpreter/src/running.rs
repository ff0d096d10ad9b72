//! A program that runs: what comes out of it, what goes in, and its end.

use std::convert::Infallible;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use dice_model::{Digest, TaskEnd, Value};
use dice_wire::{
    BLOB_CHUNK_BYTES, ClientFrame, FrameError, Framed, ProgramEnd, ProgramFrame, ProgramSpec,
    ToClient, ToProgram, framed,
};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;

use crate::Limits;
use crate::end::{self, Verdict};
use crate::server::{Killer, Process};

/// How often a program's threads are counted: no resource limit stops root from starting more.
pub(crate) const WATCH_EVERY: Duration = Duration::from_millis(250);
/// With [`PIECE_BYTES`] the most output that the host holds for a program that nobody reads.
const EVENTS: usize = 16;
const PIECE_BYTES: usize = 16 << 10;

/// What a program does, in the order in which it does it; stdout and stderr are streams of their own,
/// ordered only within themselves.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Stdout(Bytes),
    Stderr(Bytes),
    /// A call, a cancellation, or that the program has ended and waits for nothing any more.
    Client(ClientFrame),
    /// A piece of an image that has no lineage; all of it comes before the call that names it.
    Blob {
        digest: Digest,
        piece: Bytes,
        last: bool,
    },
    /// A result has an image of this blob: to be answered through [`Running::blobs`].
    Fetch(Digest),
    /// A reading of the clock, to be repeated on replay (RUNTIME J5).
    Observed(Value),
    /// `hermod.answer(value)` (V4).
    Answer(Value),
    /// The last event; all output came before it. If it does not come, the fork server died under the
    /// program, which may as well be run again.
    Ended(TaskEnd),
}

/// A running program. Dropping it kills the program.
#[derive(Debug)]
pub struct Running {
    /// Bounded: a program whose events nobody takes waits.
    pub events: mpsc::Receiver<Event>,
    /// Outcomes of its calls.
    pub control: mpsc::Sender<ToClient>,
    /// Answers to [`Event::Fetch`]; `None`: there is no such blob.
    pub blobs: mpsc::Sender<(Digest, Option<Bytes>)>,
    killer: Killer,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.killer.kill();
    }
}

/// The host's ends of what connects it with a program.
#[derive(Debug)]
pub(crate) struct Ends {
    connection: StdUnixStream,
    stdout: OwnedFd,
    stderr: OwnedFd,
}

impl Ends {
    /// And the program's ends: connection, stdout, stderr.
    pub(crate) fn open() -> io::Result<(Self, [OwnedFd; 3])> {
        let (connection, theirs) = StdUnixStream::pair()?;
        connection.set_nonblocking(true)?;
        let (stdout, their_stdout) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let (stderr, their_stderr) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let ends = Self {
            connection,
            stdout,
            stderr,
        };
        Ok((ends, [theirs.into(), their_stdout, their_stderr]))
    }
}

pub(crate) fn start(
    process: Process,
    ends: Ends,
    spec: ProgramSpec,
    limits: Limits,
) -> io::Result<Running> {
    let (events, events_out) = mpsc::channel(EVENTS);
    let (control, control_in) = mpsc::channel(EVENTS);
    let (blobs, blobs_in) = mpsc::channel(EVENTS);
    let killer = process.killer();
    let program = Program {
        stdout: pipe::Receiver::from_owned_fd(ends.stdout)?,
        stderr: pipe::Receiver::from_owned_fd(ends.stderr)?,
        connection: framed(UnixStream::from_std(ends.connection)?),
        events,
        killer: killer.clone(),
        limits,
        verdict: Verdict::default(),
    };
    // Ends with the process, which ends at the latest when `Running` is dropped.
    tokio::spawn(program.drive(process, spec, control_in, blobs_in));
    Ok(Running {
        events: events_out,
        control,
        blobs,
        killer,
    })
}

type Connection = Framed<UnixStream, ProgramFrame, ToProgram>;

struct Program {
    stdout: pipe::Receiver,
    stderr: pipe::Receiver,
    connection: Connection,
    events: mpsc::Sender<Event>,
    killer: Killer,
    limits: Limits,
    verdict: Verdict,
}

impl Program {
    async fn drive(
        self,
        process: Process,
        spec: ProgramSpec,
        control: mpsc::Receiver<ToClient>,
        blobs: mpsc::Receiver<(Digest, Option<Bytes>)>,
    ) {
        let Self {
            stdout,
            stderr,
            connection,
            events,
            killer,
            limits,
            verdict,
        } = self;
        let (to_program, from_program) = connection.split();
        let reading = async {
            tokio::join!(
                pump(stdout, &events, Event::Stdout),
                pump(stderr, &events, Event::Stderr),
                listen(from_program, &events, &killer, &verdict),
            )
        };
        let end = tokio::select! {
            ((), (), end) = reading => end,
            // Neither ends before the process does.
            never = tell(to_program, spec, control, blobs) => match never {},
            never = watch(process.pid, &limits, &killer, &verdict) => match never {},
        };
        let exit = process.ended.await.ok();
        if let Some(end) = end::of(end, exit, verdict, &limits) {
            let _ = events.send(Event::Ended(end)).await; // nobody may be left to hear it
        }
    }
}

/// What the program prints, until it has closed the pipe. Stops when nobody takes events any more:
/// the program is being killed then.
async fn pump(mut pipe: pipe::Receiver, events: &mpsc::Sender<Event>, event: fn(Bytes) -> Event) {
    let mut buffer = BytesMut::with_capacity(PIECE_BYTES);
    loop {
        buffer.reserve(PIECE_BYTES);
        match pipe.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if events.send(event(buffer.split().freeze())).await.is_err() {
            return;
        }
    }
}

/// What the program says, until it has hung up; how it says that it ended.
async fn listen(
    mut frames: SplitStream<Connection>,
    events: &mpsc::Sender<Event>,
    killer: &Killer,
    verdict: &Verdict,
) -> Option<ProgramEnd> {
    let mut end = None;
    while let Some(frame) = frames.next().await {
        let event = match frame {
            Ok(ProgramFrame::Ended(how)) => {
                end = Some(how);
                continue;
            }
            Ok(frame) => event_of(frame),
            Err(FrameError::Io(_)) => break,
            Err(error) => {
                verdict.pass(TaskEnd::Crashed {
                    detail: format!("the program sent its host {error}"),
                });
                killer.kill();
                break;
            }
        };
        if let Some(event) = event
            && events.send(event).await.is_err()
        {
            break;
        }
    }
    end
}

fn event_of(frame: ProgramFrame) -> Option<Event> {
    Some(match frame {
        ProgramFrame::Client(frame) => Event::Client(frame),
        ProgramFrame::Observed { value } => Event::Observed(value),
        ProgramFrame::Answer { value } => Event::Answer(value),
        ProgramFrame::Fetch { digest } => Event::Fetch(digest),
        ProgramFrame::Blob {
            digest,
            piece,
            last,
        } => Event::Blob {
            digest,
            piece: piece.into(),
            last,
        },
        ProgramFrame::Ended(_) => return None,
    })
}

/// Sends the program what it waits for. A connection that fails is noticed where it is read.
async fn tell(
    mut program: SplitSink<Connection, ToProgram>,
    spec: ProgramSpec,
    mut control: mpsc::Receiver<ToClient>,
    mut blobs: mpsc::Receiver<(Digest, Option<Bytes>)>,
) -> Infallible {
    let mut going = program.send(ToProgram::Run(spec)).await.is_ok();
    while going {
        going = tokio::select! {
            Some(frame) = control.recv() => program.send(ToProgram::Client(frame)).await.is_ok(),
            Some((digest, blob)) = blobs.recv() => send_blob(&mut program, digest, blob).await.is_ok(),
            else => false,
        };
    }
    std::future::pending().await
}

async fn send_blob(
    program: &mut SplitSink<Connection, ToProgram>,
    digest: Digest,
    blob: Option<Bytes>,
) -> Result<(), FrameError> {
    let Some(mut rest) = blob else {
        return program.send(ToProgram::Missing { digest }).await;
    };
    loop {
        let piece = rest.split_to(rest.len().min(BLOB_CHUNK_BYTES)).to_vec();
        let last = rest.is_empty();
        program
            .send(ToProgram::Blob {
                digest,
                piece,
                last,
            })
            .await?;
        if last {
            return Ok(());
        }
    }
}

/// Kills a program that has too many threads.
async fn watch(pid: u32, limits: &Limits, killer: &Killer, verdict: &Verdict) -> Infallible {
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        if threads_of(pid).is_some_and(|threads| threads > limits.threads) {
            verdict.pass(TaskEnd::Crashed {
                detail: format!("more than {} threads at a time", limits.threads),
            });
            killer.kill();
            return std::future::pending().await;
        }
    }
}

/// `None`: it has just ended.
fn threads_of(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // After the name, which may hold anything, the state is the 1st field and this one the 18th.
    let after_name = stat.rsplit_once(')')?.1;
    after_name.split_ascii_whitespace().nth(17)?.parse().ok()
}
