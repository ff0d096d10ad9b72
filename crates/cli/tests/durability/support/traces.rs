//! What the functions wrote down about their own executions.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

/// One file per function; a line per execution: `label attempt key`.
pub struct Traces(PathBuf);

/// Of a call, by the function's short name and the label that the program gave it.
pub type Call = (String, String);

impl Traces {
    pub fn of(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// How often each call was executed.
    pub fn executions(&self) -> BTreeMap<Call, usize> {
        let mut executions = BTreeMap::new();
        for (function, line) in self.lines() {
            let label = line.split(' ').next().unwrap().to_owned();
            *executions.entry((function, label)).or_insert(0) += 1;
        }
        executions
    }

    /// How many different keys each call was executed with.
    pub fn keys(&self, function: &str) -> BTreeMap<String, HashSet<String>> {
        let mut keys: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        for (_, line) in self
            .lines()
            .into_iter()
            .filter(|(name, _)| name == function)
        {
            let mut words = line.split(' ').map(str::to_owned);
            let (label, key) = (words.next().unwrap(), words.next_back().unwrap());
            keys.entry(label).or_default().insert(key);
        }
        keys
    }

    /// Of all functions.
    pub fn len(&self) -> usize {
        self.lines().len()
    }

    fn lines(&self) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        for file in std::fs::read_dir(&self.0).unwrap() {
            let file = file.unwrap();
            let function = file.file_name().into_string().unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap();
            lines.extend(text.lines().map(|line| (function.clone(), line.to_owned())));
        }
        lines
    }
}
