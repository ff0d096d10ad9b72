//! What a slice is made of: statements of the serial program, without those that others can see.

use std::collections::BTreeSet;

use dice_program::ast::{Stmt, TextRange};

use super::unknown::Parts;

pub(super) type Names<'a> = BTreeSet<&'a str>;

#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    /// Variables that it needs itself: in its value, test or iterable.
    pub(super) reads: Names<'a>,
    /// What it looks at of what they hold.
    pub(super) looks: Parts<'a>,
    /// Variables that it binds itself.
    pub(super) binds: Names<'a>,
    /// Variables whose objects it changes in place.
    pub(super) changes: Names<'a>,
    /// Awaited calls in what it evaluates itself: its value, test or iterable.
    pub(super) waits: Vec<TextRange>,
    /// May it raise on a test of its own, as the program does? What follows hangs on that (E3).
    pub(super) exits: bool,
    /// Is its call handed over to the body, which awaits this one and makes none itself?
    pub(super) handed: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    Call(Call<'a>),
    /// A statement that stays as it is.
    Same(&'a Stmt),
    /// A list of what calls give.
    Results(Results<'a>),
    /// The result of a call that the variable holds: `summary = await summary`.
    Settle(&'a str),
    If(Vec<Branch<'a>>),
    For(Box<For<'a>>),
    While(Code, Vec<Node<'a>>),
    Try(Box<Try<'a>>),
    Match(Code, Vec<Branch<'a>>),
    Leave(Leave),
    /// `return` with what the function gives.
    Give(Option<Code>),
    /// `raise`, of a helper; of nothing: what is being handled.
    Raise(Option<Code>),
}

/// `hermod.call(…)` of a function declared pure, or the call of a helper that has a slice.
#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    pub(super) range: TextRange,
    pub(super) function: &'a str,
    /// The variable that gets its result.
    pub(super) target: Option<&'a str>,
    /// Does anything in the slice need the result?
    pub(super) wanted: bool,
}

/// `[await hermod.call(…) for …]`
#[derive(Debug, Clone)]
pub(super) struct Results<'a> {
    pub(super) call: Call<'a>,
    /// `for …`
    pub(super) tail: Code,
    /// Does the slice's list hold the calls, to be awaited one by one?
    pub(super) streamed: bool,
}

/// Of `if` and `elif`: the test, of `else`: nothing; of `match`: the pattern and its guard.
#[derive(Debug, Clone)]
pub(super) struct Branch<'a> {
    pub(super) test: Option<Code>,
    pub(super) body: Vec<Node<'a>>,
}

#[derive(Debug, Clone)]
pub(super) struct For<'a> {
    pub(super) target: Code,
    pub(super) targets: Vec<&'a str>,
    pub(super) iter: Code,
    /// Variables along which it walks, and those that hold their items.
    pub(super) items: Vec<(&'a str, &'a str)>,
    pub(super) body: Vec<Node<'a>>,
    pub(super) orelse: Vec<Node<'a>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Try<'a> {
    pub(super) body: Vec<Node<'a>>,
    /// The exceptions caught, and what is done about them.
    pub(super) handlers: Vec<(Code, Vec<Node<'a>>)>,
    pub(super) orelse: Vec<Node<'a>>,
    /// Does it fail exactly where the serial program fails? Then its body is awaited, step by step.
    pub(super) decided: bool,
    /// Does it leave what is around it only where something fails? That is no test (E3).
    pub(super) failures_leave: bool,
}

/// A piece of the source.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) text: String,
    /// Columns of indentation of the line that it begins on.
    pub(super) column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leave {
    Continue,
    Break,
    Return,
}

impl Leave {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::Break => "break",
            Self::Return => "return",
        }
    }
}

impl<'a> Node<'a> {
    pub(super) fn new(kind: Kind<'a>) -> Self {
        Self {
            kind,
            reads: Names::new(),
            looks: Parts::new(),
            binds: Names::new(),
            changes: Names::new(),
            waits: Vec::new(),
            exits: false,
            handed: false,
        }
    }

    /// Awaits the call of `call` that the variable `name` holds.
    pub(super) fn result_of(name: &'a str, call: TextRange) -> Self {
        let mut node = Self::new(Kind::Settle(name));
        node.reads.insert(name);
        node.binds.insert(name);
        node.waits.push(call);
        node
    }

    /// The blocks inside it.
    pub(super) fn blocks(&self) -> Vec<&Vec<Node<'a>>> {
        match &self.kind {
            Kind::Call(_)
            | Kind::Same(_)
            | Kind::Results(_)
            | Kind::Settle(_)
            | Kind::Leave(_)
            | Kind::Give(_)
            | Kind::Raise(_) => Vec::new(),
            Kind::If(branches) | Kind::Match(_, branches) => {
                branches.iter().map(|branch| &branch.body).collect()
            }
            Kind::For(each) => vec![&each.body, &each.orelse],
            Kind::While(_, body) => vec![body],
            Kind::Try(attempt) => {
                let handlers = attempt.handlers.iter().map(|(_, body)| body);
                let mut blocks = vec![&attempt.body, &attempt.orelse];
                blocks.extend(handlers);
                blocks
            }
        }
    }

    pub(super) fn blocks_mut(&mut self) -> Vec<&mut Vec<Node<'a>>> {
        match &mut self.kind {
            Kind::Call(_)
            | Kind::Same(_)
            | Kind::Results(_)
            | Kind::Settle(_)
            | Kind::Leave(_)
            | Kind::Give(_)
            | Kind::Raise(_) => Vec::new(),
            Kind::If(branches) | Kind::Match(_, branches) => {
                branches.iter_mut().map(|branch| &mut branch.body).collect()
            }
            Kind::For(each) => vec![&mut each.body, &mut each.orelse],
            Kind::While(_, body) => vec![body],
            Kind::Try(attempt) => {
                let handlers = attempt.handlers.iter_mut().map(|(_, body)| body);
                let mut blocks = vec![&mut attempt.body, &mut attempt.orelse];
                blocks.extend(handlers);
                blocks
            }
        }
    }

    /// What it reads, everything inside it included.
    pub(super) fn all_reads(&self) -> Names<'a> {
        self.sum(&|node| &node.reads)
    }

    /// What it looks at, everything inside it included.
    pub(super) fn all_looks(&self) -> Parts<'a> {
        let mut looks = self.looks.clone();
        for inner in self.blocks().into_iter().flatten() {
            looks.append(&mut inner.all_looks());
        }
        looks
    }

    pub(super) fn all_binds(&self) -> Names<'a> {
        self.sum(&|node| &node.binds)
    }

    pub(super) fn all_changes(&self) -> Names<'a> {
        self.sum(&|node| &node.changes)
    }

    /// What it reads before it binds it: the values come from outside.
    pub(super) fn exposed(&self) -> Names<'a> {
        let mut exposed = &self.reads | &self.changes;
        for block in self.blocks() {
            let mut own = match &self.kind {
                Kind::For(each) => each.targets.iter().copied().collect(),
                Kind::Match(..) => self.binds.clone(),
                _ => Names::new(),
            };
            for inner in block {
                exposed.extend(inner.exposed().difference(&own));
                own.extend(inner.definite());
            }
        }
        exposed
    }

    /// What it certainly binds, if the slice goes on after it.
    pub(super) fn definite(&self) -> Names<'a> {
        match &self.kind {
            Kind::Call(_) | Kind::Same(_) | Kind::Results(_) | Kind::Settle(_) => {
                self.binds.clone()
            }
            Kind::If(branches) if branches.last().is_some_and(|branch| branch.test.is_none()) => {
                common(branches.iter().map(|branch| &branch.body))
            }
            Kind::Try(attempt) if attempt.decided => {
                let handled = attempt.handlers.iter().map(|(_, body)| body);
                let mut done = attempt.body.clone();
                done.extend(attempt.orelse.iter().cloned());
                common(std::iter::once(&done).chain(handled))
            }
            _ => Names::new(),
        }
    }

    fn sum<'n>(&'n self, part: &impl Fn(&'n Node<'a>) -> &'n Names<'a>) -> Names<'a> {
        let mut names = part(self).clone();
        for inner in self.blocks().into_iter().flatten() {
            names.append(&mut inner.sum(part));
        }
        names
    }

    /// Does it leave what is around it, on a test? A loop keeps `break` and `continue` to itself.
    pub(super) fn leaves(&self) -> Option<Leave> {
        if let Kind::Leave(leave) = self.kind {
            return Some(leave);
        }
        if self.exits || matches!(self.kind, Kind::Give(_) | Kind::Raise(_)) {
            return Some(Leave::Return);
        }
        let inner = self.blocks().into_iter().flatten().filter_map(Node::leaves);
        let strongest = inner.max();
        match &self.kind {
            // `break` in its `else` is of the loop around.
            Kind::For(each) => {
                let outer = each.orelse.iter().filter_map(Node::leaves).max();
                strongest.filter(|leave| *leave == Leave::Return).max(outer)
            }
            Kind::While(..) => strongest.filter(|leave| *leave == Leave::Return),
            Kind::Try(attempt) if attempt.failures_leave => None,
            _ => strongest,
        }
    }

    pub(super) fn calls(&self, found: &mut Vec<Call<'a>>) {
        if let Kind::Call(call) | Kind::Results(Results { call, .. }) = &self.kind {
            found.push(call.clone());
        }
        for node in self.blocks().into_iter().flatten() {
            node.calls(found);
        }
    }

    /// Does it, or anything inside it, hand over a call?
    pub(super) fn hands_over(&self) -> bool {
        self.handed || self.blocks().into_iter().flatten().any(Node::hands_over)
    }

    pub(super) fn has_calls(&self) -> bool {
        matches!(self.kind, Kind::Call(_) | Kind::Results(_))
            || self.blocks().into_iter().flatten().any(Node::has_calls)
    }
}

/// What all of the blocks bind that do not leave.
fn common<'a, 'n>(blocks: impl Iterator<Item = &'n Vec<Node<'a>>>) -> Names<'a>
where
    'a: 'n,
{
    let leaves = |block: &&Vec<Node<'a>>| {
        !matches!(
            block.last(),
            Some(Node {
                kind: Kind::Leave(_) | Kind::Give(_) | Kind::Raise(_),
                ..
            })
        )
    };
    let bound = blocks
        .filter(leaves)
        .map(|block| block.iter().flat_map(Node::definite).collect::<Names<'a>>());
    bound.reduce(|one, other| &one & &other).unwrap_or_default()
}
