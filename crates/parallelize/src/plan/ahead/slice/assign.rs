//! Statements that give names and the slice's own objects their values.

use dice_program::ast::{Expr, Ranged, Stmt, StmtAugAssign};

use super::{Ended, merge, node};
use crate::effects::known;
use crate::plan::ahead::Slicer;
use crate::plan::ahead::judge::Use;
use crate::plan::ahead::node::{Call, Kind, Node};

impl<'a> Slicer<'a, '_> {
    pub(super) fn expression(
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
        let walks = known::walks_its_arguments(method);
        for argument in &call.arguments.args {
            merge(&mut needs, self.judge_argument(argument, walks)?);
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

    pub(super) fn assign(
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

    pub(in crate::plan::ahead) fn plain_target(&self, target: &'a Expr) -> bool {
        match target {
            Expr::Name(name) => self.may_bind(name.id.as_str()),
            Expr::Tuple(tuple) => tuple.elts.iter().all(|part| self.plain_target(part)),
            Expr::List(list) => list.elts.iter().all(|part| self.plain_target(part)),
            Expr::Starred(starred) => self.plain_target(&starred.value),
            _ => false,
        }
    }

    pub(super) fn augment(
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
                needs.read(name);
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
        let touched = self.touched(effects);
        kept.changes.extend(touched.iter().map(|part| part.name));
        out.push(kept);
        false
    }
}
