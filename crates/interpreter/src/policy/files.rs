//! The landlock ruleset: Python's own files can be read, nothing can be written or executed.

use std::os::fd::OwnedFd;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
    path_beneath_rules,
};

use super::PolicyError;

/// What Python modules that are imported late may need of the system.
const SYSTEM: [&str; 9] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/urandom",
];

/// `python` are the folders that hold Python's modules. Newer kernels also deny TCP, signals to others
/// and abstract sockets; older ones leave those to the filter of system calls alone.
pub(crate) fn ruleset(python: &[PathBuf]) -> Result<OwnedFd, PolicyError> {
    let abi = ABI::V6;
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let readable = SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain(python.iter().cloned());
    let created = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(readable, reading))?;
    Option::<OwnedFd>::from(created).ok_or(PolicyError::NoLandlock)
}
