//! What stands in front of the stretch that a slice runs ahead of, and the slice needs for itself.

use dice_program::ast::{Expr, Stmt};

use super::Slicer;
use super::node::Node;
use super::unknown::Part;
use crate::effects::bound_names;

impl<'a> Slicer<'a, '_> {
    /// A list that the body changes is made once more, for the slice alone.
    pub(super) fn again(
        &mut self,
        statement: &'a Stmt,
        late: &[Part<'a>],
        before: &'a [Stmt],
        out: &mut Vec<Node<'a>>,
    ) {
        let assigned = match statement {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => Some((name.id.as_str(), &*assign.value)),
                _ => None,
            },
            Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
                (Expr::Name(name), Some(value)) => Some((name.id.as_str(), &**value)),
                _ => None,
            },
            _ => None,
        };
        let binds =
            |name| move |other: &&Stmt| bound_names(std::slice::from_ref(*other)).contains(name);
        if let Some((name, value)) = assigned
            && !self.facts.of(statement).awaits
            && late.contains(&name.into())
            && before.iter().filter(binds(name)).count() == 1
            && !self.facts.parameters.contains(&name)
            && self.judge(value).is_some()
        {
            self.outside.remove(name);
            self.block(std::slice::from_ref(statement), out);
            return;
        }
        let touched = self.touched(self.facts.of(statement));
        if self.facts.of(statement).awaits {
            // Its calls have been made: it cannot be done once more to what the slice has of its own.
            let touched = touched.into_iter();
            let own: Vec<Part<'a>> = touched
                .filter(|part| !self.outside.contains(part.name))
                .collect();
            self.unknown.extend(own);
            return;
        }
        let is_late = |name| late.iter().any(|part| part.name == name);
        let mut own = touched
            .iter()
            .filter(|part| is_late(part.name) && !self.outside.contains(part.name));
        if own.next().is_some() {
            match statement {
                Stmt::Expr(_) | Stmt::AugAssign(_) => {
                    self.block(std::slice::from_ref(statement), out);
                }
                _ => self.unknown.extend(touched),
            }
        }
    }
}
