//! The same blobs, in a folder alone and in a store with a folder before it.

use std::path::Path;
use std::time::{Duration, SystemTime};

use dice_model::Digest;

use super::{BlobError, Blobs};
use crate::{BlobsPlace, Durability};

/// Data folders of several engines, and the store that they share.
struct World(tempfile::TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().expect("a temporary folder"));
        std::fs::create_dir(world.store()).expect("made");
        world
    }

    fn store(&self) -> std::path::PathBuf {
        self.0.path().join("store")
    }

    async fn open(&self, engine: &str, place: &BlobsPlace) -> Blobs {
        let root = self.0.path().join(engine);
        std::fs::create_dir_all(root.join("incoming")).expect("made");
        let opened = Blobs::open(root, place, Durability::Process).await;
        opened.expect("it opens")
    }

    async fn with_store(&self, engine: &str, cache_bytes: u64) -> Blobs {
        let url = format!("file://{}", self.store().display());
        self.open(engine, &BlobsPlace::Store { url, cache_bytes })
            .await
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("readable");
    let count = |path: std::path::PathBuf| if path.is_dir() { files(&path) } else { 1 };
    entries
        .map(|entry| count(entry.expect("readable").path()))
        .sum()
}

async fn is_a_store(blobs: &Blobs) {
    let bytes = b"some bytes".as_slice();
    let digest = Digest::of(bytes);
    assert!(!blobs.has(digest).await);
    assert!(blobs.get(digest).await.expect_err("not there").is_missing());

    assert_eq!(blobs.put(bytes).await.expect("stored"), digest);
    assert!(blobs.has(digest).await);
    assert_eq!(blobs.get(digest).await.expect("read"), bytes);
    assert!(blobs.is_whole(digest).await.expect("read"));

    let refused = blobs
        .put_stream(b"others".as_slice(), Some(Digest::of(b"these")))
        .await;
    assert!(matches!(refused, Err(BlobError::OtherBytes { .. })));
    let again = blobs.put_stream(bytes, Some(digest)).await;
    assert_eq!(again.expect("there already"), digest);

    // More than goes up in one part.
    let large = vec![7; 20 << 20];
    let streamed = blobs.put_stream(large.as_slice(), None).await;
    assert_eq!(streamed.expect("stored"), Digest::of(&large));
    let mut all = blobs.all().await.expect("listed");
    all.sort_by_key(|(_, stored)| stored.bytes);
    let sizes: Vec<_> = all
        .iter()
        .map(|(digest, stored)| (*digest, stored.bytes))
        .collect();
    assert_eq!(sizes, [(digest, 10), (Digest::of(&large), 20 << 20)]);

    for digest in [digest, digest] {
        blobs.remove(digest).await.expect("removed, or gone");
        assert!(!blobs.has(digest).await);
    }
}

#[tokio::test]
async fn folder_and_store_keep_blobs_alike() {
    let world = World::new();
    is_a_store(&world.open("alone", &BlobsPlace::Folder).await).await;
    is_a_store(&world.with_store("beside", BlobsPlace::CACHE_BYTES).await).await;
    for left in ["alone/incoming", "beside/incoming"] {
        assert_eq!(files(&world.0.path().join(left)), 0);
    }
}

/// RUNTIME P2: whoever takes a journal over needs nothing of the folder of the engine before.
#[tokio::test]
async fn another_engine_finds_what_the_first_has_stored() {
    let world = World::new();
    let first = world.with_store("first", BlobsPlace::CACHE_BYTES).await;
    let digest = first.put(b"shared").await.expect("stored");
    let second = world.with_store("second", BlobsPlace::CACHE_BYTES).await;
    assert!(second.has(digest).await);
    let together = futures::future::join_all((0..8).map(|_| second.get(digest))).await;
    assert!(
        together
            .into_iter()
            .all(|got| got.expect("read") == b"shared".as_slice())
    );
    assert_eq!(
        files(&world.0.path().join("second")),
        1,
        "kept here from now on"
    );
}

#[tokio::test]
async fn bytes_that_a_store_has_damaged_are_not_taken() {
    let world = World::new();
    let first = world.with_store("first", BlobsPlace::CACHE_BYTES).await;
    let digest = first.put(b"whole").await.expect("stored");
    let hex = digest.hex();
    let kept = world.store().join(&hex[..2]).join(&hex[2..]);
    std::fs::write(kept, b"torn").expect("damaged");
    let second = world.with_store("second", BlobsPlace::CACHE_BYTES).await;
    let got = second.get(digest).await;
    assert!(matches!(got, Err(BlobError::OtherBytes { .. })), "{got:?}");
    assert!(!second.is_whole(digest).await.expect("read"));
}

#[tokio::test]
async fn the_cache_forgets_what_was_used_longest_ago() {
    let world = World::new();
    let blobs = world.with_store("small", 1000).await;
    let mut digests = Vec::new();
    for number in 0..12_u8 {
        let digest = blobs.put(&[number; 100]).await.expect("stored");
        let file = std::fs::File::open(blobs.path(digest).await.expect("here")).expect("opens");
        let age = Duration::from_secs(3600 - u64::from(number));
        file.set_modified(SystemTime::now() - age).expect("aged");
        digests.push(digest);
    }
    let beyond = blobs.0.beyond.as_ref().expect("it has a store");
    let made = beyond.room.make(&blobs.0.folder, SystemTime::now()).await;
    made.expect("room is made");
    let here = digests
        .iter()
        .map(|&digest| blobs.0.folder.path(digest).exists());
    let expected = (0..12).map(|number| number >= 3);
    assert!(
        here.eq(expected),
        "nine of 100 bytes fit nine tenths of 1000"
    );
    assert_eq!(
        blobs.get(digests[0]).await.expect("from the store"),
        [0; 100].as_slice()
    );
}

#[tokio::test]
async fn a_place_that_is_no_store_is_named() {
    let world = World::new();
    for url in ["ftp://somewhere", "s3://", "file://here", "nothing"] {
        let root = world.0.path().join("engine");
        std::fs::create_dir_all(root.join("incoming")).expect("made");
        let opened = Blobs::open(root, &BlobsPlace::store(url), Durability::Process).await;
        let error = opened.expect_err("refused").to_string();
        assert!(
            error.contains(url) && error.contains("s3://BUCKET/PREFIX"),
            "{error}"
        );
    }
}
