#!/bin/sh
# What a call costs: `crates/cli/benches/calls.sh [DICE]`, after `make build`.
set -eu
here=$(dirname "$0")
dice=${1:-$here/../../../target/release/dice}
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
for durability in "" --power-durable; do
    echo "${durability:---process-durable, the default}"
    "$dice" run "$here/calls.py" --functions "$here/functions" --data "$data" --no-memo $durability
done
