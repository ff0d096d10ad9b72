//! Licences of what we depend on against the list in deny.toml: crates, and Python packages on request.

mod python;
mod spdx;

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use crate::report::Report;
use crate::workspace;

/// The part of cargo-deny's configuration that is read here too.
#[derive(Debug, Deserialize)]
struct Policy {
    graph: Graph,
    licenses: Licenses,
}

#[derive(Debug, Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

/// Something we depend on, and the licence it declares.
struct Dependency {
    name: String,
    licence: Option<String>,
}

pub(crate) fn check(root: &Path, environments: &[&str]) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
    let policy: Policy = toml::from_str(&text).context("cannot read deny.toml")?;
    let mut dependencies = crates(root, &policy.graph)?;
    let count = dependencies.len();
    for folder in environments {
        dependencies.extend(python::packages(Path::new(folder))?);
    }
    let mut summary = format!("licences: {count} crates");
    if !environments.is_empty() {
        summary += &format!(", {} Python packages", dependencies.len() - count);
    }
    summary += ", all allowed by deny.toml";
    let problems = problems(&dependencies, &policy.licenses.allow);
    Ok(Report { summary, problems })
}

fn crates(root: &Path, graph: &Graph) -> anyhow::Result<Vec<Dependency>> {
    let mut options = Vec::new();
    for target in &graph.targets {
        options.extend(["--filter-platform", target]);
    }
    let metadata = workspace::metadata(root, &options)?;
    let packages = metadata.packages.into_iter();
    Ok(packages
        .map(|package| Dependency {
            name: format!("crate {} {}", package.name, package.version),
            licence: package.license,
        })
        .collect())
}

fn problems(dependencies: &[Dependency], allow: &[String]) -> Vec<String> {
    let allowed = |licence: &str| allow.iter().any(|one| one == licence);
    dependencies
        .iter()
        .filter_map(|Dependency { name, licence }| {
            let Some(licence) = licence else {
                return Some(format!("{name} declares no licence"));
            };
            match spdx::satisfied(licence, &allowed) {
                Ok(true) => None,
                Ok(false) => Some(format!("{name}: {licence:?} is not allowed by deny.toml")),
                Err(error) => Some(format!("{name}: {licence:?}: {error}")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(licence: Option<&str>, expect: &[&str]) {
        let dependency = Dependency {
            name: "crate x 1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
        };
        assert_eq!(problems(&[dependency], &["MIT".to_owned()]), expect);
    }

    #[test]
    fn what_is_not_allowed_is_named() {
        check_one(Some("MIT OR GPL-3.0-only"), &[]);
        check_one(
            Some("GPL-3.0-only"),
            &["crate x 1.0.0: \"GPL-3.0-only\" is not allowed by deny.toml"],
        );
        check_one(None, &["crate x 1.0.0 declares no licence"]);
        check_one(
            Some("MIT OR"),
            &["crate x 1.0.0: \"MIT OR\": a licence is missing at the end"],
        );
    }

    #[test]
    fn our_policy_reads() {
        let text = std::fs::read_to_string(workspace::root().join("deny.toml")).expect("there");
        let policy: Policy = toml::from_str(&text).expect("has what is read here");
        assert!(policy.licenses.allow.iter().any(|one| one == "Apache-2.0"));
    }
}
