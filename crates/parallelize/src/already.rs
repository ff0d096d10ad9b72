//! Programs that are left as they are: what `parallelize` made itself, and what calls early by hand (O4).

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprCall, Ranged, Stmt, TextRange};
use dice_program::{CallSite, CallSites, Parsed};

use crate::effects::{Scope, Scopes, last_name};

/// Where, the rule, why, and what would help.
pub(crate) type LeftAlone = (usize, &'static str, String, Option<&'static str>);

/// Does the program use `hermod`'s own helpers, or keep calls in hand before it awaits them?
pub(crate) fn issued_early(parsed: &Parsed, sites: &CallSites<'_>) -> Option<LeftAlone> {
    let mut finder = Finder {
        sites,
        found: None,
        handed: 0,
    };
    finder.visit_body(parsed.body());
    let at = finder.found?;
    let why = "the program issues calls early already: it is kept as it is".to_owned();
    Some((at.start().to_usize(), "O4", why, None))
}

/// Where the program hands calls to somebody who runs them at once; that is not touched.
pub(crate) fn parallel_places(parsed: &Parsed) -> Vec<LeftAlone> {
    let mut places = Places(Vec::new());
    places.visit_body(parsed.body());
    let places = places.0.into_iter().map(|(at, name)| {
        let why = format!("`{name}` issues its calls early already: it is kept as it is");
        (at.start().to_usize(), "O4", why, None)
    });
    places.collect()
}

struct Places(Vec<(TextRange, String)>);

impl<'a> Visitor<'a> for Places {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression
            && let Some(name) = last_name(&call.func)
            && (AWAITING.contains(&name) || name == "TaskGroup")
        {
            self.0.push((call.range(), name.to_owned()));
        }
        visitor::walk_expr(self, expression);
    }
}

/// Does a format of the log show where in the text something stands (A7)?
pub(crate) fn shows_lines(parsed: &Parsed) -> Option<LeftAlone> {
    let mut formats = Formats(None);
    formats.visit_body(parsed.body());
    let (at, shown) = formats.0?;
    let why = format!("the log shows `{shown}`, which hangs on the text of the program");
    let help = Some("leave it out of the format");
    Some((at.start().to_usize(), "A7", why, help))
}

struct Formats(Option<(TextRange, &'static str)>);

impl<'a> Visitor<'a> for Formats {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::StringLiteral(text) = expression {
            let text = text.value.to_str();
            let shown = ["lineno", "funcName", "taskName"].into_iter();
            let mut shown = shown.filter(|name| {
                text.contains(&format!("%({name})")) || text.contains(&format!("{{{name}"))
            });
            if let Some(name) = shown.next() {
                self.0.get_or_insert((expression.range(), name));
            }
        }
        visitor::walk_expr(self, expression);
    }
}

struct Finder<'a, 'w> {
    sites: &'w CallSites<'a>,
    found: Option<TextRange>,
    /// How many calls and comprehensions around hand coroutines to somebody who awaits them.
    handed: usize,
}

/// Functions that await what they are given.
const AWAITING: &[&str] = &[
    "gather",
    "create_task",
    "ensure_future",
    "wait_for",
    "as_completed",
];

impl<'a> Finder<'a, '_> {
    fn call(&mut self, call: &'a ExprCall) {
        if self.sites.is_hermod_call(&call.func) && self.handed == 0 {
            self.found.get_or_insert(call.range());
        }
        let hands = last_name(&call.func).is_some_and(|name| AWAITING.contains(&name));
        self.handed += usize::from(hands);
        self.visit_arguments(&call.arguments);
        self.handed -= usize::from(hands);
        self.visit_expr(&call.func);
    }
}

impl<'a> Visitor<'a> for Finder<'a, '_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) if self.sites.is_hermod_call(&call.func) => {
                    self.visit_arguments(&call.arguments);
                }
                _ => visitor::walk_expr(self, expression),
            },
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) if is_own_helper(attribute) => {
                self.found.get_or_insert(expression.range());
            }
            Expr::Name(name) if name.id.as_str() == "ahead" => {
                self.found.get_or_insert(expression.range());
            }
            Expr::ListComp(_) | Expr::Generator(_) | Expr::SetComp(_) => {
                self.handed += 1;
                visitor::walk_expr(self, expression);
                self.handed -= 1;
            }
            _ => visitor::walk_expr(self, expression),
        }
    }
}

/// `hermod.ahead`, `hermod.gather`.
fn is_own_helper(attribute: &dice_program::ast::ExprAttribute) -> bool {
    let of_asyncio = matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == "asyncio");
    let name = attribute.attr.as_str();
    name == "ahead" || name == "start_soon" || name == "gather" && !of_asyncio
}

/// The name through which a call is made.
fn root_of<'a>(call: &CallSite<'a>) -> Option<&'a str> {
    let function = match &*call.node.func {
        Expr::Attribute(attribute) => &*attribute.value,
        function => function,
    };
    match function {
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// Does the name through which the program calls ever mean anything else?
pub(crate) fn bound_anew(
    parsed: &Parsed,
    sites: &CallSites<'_>,
    scopes: &Scopes<'_>,
) -> Option<LeftAlone> {
    let mut roots: Vec<&str> = sites
        .calls
        .iter()
        .filter_map(|call| root_of(call))
        .collect();
    roots.sort_unstable();
    roots.dedup();
    let rebound = roots.into_iter().find(|root| {
        let elsewhere = scopes
            .functions()
            .any(|(scope, _)| scopes.info(scope).bound.contains_key(root));
        let times = scopes.info(Scope::MODULE).bound.get(root);
        elsewhere || times.copied().unwrap_or(0) > 1
    })?;
    let at = binding_of(parsed.body(), rebound).unwrap_or_default();
    let why = format!("`{rebound}` means something else than the package for a while");
    Some((at, "O1", why, Some("use another name for it")))
}

/// Where a statement of the module binds the name again.
fn binding_of(body: &[Stmt], name: &str) -> Option<usize> {
    let mut binding = body
        .iter()
        .filter(|statement| !matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_)));
    let found = binding.find(|statement| {
        crate::effects::bound_names(std::slice::from_ref(*statement)).contains(name)
    });
    found.map(|statement| statement.range().start().to_usize())
}
