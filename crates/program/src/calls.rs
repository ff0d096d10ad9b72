//! Finds every `hermod.call` of a program.

use crate::ast::visitor::{self, Visitor};
use crate::ast::{Expr, ExprCall, Keyword, Ranged, Stmt, TextRange};
use crate::parse::Parsed;

/// The names under which a program reaches `hermod.call`, and its calls in source order.
#[derive(Debug, Clone, Default)]
pub struct CallSites<'a> {
    pub calls: Vec<CallSite<'a>>,
    names: CallNames,
}

/// One `hermod.call(…)` in the text.
#[derive(Debug, Clone, Copy)]
pub struct CallSite<'a> {
    pub node: &'a ExprCall,
    /// The function's name, if it is a literal.
    pub function: Option<&'a str>,
    /// Of the first argument, or of the whole call if it has none.
    pub function_range: TextRange,
    /// Is it awaited where it stands, `await hermod.call(…)`?
    pub awaited: bool,
}

impl<'a> CallSite<'a> {
    /// The keyword arguments, `**` ones left out.
    pub fn keywords(&self) -> impl Iterator<Item = (&'a str, &'a Keyword)> {
        let keywords = self.node.arguments.keywords.iter();
        keywords.filter_map(|keyword| Some((keyword.arg.as_ref()?.as_str(), keyword)))
    }

    pub fn has_double_star(&self) -> bool {
        let mut keywords = self.node.arguments.keywords.iter();
        keywords.any(|keyword| keyword.arg.is_none())
    }
}

impl CallSites<'_> {
    /// Is `callee` an expression that means `hermod.call` in this program?
    pub fn is_hermod_call(&self, callee: &Expr) -> bool {
        self.names.matches(callee)
    }
}

/// Names bound to the module `hermod` and to its function `call`.
#[derive(Debug, Clone, Default)]
struct CallNames {
    modules: Vec<String>,
    functions: Vec<String>,
}

impl CallNames {
    fn matches(&self, callee: &Expr) -> bool {
        match callee {
            Expr::Name(name) => self.functions.iter().any(|known| known == name.id.as_str()),
            Expr::Attribute(attribute) if attribute.attr.as_str() == "call" => {
                matches!(&*attribute.value, Expr::Name(module) if self.modules.iter().any(|known| known == module.id.as_str()))
            }
            _ => false,
        }
    }

    fn learn_import(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    if alias.name.as_str() == "hermod" {
                        self.modules
                            .push(alias.asname.as_ref().unwrap_or(&alias.name).to_string());
                    }
                }
            }
            Stmt::ImportFrom(import) if import.module.as_deref() == Some("hermod") => {
                for alias in &import.names {
                    if alias.name.as_str() == "call" {
                        self.functions
                            .push(alias.asname.as_ref().unwrap_or(&alias.name).to_string());
                    }
                }
            }
            _ => {}
        }
    }

    /// `ask = hermod.call`: calls of `ask` are calls.
    fn learn_alias(&mut self, statement: &Stmt) {
        if let Stmt::Assign(assign) = statement
            && let [Expr::Name(target)] = assign.targets.as_slice()
            && self.matches(&assign.value)
        {
            self.functions.push(target.id.to_string());
        }
    }
}

/// Every call of the program, in source order, however `hermod.call` was imported or renamed.
pub fn find_calls(parsed: &Parsed) -> CallSites<'_> {
    let mut names = NameFinder::default();
    names.visit_body(parsed.body());
    let mut finder = CallFinder {
        sites: CallSites {
            names: names.0,
            calls: Vec::new(),
        },
        awaited: None,
    };
    finder.visit_body(parsed.body());
    let mut sites = finder.sites;
    sites.calls.sort_by_key(|call| call.node.range().start());
    sites
}

#[derive(Default)]
struct NameFinder(CallNames);

impl<'a> Visitor<'a> for NameFinder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.0.learn_import(statement);
        self.0.learn_alias(statement);
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

struct CallFinder<'a> {
    sites: CallSites<'a>,
    /// The range of what the `await` just entered awaits.
    awaited: Option<TextRange>,
}

impl<'a> Visitor<'a> for CallFinder<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Await(wait) => self.awaited = Some(wait.value.range()),
            Expr::Call(call) if self.sites.names.matches(&call.func) => {
                self.sites.calls.push(self.site(call));
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

impl<'a> CallFinder<'a> {
    fn site(&self, node: &'a ExprCall) -> CallSite<'a> {
        let named = node
            .arguments
            .find_keyword("name")
            .map(|keyword| &keyword.value);
        let first = node.arguments.args.first().or(named);
        let function = match first {
            Some(Expr::StringLiteral(literal)) => Some(literal.value.to_str()),
            _ => None,
        };
        CallSite {
            node,
            function,
            function_range: first.map_or(node.range(), Ranged::range),
            awaited: self.awaited == Some(node.range()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn check(source: &str, expect: &[(&str, bool)]) {
        let parsed = parse(source);
        let sites = find_calls(&parsed);
        let found: Vec<_> = sites
            .calls
            .iter()
            .map(|call| (call.function.unwrap_or("?"), call.awaited))
            .collect();
        assert_eq!(found, expect, "{source}");
    }

    #[test]
    fn calls_are_found_under_every_name() {
        check(
            "import hermod\nawait hermod.call('a')\nhermod.call('b')",
            &[("a", true), ("b", false)],
        );
        check("import hermod as h\nawait h.call('a')", &[("a", true)]);
        check("from hermod import call\nawait call('a')", &[("a", true)]);
        check("from hermod import call as ask\nask('a')", &[("a", false)]);
        check(
            "import hermod\nask = hermod.call\nasync def f():\n  return await ask('a')",
            &[("a", true)],
        );
        check(
            "import hermod\nx = [hermod.call(n) for n in 'ab']",
            &[("?", false)],
        );
        check("call('a')\nother.call('b')", &[]);
        check(
            "import hermod\nawait hermod.call('a', t=await hermod.call('b'))",
            &[("a", true), ("b", true)],
        );
    }
}
