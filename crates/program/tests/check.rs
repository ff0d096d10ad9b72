//! Tiny programs and what the check finds in them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use dice_catalog::Catalog;
use dice_model::InputKind;
use dice_program::{CheckOptions, Diagnostic, Input};

fn catalog() -> Catalog {
    Catalog::from_resources(include_str!("data/functions.yaml")).unwrap()
}

fn options() -> CheckOptions {
    let input = |name: &str, kind| Input {
        name: name.to_owned(),
        kind,
    };
    CheckOptions {
        inputs: Some(vec![
            input("photo.jpg", InputKind::Image),
            input("notes.txt", InputKind::Text),
        ]),
    }
}

fn find(source: &str) -> Vec<Diagnostic> {
    dice_program::check(source, &catalog(), &options())
}

/// `error unknown-function "gilp"`: severity, code, and the text that it is about.
#[track_caller]
fn check_whole(source: &str, expect: &[&str]) {
    let found: Vec<_> = find(source)
        .iter()
        .map(|found| {
            format!(
                "{} {} {}",
                found.severity.word(),
                found.code,
                &source[found.start..found.end]
            )
        })
        .collect();
    assert_eq!(found, expect, "\n{source}\n{:#?}", find(source));
}

/// The statements of a program's `main`, where an image and the cars in it are at hand.
fn within_main(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "import asyncio\nimport hermod\nfrom PIL import Image\n\nasync def main():\n    image = Image.open('photo.jpg')\n    \
         cars = await hermod.call('glip', image=image, object_name='car')\n{body}\nasyncio.run(main())\n"
    )
}

#[track_caller]
fn check(body: &str, expect: &[&str]) {
    check_whole(&within_main(body), expect);
}

#[test]
fn unknown_functions() {
    check(
        "await hermod.call('gilp', image=image)",
        &["error unknown-function 'gilp'"],
    );
    check(
        "name = 'teleport'\nawait hermod.call(name)",
        &[
            "error unknown-function name",
            "warning dynamic-function name",
        ],
    );
    check(
        "for name in cars:\n  await hermod.call(name, x=1)",
        &["warning dynamic-function name"],
    );
    check("await hermod.call()", &["error no-function hermod.call()"]);
    check("await hermod.call(*cars)", &[]);
}

#[test]
fn names_of_arguments() {
    check(
        "await hermod.call('blip', image=image, qestion='?')",
        &[
            "error missing-argument hermod.call('blip', image=image, qestion='?')",
            "error unknown-argument qestion",
        ],
    );
    check(
        "await hermod.call('ocr')",
        &["error missing-argument hermod.call('ocr')"],
    );
    check(
        "await hermod.call('ocr', image)",
        &["error positional-argument image"],
    );
    check("await hermod.call('ocr', **cars[0])", &[]);
    check("await hermod.call('weather', city='Bonn')", &[]);
    check(
        "await hermod.call('ocr', image=image, image=image)",
        &["error syntax image=image"],
    );
}

#[test]
fn literal_arguments() {
    check(
        "await hermod.call('weather', city=3)",
        &["error bad-argument 3"],
    );
    check(
        "await hermod.call('weather', city='Bonn', days=0)",
        &["error bad-argument 0"],
    );
    check(
        "await hermod.call('weather', city='Bonn', days=-1)",
        &["error bad-argument -1"],
    );
    check(
        "await hermod.call('weather', city='Bonn', unit='kelvin')",
        &["error bad-argument 'kelvin'"],
    );
    check(
        "unit = 'kelvin'\nawait hermod.call('weather', city='Bonn', unit=unit)",
        &["error bad-argument unit"],
    );
    check(
        "await hermod.call('file_ticket', text='x', tags=['a', 2])",
        &["error bad-argument ['a', 2]"],
    );
    check(
        "await hermod.call('file_ticket', text='x', tags=['a', 'b'])",
        &[],
    );
    check(
        "await hermod.call('ocr', image='photo.jpg')",
        &["error bad-argument 'photo.jpg'"],
    );
    check(
        "await hermod.call('ocr', image=None)",
        &["error bad-argument None"],
    );
}

