//! The functions on offer in tests, and what they do, counted as they do it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dice_catalog::{Catalog, entries_from_description};
use dice_model::Value;
use serde_json::{Value as Json, json};

/// What a function does with a call.
#[derive(Debug, Clone)]
pub enum Behaviour {
    Answer(Value),
    AnswerAfter(Duration, Value),
    Raise(String),
    /// Its process dies with it.
    Die,
    /// Until it is killed.
    Hang,
}

type Doing = Arc<dyn Fn(&Value, u32) -> Behaviour + Send + Sync>;

/// Outlives engines, as the world does.
#[derive(Clone, Default)]
pub struct Functions {
    doing: Arc<Mutex<HashMap<String, Doing>>>,
    done: Arc<Mutex<HashMap<String, u32>>>,
}

impl Functions {
    /// `doing`: arguments and attempt. Without one, a function gives back its `n`.
    pub fn set(
        &self,
        function: &str,
        doing: impl Fn(&Value, u32) -> Behaviour + Send + Sync + 'static,
    ) {
        let mut functions = self.doing.lock().expect("unpoisoned");
        functions.insert(function.to_owned(), Arc::new(doing));
    }

    pub fn behave(&self, function: &str, arguments: &Value, attempt: u32) -> Behaviour {
        let counted = format!("{function}({})", arguments.canonical());
        *self
            .done
            .lock()
            .expect("unpoisoned")
            .entry(counted)
            .or_insert(0) += 1;
        let doing = self
            .doing
            .lock()
            .expect("unpoisoned")
            .get(function)
            .cloned();
        match doing {
            Some(doing) => doing(arguments, attempt),
            None => Behaviour::Answer(arguments.get("n").cloned().unwrap_or(Value::Null)),
        }
    }

    /// How often it was executed with this `n`.
    pub fn executions(&self, function: &str, n: i64) -> u32 {
        let counted = format!("{function}({{\"n\":{n}}})");
        let done = self.done.lock().expect("unpoisoned");
        done.get(&counted).copied().unwrap_or(0)
    }

    pub fn all_executions(&self) -> u32 {
        self.done.lock().expect("unpoisoned").values().sum()
    }
}

/// `pure`, `read`, `write` and `pay` (a write with a key), each of one integer to one integer, and
/// `simulated`, which is pure.
pub fn catalog() -> Catalog {
    catalog_of_version(b"the file", "integer")
}

/// The same from another file, with results of this type.
pub fn catalog_of_version(file: &[u8], result: &str) -> Catalog {
    let functions = [
        described(result, "pure", "pure", false, "real", 4),
        described(result, "read", "read", false, "real", 1),
        described(result, "write", "write", false, "real", 1),
        described(result, "pay", "write", true, "real", 1),
        described(result, "simulated", "pure", false, "simulated", 1),
    ];
    let description = json!({
        "hermod": "0.1.0",
        "file_digest": dice_model::Digest::of(file),
        "functions": functions,
    });
    let entries = entries_from_description(&description.to_string()).expect("well described");
    Catalog::new(entries.into_iter().map(Arc::new)).expect("no name twice")
}

fn described(
    result: &str,
    name: &str,
    effect: &str,
    idempotent: bool,
    origin: &str,
    batch: u32,
) -> Json {
    let integer = json!({"type": "integer"});
    json!({
        "name": name,
        "documentation": "Gives n back.",
        "parametersSchema": {"type": "object", "properties": {"n": integer}, "required": ["n"],
            "additionalProperties": false},
        "resultSchema": {"type": "object", "properties": {"result": {"type": result}}, "required": ["result"]},
        "effect": effect,
        "state": null,
        "idempotent": idempotent,
        "gpu_memory_bytes": 0,
        "max_batch_size": batch,
        "concurrency": 1,
        "origin": origin,
        "batched": batch > 1,
        "numerics": null,
        "description_digest": dice_model::Digest::of(name.as_bytes()),
    })
}
