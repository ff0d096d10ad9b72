//! Puts figures into a `profile.toml`; what else is in it stays as it was written.

use std::path::Path;

use dice_model::{DeviceType, FunctionId};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use super::{Batch, Figures, Label, Load, Memory, PackProfile, ProfileError, Source};

const HEAD: &str = "# How long functions take on this machine's devices, kept by `dice profile`. Form: docs/functions.md.\n\n";

/// What was found out of a function on a type of device: figures whose source is called `name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub function: FunctionId,
    pub device: DeviceType,
    pub name: String,
    pub source: Source,
    pub figures: Figures,
}

impl Finding {
    /// Adds it to the file, or makes the file; earlier figures of that function there are replaced.
    pub fn keep(&self, path: &Path) -> Result<(), ProfileError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => {
                return Err(ProfileError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let text = self.added_to(&text, path)?;
        // Whoever reads meanwhile finds the old file or the new one.
        let write = || {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            std::io::Write::write_all(&mut file, text.as_bytes())?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|source| ProfileError::Write {
            path: path.to_owned(),
            source,
        })
    }

    fn added_to(&self, text: &str, path: &Path) -> Result<String, ProfileError> {
        // A file that is wrong is not made longer.
        PackProfile::parse(text, path)?;
        let mut document: DocumentMut = text.parse().expect("it was read as TOML just now");
        let sources = table(document.as_table_mut(), "sources");
        sources.insert(&self.name, Item::Table(source(&self.source)));
        let functions = table(document.as_table_mut(), "functions");
        let devices = table(functions, self.function.as_str());
        devices.insert(&self.device.0, Item::Table(figures(&self.figures)));
        let head = if text.is_empty() { HEAD } else { "" };
        Ok(format!("{head}{document}"))
    }
}

/// The file that holds this finding alone.
impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.added_to("", Path::new("profile.toml"));
        f.write_str(&text.map_err(|_| std::fmt::Error)?)
    }
}

/// Of that name, made where it is missing; its own heading is not printed.
fn table<'a>(parent: &'a mut Table, name: &str) -> &'a mut Table {
    let mut empty = Table::new();
    empty.set_implicit(true);
    let item = parent.entry(name).or_insert(Item::Table(empty));
    item.as_table_mut().expect("checked: it is a table")
}

fn source(source: &Source) -> Table {
    let label = match source.label {
        Label::Measured => "measured",
        Label::Fitted => "fitted",
        Label::Given => "given",
    };
    let mut table = Table::new();
    table.insert("label", toml_edit::value(label));
    table.insert("text", toml_edit::value(&source.text));
    table
}

fn figures(figures: &Figures) -> Table {
    let mut table = Table::new();
    if let Some(version) = figures.version {
        table.insert("version", toml_edit::value(version.to_string()));
    }
    table.insert("load", toml_edit::value(load(&figures.load)));
    if let Some(memory) = &figures.memory {
        table.insert("memory", toml_edit::value(bytes(memory)));
    }
    let mut batches = Array::new();
    for one in &figures.batches {
        let mut one = Value::from(batch(one));
        one.decor_mut().set_prefix("\n    ");
        batches.push_formatted(one);
    }
    batches.set_trailing("\n");
    batches.set_trailing_comma(true);
    table.insert("batches", toml_edit::value(batches));
    table
}

fn load(load: &Load) -> InlineTable {
    let mut table = InlineTable::new();
    measured(&mut table, load.seconds, (load.low, load.high, load.runs));
    table.insert("source", load.source.as_str().into());
    table
}

fn batch(batch: &Batch) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("size", i64::from(batch.size).into());
    let spread = (batch.low, batch.high, batch.runs);
    measured(&mut table, batch.seconds, spread);
    table.insert("source", batch.source.as_str().into());
    table
}

fn bytes(memory: &Memory) -> InlineTable {
    let mut table = InlineTable::new();
    let bytes = i64::try_from(memory.bytes).unwrap_or(i64::MAX);
    table.insert("bytes", bytes.into());
    table.insert("source", memory.source.as_str().into());
    table
}

fn measured(
    table: &mut InlineTable,
    seconds: f64,
    (low, high, runs): (Option<f64>, Option<f64>, Option<u32>),
) {
    table.insert("seconds", seconds.into());
    let spread = [("low", low), ("high", high)];
    for (name, seconds) in spread {
        if let Some(seconds) = seconds {
            table.insert(name, seconds.into());
        }
    }
    if let Some(runs) = runs {
        table.insert("runs", i64::from(runs).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::Digest;

    fn finding(seconds: f64) -> Finding {
        let name = "blip-a4000".to_owned();
        Finding {
            function: FunctionId::new("blip"),
            device: "A4000".into(),
            source: Source {
                label: Label::Measured,
                text: "2026-11-30, one A4000".to_owned(),
            },
            figures: Figures {
                version: Some(Digest::from_bytes([1; 32])),
                load: Load {
                    seconds: 2.5,
                    low: Some(2.0),
                    high: Some(3.0),
                    runs: Some(3),
                    source: name.clone(),
                },
                memory: Some(Memory {
                    bytes: 1 << 30,
                    source: name.clone(),
                }),
                batches: vec![Batch {
                    size: 1,
                    seconds,
                    low: None,
                    high: None,
                    runs: Some(20),
                    source: name.clone(),
                }],
            },
            name,
        }
    }

    #[test]
    fn the_file_is_for_people_too() {
        insta::assert_snapshot!(finding(0.25));
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.toml");
        finding(0.25).keep(&path).unwrap();
        let read = PackProfile::read(&path).unwrap();
        let profile = read.of(&FunctionId::new("blip"), Digest::from_bytes([1; 32]));
        let [device] = profile.devices.as_slice() else {
            panic!("{profile:?}")
        };
        assert_eq!(device.batch_time(1).unwrap().as_millis(), 250);
        assert_eq!(device.memory_bytes, Some(1 << 30));
        assert_eq!(read.sources()[0].label, Label::Measured);
    }

    #[test]
    fn what_else_is_in_the_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.toml");
        let other = "# Ours.\n[sources.fit]\nlabel = \"fitted\"\ntext = \"tables\"\n\n[functions.blip.cpu] # slow\nload = { seconds = 1, source = \"fit\" }\nbatches = [{ size = 1, seconds = 9, source = \"fit\" }]\n";
        std::fs::write(&path, other).unwrap();
        finding(0.25).keep(&path).unwrap();
        finding(0.5).keep(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in other.lines().filter(|line| !line.is_empty()) {
            assert!(text.contains(line), "{line} is gone from\n{text}");
        }
        let blip = FunctionId::new("blip");
        let profile = PackProfile::read(&path)
            .unwrap()
            .of(&blip, Digest::from_bytes([1; 32]));
        let of = |name: &str| {
            profile
                .devices
                .iter()
                .find(|it| it.device.0 == name)
                .unwrap()
        };
        assert_eq!(of("cpu").batch_time(1).unwrap().as_secs(), 9);
        assert_eq!(of("A4000").batch_time(1).unwrap().as_millis(), 500);
    }

    #[test]
    fn a_file_that_is_wrong_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.toml");
        std::fs::write(&path, "sources = 3\n").unwrap();
        let error = finding(0.25).keep(&path).unwrap_err();
        assert!(error.to_string().contains("not a profile"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "sources = 3\n");
    }
}
