//! Recorded answers are embedded from a folder: a new file there means a new build.

fn main() {
    println!("cargo::rerun-if-changed=../../tests/recorded");
    println!("cargo::rerun-if-changed=build.rs");
}
