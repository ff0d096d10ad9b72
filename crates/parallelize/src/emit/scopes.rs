//! Names of scopes for work that runs ahead. A scope's name hangs on which scopes are open around it, which
//! is known only when everything is planned: until then a mark stands for it in the text.

use super::NewNames;

const MARK: char = '\0';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScopeId(usize);

#[derive(Debug, Clone, Default)]
pub(crate) struct ScopeNames {
    scopes: Vec<Scope>,
}

#[derive(Debug, Clone)]
struct Scope {
    around: Option<ScopeId>,
    open: bool,
}

impl ScopeNames {
    /// A scope that may be opened inside `around`.
    pub(crate) fn claim(&mut self, around: Option<ScopeId>) -> ScopeId {
        let open = false;
        self.scopes.push(Scope { around, open });
        ScopeId(self.scopes.len() - 1)
    }

    /// What stands for its name.
    pub(crate) fn text(&self, scope: ScopeId) -> String {
        format!("{MARK}{}{MARK}", scope.0)
    }

    /// The same, and notes that some `async with` binds it.
    pub(crate) fn open(&mut self, scope: ScopeId) -> String {
        self.scopes[scope.0].open = true;
        self.text(scope)
    }

    /// The text with `to` in place of `from`, and everything in it inside `to`.
    pub(crate) fn rename(&mut self, text: &str, from: ScopeId, to: ScopeId) -> String {
        for part in text.split(MARK) {
            let inside = part.parse::<usize>().ok();
            let mut at = inside.filter(|scope| *scope < self.scopes.len() && *scope != to.0);
            while let Some(scope) = at {
                let around = self.scopes[scope].around;
                if around == Some(from) {
                    self.scopes[scope].around = Some(to);
                }
                let outer = around.filter(|outer| *outer != from && *outer != to);
                at = outer.map(|outer| outer.0);
            }
        }
        text.replace(&self.text(from), &self.text(to))
    }

    /// The text with all marks replaced, those of strings left out.
    pub(crate) fn settle(&self, text: &str, names: &mut NewNames) -> String {
        let mut words: Vec<String> = vec!["early".to_owned()];
        let mut parts = text.split(MARK);
        let mut settled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let scope = part.parse::<usize>().ok();
            let Some(scope) = scope.filter(|scope| *scope < self.scopes.len()) else {
                settled.push_str(part);
                continue;
            };
            let depth = self.depth(scope);
            while words.len() <= depth {
                words.push(names.claim("early_inside"));
            }
            settled.push_str(&words[depth]);
        }
        settled
    }

    /// How many open scopes are around it.
    fn depth(&self, scope: usize) -> usize {
        let mut depth = 0;
        let mut around = self.scopes[scope].around;
        while let Some(ScopeId(outer)) = around {
            depth += usize::from(self.scopes[outer].open);
            around = self.scopes[outer].around;
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_scopes_count() {
        let mut scopes = ScopeNames::default();
        let outer = scopes.claim(None);
        let closed = scopes.claim(Some(outer));
        let inner = scopes.claim(Some(closed));
        let text = format!("{} {}", scopes.open(outer), scopes.open(inner));
        let mut names = NewNames::new([]);
        assert_eq!(scopes.settle(&text, &mut names), "early early_inside");
        assert_eq!(scopes.settle("a\n\0b 1\n", &mut names), "a\nb 1\n");
    }
}
