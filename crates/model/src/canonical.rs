//! The canonical text of a value, and its digest (RUNTIME V1).
//!
//! RFC 8785 with two differences that Python needs: integers keep all 64 bits, and a float that is a
//! whole number ends in `.0`, so that `1` and `1.0` have different digests.

use crate::{Digest, Value};

impl Value {
    /// Digest of the canonical text. Schema defaults are filled in, and integers for a parameter of
    /// type `number` made floats, before this is called.
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }

    pub fn canonical(&self) -> String {
        let mut text = String::new();
        write_value(self, &mut text);
        text
    }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => write_float(*number, out),
        Value::Text(text) => write_text(text, out),
        Value::Bytes(bytes) => {
            out.push_str(r#"{"$bytes":"#);
            write_text(&Digest::of(bytes).to_string(), out);
            out.push('}');
        }
        Value::Image(handle) => {
            out.push_str(r#"{"$image":["#);
            write_text(&handle.blob.to_string(), out);
            for operation in &handle.operations {
                out.push(',');
                write_list(operation, out);
            }
            out.push_str(&format!(",{}]}}", handle.version));
        }
        Value::List(items) => write_list(items, out),
        Value::Map(entries) => write_map(entries, out),
    }
}

fn write_list(items: &[Value], out: &mut String) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_value(item, out);
    }
    out.push(']');
}

fn write_map(entries: &indexmap::IndexMap<String, Value>, out: &mut String) {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    out.push('{');
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if key.starts_with('$') {
            write_text(&format!("${key}"), out);
        } else {
            write_text(key, out);
        }
        out.push(':');
        write_value(value, out);
    }
    out.push('}');
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// ECMAScript's `Number::toString` (what RFC 8785 asks for), plus `.0` after a whole number.
fn write_float(number: f64, out: &mut String) {
    if number == 0.0 {
        out.push_str(if number.is_sign_negative() {
            "-0.0"
        } else {
            "0.0"
        });
        return;
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an e");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes an integer exponent");
    let digits = mantissa.replace('.', "");
    let count = i32::try_from(digits.len()).expect("at most 17 digits");
    if number < 0.0 {
        out.push('-');
    }
    let point = exponent + 1;
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n(
            '0',
            (point - count).unsigned_abs() as usize,
        ));
        out.push_str(".0");
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(point.unsigned_abs() as usize);
        out.push_str(&format!("{whole}.{fraction}"));
    } else if (-5..=0).contains(&point) {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        out.push_str(&digits);
    } else {
        let (first, rest) = digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        out.push_str(&format!("e{exponent:+}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::tests::any_value;
    use proptest::prelude::*;

    fn check(json: &str, expect: &str) {
        let value: Value = serde_json::from_str(json).expect("test input is JSON");
        assert_eq!(value.canonical(), expect);
    }

    #[test]
    fn keys_are_sorted_and_numbers_written_as_ecmascript_writes_them() {
        check(
            r#"{"b": 1, "a": [true, null]}"#,
            r#"{"a":[true,null],"b":1}"#,
        );
        check(
            "[1, 1.0, 0.1, 1e21, 1e-7, 123456789012345680000.0]",
            "[1,1.0,0.1,1e+21,1e-7,123456789012345680000.0]",
        );
        check(
            "[9007199254740993, -0.0, 333333333.33333329]",
            "[9007199254740993,-0.0,333333333.3333333]",
        );
        check(r#"["\u0007\n\"é"]"#, "[\"\\u0007\\n\\\"é\"]");
    }

    #[test]
    fn one_and_one_point_zero_differ() {
        assert_ne!(Value::Int(1).digest(), Value::Float(1.0).digest());
    }

    proptest! {
        #[test]
        fn equal_digests_mean_equal_values_up_to_key_order(left in any_value(), right in any_value()) {
            let same_text = left.canonical() == right.canonical();
            prop_assert_eq!(same_text, left == right);
        }

        #[test]
        fn floats_read_back(number in any::<f64>().prop_filter("finite", |f| f.is_finite())) {
            let mut text = String::new();
            write_float(number, &mut text);
            prop_assert_eq!(text.parse::<f64>().expect("reads back").to_bits(), number.to_bits());
        }
    }
}
