//! A data folder is checked, copied and made again from the copy.

use crate::support::Dice;

const PROGRAM: &str = "print('kept')\n";

#[test]
fn what_was_accepted_is_checked_backed_up_and_restored() {
    let Some(dice) = Dice::new() else { return };
    dice.write("program.py", PROGRAM);
    dice.run(&["run", "program.py"]).expect(0);
    let told = dice.run(&["fsck"]).expect(0).stdout;
    assert!(
        told.contains("1 tasks") && told.contains("all is well"),
        "{told}"
    );

    dice.run(&["backup", "copy.tar"]).expect(0);
    let restored = dice.path("restored");
    let restored = restored.to_str().expect("UTF-8");
    dice.run(&["restore", "copy.tar", "--data", restored])
        .expect(0);
    let told = dice
        .run(&["tasks", "show", "1", "--data", restored])
        .expect(0)
        .stdout;
    assert!(told.contains("kept"), "{told}");
    let again = dice
        .run(&["restore", "copy.tar", "--data", restored])
        .expect(2)
        .stderr;
    assert!(again.contains("holds a journal already"), "{again}");

    std::fs::remove_dir_all(dice.path("restored").join("blobs")).expect("there");
    let told = dice
        .run(&["fsck", "--data", restored, "--json"])
        .expect(1)
        .stdout;
    assert!(
        told.contains("a task needs it, and it is not there"),
        "{told}"
    );
}
