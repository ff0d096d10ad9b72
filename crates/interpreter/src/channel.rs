//! The socket between host and fork server: one msgpack message and some descriptors at a time.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use serde::Serialize;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// The kernel's `SCM_MAX_FD`.
pub(crate) const MOST_FDS: usize = 253;
const MOST_BYTES: usize = 1 << 18;

#[derive(Debug)]
pub(crate) struct Channel(AsyncFd<OwnedFd>);

impl Channel {
    /// The host's end, and the one for the fork server.
    pub(crate) fn pair() -> io::Result<(Self, OwnedFd)> {
        let (host, server) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )?;
        rustix::io::ioctl_fionbio(&host, true)?;
        // SAFETY: an `OwnedFd` is open, and the same descriptor, until it is dropped.
        #[allow(unsafe_code)]
        let host = unsafe { AsyncFd::register(host) }?;
        Ok((Self(host), server))
    }

    pub(crate) async fn send(
        &self,
        message: &impl Serialize,
        fds: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let bytes = rmp_serde::to_vec_named(message).map_err(io::Error::other)?;
        self.0
            .async_io(Interest::WRITABLE, |socket| {
                let mut space =
                    vec![MaybeUninit::uninit(); SendAncillaryMessage::ScmRights(fds).size()];
                let mut control = SendAncillaryBuffer::new(&mut space);
                control.push(SendAncillaryMessage::ScmRights(fds));
                sendmsg(
                    socket,
                    &[IoSlice::new(&bytes)],
                    &mut control,
                    SendFlags::NOSIGNAL,
                )?;
                Ok(())
            })
            .await
    }

    /// `None`: the other side has hung up.
    pub(crate) async fn receive(&self) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
        self.0
            .async_io(Interest::READABLE, |socket| receive_from(socket.as_fd()))
            .await
    }
}

fn receive_from(socket: BorrowedFd<'_>) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
    let mut bytes = vec![0; MOST_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(8))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut bytes)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let fds = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(fds) => Some(fds),
            _ => None,
        })
        .flatten()
        .collect();
    bytes.truncate(received.bytes);
    Ok((received.bytes > 0).then_some((bytes, fds)))
}
