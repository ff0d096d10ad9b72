//! The slice, forward: which statements can be done once more ahead of their time, statement by statement.
//! What cannot is left out, and what hangs on it is unknown from there on.

use std::collections::HashSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtAugAssign, StmtFor, StmtIf, StmtWhile, TextRange};

use super::Slicer;
use super::judge::Use;
use super::node::{Branch, Call, Code, For, Kind, Leave, Names, Node};
use crate::dependence::is_plain;
use crate::effects::{Effects, GLOBALS, known, target_names};

/// Does what follows in the block never run in the slice?
pub(super) type Ended = bool;

impl<'a> Slicer<'a, '_> {
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        self.unknown.contains(name) || self.dirty.contains(name)
    }

    /// May the slice have a variable of its own by that name?
    pub(super) fn may_bind(&self, name: &str) -> bool {
        self.facts.locals.contains(name) && !self.dirty.contains(name)
    }

    pub(super) fn code(&self, range: TextRange) -> Code {
        let start = range.start().to_usize();
        let line = &self.layout.source[self.layout.line_start(start)..];
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        Code {
            text: self.patches.slice_range(range),
            column: blank,
        }
    }

    pub(super) fn block(&mut self, statements: &'a [Stmt], out: &mut Vec<Node<'a>>) -> Ended {
        statements
            .iter()
            .any(|statement| self.statement(statement, out))
    }

    fn statement(&mut self, statement: &'a Stmt, out: &mut Vec<Node<'a>>) -> Ended {
        self.may_exit = self.facts.of(statement).raises;
        self.blocked = false;
        match statement {
            Stmt::Pass(_) => false,
            Stmt::Break(_) => leave(Leave::Break, out),
            Stmt::Continue(_) => leave(Leave::Continue, out),
            Stmt::Return(give) => {
                give.value.iter().for_each(|value| self.targets(value, out));
                self.give(give.value.as_deref(), out)
            }
            Stmt::Raise(raise) => self.raise(raise, out),
            Stmt::Assert(assert) => self.assert(statement, &assert.test, out),
            Stmt::Expr(expression) => self.expression(statement, &expression.value, out),
            Stmt::Assign(assign) => self.assign(statement, &assign.targets, &assign.value, out),
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => {
                    self.assign(statement, std::slice::from_ref(&*assign.target), value, out)
                }
                None => false,
            },
            Stmt::AugAssign(assign) => self.augment(statement, assign, out),
            Stmt::If(branch) => self.branches(branch, out),
            Stmt::For(each) => self.each(statement, each, out),
            Stmt::While(repeat) => self.repeat(statement, repeat, out),
            Stmt::Try(attempt) => self.attempt(statement, attempt, out),
            Stmt::With(with) => self.with(statement, with, out),
            Stmt::Match(choice) => self.choice(statement, choice, out),
            _ => self.leave_out(statement, out),
        }
    }

    fn give(&mut self, value: Option<&'a Expr>, out: &mut Vec<Node<'a>>) -> Ended {
        if !self.giving {
            return leave(Leave::Return, out);
        }
        let needs = value.map_or_else(|| Some(Use::default()), |value| self.judge_raising(value));
        let Some(needs) = needs else {
            self.withheld = true;
            return leave(Leave::Return, out);
        };
        let value = value.map(|value| self.code(value.range()));
        out.push(node(Kind::Give(value), needs));
        true
    }

    /// The statement is not done ahead; what it binds and changes is unknown from here on.
    pub(super) fn leave_out(&mut self, statement: &'a Stmt, out: &mut Vec<Node<'a>>) -> Ended {
        let effects = self.facts.of(statement);
        self.forget(effects);
        self.fallible |= super::fallible::may_fail(statement);
        self.stop(effects, out)
    }

    pub(super) fn forget(&mut self, effects: &Effects<'a>) {
        self.unknown.extend(&effects.binds);
        self.unknown.extend(&effects.unbinds);
        self.unknown.extend(self.touched(effects));
    }

    /// Names from which something can be reached that is changed in place.
    pub(super) fn touched(&self, effects: &Effects<'a>) -> Vec<&'a str> {
        let nodes = effects.mutates.iter();
        let heap = &self.facts.heap;
        let names = nodes.flat_map(|node| heap.names_reaching(*node).iter().copied());
        let smashed = effects.smashes.iter();
        let names = names.chain(smashed.flat_map(|node| heap.names_sharing(*node)));
        let names = names.chain(effects.own.iter().map(|(_, name)| *name));
        let real = |name: &&'a str| {
            let facts = &self.facts;
            facts.locals.contains(name) || facts.outer.contains(name) || *name == GLOBALS
        };
        names.filter(real).collect()
    }

    fn assert(&mut self, statement: &'a Stmt, test: &'a Expr, out: &mut Vec<Node<'a>>) -> Ended {
        self.targets(test, out);
        self.withheld = true; // it may raise
        let Some(needs) = self.judge(test).filter(|_| self.guessing.is_none()) else {
            return self.leave_out(statement, out);
        };
        self.bind(needs.binds.iter().copied());
        let mut code = self.code(test.range());
        code.text = format!("not ({})", code.text);
        let body = vec![Node::new(Kind::Leave(Leave::Return))];
        let branch = Branch {
            test: Some(code),
            body,
        };
        out.push(node(Kind::If(vec![branch]), needs));
        false
    }

    fn expression(
        &mut self,
        statement: &'a Stmt,
        value: &'a Expr,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(value, out);
        if let Some(made) = self.decider(value) {
            out.pop(); // the same call, which nobody awaits
            out.push(made);
            return false;
        }
        match self.mutation(statement, value) {
            Some(needs) => self.keep(statement, needs, out),
            None => self.leave_out(statement, out),
        }
    }

    /// `await check(…)` of a helper that raises on a test of its own.
    fn decider(&self, value: &'a Expr) -> Option<Node<'a>> {
        let call = value.as_await_expr()?.value.as_call_expr()?;
        let mut needs = self.judge_raising(value).filter(|needs| needs.exits)?;
        let [range] = needs.waits[..] else {
            return None;
        };
        needs.waits.clear();
        let function = self.makes(call)?;
        let kind = Kind::Call(Call {
            range,
            function,
            target: None,
            wanted: false,
        });
        Some(node(kind, needs))
    }

    /// `queue.pop(0)`, which changes an object and gives a part of it.
    fn takes(value: &Expr) -> bool {
        matches!(value, Expr::Call(call) if matches!(&*call.func, Expr::Attribute(attribute)
            if matches!(attribute.attr.as_str(), "pop" | "popleft" | "popitem")))
    }

    /// `results.append(…)`, where the slice has a list of its own by that name.
    fn mutation(&self, statement: &'a Stmt, value: &'a Expr) -> Option<Use<'a>> {
        let call = value.as_call_expr()?;
        let attribute = call.func.as_attribute_expr()?;
        let method = attribute.attr.as_str();
        let of_program = self.program.module.defines_method(method);
        if !known::is_mutating_method(method) || of_program || !call.arguments.keywords.is_empty() {
            return None;
        }
        let mut needs = self.judge(&attribute.value)?;
        for argument in &call.arguments.args {
            merge(&mut needs, self.judge_raising(argument)?);
        }
        self.changes_own(statement).then_some(needs)
    }

    /// Does it change nothing but objects that the slice made itself?
    fn changes_own(&self, statement: &'a Stmt) -> bool {
        let witnesses = self.facts.witnesses(self.facts.of(statement));
        witnesses
            .iter()
            .all(|name| self.is_own(name) && !self.is_unknown(name))
    }

    fn is_own(&self, name: &str) -> bool {
        self.may_bind(name) && !self.outside.contains(name) && !self.facts.captured.contains(name)
    }

    fn assign(
        &mut self,
        statement: &'a Stmt,
        targets: &'a [Expr],
        value: &'a Expr,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(value, out);
        if let [Expr::Name(name)] = targets
            && let Some(list) = self.list_of_results(name.id.as_str(), value)
            && self.changes_own(statement)
        {
            self.bind(std::iter::once(name.id.as_str()));
            out.push(list);
            return false;
        }
        let mut needs = match Self::takes(value) {
            true => self.mutation(statement, value),
            false => self.judge_raising(value),
        };
        for target in targets {
            needs = needs.and_then(|mut needs| {
                merge(&mut needs, self.target(target)?);
                Some(needs)
            });
        }
        let Some(needs) = needs.filter(|_| self.changes_own(statement)) else {
            return self.leave_out(statement, out);
        };
        if let ([Expr::Name(name)], Expr::Await(wait)) = (targets, value)
            && let Expr::Call(call) = &*wait.value
            && let [_] = needs.waits.as_slice()
            && let Some(function) = self.makes(call)
        {
            out.pop(); // the same call, without a target
            let (range, target) = (call.range(), Some(name.id.as_str()));
            self.bind(
                [name.id.as_str()]
                    .into_iter()
                    .chain(needs.binds.iter().copied()),
            );
            let kind = Kind::Call(Call {
                range,
                function,
                target,
                wanted: false,
            });
            let mut made = node(kind, needs);
            made.binds.extend(target);
            made.waits.clear();
            out.push(made);
            return false;
        }
        self.keep(statement, needs, out)
    }

    /// Names, tuples of names, and places in objects of the slice's own.
    fn target(&self, target: &'a Expr) -> Option<Use<'a>> {
        match target {
            Expr::Subscript(subscript) => {
                let mut needs = self.judge(&subscript.value)?;
                merge(&mut needs, self.judge(&subscript.slice)?);
                Some(needs)
            }
            _ => self.plain_target(target).then(Use::default),
        }
    }

    pub(super) fn plain_target(&self, target: &'a Expr) -> bool {
        match target {
            Expr::Name(name) => self.may_bind(name.id.as_str()),
            Expr::Tuple(tuple) => tuple.elts.iter().all(|part| self.plain_target(part)),
            Expr::List(list) => list.elts.iter().all(|part| self.plain_target(part)),
            Expr::Starred(starred) => self.plain_target(&starred.value),
            _ => false,
        }
    }

    fn augment(
        &mut self,
        statement: &'a Stmt,
        assign: &'a StmtAugAssign,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(&assign.value, out);
        let needs = self.target(&assign.target).and_then(|mut needs| {
            if assign.target.is_name_expr() {
                let name = assign.target.as_name_expr()?.id.as_str();
                (!self.is_unknown(name)).then_some(())?;
                needs.reads.insert(name);
            }
            merge(&mut needs, self.judge_raising(&assign.value)?);
            Some(needs)
        });
        match needs.filter(|_| self.changes_own(statement)) {
            Some(needs) => self.keep(statement, needs, out),
            None => self.leave_out(statement, out),
        }
    }

    fn keep(&mut self, statement: &'a Stmt, needs: Use<'a>, out: &mut Vec<Node<'a>>) -> Ended {
        let effects = self.facts.of(statement);
        self.bind(effects.binds.iter().copied());
        let mut kept = node(Kind::Same(statement), needs);
        kept.binds.extend(&effects.binds);
        kept.changes.extend(self.touched(effects));
        out.push(kept);
        false
    }

    pub(super) fn bind(&mut self, names: impl Iterator<Item = &'a str>) {
        names.for_each(|name| {
            self.unknown.remove(name);
        });
    }

    fn branches(&mut self, branch: &'a StmtIf, out: &mut Vec<Node<'a>>) -> Ended {
        let mut clauses: Vec<(Option<&'a Expr>, &'a [Stmt])> =
            vec![(Some(&branch.test), &branch.body)];
        let others = branch.elif_else_clauses.iter();
        clauses.extend(others.map(|clause| (clause.test.as_ref(), clause.body.as_slice())));
        self.clauses(&clauses, out)
    }

    fn clauses(
        &mut self,
        clauses: &[(Option<&'a Expr>, &'a [Stmt])],
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let Some(&(Some(test), body)) = clauses.first() else {
            return clauses
                .first()
                .is_some_and(|(_, body)| self.block(body, out));
        };
        self.targets(test, out);
        let Some(needs) = self.judge(test) else {
            self.forget_names(test);
            return self.undecided(clauses.iter().map(|(_, body)| *body), out);
        };
        self.bind(needs.binds.iter().copied());
        let before = self.unknown.clone();
        let mut then = Vec::new();
        let may_exit = self.may_exit;
        let left = self.block(body, &mut then);
        (self.may_exit, self.blocked) = (may_exit, false);
        let after = std::mem::replace(&mut self.unknown, before);
        let mut otherwise = Vec::new();
        let also_left = self.clauses(&clauses[1..], &mut otherwise);
        self.unknown.extend(after);
        let mut branches = vec![Branch {
            test: Some(self.code(test.range())),
            body: then,
        }];
        let mut made = node(Kind::If(Vec::new()), needs);
        branches.extend(as_branches(otherwise, &mut made));
        made.kind = Kind::If(branches);
        out.push(made);
        left && also_left
    }

    /// Blocks of which nobody knows whether they run: what they do is unknown, and if one leaves, so is
    /// whether anything runs after it (E3).
    pub(super) fn undecided(
        &mut self,
        blocks: impl Iterator<Item = &'a [Stmt]> + Clone,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        if self.guessing.is_some() {
            return self.guess_side(blocks, out);
        }
        let mut all = Effects::default();
        for statement in blocks.flatten() {
            all.include(self.facts.of(statement));
        }
        self.fallible = true;
        self.forget(&all);
        self.stop(&all, out)
    }

    /// If what was left out may leave, the slice must stop here.
    pub(super) fn stop(&mut self, effects: &Effects<'a>, out: &mut Vec<Node<'a>>) -> Ended {
        let how = match effects {
            Effects { exits: Some(_), .. } => Leave::Return,
            Effects {
                breaks: Some(_), ..
            } => Leave::Break,
            Effects {
                continues: Some(_), ..
            } => Leave::Continue,
            _ => return false,
        };
        self.withheld = true;
        if self.guessing.is_some() {
            return false;
        }
        self.stopped = self.stopped.max(Some(how));
        leave(how, out)
    }

    /// Names that a test binds, if it is left out.
    fn forget_names(&mut self, expression: &'a Expr) {
        self.unknown
            .extend(super::targets::walrus_names(expression));
    }

    fn each(&mut self, statement: &'a Stmt, each: &'a StmtFor, out: &mut Vec<Node<'a>>) -> Ended {
        self.targets(&each.iter, out);
        let needs = self.judge(&each.iter).filter(|_| {
            !each.is_async && self.plain_target(&each.target) && self.walkable(&each.iter)
        });
        let Some(needs) = needs else {
            return self.leave_out(statement, out);
        };
        let targets = target_names(&each.target);
        let (body, cut) = self.turns(&each.body, |slicer| {
            slicer.bind(targets.iter().copied());
            true
        });
        let Some(body) = body else {
            return self.leave_out(statement, out);
        };
        let mut orelse = Vec::new();
        let mut rest = Vec::new();
        if cut && !each.orelse.is_empty() {
            self.undecided([each.orelse.as_slice()].into_iter(), &mut rest);
        } else {
            self.block(&each.orelse, &mut orelse);
        }
        let made = For {
            items: self.items_of(&each.iter, &each.target),
            target: self.code(each.target.range()),
            targets: targets.clone(),
            iter: self.code(each.iter.range()),
            body,
            orelse,
        };
        let mut made = node(Kind::For(Box::new(made)), needs);
        made.binds.extend(targets);
        out.push(made);
        let ended = !rest.is_empty();
        out.append(&mut rest);
        ended
    }

    fn walkable(&self, iter: &'a Expr) -> bool {
        let program = &self.program;
        is_plain(
            iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) || matches!(iter, Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if name.id == "range"))
    }

    /// A loop's body, with what is unknown after any number of turns; and whether an undecided test may
    /// end the loop sooner in the slice than in the program. `None`: not even the loop itself is decided.
    pub(super) fn turns(
        &mut self,
        body: &'a [Stmt],
        mut enter: impl FnMut(&mut Self) -> bool,
    ) -> (Option<Vec<Node<'a>>>, bool) {
        let mut all = Effects::default();
        body.iter()
            .for_each(|inner| all.include(self.facts.of(inner)));
        loop {
            let before = self.unknown.clone();
            if !enter(self) {
                return (None, true);
            }
            let mut out = Vec::new();
            let around = self.stopped.take();
            self.block(body, &mut out);
            let cut = self.stopped.is_some();
            if cut {
                self.forget(&all);
            }
            let left = self.stopped.filter(|how| *how == Leave::Return);
            self.stopped = around.max(left);
            self.unknown.extend(&before);
            if self.unknown == before {
                return (Some(out), cut);
            }
        }
    }

    fn repeat(
        &mut self,
        statement: &'a Stmt,
        repeat: &'a StmtWhile,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        if let Some(guessing) = self.guessing {
            return self.guess_turns(repeat, guessing, out);
        }
        if !repeat.orelse.is_empty() {
            return self.leave_out(statement, out);
        }
        let mut needs = None;
        let (body, _) = self.turns(&repeat.body, |slicer| {
            needs = slicer.judge(&repeat.test);
            needs.is_some()
        });
        let (Some(body), Some(needs)) = (body, needs) else {
            return self.leave_out(statement, out);
        };
        self.bind(needs.binds.iter().copied());
        let made = node(Kind::While(self.code(repeat.test.range()), body), needs);
        out.push(made);
        false
    }

    /// All that shares objects with these names may be changed.
    pub(super) fn smash(&mut self, names: &HashSet<&'a str>) {
        let heap = &self.facts.heap;
        let reached: HashSet<usize> = names
            .iter()
            .flat_map(|name| heap.reach_of_name(name))
            .collect();
        let shares = |name: &&&str| {
            heap.reach_of_name(name)
                .iter()
                .any(|node| reached.contains(node))
        };
        let shared: Vec<&'a str> = self.facts.locals.iter().filter(shares).copied().collect();
        self.unknown.extend(shared);
        self.unknown.insert(GLOBALS);
    }
}

