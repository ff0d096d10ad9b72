//! The stream of blobs (RUNTIME V3) from memory: what the measured calls name, and what they give.

use std::collections::HashMap;

use bytes::Bytes;
use dice_model::Digest;
use dice_wire::{BLOB_CHUNK_BYTES, BlobFrame, FrameError, Framed, ToBlobs};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};

/// Until the worker hangs up. What it uploads is taken and forgotten: nobody asks for it.
pub(crate) async fn serve<Io: AsyncRead + AsyncWrite + Unpin>(
    blobs: &HashMap<Digest, Bytes>,
    mut peer: Framed<Io, BlobFrame, ToBlobs>,
) -> Result<(), FrameError> {
    while let Some(frame) = peer.next().await.transpose()? {
        match frame {
            BlobFrame::Get { digest } => match blobs.get(&digest) {
                Some(bytes) => send(digest, bytes, &mut peer).await?,
                None => peer.send(ToBlobs::Missing { digest }).await?,
            },
            BlobFrame::Has { digest } if blobs.contains_key(&digest) => {
                peer.send(ToBlobs::Stored { digest }).await?;
            }
            BlobFrame::Has { digest } => peer.send(ToBlobs::Missing { digest }).await?,
            BlobFrame::Put { last: false, .. } => {}
            BlobFrame::Put { digest, .. } => peer.send(ToBlobs::Stored { digest }).await?,
        }
    }
    Ok(())
}

async fn send<Io: AsyncRead + AsyncWrite + Unpin>(
    digest: Digest,
    bytes: &Bytes,
    peer: &mut Framed<Io, BlobFrame, ToBlobs>,
) -> Result<(), FrameError> {
    let pieces = bytes.len().div_ceil(BLOB_CHUNK_BYTES).max(1);
    for number in 0..pieces {
        let start = number * BLOB_CHUNK_BYTES;
        let end = bytes.len().min(start + BLOB_CHUNK_BYTES);
        let piece = ToBlobs::Piece {
            digest,
            piece: bytes[start..end].to_vec(),
            last: number + 1 == pieces,
        };
        peer.send(piece).await?;
    }
    Ok(())
}
