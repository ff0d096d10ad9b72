//! The end of a worker's log, for error messages.

use std::io::SeekFrom;
use std::path::Path;

use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

const LINES: usize = 20;
const BYTES: u64 = 4096;

/// Empty if there is none.
pub(super) async fn tail(path: &Path) -> String {
    read(path).await.unwrap_or_default()
}

async fn read(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path).await?;
    let length = file.metadata().await?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(BYTES)))
        .await?;
    let mut bytes = Vec::new();
    file.take(BYTES).read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(LINES)..].join("\n"))
}
