//! `dice get functions`.

use serde_json::{Value, json};

use crate::support::Dice;

#[test]
fn a_table_of_what_is_on_offer() {
    let Some(dice) = Dice::new() else { return };
    let mut command = dice.command(&["get", "functions"]);
    command.env("DICE_FUNCTIONS", "simulated");
    let listed = crate::support::Running::start(command).ended().expect(0);
    insta::assert_snapshot!(listed.stdout, @"
    NAME  EFFECT  ORIGIN     DOCUMENTATION
    blip  pure    simulated  Answers a question about the image. Returns answer, a string.
    glip  pure    simulated  Finds the locations of object_name in the image. Returns a list of bounding boxes.
    xvlm  pure    simulated  Verifies whether the object in the image has the property. Returns result, true or false.
    ");
}

/// DESIGN §5: the published object, whatever stands beside it.
#[test]
fn glip_is_as_it_was_published() {
    let Some(dice) = Dice::new() else { return };
    let shown = dice
        .run(&["get", "functions", "glip", "-o", "yaml"])
        .expect(0);
    let shown: Value = serde_yaml_ng::from_str(&shown.stdout).expect("YAML");
    assert_eq!(shown["apiVersion"], "hermod.nec-labs.com/v1");
    assert_eq!(shown["kind"], "Function");
    assert_eq!(shown["metadata"]["name"], "glip");
    assert_eq!(
        shown["status"]["documentation"],
        "Finds the locations of object_name in the image. Returns a list of bounding boxes."
    );
    let schema = |name: &str| -> Value {
        let text = shown["status"][name].as_str().expect("a text");
        serde_json::from_str(text).expect("JSON")
    };
    assert_eq!(
        schema("parametersSchema"),
        json!({
            "properties": {
                "image": {
                    "format": "binary", "python type": "PIL.Image.Image", "title": "Image",
                    "type": "string",
                },
                "object_name": {"title": "Object Name", "type": "string"},
            },
            "required": ["image", "object_name"],
            "title": "Parameters",
            "type": "object",
        })
    );
    let number = |title: &str| json!({"title": title, "type": "integer"});
    assert_eq!(
        schema("resultSchema"),
        json!({
            "$defs": {
                "BoundingBox": {
                    "properties": {
                        "x": number("X"), "y": number("Y"),
                        "width": number("Width"), "height": number("Height"),
                    },
                    "required": ["x", "y", "width", "height"],
                    "title": "BoundingBox",
                    "type": "object",
                },
            },
            "properties": {
                "result": {
                    "items": {"$ref": "#/$defs/BoundingBox"}, "title": "Result", "type": "array",
                },
            },
            "required": ["result"],
            "title": "Result",
            "type": "object",
        })
    );
}

#[test]
fn json_is_a_list_and_what_yaml_says() {
    let Some(dice) = Dice::new() else { return };
    let listed = dice
        .run(&["get", "functions", "-o", "json"])
        .expect(0)
        .json();
    assert_eq!(
        (&listed["apiVersion"], &listed["kind"]),
        (&json!("v1"), &json!("List"))
    );
    let items = listed["items"].as_array().expect("items");
    let counter = items
        .iter()
        .find(|item| item["metadata"]["name"] == "count_up")
        .expect("it is on offer");
    assert_eq!(counter["spec"]["effect"], "write");
    assert_eq!(counter["spec"]["state"], "counter");
    assert_eq!(counter["spec"]["origin"], "simulated");

    let yaml = dice
        .run(&["get", "functions", "-o", "yaml"])
        .expect(0)
        .stdout;
    let yaml: Value = serde_yaml_ng::from_str(&yaml).expect("YAML");
    assert_eq!(yaml, listed);
    // What is printed can be given back: a catalog file.
    let program = crate::support::case("cars_serial.py");
    dice.write("catalog.json", &listed.to_string());
    let program = program.to_str().expect("text");
    dice.run(&["parallelize", program, "--catalog", "catalog.json"])
        .expect(0);
}

#[test]
fn what_is_not_on_offer() {
    let Some(dice) = Dice::new() else { return };
    let check = |arguments: &[&str], problem: &str, hint: &str| {
        dice.run(arguments)
            .expect(2)
            .prints("")
            .says(problem)
            .says(hint);
    };
    check(
        &["get", "functions", "glipp"],
        "no function glipp",
        "did you mean glip?",
    );
    check(
        &["get", "functions", "zzzzzz"],
        "no function zzzzzz",
        "dice get functions",
    );
    check(
        &["get", "functions", "--functions", "nowhere"],
        "no functions called nowhere",
        "simulated, testing, vision, vision_cpu",
    );
    check(
        &["get", "functions", "--fleet", "nowhere"],
        "no fleet called nowhere",
        "local-cpu",
    );
    check(
        &["get", "functions", "--prices", "nowhere"],
        "no price book called nowhere",
        "--prices",
    );
    check(
        &["get", "functions", "--functions", "."],
        "no functions in",
        "--functions",
    );
}

#[test]
fn a_server_that_is_not_there() {
    let dice = Dice::bare();
    let check = |url: &str, problem: &str| {
        let mut command = dice.client(&["get", "functions", "--server", url]);
        command.env_remove("DICE_DATA");
        let ended = crate::support::Running::start(command).ended();
        ended.expect(2).says(problem).says("hint: ");
    };
    check("http://127.0.0.1:1", "no server at 127.0.0.1:1");
    check(
        "unix:///nowhere/dice.sock",
        "no server at /nowhere/dice.sock",
    );
    check("ftp://here", "not a server's address");
}

/// A function file with a mistake in it is named, and what Python says of it.
#[test]
fn a_function_file_that_cannot_be_described() {
    let Some(dice) = Dice::new() else { return };
    std::fs::create_dir(dice.path("own")).expect("made");
    dice.write(
        "own/broken.py",
        "import hermod\n\n@hermod.function()\ndef broken(text: str) -> str:\n    return text\n",
    );
    let ended = dice.run(&["get", "functions", "--functions", "own"]);
    let ended = ended.says("broken.py").says("effect");
    assert_ne!(ended.code, Some(0));
}
