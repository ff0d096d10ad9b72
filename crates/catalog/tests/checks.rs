//! Arguments and results against the schemas, and the messages when they do not fit.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use dice_catalog::Catalog;
use dice_model::{Digest, ImageHandle, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const PARAMETERS: &str = r##"{"type": "object",
  "$defs": {"Box": {"type": "object", "title": "Box", "properties": {"x": {"type": "number"}, "patch": {"type": "string", "format": "binary", "python type": "PIL.Image.Image"}}, "required": ["x"]}},
  "properties": {
    "image": {"type": "string", "format": "binary", "python type": "PIL.Image.Image"},
    "question": {"type": "string", "minLength": 1},
    "scale": {"type": "number", "default": 1},
    "mode": {"enum": ["fast", "good"], "default": "fast"},
    "boxes": {"type": "array", "items": {"$ref": "#/$defs/Box"}, "default": []},
    "limit": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": null},
    "data": {"type": "string", "format": "binary", "python type": "bytes"}},
  "required": ["image", "question"]}"##;
const RESULT: &str = r#"{"type": "object", "properties": {"result": {"type": "array", "items":
  {"type": "object", "title": "Found", "properties": {"score": {"type": "number"}, "patch": {"type": "string", "format": "binary"}}, "required": ["score"]}}}, "required": ["result"]}"#;

fn catalog() -> Catalog {
    let resource = json!({"apiVersion": "hermod.nec-labs.com/v1", "kind": "Function", "metadata": {"name": "blip"},
        "status": {"documentation": "Answers.", "parametersSchema": PARAMETERS, "resultSchema": RESULT}});
    Catalog::from_resources(&resource.to_string()).unwrap()
}

fn image() -> Value {
    Value::Image(ImageHandle {
        blob: Digest::of(b"png"),
        operations: Vec::new(),
        version: 1,
    })
}

/// `"IMAGE"` stands for an image, `"BYTES"` for bytes.
fn value(json: Json) -> Value {
    match serde_json::from_value(json).unwrap() {
        Value::List(items) => Value::List(items.into_iter().map(stand_in).collect()),
        other => stand_in(other),
    }
}

fn stand_in(value: Value) -> Value {
    match value {
        Value::Text(text) if text == "IMAGE" => image(),
        Value::Text(text) if text == "BYTES" => Value::Bytes(vec![1, 2]),
        Value::List(items) => Value::List(items.into_iter().map(stand_in).collect()),
        Value::Map(entries) => Value::map(
            entries
                .into_iter()
                .map(|(key, value)| (key, stand_in(value))),
        ),
        other => other,
    }
}

fn check(arguments: Json, expect: &str) {
    let catalog = catalog();
    let found = match catalog
        .get("blip")
        .unwrap()
        .check_arguments(value(arguments))
    {
        Ok(value) => value.canonical(),
        Err(error) => error.to_string(),
    };
    assert_eq!(
        found
            .replace(&image().canonical(), "IMAGE")
            .replace(&Value::Bytes(vec![1, 2]).canonical(), "BYTES"),
        expect
    );
}

#[test]
fn defaults_are_filled_and_numbers_are_floats() {
    check(
        json!({"image": "IMAGE", "question": "why?"}),
        r#"{"boxes":[],"image":IMAGE,"limit":null,"mode":"fast","question":"why?","scale":1.0}"#,
    );
    check(
        json!({"image": "IMAGE", "question": "why?", "scale": 2, "limit": 3, "data": "BYTES", "boxes": [{"x": 1, "patch": "IMAGE", "more": 1}]}),
        r#"{"boxes":[{"more":1,"patch":IMAGE,"x":1.0}],"data":BYTES,"image":IMAGE,"limit":3,"mode":"fast","question":"why?","scale":2.0}"#,
    );
}

#[test]
fn messages_name_function_and_field() {
    let with = |name: &str, argument: Json| {
        let mut all = json!({"image": "IMAGE", "question": "why?"});
        all[name] = argument;
        all
    };
    check(
        with("question", json!(3)),
        r#"blip: question: 3 is not of type "string""#,
    );
    check(
        with("mode", json!("slow")),
        r#"blip: mode: "slow" is not one of "fast" or "good""#,
    );
    check(
        with("limit", json!(0)),
        r#"blip: limit: 0 is not valid under any of the schemas listed in the 'anyOf' keyword"#,
    );
    check(
        with("boxes", json!([{"x": 1}, {"x": "1"}])),
        r#"blip: boxes[1].x: "1" is not of type "number""#,
    );
    check(
        with("boxes", json!([{}])),
        r#"blip: boxes[0]: "x" is a required property"#,
    );
    check(
        with("qestion", json!("?")),
        r#"blip: no parameter "qestion"; did you mean "question"?"#,
    );
    check(
        with("colour", json!("?")),
        r#"blip: no parameter "colour"; it takes image, question, scale, mode, boxes, limit, data"#,
    );
    check(json!({"image": "IMAGE"}), "blip: question: missing");
    check(json!([]), "blip: arguments are list, not an object");
}

