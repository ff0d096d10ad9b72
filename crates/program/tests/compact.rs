//! Compact programs and the serial programs that they stand for.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use dice_catalog::Catalog;
use dice_model::InputKind;
use dice_program::compact::{expand, parameter_names};
use dice_program::{CheckOptions, Input};

fn catalog() -> Catalog {
    Catalog::from_resources(include_str!("data/functions.yaml")).unwrap()
}

fn inputs(names: &[&str]) -> Vec<Input> {
    let kind = |name: &str| match name.rsplit_once('.').unwrap().1 {
        "txt" => InputKind::Text,
        "csv" => InputKind::Csv,
        "json" => InputKind::Json,
        _ => InputKind::Image,
    };
    names
        .iter()
        .map(|name| Input {
            name: (*name).to_owned(),
            kind: kind(name),
        })
        .collect()
}

fn compact(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!("def answer(image):\n{body}")
}

/// Expands, and what comes out has nothing that the check of serial programs finds wrong.
#[track_caller]
fn expanded(source: &str, names: &[&str]) -> String {
    let inputs = inputs(names);
    let program =
        expand(source, &catalog(), &inputs).unwrap_or_else(|found| panic!("{source}\n{found:#?}"));
    let options = CheckOptions {
        inputs: Some(inputs),
    };
    let found = dice_program::check(&program, &catalog(), &options);
    assert!(!dice_program::has_errors(&found), "{program}\n{found:#?}");
    program
}

/// The body of `main` after its input is opened.
#[track_caller]
fn check(body: &str, expect: &str) {
    let program = expanded(&compact(body), &["photo.jpg"]);
    let (_, main) = program.split_once("Image.open(\"photo.jpg\")\n").unwrap();
    let (main, _) = main.rsplit_once("\n\n\nasyncio.run").unwrap();
    let lines: Vec<_> = main
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    assert_eq!(lines.join("\n"), expect, "{body}");
}

#[track_caller]
fn refused(body: &str, code: &str) {
    let found = expand(&compact(body), &catalog(), &inputs(&["photo.jpg"])).unwrap_err();
    assert_eq!(
        found.iter().map(|one| one.code).collect::<Vec<_>>(),
        [code],
        "{body}\n{found:#?}"
    );
}

#[test]
fn a_whole_program() {
    let source = compact(
        "# Each car by itself.\n\
         for number, car in enumerate(glip(image=image, object_name=\"car\"), start=1):\n    \
         color = blip(image=car, question=\"What color is the car?\")\n    \
         if xvlm(image=car, object_name=\"car\", property=\"damaged\") == \"yes\":\n        \
         print(f\"Car {number} is {color} and damaged, {car.area} pixels\")",
    );
    let program = expanded(&source, &["photo.jpg"]);
    assert_eq!(
        program,
        r#"import asyncio

import hermod
from PIL import Image


def crop(image, box):
    return image.crop((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))


async def main():
    image = Image.open("photo.jpg")
    # Each car by itself.
    for number, car in enumerate(await hermod.call("glip", image=image, object_name="car"), start=1):
        color = (await hermod.call("blip", image=crop(image, car), question="What color is the car?"))["answer"]
        if (await hermod.call("xvlm", image=crop(image, car), object_name="car", property="damaged"))["result"] in (True, "yes"):
            print(f"Car {number} is {color} and damaged, {(car['width'] * car['height'])} pixels")


asyncio.run(main())
"#
    );
}

#[test]
fn calls_are_awaited_by_keyword_wherever_they_stand() {
    check(
        "x = weather(city=\"Rome\")",
        "x = await hermod.call(\"weather\", city=\"Rome\")",
    );
    check(
        "x = weather(\"Rome\", 2)",
        "x = await hermod.call(\"weather\", city=\"Rome\", days=2)",
    );
    check(
        "x = await weather(city=\"Rome\")",
        "x = await hermod.call(\"weather\", city=\"Rome\")",
    );
    check(
        "n = len(glip(image=image, object_name=\"car\")) + 1",
        "n = len(await hermod.call(\"glip\", image=image, object_name=\"car\")) + 1",
    );
    check(
        "car = glip(image=image, object_name=\"car\")[0]",
        "car = (await hermod.call(\"glip\", image=image, object_name=\"car\"))[0]",
    );
    check(
        "print(f\"{weather(city='Rome')} in Rome\")",
        "print(f\"{await hermod.call('weather', city='Rome')} in Rome\")",
    );
    check(
        "text = blip(image=image, question=\"What is it?\").lower()",
        "text = (await hermod.call(\"blip\", image=image, question=\"What is it?\"))[\"answer\"].lower()",
    );
}

