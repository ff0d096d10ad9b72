//! Programs with some of their words changed, for as long as there is time.
//!
//! `DICE_FUZZ_SECONDS=600` says how long, `DICE_FUZZ_SEED` where chance begins, and
//! `DICE_FUZZ_PROGRAMS` names a folder of more programs.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use crate::{PROGRAMS, survives};

/// SplitMix64: chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).expect("fits")).expect("fits")
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Words, spaces and single signs; together they are the text.
fn words(text: &str) -> Vec<&str> {
    let kind = |sign: char| match sign {
        ' ' => 0,
        _ if sign.is_alphanumeric() || sign == '_' => 1,
        _ => 2,
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match kind(first) {
            2 => first.len_utf8(),
            one => rest.find(|sign| kind(sign) != one).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        found.push(word);
        rest = after;
    }
    found
}

fn mutated(chance: &mut Chance) -> String {
    let program: &String = chance.pick(&PROGRAMS);
    let another: &String = chance.pick(&PROGRAMS);
    let (mut text, other) = (words(program), words(another));
    for _ in 0..=chance.below(5) {
        if text.is_empty() {
            break;
        }
        let at = chance.below(text.len());
        match chance.below(9) {
            0 => drop(text.remove(at)),
            1 => text.insert(at, text[at]),
            2 => {
                let to = (at + 2) % text.len();
                text.swap(at, to);
            }
            3 => text[at] = chance.pick::<&str>(&other),
            4 => text.insert(at, chance.pick::<&str>(&other)),
            5 => text.truncate(at),
            6 => text.insert(at, "\n    "),
            // From here on, the other program.
            7 => {
                text.truncate(at);
                text.extend(&other[chance.below(other.len())..]);
            }
            // A part again, somewhere else.
            _ => {
                let end = (at + chance.below(40)).min(text.len());
                let part = text[at..end].to_vec();
                let to = chance.below(text.len());
                text.splice(to..to, part);
            }
        }
    }
    text.concat()
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn mutated_programs_survive() {
    let time = Duration::from_secs(setting("DICE_FUZZ_SECONDS", 5));
    let mut chance = Chance(setting("DICE_FUZZ_SEED", 0));
    let (start, mut count, mut found) = (Instant::now(), 0, 0);
    while start.elapsed() < time {
        let program = mutated(&mut chance);
        count += 1;
        if catch_unwind(|| survives(&program)).is_err() {
            println!("=====\n{program}");
            found += 1;
        }
    }
    println!("{count} programs");
    assert!(count > 50, "only {count} programs");
    assert!(
        found == 0,
        "{found} of {count} programs; they are printed above"
    );
}
