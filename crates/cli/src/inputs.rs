//! `--input NAME=FILE`: what a task may read, and what kind of thing it is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context as _;
use dice_model::{Digest, InputKind, TaskInput};

use crate::client::Client;
use crate::exit::Failure;

/// `NAME=FILE`, or `FILE` alone, whose file name is then the name.
#[derive(Debug, Clone)]
pub(crate) struct InputArgument {
    name: String,
    file: PathBuf,
}

impl FromStr for InputArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name.to_owned(), PathBuf::from(file)),
            None => {
                let file = PathBuf::from(text);
                let name = file.file_name().ok_or("expected NAME=FILE")?;
                (name.to_string_lossy().into_owned(), file)
            }
        };
        if name.is_empty() || file.as_os_str().is_empty() {
            return Err("expected NAME=FILE".to_owned());
        }
        Ok(Self { name, file })
    }
}

impl InputArgument {
    pub(crate) fn new(name: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            file: file.into(),
        }
    }
}

impl InputArgument {
    /// Name and text; `None` of an image, whose pixels nobody looks at.
    pub(crate) async fn read_text(&self) -> anyhow::Result<Option<(String, String)>> {
        if kind_of(Path::new(&self.name), &self.file) == InputKind::Image {
            return Ok(None);
        }
        let text = tokio::fs::read_to_string(&self.file).await;
        let text = text.map_err(|error| {
            Failure::usage(format!("--input {}: {error}", self.file.display()))
                .hint("an input that is no image must be UTF-8 text")
        })?;
        Ok(Some((self.name.clone(), text)))
    }

    /// As a program knows it, the bytes apart.
    pub(crate) fn as_input(&self) -> dice_program::Input {
        dice_program::Input {
            name: self.name.clone(),
            kind: kind_of(Path::new(&self.name), &self.file),
        }
    }
}

/// Uploads the files that the server does not have yet.
pub(crate) async fn upload(
    client: &Client,
    inputs: &[InputArgument],
) -> anyhow::Result<Vec<TaskInput>> {
    let mut uploaded: Vec<TaskInput> = Vec::with_capacity(inputs.len());
    for input in inputs {
        if uploaded.iter().any(|known| known.name == input.name) {
            return Err(Failure::usage(format!("--input {}: given twice", input.name)).into());
        }
        uploaded.push(upload_file(client, &input.name, &input.file).await?);
    }
    Ok(uploaded)
}

pub(crate) async fn upload_file(
    client: &Client,
    name: &str,
    file: &Path,
) -> anyhow::Result<TaskInput> {
    let bytes = tokio::fs::read(file).await.map_err(|error| {
        Failure::usage(format!("--input {name}={}: {error}", file.display()))
            .hint("give the path of a file that exists and can be read")
    })?;
    let blob = Digest::of(&bytes);
    client
        .put_bytes(&format!("/api/v1/blobs/{blob}"), bytes.into())
        .await
        .with_context(|| format!("{} was not taken as an input", file.display()))?;
    Ok(TaskInput {
        name: name.to_owned(),
        kind: kind_of(Path::new(name), file),
        blob,
    })
}

/// By the name that the program uses, else by the file's own.
fn kind_of(name: &Path, file: &Path) -> InputKind {
    let by_extension = |path: &Path| {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "jpg" | "jpeg" | "png" | "webp" | "bmp" | "gif" | "tif" | "tiff" | "ppm" => {
                InputKind::Image
            }
            "txt" | "md" | "log" => InputKind::Text,
            "json" => InputKind::Json,
            "csv" => InputKind::Csv,
            _ => return None,
        })
    };
    by_extension(name)
        .or_else(|| by_extension(file))
        .unwrap_or(InputKind::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_named_by_the_program_or_by_the_file() {
        let check = |text: &str, name: &str, file: &str| {
            let input: InputArgument = text.parse().expect(text);
            assert_eq!(
                (input.name.as_str(), input.file.to_str()),
                (name, Some(file))
            );
        };
        check("scene.jpg=photos/a.png", "scene.jpg", "photos/a.png");
        check("photos/a.png", "a.png", "photos/a.png");
        for wrong in ["", "=x", "x="] {
            assert!(wrong.parse::<InputArgument>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_programs_name_decides_the_kind() {
        assert_eq!(
            kind_of(Path::new("scene"), Path::new("a.PNG")),
            InputKind::Image
        );
        assert_eq!(
            kind_of(Path::new("rows.csv"), Path::new("data.bin")),
            InputKind::Csv
        );
        assert_eq!(kind_of(Path::new("x"), Path::new("y")), InputKind::Bytes);
    }
}
