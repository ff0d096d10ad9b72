//! The blob stream of a peer: up and down by digest, a piece at a time (RUNTIME V3).

use dice_model::Digest;
use dice_wire::{BLOB_CHUNK_BYTES, BlobFrame, FrameError, Framed, ToBlobs};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};

use super::folder::Upload;
use super::{BlobError, Blobs};

/// Until the peer closes the stream. A peer uploads one blob at a time.
pub(crate) async fn serve<Io: AsyncRead + AsyncWrite + Unpin>(
    blobs: &Blobs,
    mut peer: Framed<Io, BlobFrame, ToBlobs>,
) -> Result<(), FrameError> {
    let mut incoming: Option<(Digest, Upload)> = None;
    while let Some(frame) = peer.next().await.transpose()? {
        match frame {
            BlobFrame::Has { digest } => {
                let answer = if blobs.has(digest).await {
                    ToBlobs::Stored { digest }
                } else {
                    ToBlobs::Missing { digest }
                };
                peer.send(answer).await?;
            }
            BlobFrame::Get { digest } => send(blobs, digest, &mut peer).await?,
            BlobFrame::Put {
                digest,
                piece,
                last,
            } => match receive(blobs, &mut incoming, digest, &piece, last).await {
                Ok(true) => peer.send(ToBlobs::Stored { digest }).await?,
                Ok(false) => {}
                Err(error) => {
                    incoming = None;
                    let reason = error.to_string();
                    peer.send(ToBlobs::Refused { digest, reason }).await?;
                }
            },
        }
    }
    Ok(())
}

/// Says whether that was all of it.
async fn receive(
    blobs: &Blobs,
    incoming: &mut Option<(Digest, Upload)>,
    digest: Digest,
    piece: &[u8],
    last: bool,
) -> Result<bool, BlobError> {
    // Another digest than before: the peer has given that one up.
    let mut upload = match incoming.take() {
        Some((before, upload)) if before == digest => upload,
        _ => blobs.0.folder.upload().await?,
    };
    upload.write(piece).await?;
    if last {
        blobs.keep(upload, Some(digest)).await?;
    } else {
        *incoming = Some((digest, upload));
    }
    Ok(last)
}

async fn send<Io: AsyncRead + AsyncWrite + Unpin>(
    blobs: &Blobs,
    digest: Digest,
    peer: &mut Framed<Io, BlobFrame, ToBlobs>,
) -> Result<(), FrameError> {
    let mut file = match blobs.open_file(digest).await {
        Ok(file) => file,
        Err(error) => {
            if !error.is_missing() {
                tracing::error!(%digest, %error, "a blob could not be read");
            }
            return peer.send(ToBlobs::Missing { digest }).await;
        }
    };
    let mut left = file.metadata().await?.len();
    loop {
        let size = left.min(BLOB_CHUNK_BYTES as u64);
        let mut piece = vec![0; usize::try_from(size).expect("at most a piece")];
        file.read_exact(&mut piece).await?;
        left -= size;
        let last = left == 0;
        peer.send(ToBlobs::Piece {
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
