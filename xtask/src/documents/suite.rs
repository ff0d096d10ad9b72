//! The tests of this repository, with what is said above each one.

/// A test function, in Rust or Python.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) name: String,
    /// Its doc comment or docstring, and comments right above it.
    pub(super) says: String,
}

impl Test {
    /// As a word of its own: `J1` is not in `J12`.
    pub(super) fn cites(&self, rule: &str) -> bool {
        let mut words = self.says.split(|letter: char| !letter.is_alphanumeric());
        words.any(|word| word == rule)
    }

    /// ``Outcome `worker-lost` `` gives `worker-lost`.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = &str> {
        let after = self.says.split("Outcome `").skip(1);
        after.filter_map(|rest| Some(rest.split_once('`')?.0))
    }
}

pub(super) fn in_rust(text: &str) -> Vec<Test> {
    let mut tests = Vec::new();
    let (mut says, mut is_test) = (String::new(), false);
    for line in text.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            say(&mut says, comment.trim_start_matches('/'));
        } else if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        } else {
            let (said, was_test) = (std::mem::take(&mut says), std::mem::take(&mut is_test));
            let name = line.trim_start_matches("async ").strip_prefix("fn ");
            if let Some(name) = name.filter(|_| was_test) {
                tests.push(test(name, said));
            }
        }
    }
    tests
}

pub(super) fn in_python(text: &str) -> Vec<Test> {
    let mut tests = Vec::new();
    let mut says = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix('#') {
            say(&mut says, comment);
            continue;
        }
        let name = line.trim_start_matches("async ").strip_prefix("def test_");
        if let Some(name) = name {
            let mut said = std::mem::take(&mut says);
            let signature = std::iter::once(line).chain(&mut lines);
            let _ = signature.take_while(|line| !line.ends_with(':')).count();
            say(&mut said, &docstring(lines.clone()));
            tests.push(test(name, said));
        } else if !line.starts_with('@') {
            says.clear();
        }
    }
    tests
}

fn docstring<'a>(mut body: impl Iterator<Item = &'a str>) -> String {
    let first = body.next().unwrap_or_default().trim();
    let Some(rest) = first.strip_prefix("\"\"\"") else {
        return String::new();
    };
    let mut text = String::new();
    for line in std::iter::once(rest).chain(body) {
        say(&mut text, line.split("\"\"\"").next().unwrap_or_default());
        if line.contains("\"\"\"") {
            break;
        }
    }
    text
}

fn say(says: &mut String, line: &str) {
    says.push_str(line.trim());
    says.push(' ');
}

fn test(rest: &str, says: String) -> Test {
    let name = rest.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let name = name.take(1).collect();
    Test { name, says }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(tests: Vec<Test>) -> Vec<(String, String)> {
        let pair = |test: Test| (test.name, test.says.trim().to_owned());
        tests.into_iter().map(pair).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |&(name, says): &(&str, &str)| (name.to_owned(), says.to_owned());
        expected.iter().map(owned).collect()
    }

    #[test]
    fn tests_in_rust_have_their_comments() {
        let text = "/// Not a test: J1.\nfn helper() {}\n\n    /// J2,\n    /// two lines.\n    \
                    #[tokio::test(flavor = \"x\")]\n    async fn one() {}\n#[test]\nfn two(a: u8) {}\n";
        assert_eq!(
            named(in_rust(text)),
            pairs(&[("one", "J2, two lines."), ("two", "")])
        );
    }

    #[test]
    fn tests_in_python_have_their_docstrings() {
        let text = "def helper():\n    \"\"\"J1.\"\"\"\n\n# Above (J2).\n@mark\nasync def test_one(\n    \
                    a: int,\n) -> None:\n    \"\"\"J3,\n    and more.\"\"\"\n\n\
                    def test_two() -> None:\n    pass\n";
        assert_eq!(
            named(in_python(text)),
            pairs(&[("one", "Above (J2). J3, and more."), ("two", "")])
        );
    }

    #[test]
    fn rules_and_outcomes_are_words() {
        let test = test("x()", "Outcome `lost`, RUNTIME J12; (J8).".to_owned());
        assert!(test.cites("J8") && test.cites("J12") && !test.cites("J1"));
        assert_eq!(test.outcomes().collect::<Vec<_>>(), ["lost"]);
    }
}
