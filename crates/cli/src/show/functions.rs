//! `dice get functions`.

use serde_json::Value;

use super::table;

/// `resources`: the items of a function list.
pub(crate) fn function_table(resources: &[Value]) -> String {
    table(
        &["NAME", "EFFECT", "ORIGIN", "DOCUMENTATION"],
        resources.iter().map(row),
    )
}

fn row(resource: &Value) -> Vec<String> {
    let text = |pointer: &str| {
        resource
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let effect = match text("/spec/effect") {
        "" => "pure (assumed)",
        effect => effect,
    };
    let origin = match text("/spec/origin") {
        "" => "real",
        origin => origin,
    };
    let documentation = text("/status/documentation")
        .lines()
        .next()
        .unwrap_or_default();
    let row = [text("/metadata/name"), effect, origin, documentation];
    row.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_effect_is_shown_as_assumed() {
        let table = function_table(&[
            json!({"metadata": {"name": "glip"}, "status": {"documentation": "Finds.\nMore."}}),
            json!({"metadata": {"name": "ocr"}, "spec": {"effect": "pure", "origin": "simulated"},
                   "status": {"documentation": "Reads."}}),
        ]);
        insta::assert_snapshot!(table, @r"
        NAME  EFFECT          ORIGIN     DOCUMENTATION
        glip  pure (assumed)  real       Finds.
        ocr   pure            simulated  Reads.
        ");
    }
}