#[test]
fn images_bytes_and_text_are_told_apart() {
    let of = |image: Json, question: Json| json!({"image": image, "question": question});
    check(
        of(json!("photo.png"), json!("?")),
        r#"blip: image: the text "photo.png" where image is needed"#,
    );
    check(
        of(json!([]), json!("?")),
        "blip: image: a list where image is needed",
    );
    check(
        of(json!({"x": 1}), json!("?")),
        "blip: image: object where image is needed",
    );
    check(
        of(json!("BYTES"), json!("?")),
        "blip: image: bytes where image is needed",
    );
    check(
        of(json!("IMAGE"), json!("IMAGE")),
        "blip: question: an image where text is needed",
    );
    check(
        json!({"image": "IMAGE", "question": "?", "boxes": [{"x": 1, "patch": "crop"}]}),
        r#"blip: boxes[0].patch: the text "crop" where image is needed"#,
    );
}

#[test]
fn long_values_are_cut_in_messages() {
    let catalog = catalog();
    let arguments = json!({"image": 1, "question": ["x".repeat(5000)]});
    let error = catalog
        .get("blip")
        .unwrap()
        .check_arguments(value(arguments))
        .unwrap_err();
    assert!(error.to_string().len() < 400, "{error}");
}

#[test]
fn results_are_checked_unwrapped() {
    let catalog = catalog();
    let check = |result: Json, expect: &str| {
        let found = match catalog.get("blip").unwrap().check_result(value(result)) {
            Ok(value) => value.canonical(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found.replace(&image().canonical(), "IMAGE"), expect);
    };
    check(
        json!([{"score": 1}, {"score": 0.5, "patch": "IMAGE"}]),
        r#"[{"score":1.0},{"patch":IMAGE,"score":0.5}]"#,
    );
    check(
        json!([{"score": "high"}]),
        r#"blip: result[0].score: "high" is not of type "number""#,
    );
    check(
        json!({"result": []}),
        r#"blip: result: {"result":[]} is not of type "array""#,
    );
    check(
        json!([{"score": 1, "patch": "text"}]),
        r#"blip: result[0].patch: the text "text" where image or bytes is needed"#,
    );
}

#[test]
fn one_argument_can_be_checked_alone() {
    let catalog = catalog();
    let blip = catalog.get("blip").unwrap();
    assert!(blip.check_argument("question", &"why?".into()).is_ok());
    assert!(
        blip.check_argument("boxes", &value(json!([{"x": 1}])))
            .is_ok()
    );
    let wrong = blip
        .check_argument("question", &Value::from(""))
        .unwrap_err();
    assert_eq!(
        wrong.to_string(),
        r#"question: "" is shorter than 1 character"#
    );
}

fn any_argument() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3i64..9).prop_map(Value::Int),
        (-3.0..9.0).prop_map(Value::Float),
        prop::sample::select(vec!["", "fast", "x"]).prop_map(Value::from),
        Just(Value::Bytes(vec![1, 2])),
        Just(image()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::vec((prop::sample::select(vec!["x", "patch"]), inner), 0..3)
                .prop_map(Value::map),
        ]
    })
}

proptest! {
    /// What was checked once needs no second check: digests are made of it (V1).
    #[test]
    fn checking_again_changes_nothing(
        name in prop::sample::select(vec!["question", "scale", "mode", "boxes", "limit", "data"]),
        argument in any_argument(),
    ) {
        let catalog = catalog();
        let blip = catalog.get("blip").unwrap();
        let arguments = Value::map([("image", image()), ("question", "why?".into()), (name, argument.clone())]);
        let alone = blip.check_argument(name, &argument).is_ok();
        match blip.check_arguments(arguments) {
            Ok(checked) => {
                prop_assert!(alone);
                prop_assert_eq!(blip.check_arguments(checked.clone()), Ok(checked));
            }
            Err(error) => {
                prop_assert!(!alone, "{}", error);
                let text = error.to_string();
                prop_assert!(text.starts_with(&format!("blip: {name}")), "{}", text);
            }
        }
    }
}