#[test]
fn kinds_of_arguments() {
    let ocr = |argument: &str| format!("await hermod.call('ocr', image={argument})");
    check(&ocr("cars[0]"), &["error wrong-argument-type cars[0]"]);
    check(&ocr("cars"), &["error wrong-argument-type cars"]);
    check(
        &ocr("f'{image}'"),
        &["error wrong-argument-type f'{image}'"],
    );
    check(
        &ocr("image.size"),
        &["error wrong-argument-type image.size"],
    );
    check(&ocr("image.crop((1, 2, 3, 4)).resize((2, 2))"), &[]);
    check(&ocr("await hermod.call('portrait', name='A')"), &[]);
    check(
        &ocr("await hermod.call('blip', image=image, question='?')"),
        &["error wrong-argument-type await hermod.call('blip', image=image, question='?')"],
    );
    check(
        "for car in cars:\n  await hermod.call('ocr', image=car)",
        &["error wrong-argument-type car"],
    );
    check(
        "for i, car in enumerate(cars):\n  await hermod.call('ocr', image=car)",
        &["error wrong-argument-type car"],
    );
    check(
        "best = max(cars, key=lambda c: c['width'])\nawait hermod.call('ocr', image=best)",
        &["error wrong-argument-type best"],
    );
    check(
        "x = await hermod.call('blip', image=image, question='?')\nawait hermod.call('file_ticket', text=x)",
        &["error wrong-argument-type x"],
    );
    check(
        "x = await hermod.call('blip', image=image, question='?')\nawait hermod.call('file_ticket', text=x['answer'])",
        &[],
    );
    check(
        "x = await hermod.call('blip', image=image, question='?')\nawait hermod.call('file_ticket', text=x.get('note', '-'))",
        &[],
    );
    check(
        "await hermod.call('file_ticket', text=len(cars))",
        &["error wrong-argument-type len(cars)"],
    );
    check("await hermod.call('file_ticket', text=str(len(cars)))", &[]);
    check(
        "patches = [image.crop((c['x'], 0, 1, 1)) for c in cars]\nfor p in patches:\n  await hermod.call('ocr', image=p)\nawait hermod.call('ocr', image=patches)",
        &["error wrong-argument-type patches"],
    );
}

#[test]
fn unknown_kinds_are_silent() {
    check(
        "seen = set()\nseen.add(cars[0]['x'])\nprint(len({1, 2}.union(seen)), range(3).start)",
        &[],
    );
    check("y = None\nprint([y := c for c in cars], y['x'])", &[]);
    check(
        "pending = hermod.call('ocr', image=image)\nif pending is not None:\n  print((await pending)['text'])",
        &[],
    );
    check(
        "patches = []\nfor c in cars:\n  patches.append(c)\nfor p in patches:\n  await hermod.call('ocr', image=p)",
        &[],
    );
    check(
        "best = None\nfor c in cars:\n  best = image\nawait hermod.call('ocr', image=best)",
        &[],
    );
    check(
        "x = cars[0] if len(cars) > 3 else image\nawait hermod.call('ocr', image=x)",
        &[],
    );
    check(
        "x = cars[0]\nif isinstance(x, dict):\n  x = image\nawait hermod.call('ocr', image=x)",
        &[],
    );
    check(
        "x = cars[0]\nfor i in range(3):\n  if i:\n    await hermod.call('ocr', image=x)\n  x = image",
        &[],
    );
    check(
        "x = cars[0]\ntry:\n  x = image\n  y = 1 / 0\nexcept ZeroDivisionError:\n  await hermod.call('ocr', image=x)",
        &[],
    );
    check(
        "d = {'a': cars[0]}\nd['a'] = image\nawait hermod.call('ocr', image=d['a'])",
        &[],
    );
    check(
        "for car in cars:\n  car['patch'] = image\nfor car in cars:\n  await hermod.call('ocr', image=car['patch'])",
        &[],
    );
    check(
        "if not cars:\n  x = cars\n  return\nelse:\n  x = image\nawait hermod.call('ocr', image=x)",
        &[],
    );
    check(
        "x, *rest = cars\nawait hermod.call('ocr', image=rest)",
        &["error wrong-argument-type rest"],
    );
    check(
        "match cars[0]:\n  case {'x': x}:\n    print(x)\n  case other:\n    await hermod.call('ocr', image=other)",
        &[],
    );
    check(
        "with image.crop((1, 1, 2, 2)) as x:\n  await hermod.call('ocr', image=x)",
        &[],
    );
    check(
        "names = ['a', 'b']\nnames += [image]\nawait hermod.call('ocr', image=names[2])",
        &[],
    );
}

