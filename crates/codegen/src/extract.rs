//! The program in a model's answer.

use dice_program::ast::Stmt;

/// What an answer turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extracted {
    Program(String),
    CannotAnswer(String),
    /// Neither a fence, nor Python without one.
    Nothing,
}

const CANNOT: &str = "Cannot answer:";

pub(crate) fn extract(answer: &str) -> Extracted {
    let answer = without_thoughts(answer);
    if let Some(program) = fenced(answer) {
        return only_refuses(&program).map_or(Extracted::Program(program), Extracted::CannotAnswer);
    }
    if let Some(reason) = answer.trim().strip_prefix(CANNOT) {
        return Extracted::CannotAnswer(one_line(reason));
    }
    let is_program = ["hermod", "def answer("]
        .iter()
        .any(|mark| answer.contains(mark));
    if is_program && dice_program::parse(answer).is_valid() {
        return Extracted::Program(with_newline(answer));
    }
    Extracted::Nothing
}

/// Some models put their reasoning before the answer.
fn without_thoughts(answer: &str) -> &str {
    answer
        .rsplit_once("</think>")
        .map_or(answer, |(_, rest)| rest)
}

/// The first fence that says Python, else the first of all. An answer that was cut off has no
/// closing fence.
fn fenced(answer: &str) -> Option<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, Vec<&str>)> = None;
    for line in answer.lines() {
        let tag = line.trim().strip_prefix("```").map(str::trim);
        match (tag, &mut open) {
            (Some(tag), None) => open = Some((is_python(tag), Vec::new())),
            (Some(""), Some(_)) => blocks.extend(open.take()),
            (_, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks.extend(open);
    let chosen = blocks
        .iter()
        .find(|(python, _)| *python)
        .or(blocks.first())?;
    Some(with_newline(&chosen.1.join("\n")))
}

fn is_python(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    tag == "python" || tag == "py" || tag == "python3"
}

/// Is `print("Cannot answer: …")` all that the program does?
fn only_refuses(program: &str) -> Option<String> {
    let parsed = dice_program::parse(program);
    let body = match parsed.body() {
        // The compact form's.
        [Stmt::FunctionDef(answer)] => &answer.body,
        body => body,
    };
    let [Stmt::Expr(statement)] = body else {
        return None;
    };
    let call = statement.value.as_call_expr()?;
    let named_print = call.func.as_name_expr()?.id.as_str() == "print";
    let text = call
        .arguments
        .args
        .first()?
        .as_string_literal_expr()?
        .value
        .to_str();
    named_print.then_some(one_line(text.strip_prefix(CANNOT)?))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn with_newline(program: &str) -> String {
    format!("{}\n", program.trim_matches(['\n', '\r']).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, program: &str) {
        assert_eq!(
            extract(answer),
            Extracted::Program(program.to_owned()),
            "{answer}"
        );
    }

    #[test]
    fn programs_are_found_in_fences() {
        check("```python\nx = 1\n```", "x = 1\n");
        check("Here it is:\n\n```\nx = 1\n\n```\nDone.", "x = 1\n");
        check("```text\nno\n```\n```py\nx = 1\n```", "x = 1\n");
        check("```python\nx = 1\n", "x = 1\n");
        check(
            "<think>```python\nno\n```</think>\n```python\nx = 1\n```",
            "x = 1\n",
        );
        check("    ```python\nx = 1\n    ```", "x = 1\n");
        check("```python\r\nx = 1\r\n```\r\n", "x = 1\n");
        check(
            "import hermod\nhermod.call('a')",
            "import hermod\nhermod.call('a')\n",
        );
    }

    #[test]
    fn refusals_are_outcomes_of_their_own() {
        let refusal = Extracted::CannotAnswer("no function\u{20}can fly.".to_owned());
        assert_eq!(extract("Cannot answer: no function\ncan fly."), refusal);
        for program in [
            "print('Cannot answer: no function can fly.')",
            "def answer(image):\n    print('Cannot answer: no function can fly.')",
        ] {
            assert_eq!(extract(&format!("```python\n{program}\n```")), refusal);
        }
    }

    #[test]
    fn prose_is_no_program() {
        assert_eq!(extract("I would call hermod twice."), Extracted::Nothing);
        assert_eq!(extract(""), Extracted::Nothing);
    }
}
