//! Each way in which a program ends by itself (SEMANTICS O1).

use dice_model::TaskEnd;

use crate::harness::{interpreter, run, try_run};

#[tokio::test]
async fn hello_world() {
    let Some(ran) = try_run("print('hello, world')").await else {
        return;
    };
    assert_eq!(ran.stdout, "hello, world\n", "{}", ran.stderr);
    assert_eq!(ran.end, Some(TaskEnd::Normal));
    assert!(ran.said_bye);
}

#[tokio::test]
async fn exits() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    for (source, code, stderr) in [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('no cars')", 1, "no cars\n"),
        ("raise SystemExit(True)", 1, ""),
        ("import os; os._exit(4)", 4, ""),
        (
            "import asyncio, sys\nasync def main(): sys.exit(5)\nasyncio.run(main())",
            5,
            "",
        ),
    ] {
        let ran = run(&interpreter, source).await;
        assert_eq!(
            ran.end,
            Some(TaskEnd::Exit { code }),
            "{source}: {}",
            ran.stderr
        );
        assert_eq!(ran.stderr, stderr, "{source}");
    }
}

#[tokio::test]
async fn an_exception_comes_with_the_programs_own_frames_only() {
    let source =
        "import json\ndef load(text):\n    return json.loads(text)\nprint('before')\nload('{')\n";
    let Some(ran) = try_run(source).await else {
        return;
    };
    let Some(TaskEnd::Exception {
        kind,
        traceback,
        call_failed,
        ..
    }) = &ran.end
    else {
        panic!("{:?}", ran.end)
    };
    assert_eq!(ran.stdout, "before\n");
    assert_eq!(
        ran.stderr, "",
        "a traceback is no output of the program (O1)"
    );
    assert_eq!(kind, "json.decoder.JSONDecodeError");
    assert_eq!(*call_failed, None);
    // Which part of a line failed is marked differently by each version of Python.
    let lines: Vec<&str> = traceback
        .lines()
        .filter(|line| !line.trim().trim_matches(['^', '~']).is_empty())
        .collect();
    assert_eq!(
        lines.join("\n"),
        "Traceback (most recent call last):\n  \
         File \"program.py\", line 5, in <module>\n    load('{')\n  \
         File \"program.py\", line 3, in load\n    return json.loads(text)\n\
         json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: \
         line 1 column 2 (char 1)"
    );
}

#[tokio::test]
async fn what_cannot_be_compiled_ends_as_python_says_it() {
    let Some(ran) = try_run("print('never')\nif\n").await else {
        return;
    };
    assert_eq!(
        ran.exception(),
        ("SyntaxError", "invalid syntax (program.py, line 2)")
    );
    assert_eq!(ran.stdout, "");
}

#[tokio::test]
async fn it_is_a_main_program() {
    let source = "import sys, os\nif __name__ == '__main__':\n    \
                  print(sys.argv, __file__, dict(os.environ), len(sys.stdin.read()))";
    let Some(ran) = try_run(source).await else {
        return;
    };
    assert_eq!(
        ran.stdout, "['program.py'] program.py {} 0\n",
        "{:?}",
        ran.end
    );
}

#[tokio::test]
async fn threads_and_exit_handlers_end_before_the_program_does() {
    let source = "import atexit, threading, time\natexit.register(print, 'third')\n\
                  def late():\n    time.sleep(0.05)\n    print('second')\n\
                  threading.Thread(target=late).start()\nprint('first')";
    let Some(ran) = try_run(source).await else {
        return;
    };
    assert_eq!(ran.stdout, "first\nsecond\nthird\n");
    assert_eq!(ran.end, Some(TaskEnd::Normal));
}

#[tokio::test]
async fn chance_is_the_same_in_every_run() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import random, uuid\n\
                  print(random.random(), uuid.uuid4(), uuid.uuid4(), {'a', 'b', 'c', 'd'}, hash('x'))";
    let (first, second) = (
        run(&interpreter, source).await,
        run(&interpreter, source).await,
    );
    assert!(!first.stdout.is_empty(), "{:?}", first.end);
    assert_eq!(first.stdout, second.stdout);
}
