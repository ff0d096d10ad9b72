//! A bound on how deep the tree of a source gets, taken from its tokens before the tree is made.
//!
//! The parser bounds its own recursion, but `a.b.c…` and `1+1+…` make deep trees in loops, and every
//! visitor (and the tree's own destructor) recurses over them.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Far beyond what people write, far below what overflows a 2 MiB stack.
pub(crate) const DEEPEST: usize = 400;

/// May the tree be deeper than [`DEEPEST`] somewhere? (The lexer keeps to itself where it is.)
pub(crate) fn is_too_deep(source: &str) -> bool {
    let mut lexer = lexer::lex(source, Mode::Module);
    let mut depth = Depth::default();
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return false,
            kind => depth.take(kind),
        }
        if depth.total > DEEPEST {
            return true;
        }
    }
}

/// Operators since the last comma, at this bracket and at each one around it; their sum bounds the
/// depth.
#[derive(Default)]
struct Depth {
    here: usize,
    around: Vec<usize>,
    total: usize,
}

impl Depth {
    fn take(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Comma | TokenKind::Newline | TokenKind::Semi | TokenKind::Colon => {
                self.total -= std::mem::take(&mut self.here);
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                self.deeper();
                self.around.push(std::mem::take(&mut self.here));
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd => {
                if let Some(around) = self.around.pop() {
                    self.total -= self.here;
                    self.here = around;
                }
            }
            TokenKind::String | TokenKind::Name | TokenKind::Int | TokenKind::FStringMiddle => {}
            kind if kind.is_trivia() => {}
            _ => self.deeper(),
        }
    }

    fn deeper(&mut self) {
        self.here += 1;
        self.total += 1;
    }
}
