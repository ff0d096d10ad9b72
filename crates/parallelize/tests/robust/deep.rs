//! Nesting and length: diagnostics, and no stack that overflows. Tests have a small stack.

use dice_parallelize::{Options, parallelize};

use crate::{CATALOG, survives};

const CALL: &str = "await hermod.call(\"classify\", text=\"a\")";

fn in_main(statement: &str) -> String {
    format!("import hermod\n\n\nasync def main():\n    x = {statement}\n    y = {CALL}\n")
}

/// What is repeated before, what is in the middle, what is repeated after.
const SHAPES: &[(&str, &str, &str)] = &[
    ("(", CALL, ")"),
    ("[", "1", "]"),
    ("{1: ", "1", "}"),
    ("f(", CALL, ")"),
    ("x[", "0", "]"),
    ("not ", "x", ""),
    ("-", "1", ""),
    ("lambda: ", "1", ""),
    ("await ", "x", ""),
    ("1 if x else ", "1", ""),
    ("x := (", "1", ")"),
    ("", "1", " + 1"),
    ("", "1", " < 1"),
    ("", "1", "**1"),
    ("", "x", ".y"),
    ("", "x", "()"),
    ("", "x", "[0]"),
    ("", "x", " and x"),
    ("x = ", "1", ""),
    ("f'{", "1", "}'"),
    ("[x for x in ", "y", "]"),
];

#[test]
fn deep_expressions_are_refused_with_a_diagnostic() {
    for (before, middle, after) in SHAPES {
        for depth in [10, 50, 100, 150, 190, 210, 1_000, 10_000] {
            survives(&in_main(&format!(
                "{}{middle}{}",
                before.repeat(depth),
                after.repeat(depth)
            )));
        }
    }
    let deep = in_main(&format!(
        "{}{CALL}{}",
        "(".repeat(10_000),
        ")".repeat(10_000)
    ));
    let refused = parallelize(&deep, &CATALOG, &Options::default());
    assert!(refused.is_err());
}

fn nested(line: &str, depth: usize) -> String {
    let mut text = "import hermod\n\n\nasync def main():\n  x = [1]\n".to_owned();
    for level in 0..depth {
        text.push_str(&" ".repeat(level + 2));
        text.push_str(&line.replace('#', &level.to_string()));
        text.push('\n');
    }
    text.push_str(&" ".repeat(depth + 2));
    text.push_str(&format!("x = {CALL}\n"));
    text
}

const BLOCKS: &[&str] = &[
    "if x:",
    "for y in x:",
    "while x:",
    "with x:",
    "async def f#():",
    "class C#:",
];

#[test]
fn deep_blocks_are_refused_with_a_diagnostic() {
    for line in BLOCKS {
        for depth in [10, 50, 90, 150, 1_000] {
            survives(&nested(line, depth));
        }
        let refused = parallelize(&nested(line, 1_000), &CATALOG, &Options::default());
        assert!(refused.is_err(), "{line}");
    }
}

#[test]
fn long_lines_are_read() {
    for part in ["1, ", "x, ", "\"a\", ", "(1, x), "] {
        survives(&in_main(&format!("[{}]", part.repeat(20_000))));
    }
    survives(&in_main(&format!("\"{}\"", "a".repeat(1_000_000))));
    survives(&in_main(&format!("{}1", "1 + ".repeat(100))));
    survives(&format!("# {}\n", "é".repeat(1_000_000)));
}

#[test]
fn many_branches_are_read() {
    let mut text = in_main("1");
    text.push_str("    if x:\n        pass\n");
    text.push_str(&"    elif x:\n        pass\n".repeat(2_000));
    survives(&text);
}
