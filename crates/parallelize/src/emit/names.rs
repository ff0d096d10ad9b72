//! Names for what is new, from the code's own words, never one that the program already uses.

use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone)]
pub(crate) struct NewNames {
    taken: HashSet<String>,
    /// The number to try next, of wishes that were taken.
    next: HashMap<String, usize>,
}

/// Words that Python does not accept as names, or whose meaning must not be hidden.
const RESERVED: &[&str] = &[
    "hermod", "asyncio", "print", "list", "dict", "set", "str", "int", "len", "range",
];

impl NewNames {
    pub(crate) fn new<'a>(used: impl IntoIterator<Item = &'a str>) -> Self {
        let taken = used
            .into_iter()
            .chain(RESERVED.iter().copied())
            .map(str::to_owned)
            .collect();
        let next = HashMap::new();
        Self { taken, next }
    }

    /// The first of the wishes that is free, or a number after the last.
    pub(crate) fn claim_one(&mut self, wishes: impl IntoIterator<Item = String>) -> String {
        let wishes: Vec<String> = wishes.into_iter().collect();
        let free = |wish: &&String| !self.taken.contains(&identifier(wish));
        let wish = wishes.iter().find(free).or(wishes.last()).cloned();
        self.claim(&wish.unwrap_or_default())
    }

    /// The first of the wishes that is free, else the last.
    pub(crate) fn free_of<'w>(&self, wishes: &'w [String]) -> &'w str {
        let mut free = wishes.iter().filter(|wish| !self.taken.contains(*wish));
        free.next().or(wishes.last()).map_or("", String::as_str)
    }

    /// `wish`, or `wish_2`, `wish_3`, … if it is taken.
    pub(crate) fn claim(&mut self, wish: &str) -> String {
        let wish = identifier(wish);
        if self.taken.insert(wish.clone()) {
            return wish;
        }
        let number = self.next.entry(wish.clone()).or_insert(2);
        loop {
            let name = format!("{wish}_{number}");
            *number += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `wish` with everything that a name cannot hold left out.
fn identifier(wish: &str) -> String {
    let kept: String = wish
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let name = kept.trim_matches('_').to_owned();
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("call_{name}").trim_end_matches('_').to_owned(),
    }
}

/// `summary` of `summaries`, `color` of `colors`.
pub(crate) fn singular(name: &str) -> Option<String> {
    let singular = match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s')?.to_owned(),
    };
    (singular.len() > 1 && !singular.ends_with('s')).then_some(singular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_collide() {
        let mut names = NewNames::new(["color_call"]);
        assert_eq!(names.claim("color_call"), "color_call_2");
        assert_eq!(names.claim("color_call"), "color_call_3");
        assert_eq!(names.claim("describe_car"), "describe_car");
        assert_eq!(names.claim("7-up!"), "call_7_up");
        let wishes = ["describe_car", "describe_it"].map(str::to_owned);
        assert_eq!(names.claim_one(wishes.clone()), "describe_it");
        assert_eq!(names.claim_one(wishes), "describe_it_2");
    }

    #[test]
    fn one_of_many() {
        let check = |many, one: Option<&str>| assert_eq!(singular(many).as_deref(), one);
        check("summaries", Some("summary"));
        check("colors", Some("color"));
        check("data", None);
        check("glass", None);
    }
}
