//! Repository chores that are too long for a Makefile recipe.
fn main() {}
