//! Frames to bytes and back.

use std::marker::PhantomData;

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Decoder, Encoder};

use crate::MAX_FRAME_BYTES;

#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("connection failed")]
    Io(#[from] std::io::Error),
    #[error("a frame of {0} bytes; at most {MAX_FRAME_BYTES} travel in one (send a blob instead)")]
    TooLong(usize),
    #[error("a frame that this version does not understand: {0}")]
    Malformed(#[from] rmp_serde::decode::Error),
    #[error("a frame that cannot be written: {0}")]
    Unwritable(#[from] rmp_serde::encode::Error),
}

/// What a value takes in a frame.
pub fn packed_bytes(value: &impl Serialize) -> usize {
    struct Counted(usize);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    // What cannot be written is told when it is sent.
    let _ = rmp_serde::encode::write_named(&mut counted, value);
    counted.0
}

/// Reads `In`, writes `Out`.
#[derive(Debug)]
pub struct FrameCodec<In, Out>(PhantomData<fn(Out) -> In>);

impl<In, Out> Default for FrameCodec<In, Out> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

pub type Framed<Io, In, Out> = tokio_util::codec::Framed<Io, FrameCodec<In, Out>>;

pub fn framed<In, Out, Io>(io: Io) -> Framed<Io, In, Out>
where
    In: DeserializeOwned,
    Out: Serialize,
    Io: AsyncRead + AsyncWrite,
{
    Framed::new(io, FrameCodec::default())
}

impl<In: DeserializeOwned, Out> Decoder for FrameCodec<In, Out> {
    type Item = In;
    type Error = FrameError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<In>, FrameError> {
        let Some(header) = source.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*header) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(FrameError::TooLong(length));
        }
        if source.len() < 4 + length {
            source.reserve(4 + length - source.len());
            return Ok(None);
        }
        let frame = source.split_to(4 + length);
        Ok(Some(rmp_serde::from_slice(&frame[4..])?))
    }
}

impl<In, Out: Serialize> Encoder<Out> for FrameCodec<In, Out> {
    type Error = FrameError;

    fn encode(&mut self, frame: Out, target: &mut BytesMut) -> Result<(), FrameError> {
        let start = target.len();
        target.put_u32(0);
        let written = rmp_serde::encode::write_named(&mut target.writer(), &frame);
        let length = target.len() - start - 4;
        if let Err(error) = written {
            target.truncate(start);
            return Err(error.into());
        }
        if length > MAX_FRAME_BYTES {
            target.truncate(start);
            return Err(FrameError::TooLong(length));
        }
        let header = u32::try_from(length).expect("at most MAX_FRAME_BYTES");
        target[start..start + 4].copy_from_slice(&header.to_be_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientFrame, Grant, ToWorker};
    use dice_model::{Epoch, FunctionId, LeaseId, Value};

    fn bytes_of<Frame: Serialize>(frame: Frame) -> BytesMut {
        let mut bytes = BytesMut::new();
        FrameCodec::<(), Frame>::default()
            .encode(frame, &mut bytes)
            .expect("fits a frame");
        bytes
    }

    fn read<Frame: DeserializeOwned>(bytes: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        FrameCodec::<Frame, ()>::default().decode(bytes)
    }

    fn call() -> ClientFrame {
        let arguments = Value::map([("n", Value::Int(3))]);
        ClientFrame::Call {
            id: 0,
            function: FunctionId::new("glip"),
            arguments,
            guess: None,
        }
    }

    #[test]
    fn a_frame_is_a_length_and_a_map_of_one_entry() {
        let bytes = bytes_of(ClientFrame::Cancel { id: 5 });
        assert_eq!(&bytes[..], b"\0\0\0\r\x81\xa6cancel\x81\xa2id\x05");
    }

    #[test]
    fn frames_arrive_whole_however_they_were_cut() {
        let whole = bytes_of(call());
        let mut arrived = BytesMut::new();
        for (index, byte) in whole.iter().enumerate() {
            arrived.extend_from_slice(&[*byte]);
            let frame: Option<ClientFrame> = read(&mut arrived).expect("well formed");
            assert_eq!(frame.is_some(), index + 1 == whole.len());
        }
    }

    #[test]
    fn unknown_fields_are_ignored_and_unknown_kinds_are_not() {
        let mut newer = BytesMut::from(&b"\0\0\0\x12\x81\xa6cancel\x82\xa2id\x05\xa3why\x01"[..]);
        newer[3] = u8::try_from(newer.len() - 4).expect("short");
        assert_eq!(
            read::<ClientFrame>(&mut newer).expect("reads"),
            Some(ClientFrame::Cancel { id: 5 })
        );
        let mut unknown = BytesMut::from(&b"\0\0\0\x06\x81\xa3huh\x80"[..]);
        assert!(matches!(
            read::<ClientFrame>(&mut unknown),
            Err(FrameError::Malformed(_))
        ));
    }

    #[test]
    fn long_frames_are_refused_on_both_sides() {
        let arguments = Value::Bytes(vec![0; MAX_FRAME_BYTES + 1]);
        let frame = ClientFrame::Call {
            id: 0,
            function: FunctionId::new("f"),
            arguments,
            guess: None,
        };
        let mut target = BytesMut::new();
        let written = FrameCodec::<(), _>::default().encode(frame, &mut target);
        assert!(matches!(written, Err(FrameError::TooLong(_))));
        assert!(target.is_empty(), "nothing of a refused frame is sent");
        let mut claimed = BytesMut::from(&[0xff, 0xff, 0xff, 0xff][..]);
        assert!(matches!(
            read::<ClientFrame>(&mut claimed),
            Err(FrameError::TooLong(_))
        ));
    }

    #[test]
    fn a_grant_survives_the_way() {
        let grant = ToWorker::Grant(Grant {
            epoch: Epoch(2),
            lease: LeaseId(7),
            device: "local/cpu-0".into(),
            deadline_ms: 1000,
            calls: vec![],
            more: false,
        });
        assert_eq!(
            read::<ToWorker>(&mut bytes_of(grant.clone())).expect("reads"),
            Some(grant)
        );
    }
}