pub(super) fn merge<'a>(into: &mut Use<'a>, other: Use<'a>) {
    into.reads.extend(other.reads);
    into.binds.extend(other.binds);
    into.waits.extend(other.waits);
    into.exits |= other.exits;
}

pub(super) fn node<'a>(kind: Kind<'a>, needs: Use<'a>) -> Node<'a> {
    Node {
        reads: needs.reads,
        binds: needs.binds,
        changes: Names::new(),
        waits: needs.waits,
        exits: needs.exits,
        kind,
    }
}

pub(super) fn leave(how: Leave, out: &mut Vec<Node<'_>>) -> Ended {
    out.push(Node::new(Kind::Leave(how)));
    true
}

/// `else` branches; one that only holds an `if` becomes `elif`, and its test a test of `around`.
fn as_branches<'a>(mut nodes: Vec<Node<'a>>, around: &mut Node<'a>) -> Vec<Branch<'a>> {
    if let [
        Node {
            kind: Kind::If(branches),
            waits,
            reads,
            binds,
            ..
        },
    ] = nodes.as_mut_slice()
        && waits.is_empty()
    {
        around.reads.append(reads);
        around.binds.append(binds);
        return std::mem::take(branches);
    }
    match nodes.is_empty() {
        true => Vec::new(),
        false => vec![Branch {
            test: None,
            body: nodes,
        }],
    }
}
