//! Sizes of memory: `"16Gi"`, or a share of this machine's.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::Machine;

/// Used where the installed memory cannot be read.
pub(super) const ASSUMED_MEMORY: u64 = 8 << 30;
/// Of the installed memory, in percent: the rest is the system's, the engine's and the programs'.
const OFFERED_PERCENT: u64 = 80;

/// A device's memory as a fleet file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    Bytes(u64),
    /// `"share"`: of what this machine offers, divided equally among its devices.
    Share,
}

impl Memory {
    pub(super) const fn on(self, machine: Machine, devices: u32) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Share => machine.memory_bytes / 100 * OFFERED_PERCENT / devices as u64,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "share" {
            return Some(Self::Share);
        }
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let shift = match &text[digits.len()..] {
            "" => 0,
            "Ki" => 10,
            "Mi" => 20,
            "Gi" => 30,
            "Ti" => 40,
            _ => return None,
        };
        let number: u64 = digits.parse().ok()?;
        number.checked_mul(1 << shift).map(Self::Bytes)
    }
}

impl<'de> Deserialize<'de> for Memory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is no size: write \"16Gi\", \"512Mi\" or \"share\""
            ))
        })
    }
}

/// Linux says it in `/proc/meminfo`, macOS through `sysctl`.
pub(super) fn installed_memory() -> Option<u64> {
    if let Ok(text) = std::fs::read_to_string("/proc/meminfo") {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:"))?;
        let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        return Some(kibibytes << 10);
    }
    let output = std::process::Command::new("sysctl")
        .args(["-n", "hw.memsize"])
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<Memory>) {
        assert_eq!(Memory::parse(text), expect, "{text:?}");
    }

    #[test]
    fn sizes_are_read() {
        check("16Gi", Some(Memory::Bytes(16 << 30)));
        check("512Mi", Some(Memory::Bytes(512 << 20)));
        check("7", Some(Memory::Bytes(7)));
        check("share", Some(Memory::Share));
        check("16GB", None);
        check("Gi", None);
        check("-1Gi", None);
        check("99999999Ti", None);
    }

    #[test]
    fn a_share_is_equal_and_leaves_something() {
        let machine = Machine {
            cores: 2,
            memory_bytes: 10_000,
        };
        assert_eq!(Memory::Share.on(machine, 2), 4_000);
    }
}