#[test]
fn helpers_are_followed() {
    let program = |helper: &str, body: &str| {
        within_main(body).replace("async def main", &format!("{helper}\n\nasync def main"))
    };
    let read = "async def read(patch):\n    return await hermod.call('ocr', image=patch)\n";
    check_whole(
        &program(read, "x = await read(image)\nprint(x['txt'])"),
        &["error unknown-field 'txt'"],
    );
    check_whole(
        &program(read, "for car in cars:\n  await read(car)"),
        &["error wrong-argument-type patch"],
    );
    check_whole(
        &program(
            read,
            "await read(image)\nfor car in cars:\n  await read(car)",
        ),
        &[],
    );
    check_whole(
        &program(read, "x = read(image)\nprint(x['text'])"),
        &["error missing-await x"],
    );
    check_whole(
        &program(read, "read(image)"),
        &["warning never-awaited read(image)"],
    );
    check_whole(
        &program(
            read,
            "x = [read(c) for c in cars]\nawait asyncio.gather(*x)",
        ),
        &["error wrong-argument-type patch"],
    );
    check_whole(
        &program(read, "f = read\nfor car in cars:\n  await f(car)"),
        &[],
    );
    let crop = "def crop(image, car):\n    return image.crop((car['x'], car['y'], car['x'] + car['w'], car['y'] + car['height']))\n";
    check_whole(
        &program(
            crop,
            "x = crop(image, cars[0])\nawait hermod.call('ocr', image=x)",
        ),
        &["error unknown-field 'w'"],
    );
    let maybe = "async def first(items):\n    if items:\n        return items[0]\n";
    check_whole(
        &program(maybe, "await hermod.call('ocr', image=await first(cars))"),
        &["error wrong-argument-type await first(cars)"],
    );
}

#[test]
fn awaits() {
    check(
        "x = hermod.call('ocr', image=image)\nprint(x['text'])",
        &["error missing-await x"],
    );
    check(
        "x = hermod.call('ocr', image=image)\nprint(x.get('text'))",
        &["error missing-await x"],
    );
    check(
        "x = hermod.call('ocr', image=image)\nprint(f'{x}')",
        &["error missing-await x"],
    );
    check(
        "x = hermod.call('ocr', image=image)\nprint(x)",
        &["error missing-await x"],
    );
    check(
        "for c in hermod.call('glip', image=image, object_name='a'):\n  pass",
        &["error missing-await hermod.call('glip', image=image, object_name='a')"],
    );
    check(
        "x = hermod.call('portrait', name='a')\nawait hermod.call('ocr', image=x)",
        &["error missing-await x"],
    );
    check(
        "if hermod.call('weather', city='a'):\n  pass",
        &["error missing-await hermod.call('weather', city='a')"],
    );
    check(
        "if hermod.call('weather', city='a') == 'sun':\n  pass",
        &["error missing-await hermod.call('weather', city='a')"],
    );
    check(
        "x = await hermod.call('ocr', image=image)\nprint(await x)",
        &["error await-of-value x"],
    );
    check(
        "await image.crop((1, 2, 3, 4))",
        &["error await-of-value image.crop((1, 2, 3, 4))"],
    );
    check("await asyncio.sleep(1)", &[]);
    check(
        "hermod.call('ocr', image=image)",
        &["warning never-awaited hermod.call('ocr', image=image)"],
    );
    check(
        "x = hermod.call('ocr', image=image)",
        &["warning never-awaited hermod.call('ocr', image=image)"],
    );
    check(
        "x = hermod.call('ocr', image=image)\ny = await x\nprint(y['text'])\nx.cancel()",
        &[],
    );
    check(
        "calls = [hermod.call('ocr', image=image) for c in cars]\nfor c in calls:\n  print((await c)['text'])",
        &[],
    );
    check(
        "a, b = await asyncio.gather(hermod.call('ocr', image=image), hermod.call('ocr', image=image))\nprint(a['text'], b)",
        &[],
    );
    check_whole(
        "import hermod\nx = await hermod.call('weather', city='a')\n",
        &["error await-outside-async await hermod.call('weather', city='a')"],
    );
    check_whole(
        "import hermod\ndef f():\n  return await hermod.call('weather', city='a')\n",
        &["error await-outside-async await hermod.call('weather', city='a')"],
    );
    check_whole(
        "import hermod\nasync def main():\n  await hermod.call('weather', city='a')\nmain()\n",
        &["error never-awaited main()"],
    );
}

