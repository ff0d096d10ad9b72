//! The two ways in which a model may write a program.

use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// The serial program itself.
    #[default]
    Full,
    /// [`dice_program::compact`]: shorter, and with fewer ways to be wrong; small models need it.
    Compact,
}

impl FromStr for Form {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "full" => Ok(Self::Full),
            "compact" => Ok(Self::Compact),
            _ => Err(()),
        }
    }
}
