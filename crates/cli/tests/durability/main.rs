//! What must survive: real processes, killed and stopped at many points, through the real binary
//! (RUNTIME J1–J8, P3, P6).
//!
//! They need uv and a package registry, and say so if they are skipped: `make test` runs them.
//! `DICE_TEST_KILLS=200` kills more often than the few times that a test run has time for, and
//! `DICE_TEST_SEED` at other moments.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests; a skipped one says so"
)]

mod any_process;
mod batch;
mod blobs;
mod database;
mod disk;
mod leaving;
#[path = "../../../../tests/postgres.rs"]
mod postgres;
#[path = "../../../../tests/s3.rs"]
mod s3;
mod storage;
mod support;