#[test]
fn fields_of_results() {
    check("print(cars[0]['wdith'])", &["error unknown-field 'wdith'"]);
    check(
        "print(cars[0]['width'], cars[-1]['x'], cars[0].get('y'))",
        &[],
    );
    check(
        "for car in cars:\n  print(car.get('wdith', 0))",
        &["warning unknown-field 'wdith'"],
    );
    check(
        "for car in cars:\n  print(car.width)",
        &["error no-attribute car.width"],
    );
    check("print(cars['x'])", &["error list-not-item cars['x']"]);
    check("print(cars.get('x'))", &["error list-not-item cars.get"]);
    check("print(cars[0][0])", &["error unknown-field 0"]);
    check(
        "x = await hermod.call('ocr', image=image)\nprint(x['lines'][0]['text'], x['lines'][0]['txt'])",
        &["error unknown-field 'txt'"],
    );
    check(
        "x = await hermod.call('ocr', image=image)\nprint(x.upper())",
        &["error no-attribute x.upper"],
    );
    check(
        "x = await hermod.call('ocr', image=image)\nprint(x['text'].upper().foo)",
        &["error no-attribute x['text'].upper().foo"],
    );
    check(
        "x = (await hermod.call('ocr', image=image))['text']\nprint(x['a'])",
        &["error not-indexable x['a']"],
    );
    check(
        "try:\n  print(cars[0]['wdith'])\nexcept KeyError:\n  pass",
        &["warning unknown-field 'wdith'"],
    );
    check("cars[0]['w'] = 3\nprint(cars[0]['w'])", &[]);
    check("cars[0].update(w=3)\nprint(cars[0]['w'])", &[]);
    check("key = 'x'\nprint(cars[0][key])", &[]);
    check("print(image[0])", &["error not-indexable image[0]"]);
    check(
        "print([c['width'] * c['height'] for c in sorted(cars, key=lambda c: c['w'])])",
        &["error unknown-field 'w'"],
    );
    check("cars.sort(key=lambda c: c['x'])\nprint(cars[0]['x'])", &[]);
}

#[test]
fn iteration_comparison_and_truth() {
    check(
        "x = await hermod.call('file_ticket', text='x')\nfor y in x:\n  pass",
        &["error not-iterable x"],
    );
    check("print([y for y in image])", &["error not-iterable image"]);
    check(
        "x = await hermod.call('ocr', image=image)\nfor key in x:\n  print(key, x[key])",
        &[],
    );
    check(
        "x = await hermod.call('weather', city='a')\nif x == 'rainy':\n  pass",
        &["warning never-equal 'rainy'"],
    );
    check(
        "x = await hermod.call('weather', city='a')\nif x == 'rain' or 'snow' == x:\n  pass",
        &[],
    );
    check(
        "x = await hermod.call('xvlm', image=image, object_name='a', property='red')\nif x == 'yes':\n  pass",
        &["error never-equal 'yes'"],
    );
    check(
        "x = await hermod.call('xvlm', image=image, object_name='a', property='red')\nif x:\n  pass",
        &["warning always-true x"],
    );
    check(
        "x = await hermod.call('xvlm', image=image, object_name='a', property='red')\nif x['result'] == 'unknown' or not x['result']:\n  pass",
        &[],
    );
    check("mode = 'a'\nif mode == 'b':\n  pass", &[]);
    check(
        "if not cars:\n  return\nif len(cars) == 1 and cars[0]['x'] > 3:\n  pass",
        &[],
    );
}

#[test]
fn text_is_not_added_to_other_things() {
    check(
        "x = await hermod.call('blip', image=image, question='?')\nprint('It is ' + x)",
        &["error added-to-text 'It is ' + x"],
    );
    check(
        "x = await hermod.call('blip', image=image, question='?')\nprint('It is ' + x['answer'])",
        &[],
    );
    check(
        "print('Cars: ' + len(cars))",
        &["error added-to-text 'Cars: ' + len(cars)"],
    );
    check(
        "s = ''\nfor c in cars:\n  s += str(c['x'])\nprint(s + '!')",
        &[],
    );
}

#[test]
fn inputs() {
    check(
        "Image.open('foto.jpg')",
        &["error unknown-input 'foto.jpg'"],
    );
    check(
        "Image.open('notes.txt')",
        &["error wrong-input 'notes.txt'"],
    );
    check(
        "name = 'other.png'\nImage.open(name)",
        &["error unknown-input name"],
    );
    check(
        "print(open('notes.txt').read(), hermod.input('notes.txt'))",
        &[],
    );
    check(
        "open('/etc/passwd')",
        &["error unknown-input '/etc/passwd'"],
    );
    check(
        "open('notes.txt', 'w')",
        &["error forbidden open('notes.txt', 'w')"],
    );
    check(
        "hermod.input('table.csv')",
        &["error unknown-input 'table.csv'"],
    );
    check(
        "try:\n  Image.open('b.jpg')\nexcept FileNotFoundError:\n  pass",
        &["warning unknown-input 'b.jpg'"],
    );
}

