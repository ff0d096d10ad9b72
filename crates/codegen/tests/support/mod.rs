//! A catalog and queries shared by the tests.
#![allow(dead_code, reason = "each test uses a part")]

use dice_catalog::Catalog;
use dice_codegen::Query;
use dice_model::InputKind;
use dice_program::Input;

pub(crate) fn catalog() -> Catalog {
    Catalog::from_resources(include_str!("../../../../tests/cases/functions.yaml")).unwrap()
}

pub(crate) fn query(text: &str, inputs: &[&str]) -> Query {
    let inputs = inputs.iter().map(|name| Input {
        name: (*name).to_owned(),
        kind: InputKind::Image,
    });
    Query {
        text: text.to_owned(),
        inputs: inputs.collect(),
    }
}

pub(crate) fn cars() -> Query {
    query("What color are the cars?", &["street.jpg"])
}

/// A program whose `main` has this body.
pub(crate) fn program(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "import asyncio\nimport hermod\nfrom PIL import Image\n\n\nasync def main():\n{body}\n\nasyncio.run(main())\n"
    )
}

pub(crate) fn fenced(program: &str) -> String {
    format!("```python\n{program}```\n")
}

pub(crate) const GOOD: &str = r#"image = Image.open("street.jpg")
for car in await hermod.call("glip", image=image, object_name="car"):
    patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
    color = await hermod.call("blip", image=patch, question="What color is the car?")
    print(color["answer"])"#;
