//! SPDX licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`, and crates.io's old `MIT/Apache-2.0`.

use std::fmt;

#[derive(Debug, PartialEq)]
pub(super) enum ExpressionError {
    Missing,
    Unexpected(String),
    Unclosed,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("a licence is missing at the end"),
            Self::Unexpected(word) => write!(f, "unexpected {word:?}"),
            Self::Unclosed => f.write_str("a parenthesis is not closed"),
        }
    }
}

/// Can the expression be met with `allowed` licences alone?
pub(super) fn satisfied(
    expression: &str,
    allowed: &dyn Fn(&str) -> bool,
) -> Result<bool, ExpressionError> {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut parser = Parser {
        words: spaced.split_whitespace().collect(),
        next: 0,
        allowed,
    };
    let met = parser.alternatives()?;
    match parser.peek() {
        None => Ok(met),
        Some(word) => Err(ExpressionError::Unexpected(word.to_owned())),
    }
}

struct Parser<'a> {
    words: Vec<&'a str>,
    next: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Parser<'a> {
    fn alternatives(&mut self) -> Result<bool, ExpressionError> {
        let mut met = self.conjunction()?;
        while self.take("OR") {
            met |= self.conjunction()?;
        }
        Ok(met)
    }

    fn conjunction(&mut self) -> Result<bool, ExpressionError> {
        let mut met = self.licence()?;
        while self.take("AND") {
            met &= self.licence()?;
        }
        Ok(met)
    }

    fn licence(&mut self) -> Result<bool, ExpressionError> {
        if self.take("(") {
            let met = self.alternatives()?;
            return match self.take(")") {
                true => Ok(met),
                false => Err(ExpressionError::Unclosed),
            };
        }
        let name = self.name()?;
        if self.take("WITH") {
            let exception = self.name()?;
            return Ok((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Ok((self.allowed)(name))
    }

    fn name(&mut self) -> Result<&'a str, ExpressionError> {
        let word = self.peek().ok_or(ExpressionError::Missing)?;
        if ["OR", "AND", "WITH", "(", ")"].contains(&word) {
            return Err(ExpressionError::Unexpected(word.to_owned()));
        }
        self.next += 1;
        Ok(word)
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.next += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expect: Result<bool, ExpressionError>) {
        let allowed = |licence: &str| ["MIT", "ISC", "Apache-2.0 WITH X"].contains(&licence);
        assert_eq!(satisfied(expression, &allowed), expect, "{expression}");
    }

    #[test]
    fn expressions_are_met_or_not() {
        check("MIT", Ok(true));
        check("GPL-3.0-only", Ok(false));
        check("GPL-3.0-only OR MIT", Ok(true));
        check("GPL-3.0-only/MIT", Ok(true));
        check("GPL-3.0-only AND MIT", Ok(false));
        check("GPL-3.0-only AND MIT OR ISC", Ok(true));
        check("GPL-3.0-only AND (MIT OR ISC)", Ok(false));
        check("Apache-2.0", Ok(false));
        check("Apache-2.0 WITH X", Ok(true));
        check("Apache-2.0 WITH Y", Ok(false));
    }

    #[test]
    fn what_is_no_expression_is_said_to_be_none() {
        check("", Err(ExpressionError::Missing));
        check("MIT OR", Err(ExpressionError::Missing));
        check("(MIT", Err(ExpressionError::Unclosed));
        check(
            "MIT License",
            Err(ExpressionError::Unexpected("License".to_owned())),
        );
        check("OR MIT", Err(ExpressionError::Unexpected("OR".to_owned())));
    }
}