#[test]
fn a_result_with_one_field_is_that_field_however_it_is_read() {
    let call = "(await hermod.call(\"blip\", image=image, question=\"Q\"))[\"answer\"]";
    check(
        "x = blip(image=image, question=\"Q\")",
        &format!("x = {call}"),
    );
    check(
        "x = blip(image=image, question=\"Q\").answer",
        &format!("x = {call}"),
    );
    check(
        "x = blip(image=image, question=\"Q\")[\"answer\"]",
        &format!("x = {call}"),
    );
    check(
        "x = blip(image=image, question=\"Q\")\nprint(x[\"answer\"], x.answer)",
        &format!("x = {call}\nprint(x, x)"),
    );
}

#[test]
fn objects_are_cropped_from_the_image_that_they_were_found_in() {
    check(
        "for car in glip(image=image, object_name=\"car\"):\n    \
         for wheel in glip(image=car, object_name=\"wheel\"):\n        \
         print(blip(image=wheel, question=\"Q\"), blip(image=car, question=\"Q\"))",
        "for car in await hermod.call(\"glip\", image=image, object_name=\"car\"):\n    \
         for wheel in await hermod.call(\"glip\", image=crop(image, car), object_name=\"wheel\"):\n        \
         print((await hermod.call(\"blip\", image=crop(crop(image, car), wheel), question=\"Q\"))[\"answer\"], \
         (await hermod.call(\"blip\", image=crop(image, car), question=\"Q\"))[\"answer\"])",
    );
    check(
        "cars = glip(image=image, object_name=\"car\")\n\
         if cars:\n    \
         car = max(cars, key=lambda c: c.width * c.height)\n    \
         print(blip(image=car, question=\"Q\"), blip(image=cars[0], question=\"Q\"))",
        "cars = await hermod.call(\"glip\", image=image, object_name=\"car\")\n\
         if cars:\n    \
         car = max(cars, key=lambda c: c[\"width\"] * c[\"height\"])\n    \
         print((await hermod.call(\"blip\", image=crop(image, car), question=\"Q\"))[\"answer\"], \
         (await hermod.call(\"blip\", image=crop(image, cars[0]), question=\"Q\"))[\"answer\"])",
    );
    check(
        "red = [c for c in glip(image=image, object_name=\"car\") if blip(image=c, question=\"Q\") == \"red\"]\n\
         for car in sorted(red, key=lambda c: c.x):\n    print(blip(image=car, question=\"R\"))",
        "red = [c for c in await hermod.call(\"glip\", image=image, object_name=\"car\") \
         if (await hermod.call(\"blip\", image=crop(image, c), question=\"Q\"))[\"answer\"] == \"red\"]\n\
         for car in sorted(red, key=lambda c: c[\"x\"]):\n    \
         print((await hermod.call(\"blip\", image=crop(image, car), question=\"R\"))[\"answer\"])",
    );
}

#[test]
fn objects_of_several_images_hold_their_part() {
    check(
        "wheels = []\n\
         for car in glip(image=image, object_name=\"car\"):\n    \
         for wheel in glip(image=car, object_name=\"wheel\"):\n        \
         wheels.append(wheel)\n\
         for wheel in wheels:\n    print(blip(image=wheel, question=\"Q\"), wheel.x)",
        "wheels = []\n\
         for car in with_images(image, await hermod.call(\"glip\", image=image, object_name=\"car\")):\n    \
         for wheel in with_images(car[\"image\"], await hermod.call(\"glip\", image=car[\"image\"], object_name=\"wheel\")):\n        \
         wheels.append(wheel)\n\
         for wheel in wheels:\n    \
         print((await hermod.call(\"blip\", image=wheel[\"image\"], question=\"Q\"))[\"answer\"], wheel[\"x\"])",
    );
    check(
        "thing = image\n\
         for car in glip(image=image, object_name=\"car\"):\n    thing = car\n\
         print(blip(image=thing, question=\"Q\"))",
        "thing = image\n\
         for car in with_images(image, await hermod.call(\"glip\", image=image, object_name=\"car\")):\n    thing = car\n\
         print((await hermod.call(\"blip\", image=as_image(thing), question=\"Q\"))[\"answer\"])",
    );
}

