//! The page is put into the binary; building it anew builds us anew.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
