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
    // Per open bracket, operators since the last comma; their sum bounds the depth.
    let mut open = vec![0usize];
    let mut total = 0;
    loop {
        let kind = lexer.next_token();
        let level = open.last_mut().expect("the module's own level stays");
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Comma | TokenKind::Newline | TokenKind::Semi | TokenKind::Colon => {
                total -= *level;
                *level = 0;
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                *level += 1;
                total += 1;
                open.push(0);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd
                if open.len() > 1 =>
            {
                total -= open.pop().expect("more than one is open");
            }
            TokenKind::String | TokenKind::Name | TokenKind::Int | TokenKind::FStringMiddle => {}
            kind if kind.is_trivia() => {}
            _ => {
                *level += 1;
                total += 1;
            }
        }
        if total > DEEPEST {
            return true;
        }
    }
}