#[test]
fn the_best_so_far_may_be_none() {
    check(
        "best = None\n\
         for car in glip(image=image, object_name=\"car\"):\n    \
         if best is None or car.x > best.x:\n        best = car\n\
         if best is not None:\n    print(blip(image=best, question=\"Q\"))",
        "best = None\n\
         for car in await hermod.call(\"glip\", image=image, object_name=\"car\"):\n    \
         if best is None or car[\"x\"] > best[\"x\"]:\n        best = car\n\
         if best is not None:\n    \
         print((await hermod.call(\"blip\", image=crop(image, best), question=\"Q\"))[\"answer\"])",
    );
}

#[test]
fn what_walks_a_generator_walks_a_list_of_calls() {
    check(
        "n = sum(1 for c in glip(image=image, object_name=\"car\") if blip(image=c, question=\"Q\") != \"\")",
        "n = sum([1 for c in await hermod.call(\"glip\", image=image, object_name=\"car\") \
         if (await hermod.call(\"blip\", image=crop(image, c), question=\"Q\"))[\"answer\"] != \"\"])",
    );
    check(
        "n = sum(x for x in [1, 2])\nprint(weather(city=\"Rome\"))",
        "n = sum(x for x in [1, 2])\nprint(await hermod.call(\"weather\", city=\"Rome\"))",
    );
}

#[test]
fn images_that_functions_give_are_images() {
    check(
        "face = portrait(name=\"Ada\")\nprint(blip(image=face, question=\"Q\"), face.width)",
        "face = await hermod.call(\"portrait\", name=\"Ada\")\n\
         print((await hermod.call(\"blip\", image=face, question=\"Q\"))[\"answer\"], face.width)",
    );
}

#[test]
fn what_cannot_be_expanded_is_said() {
    refused(
        "print(sorted([image], key=lambda one: blip(image=one, question=\"Q\")))",
        "call-in-lambda",
    );
    refused(
        "cars = glip(image=image, object_name=\"car\")\nprint(blip(image=cars, question=\"Q\"))",
        "list-not-item",
    );
    refused("return weather(city=\"Rome\")", "return-value");
    refused("x = (", "syntax");
    let loops: String = (0..40)
        .map(|depth| format!("{}for x in y:\n", " ".repeat(depth)))
        .collect();
    refused(
        &format!("{loops}{}print(x)", " ".repeat(40)),
        "not-expanded",
    );
    let found = expand("print(1)\n", &catalog(), &[]).unwrap_err();
    assert_eq!(found[0].code, "no-answer");
    let found = expand(
        "def answer(a, b):\n    pass\n",
        &catalog(),
        &inputs(&["p.jpg"]),
    )
    .unwrap_err();
    assert_eq!(found[0].hint.as_deref(), Some("write `def answer(image):`"));
}

#[test]
fn inputs_have_names_of_their_own() {
    let check =
        |names: &[&str], expect: &[&str]| assert_eq!(parameter_names(&inputs(names)), expect);
    check(&["street.jpg"], &["image"]);
    check(
        &["before.jpg", "after.jpg", "notes.txt"],
        &["before", "after", "text"],
    );
    check(
        &["a b.jpg", "a-b.jpg", "1.jpg"],
        &["a_b", "a_b_2", "input_1"],
    );
    let source = "def answer(after, before, text):\n    print(after.width, before.width, text)\n";
    let program = expanded(source, &["before.jpg", "after.jpg", "notes.txt"]);
    for line in [
        "after = Image.open(\"after.jpg\")",
        "before = Image.open(\"before.jpg\")",
        "text = open(\"notes.txt\").read()",
    ] {
        assert!(program.contains(line), "{program}");
    }
}

#[test]
fn what_stands_around_the_answer_stays() {
    let source = "import re\n\nLIMIT = 3\n\ndef answer(image): print(LIMIT); print(ocr(image=image))\n\nanswer(None)\n";
    let program = expanded(source, &["photo.jpg"]);
    assert_eq!(
        program,
        r#"import asyncio

import hermod
from PIL import Image

import re

LIMIT = 3


async def main():
    image = Image.open("photo.jpg")
    print(LIMIT); print(await hermod.call("ocr", image=image))


asyncio.run(main())
"#
    );
}
