//! What the packages of a Python environment say of their licences, in `*.dist-info/METADATA`.

use std::path::Path;

use anyhow::Context as _;

use super::Dependency;

/// Words that packages use where a newer one has an SPDX expression.
const SAME_AS: [(&str, &str); 17] = [
    ("3-Clause BSD License", "BSD-3-Clause"),
    ("Apache 2.0", "Apache-2.0"),
    ("Apache License 2.0", "Apache-2.0"),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("Apache Software License", "Apache-2.0"),
    ("BSD", "BSD-3-Clause"),
    ("BSD License", "BSD-3-Clause"),
    ("BSD 3-Clause License", "BSD-3-Clause"),
    ("Historical Permission Notice and Disclaimer (HPND)", "HPND"),
    ("ISC License (ISCL)", "ISC"),
    ("MIT License", "MIT"),
    ("MIT license", "MIT"),
    ("The MIT License", "MIT"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ("PSF", "PSF-2.0"),
    ("Python Software Foundation License", "PSF-2.0"),
    ("Zope Public License", "ZPL-2.1"),
];

pub(super) fn packages(environment: &Path) -> anyhow::Result<Vec<Dependency>> {
    let entries = environment.read_dir();
    let entries = entries.with_context(|| format!("cannot read {}", environment.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let folder = entry?.path();
        if folder
            .extension()
            .is_some_and(|ending| ending == "dist-info")
        {
            let path = folder.join("METADATA");
            let text = std::fs::read_to_string(&path);
            found.push(read(
                &text.with_context(|| format!("cannot read {}", path.display()))?,
            ));
        }
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

fn read(metadata: &str) -> Dependency {
    let header = metadata.split("\n\n").next().unwrap_or_default();
    let fields: Vec<(&str, &str)> = header
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let of = |wanted: &str| {
        fields
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| *value)
    };
    Dependency {
        name: format!(
            "Python package {} {}",
            of("Name").unwrap_or("?"),
            of("Version").unwrap_or("?")
        ),
        licence: of("License-Expression")
            .map(str::to_owned)
            .or_else(|| classified(&fields))
            .or_else(|| of("License").map(expression)),
    }
}

/// `Classifier: License :: OSI Approved :: MIT License`; several of them are alternatives.
fn classified(fields: &[(&str, &str)]) -> Option<String> {
    let licences: Vec<String> = fields
        .iter()
        .filter(|(name, _)| *name == "Classifier")
        .filter_map(|(_, value)| value.strip_prefix("License :: OSI Approved :: "))
        .map(expression)
        .collect();
    (!licences.is_empty()).then(|| licences.join(" OR "))
}

fn expression(words: &str) -> String {
    let same = SAME_AS.iter().find(|(known, _)| *known == words);
    same.map_or(words, |(_, licence)| licence).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &str, expect: Option<&str>) {
        let package = read(&format!(
            "Name: x\nVersion: 1\n{fields}\n\nLicense: not a header\n"
        ));
        assert_eq!(package.name, "Python package x 1");
        assert_eq!(package.licence.as_deref(), expect, "{fields}");
    }

    #[test]
    fn licences_are_found_wherever_packages_put_them() {
        check("License-Expression: MIT-CMU", Some("MIT-CMU"));
        check("License: Apache 2.0", Some("Apache-2.0"));
        check("License: Anything Else", Some("Anything Else"));
        check(
            "License: see LICENSE\nClassifier: License :: OSI Approved :: BSD License",
            Some("BSD-3-Clause"),
        );
        check("Summary: nothing said", None);
    }

    #[test]
    fn only_installed_packages_are_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let installed = folder.path().join("x-1.dist-info");
        std::fs::create_dir_all(&installed).expect("can be made");
        std::fs::create_dir(folder.path().join("x")).expect("can be made");
        std::fs::write(installed.join("METADATA"), "Name: x\nVersion: 1\n")
            .expect("can be written");
        let names: Vec<String> = packages(folder.path())
            .expect("can be read")
            .into_iter()
            .map(|package| package.name)
            .collect();
        assert_eq!(names, ["Python package x 1"]);
    }
}
