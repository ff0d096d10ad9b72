//! Data flow among the statements of a block: who gives a name its value, and whose calls hang on it.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::ast::Stmt;

use super::FunctionPlan;
use crate::effects::{Effects, FunctionFacts};

/// Is the block planned for itself, or does its first part run ahead of the rest?
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mode<'a> {
    Plain,
    /// What can be seen stays behind, and is worth crossing.
    Ahead {
        /// What later iterations find changed, if the block is the body of a loop.
        changes: Changes<'a>,
        /// Names that hold what the iteration before, or code outside, left in them when it begins.
        handed: BTreeSet<&'a str>,
    },
}

/// Objects that the iterations of a loop change in place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes<'a> {
    pub(crate) mutates: Vec<crate::dependence::Node>,
    pub(crate) smashes: Vec<crate::dependence::Node>,
    pub(crate) own: Vec<(crate::dependence::Node, &'a str)>,
}

impl<'a> Mode<'a> {
    pub(crate) const fn is_ahead(&self) -> bool {
        matches!(self, Self::Ahead { .. })
    }

    /// For the first half of a branch at `place` of a block planned in this mode.
    pub(crate) fn of_branch(
        &self,
        place: usize,
        flow: &Flow<'a>,
        binds: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let (changes, mut handed) = match self {
            Self::Plain => (Changes::default(), BTreeSet::new()),
            Self::Ahead { changes, handed } => (changes.clone(), handed.clone()),
        };
        handed.retain(|name| flow.definition(name, place).is_none());
        handed.extend(binds);
        Self::Ahead { changes, handed }
    }
}

/// For each name the statements that bind it; for each statement those whose calls need what it binds.
#[derive(Debug, Default)]
pub(crate) struct Flow<'a> {
    definitions: HashMap<&'a str, Vec<usize>>,
    consumers: Vec<BTreeSet<usize>>,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(statements: &'a [Stmt], facts: &FunctionFacts<'a>) -> Self {
        let mut definitions: HashMap<&'a str, Vec<usize>> = HashMap::new();
        for (index, statement) in statements.iter().enumerate() {
            for name in &facts.of(statement).binds {
                definitions.entry(name).or_default().push(index);
            }
        }
        let mut flow = Self {
            definitions,
            consumers: vec![BTreeSet::new(); statements.len()],
        };
        for (index, statement) in statements.iter().enumerate().rev() {
            let effects = facts.of(statement);
            if !effects.awaits && flow.consumers[index].is_empty() {
                continue;
            }
            for name in &effects.exposed {
                if let Some(at) = flow.definition(name, index) {
                    flow.consumers[at].insert(index);
                }
            }
        }
        flow
    }

    /// The last statement before `place` that binds `name`.
    pub(crate) fn definition(&self, name: &str, place: usize) -> Option<usize> {
        let all = self.definitions.get(name)?;
        let next = all.partition_point(|at| *at < place);
        next.checked_sub(1).map(|at| all[at])
    }

    /// Later statements that call, or feed one that calls, with what this one binds.
    pub(crate) fn consumers(&self, statement: usize) -> &BTreeSet<usize> {
        &self.consumers[statement]
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// Can the statement run in a coroutine of its own? It only computes fresh values and makes pure or
    /// read calls (A3). Names in `own` are as fresh as what it binds itself.
    pub(crate) fn can_move(
        &self,
        place: usize,
        statement: &'a Stmt,
        flow: &Flow<'a>,
        mode: &Mode<'a>,
        own: &BTreeSet<&'a str>,
    ) -> bool {
        let effects = self.facts.of(statement);
        let computes = matches!(
            statement,
            Stmt::Assign(_)
                | Stmt::AnnAssign(_)
                | Stmt::AugAssign(_)
                | Stmt::Expr(_)
                | Stmt::If(_)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::Try(_)
        );
        computes
            && only_computes(effects)
            && !effects
                .binds
                .iter()
                .any(|name| self.facts.captured.contains(name))
            && effects
                .exposed
                .iter()
                .all(|name| !self.may_be_unbound(name) && !is_handed_on(name, place, flow, mode))
            && self.changes_only_its_own(effects, own)
            && !self.is_changed_later(&effects.reads, mode)
    }

    fn changes_only_its_own(&self, effects: &Effects<'a>, own: &BTreeSet<&'a str>) -> bool {
        let fresh = |name: &&'a str| {
            own.contains(*name) || effects.binds.contains(*name) && !effects.exposed.contains(*name)
        };
        let witnesses = self.facts.witnesses(effects);
        witnesses
            .iter()
            .all(|name| fresh(name) && !self.facts.captured.contains(*name))
    }

    /// Do iterations of the loop change in place what `reads` look at?
    pub(crate) fn is_changed_later(&self, reads: &BTreeSet<&'a str>, mode: &Mode<'a>) -> bool {
        let Mode::Ahead { changes, .. } = mode else {
            return false;
        };
        let effects = Effects {
            mutates: changes.mutates.clone(),
            smashes: changes.smashes.clone(),
            own: changes.own.clone(),
            ..Effects::default()
        };
        self.facts.changes(&effects, reads)
    }

    /// What the iterations of a loop change for those after them.
    pub(crate) fn changes_of_loop(&self, body: &'a [Stmt], targets: &[&'a str]) -> Changes<'a> {
        let mut whole = Effects::default();
        let mut fresh: HashSet<&'a str> = HashSet::new();
        let mut exposed: HashSet<&'a str> = HashSet::new();
        for statement in body {
            let effects = self.facts.of(statement);
            let handed = effects.exposed.iter().filter(|name| !fresh.contains(*name));
            exposed.extend(handed);
            fresh.extend(&effects.definite);
            whole.include(effects);
        }
        fresh.retain(|name| !exposed.contains(name) && !targets.contains(name));
        let outlives = |node: &crate::dependence::Node| {
            let names = self.facts.heap.names_reaching(*node);
            !names.iter().all(|name| fresh.contains(name))
        };
        whole.mutates.retain(outlives);
        whole.smashes.retain(|node| {
            let names = self.facts.heap.names_sharing(*node);
            !names.iter().all(|name| fresh.contains(name))
        });
        whole.own.retain(|(_, name)| !fresh.contains(name));
        Changes {
            mutates: whole.mutates,
            smashes: whole.smashes,
            own: whole.own,
        }
    }
}

pub(crate) fn only_computes(effects: &Effects<'_>) -> bool {
    effects.in_place.is_none()
        && effects.exits.is_none()
        && effects.breaks.is_none()
        && effects.continues.is_none()
        && !effects.opaque
        && effects.written_states.is_empty()
}

/// Does the name hold what the iteration before left in it?
pub(crate) fn is_handed_on<'a>(name: &str, place: usize, flow: &Flow<'a>, mode: &Mode<'a>) -> bool {
    match mode {
        Mode::Plain => false,
        Mode::Ahead { handed, .. } => {
            handed.contains(name) && flow.definition(name, place).is_none()
        }
    }
}
