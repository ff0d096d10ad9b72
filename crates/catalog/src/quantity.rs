//! Kubernetes quantities of memory: `2Gi`.

const UNITS: [(&str, u64); 8] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
];

/// Bytes of `2Gi`, `512Mi`, `1.5Gi`, `1000000`.
pub(crate) fn parse_bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is not an amount of memory such as \"2Gi\"");
    let (number, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))
        .unwrap_or((text, 1));
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(unit).ok_or_else(wrong);
    }
    let (whole, fraction) = number.split_once('.').ok_or_else(wrong)?;
    let scale = u32::try_from(fraction.len())
        .ok()
        .and_then(|digits| 10u128.checked_pow(digits));
    let digits = format!("{whole}{fraction}")
        .parse::<u128>()
        .map_err(|_| wrong())?;
    let bytes = digits
        .checked_mul(u128::from(unit))
        .zip(scale)
        .map(|(all, scale)| all / scale);
    bytes
        .and_then(|bytes| u64::try_from(bytes).ok())
        .ok_or_else(wrong)
}

/// The largest binary unit that divides `bytes`.
pub(crate) fn write_bytes(bytes: u64) -> String {
    let fits = |unit: &&(&str, u64)| bytes > 0 && bytes.is_multiple_of(unit.1);
    match UNITS[..4].iter().rev().find(fits) {
        Some((suffix, unit)) => format!("{}{suffix}", bytes / unit),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_and_written() {
        for (text, bytes) in [
            ("2Gi", 2 << 30),
            ("1536Mi", 1536 << 20),
            ("0", 0),
            ("17", 17),
        ] {
            assert_eq!(parse_bytes(text), Ok(bytes));
            assert_eq!(write_bytes(bytes), text);
        }
        assert_eq!(parse_bytes("1.5Gi"), Ok(1536 << 20));
        assert_eq!(parse_bytes("2G"), Ok(2_000_000_000));
        for text in ["", "Gi", "2GB", "-1", "1.x", "99999999999Ti", "1.5.2"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
    }
}
