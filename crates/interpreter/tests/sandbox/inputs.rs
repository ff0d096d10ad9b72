//! Inputs by name, and clear words about everything else (RUNTIME V4).

use dice_model::{InputKind, TaskEnd, Value};

use crate::harness::{Case, interpreter};

fn case(source: &str) -> Case {
    Case::new(source)
        .input("notes.txt", InputKind::Text, "grün\nblau\n".as_bytes())
        .input("cars.json", InputKind::Json, br#"{"cars": [1, 2.5]}"#)
        .input(
            "cars.csv",
            InputKind::Csv,
            b"id,price,plate\n1,2.5,007\n2,,B 1\n",
        )
        .input("blob", InputKind::Bytes, b"\0\x01")
        .input("black.png", InputKind::Image, include_bytes!("black.png"))
}

/// RUNTIME V4.
#[tokio::test]
async fn inputs_are_read_in_every_way() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    for (source, expect) in [
        ("open('notes.txt').read()", "'grün\\nblau\\n'"),
        (
            "[line for line in open('notes.txt')]",
            "['grün\\n', 'blau\\n']",
        ),
        ("open('notes.txt', 'rb').read(3)", "b'gr\\xc3'"),
        (
            "(open('blob', 'rb').read(), open('blob', 'rb').read())",
            "(b'\\x00\\x01', b'\\x00\\x01')",
        ),
        ("pathlib.Path('notes.txt').read_text()", "'grün\\nblau\\n'"),
        ("json.load(open('cars.json'))", "{'cars': [1, 2.5]}"),
        ("hermod.input('cars.json')", "{'cars': [1, 2.5]}"),
        ("hermod.input('notes.txt')", "'grün\\nblau\\n'"),
        ("hermod.input('blob')", "b'\\x00\\x01'"),
        (
            "hermod.input('cars.csv')",
            "[{'id': 1, 'price': 2.5, 'plate': '007'}, {'id': 2, 'price': None, 'plate': 'B 1'}]",
        ),
        ("hermod.input('black.png').size", "(8, 4)"),
        (
            "Image.open('black.png').crop((1, 1, 3, 3)).getpixel((0, 0))",
            "(0, 0, 0)",
        ),
        ("Image.open(pathlib.Path('black.png')).format", "'PNG'"),
        (
            "Image.open(io.BytesIO(open('black.png', 'rb').read())).size",
            "(8, 4)",
        ),
    ] {
        let source = format!(
            "import hermod, io, json, pathlib\nfrom PIL import Image\nprint(repr({source}))"
        );
        let ran = case(&source).run(&interpreter, |_, _| None).await;
        assert_eq!(ran.end, Some(TaskEnd::Normal), "{source}");
        assert_eq!(ran.stdout.trim_end(), expect, "{source}");
    }
}

#[tokio::test]
async fn everything_else_is_an_error_that_lists_the_inputs() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let names = "'notes.txt', 'cars.json', 'cars.csv', 'blob', 'black.png'";
    for (source, kind, message) in [
        (
            "Image.open('x.png')",
            "FileNotFoundError",
            "'x.png' is not an input of this task",
        ),
        (
            "hermod.input('x')",
            "FileNotFoundError",
            "'x' is not an input of this task",
        ),
        (
            "open('/etc/passwd')",
            "PermissionError",
            "a program can open its inputs only, not '/etc/passwd'",
        ),
        (
            "open('out.txt', 'w')",
            "PermissionError",
            "a program can open its inputs only, not 'out.txt'",
        ),
        (
            "open('nothing.txt')",
            "FileNotFoundError",
            "a program can open its inputs only, not 'nothing.txt'",
        ),
    ] {
        let source = format!("import hermod\nfrom PIL import Image\n{source}");
        let ran = case(&source).run(&interpreter, |_, _| None).await;
        assert_eq!(
            ran.exception(),
            (kind, &*format!("{message}; its inputs: {names}")),
            "{source}"
        );
    }
    let ran = case("open('notes.txt', 'a')")
        .run(&interpreter, |_, _| None)
        .await;
    let message = "the input 'notes.txt' can only be read";
    assert_eq!(ran.exception(), ("PermissionError", message));
}

#[tokio::test]
async fn an_answer_is_a_value() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let ran = case("import hermod\nhermod.answer({'cars': (1, 2)})")
        .run(&interpreter, |_, _| None)
        .await;
    let cars = Value::List(vec![Value::Int(1), Value::Int(2)]);
    assert_eq!(ran.answers, [Value::map([("cars", cars)])]);
    let ran = case("import hermod\nhermod.answer({1})")
        .run(&interpreter, |_, _| None)
        .await;
    assert_eq!(ran.exception().0, "hermod.values.NotAValueError");
}

#[tokio::test]
async fn more_inputs_than_a_message_carries_are_refused() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let mut case = Case::new("");
    for number in 0..251 {
        case = case.input(&format!("{number}"), InputKind::Text, b"");
    }
    let refused = interpreter.run(case.spec, case.files, case.limits).await;
    assert_eq!(
        refused.expect_err("too many").to_string(),
        "251 inputs; a program may have 250"
    );
}
