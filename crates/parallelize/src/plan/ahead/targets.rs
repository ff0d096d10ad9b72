//! The calls inside an expression: those that can be issued ahead, under the tests that decide them (E3).

use dice_program::ast::{BoolOp, Comprehension, Expr, ExprAwait, ExprCall, Ranged};

use super::Slicer;
use super::guess::likelier;
use super::node::{Branch, Call, Code, For, Kind, Node};
use super::parts::{calls, parts, waits, walrus_names};
use super::slice::node;
use crate::effects::{GLOBALS, target_names};

impl<'a> Slicer<'a, '_> {
    /// Issues what `expression` calls, in order of evaluation.
    pub(super) fn targets(&mut self, expression: &'a Expr, out: &mut Vec<Node<'a>>) {
        if let Expr::Call(call) = expression
            && self.gathering == Some(call.range())
        {
            return self.issued(call, false, out);
        }
        if !waits(expression) {
            self.unknown.extend(self.unjudged_walrus(expression));
            self.blocked |= self.may_exit && calls(expression);
            return;
        }
        match expression {
            Expr::Await(wait) => self.awaited(wait, out),
            Expr::If(choice) if self.is_guess(&choice.test) => {
                self.targets(&choice.test, out);
                self.targets(likelier(&choice.body, &choice.orelse), out);
            }
            Expr::If(choice) => {
                self.targets(&choice.test, out);
                self.decided_by(&choice.test, false, &choice.body, out);
                self.decided_by(&choice.test, true, &choice.orelse, out);
            }
            Expr::BoolOp(operation) => self.short_circuit(operation.op, &operation.values, out),
            Expr::ListComp(list) => self.comprehension(&list.generators, &[&list.elt], out),
            Expr::SetComp(set) => self.comprehension(&set.generators, &[&set.elt], out),
            Expr::DictComp(dict) => {
                let mut parts: Vec<&'a Expr> = dict.key.as_deref().into_iter().collect();
                parts.push(&dict.value);
                self.comprehension(&dict.generators, &parts, out);
            }
            Expr::Generator(_) | Expr::Lambda(_) => {}
            _ => {
                for part in parts(expression) {
                    self.targets(part, out);
                }
            }
        }
        self.unknown.extend(self.unjudged_walrus(expression));
    }

    /// Names that `expression` would bind, if the slice does not evaluate it.
    fn unjudged_walrus(&self, expression: &'a Expr) -> Vec<&'a str> {
        match self.judge(expression) {
            Some(_) => Vec::new(),
            None => walrus_names(expression),
        }
    }

    fn awaited(&mut self, wait: &'a ExprAwait, out: &mut Vec<Node<'a>>) {
        let Expr::Call(call) = &*wait.value else {
            return;
        };
        if let Some(made) = self.gathered(call) {
            let around = self.gathering.replace(made.call.range());
            let element = gathered_element(call);
            self.comprehension(made.generators, element.as_slice(), out);
            self.gathering = around;
            return;
        }
        let values = call.arguments.args.iter();
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        for argument in values.chain(keywords) {
            self.targets(argument, out);
        }
        if self.blocked {
            return;
        }
        let helper = self.helpers.called(call.range());
        let helper = helper.map(|helper| &helper.trust);
        if helper.is_none() && !self.program.sites.is_hermod_call(&call.func) {
            self.blocked = self.may_exit && self.guessing.is_none();
            return;
        }
        self.fallible |= helper.is_some_and(|trust| trust.fallible);
        let looks = helper.is_some_and(|trust| trust.looks);
        self.issued(call, looks, out);
        self.blocked |= helper.is_some() && self.may_exit;
    }

    /// Issues a call, or starts the slice of a helper, if its arguments are known.
    fn issued(&mut self, call: &'a ExprCall, looks: bool, out: &mut Vec<Node<'a>>) {
        let Some(function) = self.makes(call) else {
            return;
        };
        let Some(mut needs) = self.judge_handed(call).filter(|needs| !needs.exits) else {
            return;
        };
        if looks {
            needs.read(GLOBALS);
        }
        let range = call.range();
        let kind = Kind::Call(Call {
            range,
            function,
            target: None,
            wanted: false,
        });
        out.push(node(kind, needs));
    }

    /// `value` is evaluated if `test` holds, or if it does not.
    fn decided_by(
        &mut self,
        test: &'a Expr,
        negated: bool,
        value: &'a Expr,
        out: &mut Vec<Node<'a>>,
    ) {
        let mut body = Vec::new();
        let Some(needs) = self.judge(test) else {
            return;
        };
        self.targets(value, &mut body);
        if body.is_empty() {
            return;
        }
        let mut code = self.code(test.range());
        if negated {
            code.text = format!("not ({})", code.text);
        }
        let made = node(
            Kind::If(vec![Branch {
                test: Some(code),
                body,
            }]),
            needs,
        );
        out.push(made);
    }

    fn short_circuit(&mut self, operator: BoolOp, values: &'a [Expr], out: &mut Vec<Node<'a>>) {
        let Some((first, others)) = values.split_first() else {
            return;
        };
        self.targets(first, out);
        let mut nested: Vec<Node<'a>> = Vec::new();
        if others.is_empty() {
            return;
        }
        if self.is_guess(first) {
            return self.short_circuit(operator, others, out);
        }
        let Some(needs) = self.judge(first) else {
            return;
        };
        self.short_circuit(operator, others, &mut nested);
        if nested.is_empty() {
            return;
        }
        let mut code = self.code(first.range());
        if operator == BoolOp::Or {
            code.text = format!("not ({})", code.text);
        }
        let branch = Branch {
            test: Some(code),
            body: nested,
        };
        let made = node(Kind::If(vec![branch]), needs);
        out.push(made);
    }

    /// A comprehension's calls, in a loop of their own.
    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        parts: &[&'a Expr],
        out: &mut Vec<Node<'a>>,
    ) {
        let Some((generator, others)) = generators.split_first() else {
            parts.iter().for_each(|part| self.targets(part, out));
            return;
        };
        self.targets(&generator.iter, out);
        if hands_on(generators, parts) {
            return;
        }
        let targets = target_names(&generator.target);
        let clash = targets
            .iter()
            .any(|name| self.facts.locals.contains(name) && self.outside.contains(name));
        let Some(needs) = self
            .judge(&generator.iter)
            .filter(|_| !generator.is_async && !clash)
        else {
            return;
        };
        self.own_targets.extend(&targets);
        let mut body = Vec::new();
        let blocked = self.blocked;
        self.filtered(&generator.ifs, others, parts, &mut body);
        if self.blocked && !blocked {
            body.clear(); // the next item hangs on what this one raises
        }
        self.own_targets
            .truncate(self.own_targets.len() - targets.len());
        if body.is_empty() {
            return;
        }
        // A variable of the function by that name is not the slice's any more.
        let locals = &self.facts.locals;
        let lost = targets.iter().filter(|name| locals.contains(*name));
        self.unknown.extend(lost);
        let each = For {
            items: Vec::new(),
            target: self.code(generator.target.range()),
            targets: targets.clone(),
            iter: self.code(generator.iter.range()),
            body,
            orelse: Vec::new(),
        };
        let mut made = node(Kind::For(Box::new(each)), needs);
        made.binds.extend(targets);
        out.push(made);
    }

    fn filtered(
        &mut self,
        tests: &'a [Expr],
        others: &'a [Comprehension],
        parts: &[&'a Expr],
        out: &mut Vec<Node<'a>>,
    ) {
        let Some((test, tests)) = tests.split_first() else {
            return self.comprehension(others, parts, out);
        };
        self.targets(test, out);
        if self.is_guess(test) {
            return self.filtered(tests, others, parts, out);
        }
        let Some(needs) = self.judge(test) else {
            return;
        };
        let mut body = Vec::new();
        self.filtered(tests, others, parts, &mut body);
        if body.is_empty() {
            return;
        }
        let test: Code = self.code(test.range());
        let branch = Branch {
            test: Some(test),
            body,
        };
        let made = node(Kind::If(vec![branch]), needs);
        out.push(made);
    }
}

/// Does an item's `:=` hand something on to the next?
fn hands_on(generators: &[Comprehension], parts: &[&Expr]) -> bool {
    let tests = generators.iter().flat_map(|generator| &generator.ifs);
    let mut inside = tests.chain(parts.iter().copied());
    inside.any(|expression| !walrus_names(expression).is_empty())
}

/// What `gather(*[…])` awaits for each item.
fn gathered_element(gather: &ExprCall) -> Option<&Expr> {
    match &*gather.arguments.args.first()?.as_starred_expr()?.value {
        Expr::ListComp(list) => Some(&list.elt),
        Expr::Generator(generator) => Some(&generator.elt),
        _ => None,
    }
}
