//! What a task's program and the functions that it called wrote for their authors.

use dice_server::api::TaskLogs;

/// `call`: that one's lines, as they are. Otherwise the program's stderr, then every call's lines, each
/// with its call.
pub(crate) fn logs(logs: &TaskLogs, call: Option<u32>) -> String {
    let mut text = String::new();
    if let Some(call) = call {
        let own = logs.calls.iter().filter(|log| log.call == call);
        own.for_each(|log| text += &log.text);
        return text;
    }
    text += &logs.stderr;
    for log in &logs.calls {
        for line in log.text.lines() {
            text += &format!("call {} ({}): {line}\n", log.call, log.function);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_server::api::CallLog;

    #[test]
    fn lines_say_whose_they_are() {
        let log = |call, text: &str| CallLog {
            call,
            function: "glip".to_owned(),
            at: 0,
            text: text.to_owned(),
        };
        let of = TaskLogs {
            task: 1,
            stderr: "a log\n".to_owned(),
            calls: vec![log(0, "one\ntwo\n"), log(1, "three\n")],
        };
        insta::assert_snapshot!(logs(&of, None), @r"
        a log
        call 0 (glip): one
        call 0 (glip): two
        call 1 (glip): three
        ");
        assert_eq!(logs(&of, Some(0)), "one\ntwo\n");
    }
}
