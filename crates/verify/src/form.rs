//! Does a program run calls side by side, so that it is worth a certificate?

use dice_program::ast::Expr;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::{Parsed, find_calls};

/// What calls are started early with, ours and Python's own.
const STARTERS: [&str; 7] = [
    "ahead",
    "gather",
    "create_task",
    "ensure_future",
    "TaskGroup",
    "as_completed",
    "wait",
];

/// A plain serial program awaits each call where it makes it.
pub fn runs_ahead(parsed: &Parsed) -> bool {
    let mut starters = Starters::default();
    starters.visit_body(parsed.body());
    let calls = find_calls(parsed);
    starters.found || calls.calls.iter().any(|call| !call.awaited)
}

#[derive(Default)]
struct Starters {
    found: bool,
}

impl<'a> Visitor<'a> for Starters {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let name = match expression {
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Name(name) => name.id.as_str(),
            _ => "",
        };
        self.found |= STARTERS.contains(&name);
        visitor::walk_expr(self, expression);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_run_ahead() {
        let check = |line: &str, expected: bool| {
            let source = format!("import asyncio, hermod\nasync def main():\n    {line}\n");
            assert_eq!(
                runs_ahead(&dice_program::parse(&source)),
                expected,
                "{line}"
            );
        };
        check("a = await hermod.call('f')", false);
        check("for x in y: print(await hermod.call('f', x=x))", false);
        check("a = hermod.call('f')", true);
        check("async with hermod.ahead() as early: pass", true);
        check("await hermod.gather(f(), g())", true);
        check("await asyncio.gather(f(), g())", true);
    }
}
