//! What the functions wrote down about their own executions.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

/// One file per function; a line per execution: `label attempt key process`. Hidden files are not
/// functions.
pub struct Traces(PathBuf);

/// Of a call, by the function's short name and the label that the program gave it.
pub type Call = (String, String);

/// Once, by one worker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Execution {
    pub call: Call,
    pub key: String,
    pub process: i32,
}

impl Traces {
    pub fn of(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// How often each call was executed.
    pub fn executions(&self) -> BTreeMap<Call, usize> {
        let mut executions = BTreeMap::new();
        for execution in self.all() {
            *executions.entry(execution.call).or_insert(0) += 1;
        }
        executions
    }

    pub fn all(&self) -> Vec<Execution> {
        let mut all = Vec::new();
        for function in self.functions() {
            all.extend(self.of_function(&function));
        }
        all
    }

    /// In their order.
    pub fn of_function(&self, function: &str) -> Vec<Execution> {
        let lines = self.lines(function);
        let executions = lines.into_iter().map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            Execution {
                call: (function.to_owned(), words[0].to_owned()),
                key: words[2].to_owned(),
                process: words.get(3).map_or(0, |word| word.parse().unwrap()),
            }
        });
        executions.collect()
    }

    /// How many different keys each call was executed with.
    pub fn keys(&self, function: &str) -> BTreeMap<String, HashSet<String>> {
        let mut keys: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        for execution in self.of_function(function) {
            let label = execution.call.1;
            keys.entry(label).or_default().insert(execution.key);
        }
        keys
    }

    /// Executions of these functions that have begun, and of which nobody says that they have ended.
    pub fn under_way(&self, functions: &[&str]) -> BTreeSet<Execution> {
        // Who ends meanwhile does not count, and neither does who begins.
        let begun = functions.iter().flat_map(|name| self.of_function(name));
        let begun: Vec<Execution> = begun.collect();
        let ended: HashSet<String> = self.lines(".ended").into_iter().collect();
        let is_over = |one: &Execution| ended.contains(&format!("{} {}", one.call.1, one.process));
        begun.into_iter().filter(|one| !is_over(one)).collect()
    }

    /// Of all functions.
    pub fn len(&self) -> usize {
        let lines = |name: String| self.bytes(&name).iter().filter(|&&b| b == b'\n').count();
        self.functions().map(lines).sum()
    }

    /// Of a hidden file, or a function's.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let text = String::from_utf8(self.bytes(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The next worker that comes to this place of a write dies there.
    pub fn arm(&self, place: &str) -> PathBuf {
        let armed = self.0.join(place);
        std::fs::write(&armed, "").unwrap();
        armed
    }

    fn functions(&self) -> impl Iterator<Item = String> {
        let names = std::fs::read_dir(&self.0).unwrap();
        let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with('.'))
    }

    /// None, where nobody has written yet.
    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap_or_default()
    }
}
