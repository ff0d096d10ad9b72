//! A grant that does not fit a frame goes in several (RUNTIME V3).

use dice_wire::{Grant, MAX_FRAME_BYTES, packed_bytes};

/// In a frame, for everything but arguments; and for what stands around one call's.
const ROOM_BYTES: usize = 1024;
const AROUND_CALL_BYTES: usize = 256;

/// In order; all but the last say that more follow. What does not fit alone was refused when it was
/// asked for.
pub(super) fn pieces(mut grant: Grant) -> Vec<Grant> {
    let mut pieces = Vec::new();
    let mut room = MAX_FRAME_BYTES - ROOM_BYTES;
    let calls = std::mem::take(&mut grant.calls);
    for call in calls {
        let bytes = packed_bytes(&call.arguments) + AROUND_CALL_BYTES;
        if bytes > room && !grant.calls.is_empty() {
            let full = Grant {
                calls: std::mem::take(&mut grant.calls),
                more: true,
                ..grant.clone()
            };
            pieces.push(full);
            room = MAX_FRAME_BYTES - ROOM_BYTES;
        }
        room = room.saturating_sub(bytes);
        grant.calls.push(call);
    }
    pieces.push(grant);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::{CallRef, Epoch, LeaseId, TaskId, Value};
    use dice_wire::{CallGrant, FrameCodec, ToWorker};
    use tokio_util::codec::Encoder as _;

    fn grant(calls: u32, bytes: usize) -> Grant {
        let call = |call| CallGrant {
            call: CallRef {
                task: TaskId(1),
                call,
            },
            attempt: 1,
            arguments: Value::map([("value", Value::Text("x".repeat(bytes)))]).into(),
            idempotency_key: None,
        };
        Grant {
            epoch: Epoch(1),
            lease: LeaseId(7),
            device: "cpu".into(),
            deadline_ms: 1000,
            calls: (0..calls).map(call).collect(),
            more: false,
        }
    }

    #[track_caller]
    fn check(calls: u32, bytes: usize, expect: &[usize]) {
        let pieces = pieces(grant(calls, bytes));
        let sizes: Vec<usize> = pieces.iter().map(|piece| piece.calls.len()).collect();
        assert_eq!(sizes, expect);
        let more: Vec<bool> = pieces.iter().map(|piece| piece.more).collect();
        assert!(!more[more.len() - 1] && more[..more.len() - 1].iter().all(|more| *more));
        let numbers = pieces
            .iter()
            .flat_map(|it| &it.calls)
            .map(|it| it.call.call);
        assert!(numbers.eq(0..calls), "in order, each once");
        for piece in pieces {
            let mut bytes = bytes::BytesMut::new();
            FrameCodec::<(), ToWorker>::default()
                .encode(ToWorker::Grant(piece), &mut bytes)
                .expect("each fits a frame");
        }
    }

    #[test]
    fn a_grant_is_cut_where_frames_are_full() {
        check(3, 10, &[3]);
        check(64, 200_000, &[41, 23]);
        check(3, 3_000_000, &[2, 1]);
        check(2, MAX_FRAME_BYTES - 2 * ROOM_BYTES, &[1, 1]);
    }
}