#[test]
fn without_inputs_only_paths_are_wrong() {
    let check = |source: &str, expect: usize| {
        let found = dice_program::check(source, &catalog(), &CheckOptions::default());
        assert_eq!(found.len(), expect, "{source} {found:?}");
    };
    check("from PIL import Image\nImage.open('any.jpg')", 0);
    check("from PIL import Image\nImage.open('../any.jpg')", 1);
    check("open('/etc/passwd')", 1);
}

#[test]
fn crops() {
    check("image.crop(cars[0])", &["error bad-crop (cars[0])"]);
    check("image.crop(1, 2, 3, 4)", &["error bad-crop (1, 2, 3, 4)"]);
    check(
        "c = cars[0]\nimage.crop((c['x'], c['y'], c['width'], c['height']))",
        &["warning bad-crop (c['x'], c['y'], c['width'], c['height'])"],
    );
    check(
        "c = cars[0]\nimage.crop((c['x'], c['y'], c['x'] + c['width'], c['y'] + c['height']))",
        &[],
    );
}

#[test]
fn what_the_sandbox_refuses() {
    check_whole("import subprocess\n", &["error forbidden subprocess"]);
    check_whole(
        "from urllib import request, parse\n",
        &["error forbidden request"],
    );
    check_whole(
        "import urllib.request as u\n",
        &["error forbidden urllib.request as u"],
    );
    check_whole(
        "import os\nos.system('ls')\nprint(os.path.join('a', 'b'))\n",
        &["error forbidden os.system"],
    );
    check_whole(
        "from os import environ, sep\n",
        &["error forbidden environ"],
    );
    check_whole(
        "import numpy as np\n",
        &["error unknown-module numpy as np"],
    );
    check_whole(
        "from . import beside\n",
        &["error unknown-module from . import beside"],
    );
    check_whole(
        "try:\n  import numpy\nexcept ImportError:\n  numpy = None\n",
        &["warning unknown-module numpy"],
    );
    check_whole(
        "import json, re, math, collections.abc\nfrom datetime import date\nimport PIL.ImageDraw\n",
        &[],
    );
}

#[test]
fn names_are_defined() {
    check("print(croped)", &["error undefined-name croped"]);
    check_whole(
        "import hermod\nasync def main():\n  Image.open('photo.jpg')\n",
        &["error undefined-name Image"],
    );
    check_whole("asyncio.run(print())\n", &["error undefined-name asyncio"]);
    check_whole("from math import *\nprint(pi)\n", &[]);
    check_whole(
        "class A:\n  x = 1\n  def f(self, y, *z, k=2, **w):\n    return self.x + y + len(z) + k + len(w)\nprint(A, __name__, [q for q in range(3)], (n := 1), n)\ntry:\n  pass\nexcept ValueError as e:\n  print(e)\nlambda t: t\nglobal_name = 1\ndel global_name\n",
        &[],
    );
}

#[test]
fn syntax_errors_stand_alone() {
    check_whole("import subprocess\nx = (1\n", &["error syntax "]);
}

#[test]
fn calls_are_checked_under_every_name() {
    check(
        "await hermod.cal('ocr', image=image)",
        &["error no-attribute hermod.cal"],
    );
    check(
        "await hermod.gather()\nasync with hermod.ahead() as early:\n  early.start(None)",
        &[],
    );
    check_whole(
        "import hermod as h\nasync def f():\n  await h.call('gilp')\n",
        &["error unknown-function 'gilp'"],
    );
    check_whole(
        "from hermod import call\nasync def f():\n  await call('gilp')\n",
        &["error unknown-function 'gilp'"],
    );
    check_whole(
        "import hermod\nask = hermod.call\nasync def f():\n  await ask('gilp')\n",
        &["error unknown-function 'gilp'"],
    );
    check_whole("def call(name):\n  return name\ncall('gilp')\n", &[]);
}

/// What people (and models) read: messages and hints.
#[test]
fn messages() {
    let source = within_main(include_str!("data/wrong.py"));
    let lines = dice_program::Lines::new(&source);
    let found: Vec<_> = find(&source)
        .iter()
        .map(|found| found.to_line("wrong.py", &lines))
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}
